/// The rule at the end of a zone file, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    private struct Change {
        let month, week, weekday: Int
        let second: Int64
    }

    private let standard: Int32
    private let summer: Int32
    private let begins: Change?
    private let ends: Change?

    /// Nil for a rule of another shape: days counted from New Year's are written for no zone of today.
    init?(_ text: String) {
        var rest = text[...]
        guard Self.name(&rest), let west = Self.clock(&rest) else { return nil }
        standard = Int32(-west)
        guard !rest.isEmpty else {
            summer = standard
            begins = nil
            ends = nil
            return
        }
        guard Self.name(&rest) else { return nil }
        summer = rest.first == "," ? standard + 3_600 : Self.clock(&rest).map { Int32(-$0) } ?? standard
        guard let begins = Self.change(&rest), let ends = Self.change(&rest), rest.isEmpty else { return nil }
        self.begins = begins
        self.ends = ends
    }

    func offset(at moment: Int64) -> Int32 {
        guard let begins, let ends else { return standard }
        let day = (moment + Int64(standard) - (moment + Int64(standard) < 0 ? 86_399 : 0)) / 86_400
        guard let year = CivilDate(daysSinceEpoch: day)?.year else { return standard }
        // Each change is given in the time that holds until it.
        let start = Self.moment(begins, year) - Int64(standard)
        let end = Self.moment(ends, year) - Int64(summer)
        let isSummer = start < end ? moment >= start && moment < end : moment >= start || moment < end
        return isSummer ? summer : standard
    }

    /// Seconds since 1970 of local time.
    private static func moment(_ change: Change, _ year: Int) -> Int64 {
        guard let first = CivilDate(year: year, month: change.month, day: 1) else { return 0 }
        // 1970-01-01 was a Thursday, the fourth day from Sunday.
        let weekday = Int((first.daysSinceEpoch % 7 + 11) % 7)
        var day = 1 + (change.weekday - weekday + 7) % 7 + (change.week - 1) * 7
        // The fifth is the last, whether the month has five or four.
        while CivilDate(year: year, month: change.month, day: day) == nil { day -= 7 }
        return (first.daysSinceEpoch + Int64(day - 1)) * 86_400 + change.second
    }

    private static func name(_ rest: inout Substring) -> Bool {
        if rest.first == "<" {
            guard let end = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    /// `-1`, `5:30`, `-3:00:00`, in seconds.
    private static func clock(_ rest: inout Substring) -> Int64? {
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        var total: Int64 = 0
        var unit: Int64 = 3_600
        repeat {
            if rest.first == ":" { rest.removeFirst() }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int64(digits), number <= 167 else { return nil }
            total += number * unit
            unit /= 60
            rest = rest.dropFirst(digits.count)
        } while rest.first == ":" && unit > 0
        return isNegative ? -total : total
    }

    /// `,M3.5.0` or `,M10.5.0/3`.
    private static func change(_ rest: inout Substring) -> Change? {
        guard rest.hasPrefix(",M") else { return nil }
        rest = rest.dropFirst(2)
        let part = rest.prefix { $0 != "," && $0 != "/" }
        let numbers = part.split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
            (0...6).contains(numbers[2])
        else { return nil }
        rest = rest.dropFirst(part.count)
        var second: Int64 = 7_200
        if rest.first == "/" {
            rest.removeFirst()
            guard let clock = clock(&rest) else { return nil }
            second = clock
        }
        return Change(month: numbers[0], week: numbers[1], weekday: numbers[2], second: second)
    }
}
