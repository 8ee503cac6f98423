internal import Money

/// The layout of a line of fixed widths with one separator between fields.
struct UnionPayLayout: Sendable {
    let widths: [Int]
    /// Where each field begins.
    let starts: [Int]
    /// Bytes of a line.
    let length: Int

    init(_ widths: [Int]) {
        self.widths = widths
        var starts: [Int] = []
        var next = 0
        for width in widths {
            starts.append(next)
            next += width + 1
        }
        self.starts = starts
        length = next - 1
    }

    /// Online and offline transactions of a merchant. Older files end with one reserved field of 131 bytes where
    /// newer ones have the original order and 98: both are 607 bytes, and what stands there decides nothing.
    static let transactions = UnionPayLayout([
        3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13,
        13, 8, 32, 13, 13, 12, 2, 1, 131
    ])

    /// Erroneous transactions of a merchant.
    static let errors = UnionPayLayout([
        3, 11, 11, 6, 10, 19, 12, 4, 2, 2, 6, 10, 4, 12, 13, 13, 15, 15, 1, 12, 2, 135
    ])

    /// Whether a line has the length and blanks wherever two fields meet. The reserved tail may have its own.
    func fits(_ line: ArraySlice<UInt8>) -> Bool {
        line.count == length
            && starts.dropFirst().dropLast().allSatisfy { Self.separators.contains(line[line.startIndex + $0 - 1]) }
    }

    static let separators: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t")]
}

/// One line, sliced before it is decoded: a character of GBK has two bytes, and widths count bytes.
struct UnionPayRecord {
    let line: Line
    let layout: UnionPayLayout
    let decoder: TextDecoder

    init(_ line: Line, _ layout: UnionPayLayout, _ decoder: TextDecoder) throws(FieldProblem) {
        guard line.bytes.count == layout.length else {
            throw FieldProblem("has \(line.bytes.count) bytes, a record has \(layout.length)")
        }
        guard layout.fits(line.bytes) else { throw FieldProblem("has no blank where two fields meet") }
        self.line = line
        self.layout = layout
        self.decoder = decoder
    }

    /// A field by its number, from 1.
    func bytes(_ number: Int) -> ArraySlice<UInt8> {
        let start = line.bytes.startIndex + layout.starts[number - 1]
        return FieldText.trimmed(line.bytes[start..<start + layout.widths[number - 1]])
    }

    func text(_ number: Int) throws(FieldProblem) -> String {
        do {
            return try decoder.string(bytes(number))
        } catch {
            throw FieldProblem(error.reason, field: "field \(number)")
        }
    }

    /// The order of the payment that a refund belongs to: the first 32 bytes of a newer file's last field. An older
    /// file has one reserved field there, which is believed only where it looks like an order and nothing else.
    func originalOrder() throws(FieldProblem) -> String {
        let tail = line.bytes.suffix(layout.widths.last ?? 0)
        guard tail.count > 33, tail.dropFirst(32).first.map(FieldText.isBlank) == true else { return "" }
        let order = FieldText.trimmed(tail.prefix(32))
        guard order.allSatisfy({ (0x21...0x7E).contains($0) }) else { return "" }
        return String(decoding: order, as: UTF8.self)
    }

    /// Digits, in fen.
    func amount(_ number: Int, _ name: String) throws(FieldProblem) -> Int64 {
        let digits = bytes(number)
        guard !digits.isEmpty, digits.allSatisfy({ FieldText.digitValue($0) != nil }) else {
            throw FieldProblem("is no amount of fen: \(FieldText.shown(digits))", field: name)
        }
        do {
            return try FieldText.integer(digits)
        } catch {
            throw FieldProblem(error.reason, field: name)
        }
    }

    /// `C` or `D` and twelve digits, in fen: `D` is out of the merchant. A blank field is nothing.
    func signed(_ number: Int, _ name: String) throws(FieldProblem) -> Int64 {
        let field = bytes(number)
        guard let mark = field.first else { return 0 }
        let digits = field.dropFirst()
        guard mark == UInt8(ascii: "C") || mark == UInt8(ascii: "D"), digits.count == 12,
            digits.allSatisfy({ FieldText.digitValue($0) != nil })
        else { throw FieldProblem("is not C or D and twelve digits: \(FieldText.shown(field))", field: name) }
        do {
            let minor = try FieldText.integer(digits)
            return mark == UInt8(ascii: "C") ? minor : -minor
        } catch {
            throw FieldProblem(error.reason, field: name)
        }
    }
}

/// The settlement day of a file and the times of its lines, which have no year.
struct UnionPayDay {
    /// The day for which the file was made: it reaches from 23:00 of the day before to 23:00.
    let day: CivilDate

    /// Of a name such as `INN26030100ZM_777290058110048`; nil where it has no day.
    init?(fileName: String) {
        guard let named = NamedDay(in: fileName, pattern: "INNyyMMdd") else { return nil }
        day = named.day
    }

    init(day: CivilDate) { self.day = day }

    var period: StatementPeriod? {
        guard let before = CivilDate(daysSinceEpoch: day.daysSinceEpoch - 1),
            let from = StatementTime(date: before, hour: 23, minute: 0, second: 0, offsetSeconds: StatementTime.china),
            let through = StatementTime(date: day, hour: 22, minute: 59, second: 59, offsetSeconds: StatementTime.china)
        else { return nil }
        return StatementPeriod(from: from, through: through)
    }

    /// A time `MMddHHmmss`.
    func time(_ bytes: ArraySlice<UInt8>, field: String) throws(FieldProblem) -> StatementTime {
        do {
            return try NamedDay(day).time(bytes, "MMddHHmmss", offsetSeconds: StatementTime.china)
        } catch {
            throw FieldProblem(error.reason, field: field)
        }
    }
}
