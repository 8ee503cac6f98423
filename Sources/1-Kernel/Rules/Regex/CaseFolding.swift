/// Which scalars differ only in case: `k`, `K` and `K` (the Kelvin sign) are one orbit.
enum CaseFolding {
    /// For each scalar that has others of its kind, those others.
    static let orbits: [UInt32: [UInt32]] = {
        var groups: [UInt32: [UInt32]] = [:]
        // Every scalar with a case lies below this number, so no more of Unicode needs to be read.
        for number in UInt32(0x41)..<0x1_E944 {
            guard let scalar = Unicode.Scalar(number), scalar.properties.changesWhenCaseMapped else { continue }
            groups[folded(scalar), default: []].append(number)
        }
        var orbits: [UInt32: [UInt32]] = [:]
        for group in groups.values where group.count > 1 {
            for number in group { orbits[number] = group.filter { $0 != number } }
        }
        return orbits
    }()

    /// Sets up to this size look their scalars up one by one; larger ones go through all orbits.
    static let worthScanning = 1_024

    static func variants(of scalar: UInt32) -> [UInt32] {
        guard scalar < 0x80 else { return orbits[scalar] ?? [] }
        // ASCII without building the table: only k and s have relatives beyond it.
        switch scalar {
        case 0x4B, 0x6B: return [scalar ^ 0x20, 0x212A]
        case 0x53, 0x73: return [scalar ^ 0x20, 0x17F]
        case 0x41...0x5A, 0x61...0x7A: return [scalar ^ 0x20]
        default: return []
        }
    }

    /// One scalar that stands for the orbit: the small letter of the capital letter.
    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        return (single(upper.properties.lowercaseMapping) ?? upper).value
    }

    private static func single(_ text: String) -> Unicode.Scalar? {
        text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
    }
}
