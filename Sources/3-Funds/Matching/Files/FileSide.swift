internal import CScan

/// One of both files with its columns found: what scanning and reading single lines need to know.
///
/// Unchecked, because it is changed only before threads start, and its C structure is only read by them.
final class FileSide: @unchecked Sendable {
    let name: String
    let file: MappedFile
    let profile: ColumnProfile
    let words: WordTable
    /// The header's texts, or `column 1` and so on.
    let columns: [String]
    /// Where the first line of data starts, and its number from 1.
    let start: Int
    let firstLine: Int
    var layout = cscan_layout()
    /// Indexes of the columns that only single lines are asked for.
    let keyColumns: [[Int]]
    let timeColumn: Int?
    let batchColumn: Int?
    let lineColumn: Int?
    /// Bytes a line has about.
    private(set) var lineBytes = 64

    var isEmpty: Bool { start >= file.size }

    init(
        name: String, path: String, profile: ColumnProfile, words: WordTable, placeholders: Set<String>
    ) throws(FileReconciliationError) {
        self.name = name
        self.profile = profile
        self.words = words
        let file = try MappedFile(path)
        self.file = file
        var head = HeadReader(file, separator: profile.separator, prefix: profile.prefix)
        head.skip(profile.skippedLines)
        let first = head.fields()
        if profile.hasHeader { head.advance() }
        start = head.at
        firstLine = head.line
        let header = profile.hasHeader ? first : first.indices.map { "column \($0 + 1)" }
        columns = header
        let finder = ColumnFinder(path: path, columns: header, named: profile.hasHeader, isEmpty: first.isEmpty)
        guard (1...ColumnProfile.maximumKeys).contains(profile.keys.count) else {
            throw .profile("\(path): a profile has 1 to \(ColumnProfile.maximumKeys) keys")
        }
        var found: [[Int]] = []
        for key in profile.keys {
            guard (1...Int(CSCAN_KEY_PARTS)).contains(key.count) else {
                throw .profile("\(path): a key has 1 to \(CSCAN_KEY_PARTS) columns")
            }
            var parts: [Int] = []
            for column in key { parts.append(try finder.index(column)) }
            found.append(parts)
        }
        keyColumns = found
        timeColumn = try finder.optional(profile.time)
        batchColumn = try finder.optional(profile.batch)
        lineColumn = try finder.optional(profile.line)
        layout.fields = UInt16(max(1, header.count))
        layout.amount = Int16(try finder.index(profile.amount))
        layout.currency = Int16(try finder.optional(profile.currency) ?? -1)
        layout.status = Int16(try finder.optional(profile.status) ?? -1)
        layout.kind = Int16(try finder.optional(profile.kind) ?? -1)
        layout.fee = Int16(try finder.optional(profile.fee) ?? -1)
        layout.separator = profile.separator
        layout.major = profile.unit == .major ? 1 : 0
        layout.strip = profile.prefix ?? 0
        layout.negate = profile.isNegated ? 1 : 0
        layout.fixed_kind = profile.fixedKind.rawValue
        layout.fixed_status = MatchStatus.succeeded.rawValue
        let fixed = words.currency(
            Array((profile.fixedCurrency.isEmpty ? "?" : profile.fixedCurrency).utf8),
            decimals: profile.decimals)
        layout.fixed_currency = fixed.code
        layout.fixed_decimals = fixed.decimals
        setPlaceholders(placeholders)
        setKey(0)
        sample()
    }

    /// Chooses which key the scan hashes.
    func setKey(_ position: Int) {
        let columns = keyColumns[position]
        layout.key_parts = UInt8(columns.count)
        withUnsafeMutableBytes(of: &layout.key) { bytes in
            let places = bytes.bindMemory(to: Int16.self)
            for (index, column) in columns.enumerated() { places[index] = Int16(column) }
        }
    }

    private func setPlaceholders(_ words: Set<String>) {
        let texts = words.map { Array($0.utf8) }.filter { (1...15).contains($0.count) }.prefix(Int(CSCAN_PLACEHOLDERS))
        layout.placeholder_count = UInt8(texts.count)
        withUnsafeMutableBytes(of: &layout.placeholders) { bytes in
            for (index, text) in texts.enumerated() {
                for (place, byte) in text.enumerated() { bytes[index * 16 + place] = byte }
                bytes[index * 16 + 15] = UInt8(text.count)
            }
        }
        withUnsafeMutableBytes(of: &layout.placeholder_lengths) { bytes in
            let lengths = bytes.bindMemory(to: UInt32.self)
            for text in texts { lengths[Int(text[0])] |= 1 << UInt32(text.count) }
        }
    }

    /// Looks at the first mebibyte: whether there are quotes, and how long lines are.
    private func sample() {
        let end = min(file.size, start + 1 << 20)
        guard end > start else { return }
        let bytes = UnsafeBufferPointer(start: file.data + start, count: end - start)
        layout.quoted = bytes.contains(UInt8(ascii: "\"")) ? 1 : 0
        let lines = Int(cscan_newlines(file.data, UInt64(start), UInt64(end)))
        lineBytes = max(2, (end - start) / max(1, lines))
    }

    func expectQuotes() { layout.quoted = 1 }

    /// What a status word that a thread has not met stands for.
    func status(_ text: [UInt8]) -> cscan_word {
        let word = String(decoding: text, as: UTF8.self)
        switch profile.statuses[word] ?? profile.statuses[word.lowercased()] {
        case .status(let status): return WordTable.word(text, status.rawValue)
        case .leftOut: return WordTable.word(text, UInt8(CSCAN_WORD_SKIP))
        case nil: return WordTable.word(text, UInt8(CSCAN_WORD_REFUSED))
        }
    }

    func kind(_ text: [UInt8]) -> cscan_word {
        let word = String(decoding: text, as: UTF8.self)
        let kind = profile.kinds[word] ?? profile.kinds[word.lowercased()]
        return WordTable.word(text, kind?.rawValue ?? UInt8(CSCAN_WORD_REFUSED))
    }
}

/// Finds columns by name or number, with errors that show what there is.
private struct ColumnFinder {
    let path: String
    let columns: [String]
    let named: Bool
    let isEmpty: Bool

    func index(_ column: ColumnProfile.Column) throws(FileReconciliationError) -> Int {
        if isEmpty {
            // Nothing is matched in an empty file, so any place will do: it has no lines, and that is no error.
            if case .index(let index) = column { return min(max(0, index), Int(CSCAN_FIELDS) - 1) }
            return 0
        }
        guard columns.count <= Int(CSCAN_FIELDS) else {
            throw .profile("\(path) has \(columns.count) columns, \(CSCAN_FIELDS) are the most")
        }
        switch column {
        case .index(let index):
            if columns.indices.contains(index) { return index }
        case .name(let name):
            if named, let index = columns.firstIndex(of: name) { return index }
        }
        throw .profile(
            "\(path) has no column \(column): it has \(columns.prefix(30).joined(separator: ", ")); check the profile, "
                + "its separator and whether the file has a header")
    }

    func optional(_ column: ColumnProfile.Column?) throws(FileReconciliationError) -> Int? {
        guard let column else { return nil }
        return try index(column)
    }
}
