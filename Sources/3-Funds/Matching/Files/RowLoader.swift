internal import CScan

/// Reads single lines again as rows, from where they start.
struct RowLoader {
    private let side: FileSide
    private let lines: LineIndex
    private var layout: cscan_layout
    private let places: [cscan_field]
    private var touched = 0

    init(_ side: FileSide, _ lines: LineIndex) {
        self.side = side
        self.lines = lines
        layout = side.layout
        places = Array(repeating: cscan_field(), count: Int(side.layout.fields))
    }

    func line(at offset: Int) -> Int { lines.line(at: UInt64(offset), in: side.file) }

    /// The number that a person finds the line by: an extract says in a column where its lines come from.
    func shownLine(at offset: Int) -> Int64? {
        guard let column = side.lineColumn else { return nil }
        let fields = FieldReader.texts(side.file, at: offset, layout: layout).fields
        return fields.indices.contains(column) ? Int64(fields[column]) : nil
    }

    /// The row of a line that the scan has read; its id is the number of the line.
    ///
    /// - Throws: `.changed` when the line is no longer what it was.
    mutating func row(at offset: Int) throws(FileReconciliationError) -> MatchRow {
        // Every page touched stays in this process until it is let go; 512 lines touch 32 MiB at most.
        touched += 1
        if touched % 512 == 0 { side.file.releaseAll() }
        var places = places
        var next: UInt64 = 0
        let count = cscan_fields(
            side.file.data, UInt64(side.file.size), UInt64(offset), &layout, &places, UInt32(places.count), &next)
        guard count == UInt32(places.count), let row = parse(places, offset) else {
            throw .changed(path: side.file.path)
        }
        return row
    }

    private func parse(_ places: [cscan_field], _ offset: Int) -> MatchRow? {
        func text(_ column: Int) -> String {
            FieldReader.bytes(side.file, places[column], strip: layout.strip) { String(decoding: $0, as: UTF8.self) }
        }
        func bytes(_ column: Int) -> [UInt8] {
            FieldReader.bytes(side.file, places[column], strip: layout.strip) { Array($0) }
        }
        var status = MatchStatus.succeeded
        if layout.status >= 0 {
            guard let known = MatchStatus(rawValue: side.status(bytes(Int(layout.status))).code) else { return nil }
            status = known
        }
        var kind = side.profile.fixedKind
        if layout.kind >= 0 {
            guard let known = MatchKind(rawValue: side.kind(bytes(Int(layout.kind))).code) else { return nil }
            kind = known
        }
        let currency = layout.currency >= 0 ? text(Int(layout.currency)) : side.profile.fixedCurrency
        let digits = side.profile.decimals ?? WordTable.decimals(Array(currency.utf8))
        let decimals = layout.major != 0 ? UInt32(digits) : 0
        guard let amount = Self.minor(bytes(Int(layout.amount)), decimals) else { return nil }
        let fee = layout.fee >= 0 ? bytes(Int(layout.fee)) : []
        let when = side.timeColumn.flatMap { TimeText.parse(bytes($0), zoneSeconds: side.profile.zoneSeconds) }
        return MatchRow(
            id: Int64(line(at: offset)), keys: side.keyColumns.map { key($0, bytes) }, currency: currency,
            amountMinor: layout.negate != 0 ? -amount : amount,
            feeMinor: fee.isEmpty ? nil : Self.minor(fee, decimals), status: status, kind: kind,
            day: when?.day, time: when?.seconds, batch: side.batchColumn.map(text) ?? "")
    }

    /// All parts of a key, or none: a part that stands for nothing would make one key of many lines.
    private func key(_ columns: [Int], _ bytes: (Int) -> [UInt8]) -> String {
        var layout = layout
        var parts: [String] = []
        for column in columns {
            let part = bytes(column)
            if part.isEmpty || cscan_placeholder(&layout, part, part.count) != 0 { return "" }
            parts.append(KeyText.string(part))
        }
        return parts.joined(separator: KeyText.joint)
    }

    private static func minor(_ text: [UInt8], _ decimals: UInt32) -> Int64? {
        var minor: Int64 = 0
        return cscan_amount(text, text.count, decimals, &minor) == 0 ? minor : nil
    }
}

/// Keys as strings without losing what makes them different.
enum KeyText {
    /// Between the parts of a key of several columns; no file has it within a field.
    static let joint = "\u{1F}"

    /// Bytes that are no UTF-8 would all be replaced by one sign, and different keys would be equal: they are written
    /// in hexadecimal instead.
    static func string(_ bytes: [UInt8]) -> String {
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        if let text = String(validating: bytes, as: UTF8.self), !text.hasPrefix("\u{FFFD}") { return text }
        let digits = Array("0123456789abcdef")
        return "\u{FFFD}" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    static func shown(_ key: String) -> String {
        key.utf8.contains(0x1F) ? String(key.map { $0 == "\u{1F}" ? "|" : $0 }) : key
    }
}
