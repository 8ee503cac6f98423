internal import Money

/// What the lines about all lines say, held against the rows.
struct ProfileTrailers {
    /// A file says a few things of itself, not thousands.
    private static let most = 1_000

    private struct Tally {
        var rows = 0
        var credits: Int128 = 0
        var debits: Int128 = 0
        var fees: Int128 = 0
    }
    private struct Stated {
        /// The place of its rule in the profile.
        var rule: Int
        var line: Int
        var count: String?
        var sums: [(sum: ProfileTrailer.Sum, text: ArraySlice<UInt8>)] = []
        var fee: ArraySlice<UInt8>?
        var currency: String = ""
    }

    private let profile: StatementProfile
    private let decoder: TextDecoder
    private var tallies: [Currency: Tally] = [:]
    private var stated: [Stated] = []

    init(_ profile: StatementProfile, _ decoder: TextDecoder) {
        self.profile = profile
        self.decoder = decoder
    }

    mutating func add(_ row: StatementRow) {
        var tally = tallies[row.currency] ?? Tally()
        tally.rows += 1
        if row.amountMinor >= 0 {
            tally.credits += Int128(row.amountMinor)
        } else {
            tally.debits -= Int128(row.amountMinor)
        }
        tally.fees += Int128(row.feeMinor)
        tallies[row.currency] = tally
    }

    /// Takes a line that is a trailer; false for any other.
    mutating func take(
        _ record: ProfileRecord, isFirst: Bool, isLast: Bool, _ columns: ProfileColumns?, _ session: ReadSession
    ) throws -> Bool {
        let rules = columns?.profile.trailers ?? profile.trailers
        guard let index = rules.firstIndex(where: { applies($0, record, isFirst, isLast, columns) }) else {
            return false
        }
        let rule = rules[index]
        guard stated.count < Self.most else {
            throw StatementError(.limit, "the file has more than \(Self.most) trailer lines", line: record.line)
        }
        let fields: [ArraySlice<UInt8>]? =
            if case .separated(let dialect) = rule.layout { record.recut(dialect.separator) } else { nil }
        func field(_ column: ProfileColumn) throws -> ArraySlice<UInt8> {
            let place: Int? = if case .place(let place) = column { place } else { columns?.place(column) }
            guard let place else {
                throw StatementError.malformed("the trailer's column is not there", line: record.line)
            }
            guard let fields else { return record.bytes(place) }
            return place < fields.count ? fields[place] : []
        }
        var found = Stated(rule: index, line: record.line)
        do {
            found.count = try rule.count.map { try decoder.string(try field($0)) }
            found.sums = try rule.amounts.map { ($0, try field($0.column)) }
            found.fee = try rule.fee.map { try field($0.column) }
            found.currency = try rule.currency.map { try decoder.string(try field($0)) } ?? ""
        } catch let problem as FieldProblem {
            throw StatementError.malformed("the trailer cannot be read: \(problem.reason)", line: record.line)
        }
        stated.append(found)
        session.trailer(lines: record.lines)
        return true
    }

    private func applies(
        _ rule: ProfileTrailer, _ record: ProfileRecord, _ isFirst: Bool, _ isLast: Bool, _ columns: ProfileColumns?
    ) -> Bool {
        switch rule.place {
        case .first: return isFirst
        case .last: return isLast
        case .matching(let match):
            if case .separated(let dialect) = rule.layout, case .place(let place) = match.column {
                let fields = record.recut(dialect.separator)
                return place < fields.count && match.holds(fields[place], decoder)
            }
            return columns?.matches(match, record, decoder) ?? false
        }
    }

    // MARK: At the end

    func finish(_ session: ReadSession) throws {
        for (index, rule) in profile.trailers.enumerated()
        where rule.isRequired && !stated.contains(where: { $0.rule == index }) {
            throw StatementError.truncated("the file has no trailer line, which the profile \(profile.id) requires")
        }
        // Sums over what is left of rejected lines prove nothing; the number of lines still does.
        guard session.summary.rejectedCount == 0 else { return checkCounts(session) }
        for stated in stated { try check(stated, session) }
        for (index, rule) in profile.trailers.enumerated() where rule.currency != nil {
            let named = Set(try stated.filter { $0.rule == index }.compactMap { try currency(of: $0) })
            for currency in tallies.keys.sorted() where !named.contains(currency) {
                session.check(
                    "trailer of \(currency)", stated: "none", found: "\(tallies[currency]?.rows ?? 0) rows",
                    holds: false)
            }
        }
    }

    private func checkCounts(_ session: ReadSession) {
        let lines = tallies.values.reduce(0) { $0 + $1.rows } + session.summary.rejectedCount
        for stated in stated where profile.trailers[stated.rule].currency == nil {
            guard let count = stated.count else { continue }
            session.check(
                "number of rows", stated: count, found: String(lines), holds: Int(count) == lines, line: stated.line)
        }
    }

    private func check(_ stated: Stated, _ session: ReadSession) throws {
        let currency = try currency(of: stated)
        let tally =
            currency.map { tallies[$0] ?? Tally() } ?? tallies.values.reduce(into: Tally()) { $0.rows += $1.rows }
        if let count = stated.count {
            session.check(
                "number of rows", stated: count, found: String(tally.rows), holds: Int(count) == tally.rows,
                line: stated.line)
        }
        for (sum, text) in stated.sums {
            let found =
                switch sum.part {
                case .all: tally.credits - tally.debits
                case .credits: tally.credits
                case .debits: tally.debits
                }
            compare(
                sum, text, found, currency, "sum of \(sum.part == .all ? "amounts" : sum.part.rawValue)", stated.line,
                session)
        }
        if let fee = profile.trailers[stated.rule].fee, let text = stated.fee {
            compare(fee, text, tally.fees, currency, "sum of fees", stated.line, session)
        }
    }

    /// The currency of a trailer: its own word, else the only one of the file.
    private func currency(of stated: Stated) throws(StatementError) -> Currency? {
        if !stated.currency.isEmpty {
            if case .column(_, let codes) = profile.currency, let known = codes[stated.currency] { return known }
            do {
                return try Currency(code: stated.currency.uppercased())
            } catch {
                throw StatementError.malformed(
                    "the trailer's currency is not one of ISO 4217: \(stated.currency)", line: stated.line)
            }
        }
        if case .constant(let currency) = profile.currency { return currency }
        return tallies.count == 1 ? tallies.keys.first : nil
    }

    private func compare(
        _ rule: ProfileTrailer.Sum, _ text: ArraySlice<UInt8>, _ found: Int128, _ currency: Currency?, _ what: String,
        _ line: Int, _ session: ReadSession
    ) {
        let shown = String(decoding: text, as: UTF8.self)
        guard let currency else {
            // Amounts of several currencies have no sum; nothing at all has the sum of nothing.
            let isZero = (try? FieldText.decimal(text, rule.isComma ? .comma : .point))?.isZero ?? false
            session.check(
                what, stated: shown, found: tallies.isEmpty ? "0" : "amounts in \(tallies.count) currencies",
                holds: tallies.isEmpty && isZero, line: line)
            return
        }
        let minor: Int64? =
            rule.isMinor
            ? try? FieldText.integer(text)
            : (try? FieldText.decimal(text, rule.isComma ? .comma : .point))
                .flatMap { try? $0.minor(currency) }
        let isMagnitude = rule.part == .debits
        let holds = minor.map { isMagnitude ? Int128($0.magnitude) == found : Int128($0) == found } ?? false
        let stated = minor.map { "\(Digits.decimal($0, currency)) \(currency)" } ?? shown
        session.check(
            what, stated: stated, found: "\(Digits.decimal(found, currency)) \(currency)", holds: holds, line: line)
    }
}
