internal import Money

/// A statement line (field 61): `6!n[4!n]2a[1!a]15d1!a3!c16x[//16x]` and a second line of supplementary details.
struct SwiftLine {
    let valueDate: CivilDate
    let entryDate: CivilDate
    /// `C`, `D`, `RC`, `RD`, and in interim reports `EC` and `ED` for what is expected.
    let mark: String
    let amount: ExactDecimal
    /// `NTRF`: a letter and three characters.
    let type: String
    let reference: String
    let bankReference: String
    let supplement: String

    /// The reversal of a credit takes money, the reversal of a debit brings it back.
    var isCredit: Bool { mark == "C" || mark == "RD" || mark == "EC" }
    var isReversal: Bool { mark == "RC" || mark == "RD" }
    var isExpected: Bool { mark == "EC" || mark == "ED" }

    init(_ field: SwiftField, _ text: BankText) throws(FieldProblem) {
        var rest = field.lines[0]
        valueDate = try Self.field("value date") { () throws(FieldProblem) in
            try Self.day(Self.take(6, of: &rest))
        }
        entryDate = try Self.entryDate(&rest, near: valueDate)
        mark = try Self.mark(&rest)
        // The funds code: the third letter of the currency.
        if let letter = rest.first, Self.isLetter(letter) { rest = rest.dropFirst() }
        var more = field.lines.dropFirst()
        // Some banks write a blank before the amount, others break the line there.
        rest = FieldText.trimmed(rest)
        if rest.isEmpty, let next = more.popFirst() { rest = FieldText.trimmed(next) }
        let digits = rest.prefix {
            FieldText.digitValue($0) != nil || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".")
        }
        rest = rest.dropFirst(digits.count)
        // A blank or two before the type separate it; four are a type that was left out.
        let blanks = rest.prefix { $0 == 0x20 }.count
        if blanks < 4 { rest = rest.dropFirst(blanks) }
        amount = try Self.field("amount") { () throws(FieldProblem) in try Self.amount(digits) }
        type = try text.string(FieldText.trimmed(Self.take(4, of: &rest)))
        let references = try Self.references(text.string(FieldText.trimmed(rest)))
        reference = references.own
        bankReference = references.bank
        var supplements = [references.more]
        for line in more { supplements.append(try text.string(FieldText.trimmed(line))) }
        supplement = supplements.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// `1234,5`; also with a point, which is against the standard and cannot mean anything else without groups.
    static func amount(_ digits: ArraySlice<UInt8>) throws(FieldProblem) -> ExactDecimal {
        guard digits.contains(UInt8(ascii: ".")) else { return try FieldText.decimal(digits, .swift) }
        guard !digits.contains(UInt8(ascii: ",")) else {
            throw FieldProblem("is not an amount: \(FieldText.shown(digits))")
        }
        return try FieldText.decimal(digits, .point)
    }

    /// `yyMMdd`. German banks count thirty days a month: their 29 or 30 February, where there is none, is its last day.
    static func day(_ digits: ArraySlice<UInt8>) throws(FieldProblem) -> CivilDate {
        do {
            return try FieldText.date(digits, "yyMMdd")
        } catch {
            guard digits.count == 6, interestDays.contains(where: { digits.dropFirst(2).elementsEqual($0.utf8) }),
                let last = lastOfFebruary(in: try FieldText.date(digits.prefix(2) + Array("0101".utf8), "yyMMdd").year)
            else { throw error }
            return last
        }
    }

    private static let interestDays = ["0229", "0230"]

    private static func lastOfFebruary(in year: Int) -> CivilDate? {
        CivilDate(year: year, month: 2, day: 29) ?? CivilDate(year: year, month: 2, day: 28)
    }

    /// The entry date has no year: it is the one that brings it nearest to the value date. Banks leave it out, or
    /// write four spaces.
    private static func entryDate(
        _ rest: inout ArraySlice<UInt8>, near value: CivilDate
    ) throws(FieldProblem) -> CivilDate {
        let four = rest.prefix(4)
        if four.count == 4, four.allSatisfy({ $0 == 0x20 }) {
            rest = rest.dropFirst(4)
            return value
        }
        guard four.count == 4, four.allSatisfy({ FieldText.digitValue($0) != nil }) else { return value }
        rest = rest.dropFirst(4)
        let numbers = four.map { Int($0 - UInt8(ascii: "0")) }
        let month = numbers[0] * 10 + numbers[1]
        let day = numbers[2] * 10 + numbers[3]
        let isInterestDay = month == 2 && day == 30
        let days = [value.year - 1, value.year, value.year + 1].compactMap {
            isInterestDay ? lastOfFebruary(in: $0) : CivilDate(year: $0, month: month, day: day)
        }
        let nearest = days.min {
            abs($0.daysSinceEpoch - value.daysSinceEpoch) < abs($1.daysSinceEpoch - value.daysSinceEpoch)
        }
        guard let nearest else {
            throw FieldProblem("is not a day of the year: \(FieldText.shown(four))", field: ":61: entry date")
        }
        return nearest
    }

    private static func mark(_ rest: inout ArraySlice<UInt8>) throws(FieldProblem) -> String {
        for mark in ["RC", "RD", "EC", "ED", "C", "D"] where rest.starts(with: mark.utf8) {
            rest = rest.dropFirst(mark.utf8.count)
            return mark
        }
        throw FieldProblem("is none of C, D, RC, RD, EC, ED: \(FieldText.shown(rest.prefix(4)))", field: ":61: mark")
    }

    /// The customer's reference, the bank's behind `//`, and what some banks write after sixteen characters.
    private static func references(_ text: String) -> (own: String, bank: String, more: String) {
        var own = text[...]
        var bank = ""
        if let slashes = text.firstRange(of: "//") {
            own = text[..<slashes.lowerBound]
            bank = String(text[slashes.upperBound...])
        }
        var more = ""
        if own.count > 16, own.prefix(16).last == " " {
            more = String(own.dropFirst(16)).trimmingBlanks()
            own = own.prefix(16)
        }
        return (String(own).trimmingBlanks(), bank.trimmingBlanks(), more)
    }

    private static func field<Value>(
        _ name: String, _ read: () throws(FieldProblem) -> Value
    ) throws(FieldProblem) -> Value {
        do {
            return try read()
        } catch {
            throw FieldProblem(error.reason, field: ":61: \(name)")
        }
    }

    private static func take(_ count: Int, of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(taken.count)
        return taken
    }

    static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}

extension String {
    /// Without the spaces around.
    func trimmingBlanks() -> String {
        var bytes = utf8[...]
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        return bytes.count == utf8.count ? self : String(Substring(bytes))
    }
}
