import Money
import Mustache
import Runtime

extension Texts: MustacheParent {
    func child(named name: String) -> Any? {
        Text(rawValue: name).map { self[$0] } ?? ReconciliationText(rawValue: name).map { self[$0] }
    }
}

/// An amount as a page shows it: exact, grouped by thousands, negative in parentheses as accountants write it.
struct Sum: Sendable {
    let figure: String
    let code: String
    let isNegative: Bool
    let isZero: Bool

    init(_ amount: Amount) {
        let (whole, fraction) = Sum.parts(amount.decimalText)
        let digits = Sum.grouped(whole) + fraction
        figure = amount.isNegative ? "(\(digits))" : digits
        code = amount.currency.code
        isNegative = amount.isNegative
        isZero = amount.isZero
    }

    private static func parts(_ text: String) -> (whole: Substring, fraction: Substring) {
        let digits = text.drop { $0 == "-" }
        let point = digits.firstIndex(of: ".") ?? digits.endIndex
        return (digits[..<point], digits[point...])
    }

    /// "1234567" is "1,234,567"; both languages write it so.
    static func grouped(_ digits: some StringProtocol) -> String {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}

/// A moment, for people and for machines.
struct Moment: Sendable {
    let machine: String
    let text: String

    /// The time alone within `today`, else with its day.
    init(_ moment: Timestamp, today: String = "") {
        let iso = moment.rfc3339
        machine = iso
        let day = iso.prefix(10)
        let time = iso.dropFirst(11).prefix(8)
        text = day == today ? String(time) : "\(day) \(time)"
    }
}

/// A state in words, with the tone in which it is shown; the words alone are enough to understand it.
struct Badge: Sendable {
    let text: String
    let tone: String

    /// Of an order.
    static func order(_ state: String, _ texts: Texts) -> Badge {
        Badge(text: texts.name("order", state), tone: tone(ofOrder: state))
    }

    /// Of a payment, an attempt or a refund.
    static func payment(_ state: String, _ texts: Texts) -> Badge {
        Badge(text: texts.name("pay", state), tone: tone(ofPayment: state))
    }

    static func product(_ status: String, _ texts: Texts) -> Badge {
        let tone = status == "published" ? "good" : status == "draft" ? "wait" : "quiet"
        return Badge(text: texts.name("product", status), tone: tone)
    }

    private static func tone(ofOrder state: String) -> String {
        switch state {
        case "placed": "wait"
        case "paid", "partially_fulfilled": "busy"
        case "fulfilled", "completed": "good"
        case "partially_returned": "warn"
        default: "quiet"
        }
    }

    private static func tone(ofPayment state: String) -> String {
        switch state {
        case "captured", "succeeded", "done": "good"
        case "pending", "open", "processing", "created", "sent", "capturing", "voiding", "requested": "wait"
        case "authorised": "busy"
        case "partially_refunded": "warn"
        case "failed", "declined": "bad"
        case _ where state.hasSuffix("unknown"): "bad"
        default: "quiet"
        }
    }
}

/// A link to the page of an identifier.
struct Link: Sendable {
    let href: String
    let text: String
    /// The whole identifier, where the text is shortened.
    let full: String

    /// Where a reference leads: an order's and a payment's page, else the postings that carry it.
    static func reference(_ reference: String) -> Link? {
        guard !reference.isEmpty else { return nil }
        return Link(href: Place.reference(reference), text: short(reference), full: reference)
    }

    /// `ord_01kakyz3v0e9ra5h8v2q5m7xkz` is `ord_…2q5m7xkz`: ids begin with their time, so their ends differ.
    static func short(_ id: String) -> String {
        guard let bar = id.firstIndex(of: "_"), id.count > 20 else { return id }
        return id[...bar] + "…" + id.suffix(8)
    }

    /// The end alone, in a column that says what is named there.
    static func ending(_ id: String) -> String { String(id.suffix(8)) }
}

/// The addresses of the console.
enum Place {
    static let home = Console.root
    static let signIn = Console.root + "/sign-in"
    static let ledger = Console.root + "/ledger"
    static let journal = Console.root + "/journal"
    static let stock = Console.root + "/stock"
    static let products = Console.root + "/products"
    static let rules = Console.root + "/rules"

    static func order(_ id: String) -> String { "\(Console.root)/orders/\(URLText.encode(id))" }
    static func payment(_ id: String) -> String { "\(Console.root)/payments/\(URLText.encode(id))" }
    static func transfer(_ id: Int64) -> String { "\(Console.root)/transfers/\(id)" }
    static func product(_ id: String) -> String { "\(products)/\(URLText.encode(id))" }
    static func variant(_ id: String) -> String { "\(Console.root)/variants/\(URLText.encode(id))" }
    static func account(_ code: String, _ currency: String) -> String {
        "\(ledger)/\(URLText.encode(currency))/\(URLText.encode(code))"
    }

    static func reference(_ reference: String) -> String {
        if reference.hasPrefix("ord_") { return order(reference) }
        if reference.hasPrefix("pay_") { return payment(reference) }
        return "\(Console.root)/references/\(URLText.encode(reference))"
    }
}
