/// Which way round a download writes its days.
enum PayPalDays {
    /// The order of day, month and year, whatever stands between them.
    enum Pattern: Hashable {
        case yearFirst, dayFirst, monthFirst

        /// `29/12/2015`, `12/29/2015`, `2015-12-29`, `29.12.15`.
        func date(_ text: String) throws(FieldProblem) -> CivilDate {
            guard let numbers = PayPalDays.numbers(text) else { throw FieldProblem("is no date: \(text)") }
            let date =
                switch self {
                case .yearFirst: CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])
                case .dayFirst: CivilDate(year: PayPalDays.year(numbers[2]), month: numbers[1], day: numbers[0])
                case .monthFirst: CivilDate(year: PayPalDays.year(numbers[2]), month: numbers[0], day: numbers[1])
                }
            guard let date else {
                throw FieldProblem("is no date of the order that the file's other days have: \(text)")
            }
            return date
        }
    }

    /// Looks at the days of the file's beginning.
    static func pattern(
        _ probe: Probe, _ dialect: CSVDialect, _ names: PayPalActivityNames, dayFirst: Bool?
    ) throws(StatementError) -> Pattern {
        let days = days(probe, dialect, names)
        guard let first = days.first else { return .dayFirst }
        if first.text.prefix(4).allSatisfy(\.isNumber), first.text.count > 4 { return .yearFirst }
        // Points between the numbers are written only where the day comes first.
        if first.text.contains(".") { return .dayFirst }
        if let dayFirst { return dayFirst ? .dayFirst : .monthFirst }
        if days.contains(where: { $0.numbers[0] > 12 }) { return .dayFirst }
        if days.contains(where: { $0.numbers[1] > 12 }) { return .monthFirst }
        guard names.code == "en" else { return .dayFirst }
        if days.allSatisfy({ $0.numbers[0] == $0.numbers[1] }) { return .dayFirst }
        throw StatementError(
            .ambiguousFormat,
            "\(first.text) may be of month \(first.numbers[0]) or of month \(first.numbers[1]), and no line of the "
                + "file's beginning shows which: say whether the day comes first",
            candidates: ["--day-first", "--month-first"])
    }

    private static func days(
        _ probe: Probe, _ dialect: CSVDialect, _ names: PayPalActivityNames
    ) -> [(text: String, numbers: [Int])] {
        let lines = probe.lines.filter { !$0.allSatisfy(\.isWhitespace) }
        let separator = Character(Unicode.Scalar(dialect.separator))
        guard let header = lines.first else { return [] }
        let columns = header.split(separator: separator, omittingEmptySubsequences: false)
            .map { HeaderMap.normalised($0.filter { $0 != "\"" }) }
        guard let place = columns.firstIndex(where: { names[.date].contains($0) }) else { return [] }
        // The date stands first in every download, before any field that could hold a separator.
        return lines.dropFirst().compactMap { line in
            let fields = line.split(separator: separator, maxSplits: place + 1, omittingEmptySubsequences: false)
            guard place < fields.count else { return nil }
            let text = fields[place].filter { $0 != "\"" && $0 != " " }
            guard let numbers = numbers(text) else { return nil }
            return (text, numbers)
        }
    }

    static func numbers(_ text: String) -> [Int]? {
        let parts = text.split { "/.-年月日".contains($0) || $0 == " " }
        let numbers = parts.compactMap { $0.allSatisfy(\.isASCII) ? Int($0) : nil }
        return parts.count == 3 && numbers.count == 3 ? numbers : nil
    }

    /// Two digits of a year are of this century: PayPal is no older.
    static func year(_ number: Int) -> Int { number < 100 ? 2_000 + number : number }
}
