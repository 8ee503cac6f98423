/// A day that a file's name states, and times without a year that belong to it.
struct NamedDay {
    let day: CivilDate

    /// Looks in a name for a pattern such as `INNyyMMdd`: digits for `yyyy` or `yy`, `MM` and `dd`, any other character
    /// for itself.
    init?(in name: String, pattern: String) {
        let name = Array(name.utf8)
        let pattern = Array(pattern.utf8)
        guard !pattern.isEmpty, name.count >= pattern.count else { return nil }
        for start in 0...(name.count - pattern.count) {
            if let day = Self.day(name[start..<start + pattern.count], pattern) {
                self.day = day
                return
            }
        }
        return nil
    }

    init(_ day: CivilDate) { self.day = day }

    private static func day(_ name: ArraySlice<UInt8>, _ pattern: [UInt8]) -> CivilDate? {
        var parts: [UInt8: Int] = [:]
        var years = 0
        for (byte, letter) in zip(name, pattern) {
            guard "yMd".utf8.contains(letter) else {
                guard byte == letter else { return nil }
                continue
            }
            guard let digit = FieldText.digitValue(byte) else { return nil }
            parts[letter, default: 0] = parts[letter, default: 0] * 10 + Int(digit)
            if letter == UInt8(ascii: "y") { years += 1 }
        }
        guard let year = parts[UInt8(ascii: "y")], let month = parts[UInt8(ascii: "M")],
            let day = parts[UInt8(ascii: "d")]
        else { return nil }
        return CivilDate(year: years == 2 ? 2_000 + year : year, month: month, day: day)
    }

    /// A time written by a pattern without a year: the latest one that is not behind the day. So a file of 1 January
    /// has the evening before in the year before.
    func time(_ bytes: ArraySlice<UInt8>, _ pattern: String, offsetSeconds: Int32?) throws(FieldProblem)
        -> StatementTime
    {
        for year in [day.year, day.year - 1] where year > 0 {
            let text = FieldText.bytes(Digits.padded(year, to: 4)) + FieldText.trimmed(bytes)
            guard let time = try? FieldText.time(text, "yyyy" + pattern, offsetSeconds: offsetSeconds) else { continue }
            if time.date <= day { return time }
        }
        throw FieldProblem("is not a time written as \(pattern): \(FieldText.shown(bytes))")
    }
}
