extension ColumnProfile {
    /// The profile that the header of a file speaks for: its separator is the one of `,;|` and tab that it has most.
    public static func detected(inFile path: String) throws(FileReconciliationError) -> Self {
        let file = try MappedFile(path)
        let end = (0..<min(file.size, 1 << 16)).first { file.data[$0] == UInt8(ascii: "\n") } ?? min(file.size, 1 << 16)
        let head = UnsafeBufferPointer(start: file.data, count: end)
        let separators = [",", "\t", ";", "|"].compactMap { $0.utf8.first }
        let counts = separators.map { separator in head.reduce(0) { $0 + ($1 == separator ? 1 : 0) } }
        // The first one wins where counts are equal, because `max` would take the last.
        var best = 0
        for place in counts.indices where counts[place] > counts[best] { best = place }
        let reader = HeadReader(file, separator: separators[best], prefix: nil)
        guard file.size > 0 else {
            throw .profile("\(path) is empty and so does not say its columns; say them by a profile")
        }
        do {
            return try detected(inHeader: reader.fields(), separator: separators[best])
        } catch {
            guard case .profile(let text) = error else { throw error }
            throw .profile("\(path): \(text)")
        }
    }
}
