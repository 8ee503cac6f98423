internal import Money

/// What one message says of itself, held against its lines.
final class SwiftTally {
    /// A page that continues on another one (`:62M:`).
    struct Page {
        var account: String
        var number: String
        var currency: Currency
        var minor: Int64
    }

    private struct Balance {
        var minor: Int64
        var currency: Currency
        var date: CivilDate
        var isIntermediate: Bool
        var line: Int
    }

    private let line: Int
    private let type: String
    private(set) var account = ""
    private(set) var currency: Currency?
    private(set) var hasClosed = false
    var hasBegun = false
    /// Fields that could not be read: sums over the rest prove nothing.
    var rejected = 0

    private var reference = ""
    private var number = ""
    private var opening: Balance?
    private var closing: Balance?
    /// Another account named behind the lines of this one.
    private var strayAccount: (name: String, line: Int)?
    private var credits: (count: Int, sum: Int128) = (0, 0)
    private var debits: (count: Int, sum: Int128) = (0, 0)
    /// What an interim report states of them: `:90C:` and `:90D:`.
    private var statedCredits: SwiftStatedSum?
    private var statedDebits: SwiftStatedSum?
    /// Entries below these amounts are not listed (`:34F:`).
    private var floorCredits: Int64 = 0
    private var floorDebits: Int64 = 0
    private var isInterim = false

    init(line: Int, type: String) {
        self.line = line
        self.type = type
        isInterim = type == "942"
    }

    /// The days from the opening to the closing balance.
    var dates: ClosedRange<CivilDate>? {
        guard let first = opening?.date ?? closing?.date, let last = closing?.date ?? opening?.date else { return nil }
        return min(first, last)...max(first, last)
    }

    /// A statement without an account of its own is of the one before.
    func continues(_ account: String) { self.account = account }

    /// The opening balance has been stated and the closing one has not.
    var isOpen: Bool { opening != nil && closing == nil && !isInterim }

    func add(_ amount: Int64, isCredit: Bool, isExpected: Bool) {
        if isCredit {
            credits = (credits.count + 1, credits.sum + Int128(amount))
        } else {
            debits = (debits.count + 1, debits.sum + Int128(amount))
        }
    }

    // MARK: Fields

    func take(_ field: SwiftField, _ text: BankText, _ session: ReadSession) throws {
        switch field.tag {
        case "20": reference = try text.string(field.first)
        case "25", "25P": try take(account: field, text, session)
        case "28", "28C": number = try text.string(field.first)
        case "60F", "60M":
            let balance = try balance(field, text)
            if let opening { return same("opening", opening, balance, session) }
            opening = balance
            currency = balance.currency
            session.balance(stated(balance, .opening))
        case "62F", "62M":
            let balance = try balance(field, text)
            if let closing { return same("closing", closing, balance, session) }
            closing = balance
            hasClosed = true
            currency = currency ?? balance.currency
            session.balance(stated(balance, .closing))
        case "64": session.balance(stated(try balance(field, text), .availableClosing))
        case "34F":
            isInterim = true
            try take(floor: field, text)
        case "90C", "90D": try take(sum: field, text)
        case "13", "13D": isInterim = true
        default: break
        }
    }

    /// A statement has one balance of a kind: a second one says the same or contradicts it.
    private func same(_ word: String, _ first: Balance, _ second: Balance, _ session: ReadSession) {
        session.check(
            "\(word) balance of \(name)", stated: Self.text(Int128(first.minor), first.currency),
            found: Self.text(Int128(second.minor), second.currency), line: second.line)
    }

    private func take(account field: SwiftField, _ text: BankText, _ session: ReadSession) throws {
        let name = try text.string(field.first)
        guard account.isEmpty else {
            if name != account, strayAccount == nil { strayAccount = (String(name.prefix(40)), field.number) }
            return
        }
        account = name
        // German banks write the currency behind the number: 51210600/9223382012EUR.
        if currency == nil, name.count > 3, name.dropLast(3).last?.isNumber == true {
            currency = try? BankText.currency(String(name.suffix(3)))
        }
        if !account.isEmpty { session.account(account) }
    }

    /// `3!a[1!a]15d`: the smallest amount that is listed, of debits, of credits, or of both.
    private func take(floor field: SwiftField, _ text: BankText) throws {
        let code = try BankText.currency(try text.string(field.first.prefix(3)))
        currency = currency ?? code
        let mark = field.first.dropFirst(3).first.flatMap { SwiftLine.isLetter($0) ? $0 : nil }
        let amount = field.first.dropFirst(mark == nil ? 3 : 4)
        let minor = amount.isEmpty ? 0 : try SwiftLine.amount(amount).minor(code)
        if mark != UInt8(ascii: "C") { floorDebits = minor }
        if mark != UInt8(ascii: "D") { floorCredits = minor }
    }

    /// `1!a6!n3!a15d`: mark, date, currency, amount. Some banks leave out the closing balance's currency.
    private func balance(_ field: SwiftField, _ text: BankText) throws -> Balance {
        let bytes = field.first
        guard let mark = bytes.first, mark == UInt8(ascii: "C") || mark == UInt8(ascii: "D") else {
            throw FieldProblem("begins with neither C nor D: \(FieldText.shown(bytes))")
        }
        let date = try SwiftLine.day(bytes.dropFirst().prefix(6))
        var amount = bytes.dropFirst(7)
        var currency = opening?.currency
        if currency == nil || amount.first.map({ FieldText.digitValue($0) == nil }) ?? true {
            currency = try BankText.currency(try text.string(amount.prefix(3)))
            amount = amount.dropFirst(3)
        }
        guard let currency else { throw FieldProblem("states no currency: \(FieldText.shown(bytes))") }
        let minor = try SwiftLine.amount(amount).minor(currency)
        return Balance(
            minor: mark == UInt8(ascii: "C") ? minor : -minor, currency: currency, date: date,
            isIntermediate: field.tag.hasSuffix("M"), line: field.number)
    }

    private func stated(_ balance: Balance, _ kind: StatedBalance.Kind) -> StatedBalance {
        StatedBalance(
            account: account, kind: kind, currency: balance.currency, minor: balance.minor, date: balance.date)
    }

    /// `5n3!a15d`: the number of entries and their sum.
    private func take(sum field: SwiftField, _ text: BankText) throws {
        isInterim = true
        let digits = field.first.prefix { FieldText.digitValue($0) != nil }
        let count = Int(try FieldText.integer(digits))
        let rest = field.first.dropFirst(digits.count)
        let stated = try BankText.currency(try text.string(rest.prefix(3)))
        if let currency, stated != currency {
            throw FieldProblem("is in \(stated), and the report is in \(currency)")
        }
        currency = stated
        let minor = try SwiftLine.amount(rest.dropFirst(3)).minor(stated)
        if field.tag == "90C" {
            statedCredits = SwiftStatedSum(count: count, minor: minor, line: field.number)
        } else {
            statedDebits = SwiftStatedSum(count: count, minor: minor, line: field.number)
        }
    }

    // MARK: Proof

    private var name: String {
        let known = [account, reference].first { !$0.isEmpty } ?? "the statement at line \(line)"
        return number.isEmpty ? known : "\(known) \(number)"
    }

    /// Verifies the message; answers the page that the next message continues, if any.
    func finish(after page: Page?, _ session: ReadSession) -> Page? {
        if rejected == 0 {
            checkContinuation(of: page, session)
            checkBalance(session)
            checkSums(session)
            if let strayAccount {
                session.check(
                    "account of \(name)", stated: account, found: strayAccount.name, line: strayAccount.line)
            }
        }
        guard let closing, closing.isIntermediate else { return nil }
        return Page(
            account: account, number: Self.statementNumber(number), currency: closing.currency, minor: closing.minor)
    }

    /// `00035/002`: the statement and its page.
    private static func statementNumber(_ text: String) -> String {
        String(text.prefix { $0 != "/" })
    }

    /// A page begins with the balance that the page before ended with.
    private func checkContinuation(of page: Page?, _ session: ReadSession) {
        guard let page, let opening, opening.isIntermediate, page.account == account,
            page.number == Self.statementNumber(number), page.currency == opening.currency
        else { return }
        session.check(
            "opening balance of the continued \(name)", stated: opening.minor, found: page.minor, page.currency,
            line: opening.line)
    }

    private func checkBalance(_ session: ReadSession) {
        let sum = credits.sum + debits.sum
        guard let opening else {
            if let closing {
                session.check(
                    "opening balance (:60F:) of \(name)", stated: "missing",
                    found: Self.text(Int128(closing.minor) - sum, closing.currency), holds: false, line: line)
            } else if credits.count + debits.count == 0, !isInterim {
                session.check(
                    "content of \(name)", stated: "missing", found: "neither balances nor movements", holds: false,
                    line: line)
            }
            return
        }
        let found = Self.text(Int128(opening.minor) + sum, opening.currency)
        guard let closing else {
            // An interim report may begin with a balance and need not end with one.
            if isInterim { return }
            return session.check(
                "closing balance (:62F:) of \(name)", stated: "missing", found: found, holds: false, line: line)
        }
        let isEqual = closing.currency == opening.currency && Int128(closing.minor) == Int128(opening.minor) + sum
        session.check(
            "closing balance of \(name)", stated: Self.text(Int128(closing.minor), closing.currency), found: found,
            holds: isEqual, line: closing.line)
    }

    private func checkSums(_ session: ReadSession) {
        guard let currency else { return }
        let sides = [
            ("credits", statedCredits, credits, floorCredits), ("debits", statedDebits, debits, floorDebits)
        ]
        for (word, stated, found, floor) in sides {
            guard let stated else { continue }
            let sum = found.sum < 0 ? -found.sum : found.sum
            let holds = stated.allows(count: found.count, sum: sum, floor: floor)
            session.check(
                "number of \(word) of \(name)", stated: String(stated.count), found: String(found.count),
                holds: holds || stated.count == found.count, line: stated.line)
            session.check(
                "sum of \(word) of \(name)", stated: Self.text(Int128(stated.minor), currency),
                found: Self.text(sum, currency), holds: holds, line: stated.line)
        }
    }

    /// A sum of sums may be wider than one amount.
    private static func text(_ sum: Int128, _ currency: Currency) -> String {
        guard let minor = Int64(exactly: sum), minor != .min else { return "more than 64 bits of \(currency)" }
        return "\(Digits.decimal(minor, currency)) \(currency)"
    }
}

/// The number of entries and their sum, as an interim report states them.
private struct SwiftStatedSum {
    var count: Int
    var minor: Int64
    var line: Int

    /// Exactly what is listed; or more, where all that is missing can be entries below the floor limit.
    func allows(count found: Int, sum: Int128, floor: Int64) -> Bool {
        let missing = count - found
        let missingSum = Int128(minor) - sum
        if missing == 0 { return missingSum == 0 }
        return floor > 0 && missing > 0 && missingSum >= 0 && missingSum < Int128(missing) * Int128(floor)
    }
}
