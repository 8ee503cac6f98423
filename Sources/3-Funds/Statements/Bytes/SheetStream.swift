/// The rows of a sheet as CSV bytes in UTF-8. The line number is the row's number in the sheet.
final class SheetStream: ByteStream {
    /// A sheet has at most this many rows and columns.
    private static let lastRow = 1_048_576
    private static let lastColumn = 16_384

    private let xml: XMLPull
    private let strings: [[UInt8]]
    private let longestRow: Int
    private var pending: [UInt8] = []
    private var position = 0
    private var row = 0

    init(_ xml: XMLPull, strings: [[UInt8]], longestRow: Int) {
        self.xml = xml
        self.strings = strings
        self.longestRow = longestRow
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while position == pending.count {
            pending.removeAll(keepingCapacity: true)
            position = 0
            guard try nextRow() else { return 0 }
        }
        let count = min(buffer.count, pending.count - position)
        buffer.copyBytes(from: pending[position..<position + count])
        position += count
        return count
    }

    /// Writes the next row to `pending`; false after the last.
    private func nextRow() throws -> Bool {
        while let event = try xml.next() {
            guard event == .start("row") else { continue }
            let number = xml.attribute("r").flatMap(Int.init) ?? row + 1
            guard number > row, number <= Self.lastRow else {
                throw StatementError.malformed("row \(number) of the sheet follows row \(row)")
            }
            // Rows that are left out are empty lines, so that line numbers stay row numbers.
            pending.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: number - row - 1))
            row = number
            try writeCells()
            pending.append(UInt8(ascii: "\n"))
            return true
        }
        return false
    }

    private func writeCells() throws {
        var column = 0
        let begin = pending.count
        while let event = try xml.next(), event != .end("row") {
            guard event == .start("c") else { continue }
            let place = xml.attribute("r").flatMap(Self.column) ?? column + 1
            guard place > column, place <= Self.lastColumn else {
                throw StatementError.malformed("cells of row \(row) are out of order", line: row)
            }
            pending.append(contentsOf: repeatElement(UInt8(ascii: ","), count: place - max(1, column)))
            column = place
            write(try cell(type: xml.attribute("t") ?? "n"))
            // One long string may be named by thousands of cells.
            guard pending.count - begin <= longestRow else {
                throw StatementError(.limit, "is longer than \(longestRow) bytes", line: row)
            }
        }
    }

    /// The value of a cell: by its type a place in the shared strings, a string, or a number.
    private func cell(type: String) throws -> [UInt8] {
        var value: [UInt8] = []
        var inValue = false
        while let event = try xml.next(), event != .end("c") {
            switch event {
            case .start("v"), .start("t"): inValue = true
            case .end("v"), .end("t"): inValue = false
            case .text(let text) where inValue:
                value.append(contentsOf: text.utf8)
                guard value.count <= longestRow else {
                    throw StatementError(.limit, "is longer than \(longestRow) bytes", line: row)
                }
            default: break
            }
        }
        switch type {
        case "s":
            if value.isEmpty { return [] }
            guard let index = Int(String(decoding: value, as: UTF8.self)), strings.indices.contains(index) else {
                throw StatementError.malformed("a cell of row \(row) names a string that is not there", line: row)
            }
            return strings[index]
        case "n": return SheetNumber.decimal(value)
        default: return value
        }
    }

    private func write(_ value: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        guard value.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }) else {
            pending.append(contentsOf: value)
            return
        }
        pending.append(quote)
        for byte in value {
            if byte == quote { pending.append(quote) }
            // A line break within a cell becomes a space: lines stay rows.
            pending.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
        }
        pending.append(quote)
    }

    /// `AB12` is column 28.
    private static func column(_ reference: String) -> Int? {
        var column = 0
        for byte in reference.utf8.prefix(while: { !(0x30...0x39).contains($0) }) {
            guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte), column < 1_000_000 else { return nil }
            column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
        }
        return column > 0 ? column : nil
    }
}

/// Numbers of a sheet are binary fractions written with 17 digits: `548.58000000000004`, `7.0000000000000007E-2`.
/// A spreadsheet shows and means the decimal number of 15 digits; the digits are rounded here as text.
enum SheetNumber {
    static func decimal(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        var digits: [UInt8] = []
        var point = 0
        var sawPoint = false
        while let byte = rest.first, byte != UInt8(ascii: "E"), byte != UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else if FieldText.digitValue(byte) != nil {
                digits.append(byte - UInt8(ascii: "0"))
                if !sawPoint { point += 1 }
            } else {
                return bytes
            }
        }
        if let exponent = rest.first.map({ _ in rest.dropFirst() }) {
            guard let power = Int(String(decoding: exponent, as: UTF8.self)), power.magnitude < 40 else { return bytes }
            point += power
        }
        guard !digits.isEmpty, digits.count < 64 else { return bytes }
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        point -= leading
        round(&digits, &point)
        return written(digits, point, isNegative)
    }

    private static func round(_ digits: inout [UInt8], _ point: inout Int) {
        if digits.count > 15 {
            let up = digits[15] >= 5
            digits.removeLast(digits.count - 15)
            var index = digits.count - 1
            while up, index >= 0 {
                digits[index] += 1
                guard digits[index] == 10 else { break }
                digits[index] = 0
                index -= 1
            }
            if up, index < 0 {
                digits.insert(1, at: 0)
                point += 1
            }
        }
        while digits.last == 0, digits.count > max(0, point) { digits.removeLast() }
    }

    private static func written(_ digits: [UInt8], _ point: Int, _ isNegative: Bool) -> [UInt8] {
        guard !digits.isEmpty else { return [UInt8(ascii: "0")] }
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        let whole = max(0, point)
        text.append(contentsOf: (0..<whole).map { ($0 < digits.count ? digits[$0] : 0) + UInt8(ascii: "0") })
        if whole == 0 { text.append(UInt8(ascii: "0")) }
        guard digits.count > point else { return text }
        text.append(UInt8(ascii: "."))
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, -point)))
        text.append(contentsOf: digits.dropFirst(whole).map { $0 + UInt8(ascii: "0") })
        return text
    }
}
