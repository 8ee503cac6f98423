import Contract
import Money
import Reconciliation
import Runtime

extension Badge {
    static func run(_ state: String, isReady: Bool, _ texts: Texts) -> Badge {
        if state == "preparing", isReady { return Badge(text: texts[ReconciliationText.runReady], tone: "wait") }
        let tone =
            switch state {
            case "settled": "good"
            case "confirmed", "preparing": "busy"
            case "pending": "wait"
            default: "quiet"
            }
        return Badge(text: texts.name("run", state), tone: tone)
    }

    static func matchClass(_ name: String, _ texts: Texts) -> Badge {
        let tone =
            switch name {
            case "matched": "good"
            case "late": "wait"
            case "fee", "status": "warn"
            default: "bad"
            }
        return Badge(text: texts.name("class", name), tone: tone)
    }

    static func item(_ state: String, _ texts: Texts) -> Badge {
        let tone =
            switch state {
            case "open": "bad"
            case "investigating": "busy"
            case "repair_proposed": "wait"
            case "resolved", "closed_by_match": "good"
            default: "quiet"
            }
        return Badge(text: texts.name("case", state), tone: tone)
    }

    static func severity(_ name: String, _ texts: Texts) -> Badge {
        let tone = name == "critical" ? "bad" : name == "high" ? "warn" : "quiet"
        return Badge(text: texts.name("severity", name), tone: tone)
    }

    static func repair(_ state: String, _ texts: Texts) -> Badge {
        let tone =
            switch state {
            case "proposed": "wait"
            case "approved": "busy"
            case "executed": "good"
            case "rejected": "bad"
            default: "quiet"
            }
        return Badge(text: texts.name("repair", state), tone: tone)
    }
}

extension Sum {
    /// Nil for a field that was never set, which has no currency either.
    init?(_ amount: V1Amount) {
        guard !amount.currency.isEmpty, let currency = try? Currency(code: amount.currency) else { return nil }
        self.init(Amount(minor: amount.minor, currency))
    }

    init?(minor: Int64, _ code: String) {
        guard let currency = try? Currency(code: code) else { return nil }
        self.init(Amount(minor: minor, currency))
    }
}

extension Moment {
    /// Nil for a time that is not there.
    init?(message text: String, today: String = "") {
        guard let moment = Timestamp(rfc3339: text) else { return nil }
        self.init(moment, today: today)
    }
}

/// Figures for people that are no money.
enum Figure {
    static func count(_ number: Int64) -> String {
        number < 0 ? "−" + Sum.grouped("\(number.magnitude)") : Sum.grouped("\(number)")
    }

    /// "812 B", "1.2 KiB", "3.9 MiB": one place, cut off.
    static func bytes(_ number: Int64) -> String {
        guard number >= 1 << 10 else { return "\(count(number)) B" }
        let (unit, name): (Int64, String) = number >= 1 << 20 ? (1 << 20, "MiB") : (1 << 10, "KiB")
        return "\(count(number / unit)).\(number % unit * 10 / unit) \(name)"
    }

    /// 999,990 ppm is "99.9990 %"; what is below a hundredth of a percent keeps all its places.
    static func percent(ppm: Int64) -> String {
        let whole = ppm / 10_000
        let rest = String(ppm % 10_000)
        let padded = String(repeating: "0", count: 4 - rest.count) + rest
        if padded == "0000" { return "\(whole) %" }
        var places = padded[...]
        while places.count > 2, places.hasSuffix("0") { places = places.dropLast() }
        return "\(whole).\(places) %"
    }

    /// Two units at most: "3 h 20 min", "2 d 4 h", "45 s".
    static func duration(seconds: Int64, _ texts: Texts) -> String {
        let units: [(Int64, ReconciliationText)] = [
            (86_400, .unitDay), (3_600, .unitHour), (60, .unitMinute), (1, .unitSecond)
        ]
        guard let first = units.firstIndex(where: { seconds >= $0.0 }) else {
            return "0 \(texts[ReconciliationText.unitSecond])"
        }
        var text = "\(seconds / units[first].0) \(texts[units[first].1])"
        if first + 1 < units.count {
            let rest = seconds % units[first].0 / units[first + 1].0
            if rest > 0 { text += " \(rest) \(texts[units[first + 1].1])" }
        }
        return text
    }
}

extension String {
    /// Nil when there is nothing to show, so that a template's section is left out.
    var orNil: String? { isEmpty ? nil : self }
}
