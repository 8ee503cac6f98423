extension FieldText {
    /// A day by a pattern of `yyyy`, `yy`, `MM`, `dd`; all other characters stand for themselves.
    public static func date(_ text: ArraySlice<UInt8>, _ pattern: StaticString) throws(FieldProblem) -> CivilDate {
        try time(text, String(describing: pattern), offsetSeconds: nil).date
    }

    /// A time by a pattern of `yyyy yy MM dd HH mm ss`. A letter that stands once (`M`, `d`, `H`) takes one or two
    /// digits. Without `HH` it is a day. Two digits of a year are 1970 to 2069.
    public static func time(
        _ text: ArraySlice<UInt8>, _ pattern: String, offsetSeconds: Int32?
    ) throws(FieldProblem) -> StatementTime {
        guard let time = parse(trimmed(text), Array(pattern.utf8), offsetSeconds: offsetSeconds) else {
            throw FieldProblem(
                trimmed(text).isEmpty ? "is empty" : "is not a time written as \(pattern): \(shown(text))")
        }
        return time
    }

    /// `yyyy-MM-dd HH:mm:ss`, as nearly every table writes it; also with slashes, without leading zeros and without
    /// the seconds, as spreadsheets leave it, and a day alone. Complexity: no allocation in the usual spelling.
    public static func dateTime(_ text: ArraySlice<UInt8>, offsetSeconds: Int32?) throws(FieldProblem) -> StatementTime
    {
        if let time = usual(trimmed(text), offsetSeconds) { return time }
        for pattern in spellings {
            if let time = parse(trimmed(text), pattern, offsetSeconds: offsetSeconds) { return time }
        }
        throw FieldProblem(
            trimmed(text).isEmpty ? "is empty" : "is not a time written as yyyy-MM-dd HH:mm:ss: \(shown(text))")
    }

    private static let spellings = [
        "yyyy-M-d H:mm:ss", "yyyy/M/d H:mm:ss", "yyyy-M-d H:mm", "yyyy/M/d H:mm", "yyyy-M-d", "yyyy/M/d",
        "yyyy年M月d日 H:mm:ss", "yyyy年M月d日"
    ].map { Array($0.utf8) }

    private static func usual(_ text: ArraySlice<UInt8>, _ offsetSeconds: Int32?) -> StatementTime? {
        guard text.count == 19 else { return nil }
        let start = text.startIndex
        func number(_ from: Int, _ count: Int) -> Int? {
            var value = 0
            for index in start + from..<start + from + count {
                guard let digit = digitValue(text[index]) else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
        guard text[start + 4] == UInt8(ascii: "-"), text[start + 7] == UInt8(ascii: "-"),
            text[start + 10] == UInt8(ascii: " "), text[start + 13] == UInt8(ascii: ":"),
            text[start + 16] == UInt8(ascii: ":"), let year = number(0, 4), let month = number(5, 2),
            let day = number(8, 2), let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        return StatementTime(date: date, hour: hour, minute: minute, second: second, offsetSeconds: offsetSeconds)
    }

    private static func parse(_ text: ArraySlice<UInt8>, _ pattern: [UInt8], offsetSeconds: Int32?) -> StatementTime? {
        var year: Int?
        var month = 1
        var day = 1
        var clock: (hour: Int, minute: Int, second: Int)?
        var rest = text
        var index = 0
        while index < pattern.count {
            let letter = pattern[index]
            let run = pattern[index...].prefix { $0 == letter }.count
            guard "yMdHms".utf8.contains(letter) else {
                guard rest.first == letter else { return nil }
                rest = rest.dropFirst()
                index += 1
                continue
            }
            guard let value = number(&rest, digits: run) else { return nil }
            switch letter {
            case UInt8(ascii: "y"): year = run == 2 ? (value < 70 ? 2000 + value : 1900 + value) : value
            case UInt8(ascii: "M"): month = value
            case UInt8(ascii: "d"): day = value
            case UInt8(ascii: "H"): clock = (value, 0, 0)
            case UInt8(ascii: "m"): clock?.minute = value
            default: clock?.second = value
            }
            index += run
        }
        guard rest.isEmpty, let year, let date = CivilDate(year: year, month: month, day: day) else { return nil }
        guard let clock else { return StatementTime(date: date) }
        return StatementTime(
            date: date, hour: clock.hour, minute: clock.minute, second: clock.second, offsetSeconds: offsetSeconds)
    }

    /// Takes exactly `digits` digits, or one or two when it is 1.
    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int? {
        var value = 0
        var taken = 0
        while taken < max(2, digits), taken < digits || digits == 1, let byte = rest.first,
            let digit = digitValue(byte)
        {
            value = value * 10 + Int(digit)
            rest = rest.dropFirst()
            taken += 1
        }
        return taken == digits || (digits == 1 && taken == 2) ? value : nil
    }

    /// A day or a time of ISO 8601: `2026-03-01`, `2026-03-01T12:30:00.123+08:00`, `… 12:30:00Z`, also with a space
    /// for the T, with `+0800` or `+08`, without the seconds, and a day with a zone. Fractions of a second are dropped.
    public static func iso8601(_ text: ArraySlice<UInt8>, defaultOffset: Int32? = nil) throws(FieldProblem)
        -> StatementTime
    {
        guard let time = parseISO(trimmed(text), defaultOffset) else {
            throw FieldProblem(trimmed(text).isEmpty ? "is empty" : "is not a time of ISO 8601: \(shown(text))")
        }
        return time
    }

    private static func parseISO(_ text: ArraySlice<UInt8>, _ defaultOffset: Int32?) -> StatementTime? {
        var rest = text
        guard let year = number(&rest, digits: 4), take(&rest, "-"), let month = number(&rest, digits: 2),
            take(&rest, "-"), let day = number(&rest, digits: 2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        guard take(&rest, "T") || take(&rest, " ") else {
            // XML allows a zone behind a day (xs:date); it says nothing that a day needs.
            return rest.isEmpty || zone(&rest) != nil && rest.isEmpty ? StatementTime(date: date) : nil
        }
        guard let hour = number(&rest, digits: 2), take(&rest, ":"), let minute = number(&rest, digits: 2) else {
            return nil
        }
        var second = 0
        if take(&rest, ":") {
            guard let value = number(&rest, digits: 2) else { return nil }
            second = value
            if take(&rest, ".") || take(&rest, ",") {
                let fraction = rest.prefix { digitValue($0) != nil }
                guard !fraction.isEmpty else { return nil }
                rest = rest.dropFirst(fraction.count)
            }
        }
        let offset = rest.isEmpty ? defaultOffset : zone(&rest)
        guard rest.isEmpty else { return nil }
        // 24:00:00 is the end of the day, and a leap second the last one: both are kept as its last second.
        if hour == 24, minute == 0, second == 0 {
            return StatementTime(date: date, hour: 23, minute: 59, second: 59, offsetSeconds: offset)
        }
        return StatementTime(
            date: date, hour: hour, minute: minute, second: second == 60 ? 59 : second, offsetSeconds: offset)
    }

    /// `Z`, `+08:00`, `+0800`, `+08`; nil leaves the rest where it cannot be read.
    private static func zone(_ rest: inout ArraySlice<UInt8>) -> Int32? {
        take(&rest, " ")
        if take(&rest, "Z") { return 0 }
        let sign: Int32 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard take(&rest, "+") || take(&rest, "-"), let hours = number(&rest, digits: 2), hours < 24 else { return nil }
        take(&rest, ":")
        guard !rest.isEmpty else { return sign * Int32(hours * 3600) }
        guard let minutes = number(&rest, digits: 2), minutes < 60 else { return nil }
        return sign * Int32(hours * 3600 + minutes * 60)
    }

    @discardableResult
    private static func take(_ rest: inout ArraySlice<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
