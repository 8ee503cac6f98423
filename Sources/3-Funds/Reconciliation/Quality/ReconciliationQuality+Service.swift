public import Contract
import Ledger
import Money
import Runtime
import Store
import SwiftProtobuf

/// The calls of the contract.
extension ReconciliationQuality: ReconciliationQualityService {
    public func getQuality(_ request: V1GetQualityRequest, _ context: CallContext) async throws -> V1QualityReport {
        try await context.book.read { reader in
            let days = try days(request.from, request.until, now: context.book.world.now(), in: reader)
            let measure = try report(
                days, channel: request.channel, now: context.book.world.now(), in: reader)
            return V1QualityReport(measure, days)
        }
    }

    public func getQualityHeatmap(
        _ request: V1GetQualityHeatmapRequest, _ context: CallContext
    ) async throws -> V1QualityHeatmap {
        try await context.book.read { reader in
            let days = try days(request.from, request.until, now: context.book.world.now(), in: reader)
            let objectives = try QualityObjectives.read(reader)
            let zone = QualityZone(objectives.zone)
            let from = zone.moment(BusinessDay(number: days.lowerBound), minute: 0)
            let until = zone.moment(BusinessDay(number: days.upperBound + 1), minute: 0)
            var rows: [V1QualityHeatmapRow] = []
            let slots = HalfHour.of(from.microseconds)..<HalfHour.of(until.microseconds)
            for (slot, channel, found) in try QualitySlotRows.between(slots, in: reader) {
                if rows.last?.channel != channel {
                    rows.append(
                        .with {
                            $0.channel = channel
                            $0.hours = Array(repeating: 0, count: 24)
                        })
                }
                let moment = Timestamp(microseconds: slot * 1_800_000_000)
                rows[rows.count - 1].hours[HalfHour.hour(slot, offsetSeconds: zone.offsetSeconds(at: moment))] += found
            }
            return .with {
                $0.zone = objectives.zone.isEmpty ? "UTC" : objectives.zone
                $0.rows = rows
            }
        }
    }

    public func getQualityAgeing(
        _ request: V1GetQualityAgeingRequest, _ context: CallContext
    ) async throws -> V1QualityAgeing {
        try await context.book.read { reader in
            let now = context.book.world.now()
            let today = try today(now: now, in: reader).number
            let cases = try QualityCaseRows.ageing(today: today, in: reader)
            let items = try ledger.openAges(firstDays: Ageing.fromDays, now: now, in: reader)
            return .with {
                $0.fromDays = Ageing.fromDays.map { Int32($0) }
                $0.cases = V1AgeingRow.rows(cases)
                $0.openItems = V1AgeingRow.rows(items)
            }
        }
    }

    public func listChannelOpenItems(
        _ request: V1ListChannelOpenItemsRequest, _ context: CallContext
    ) async throws -> V1ListChannelOpenItemsReply {
        let currency: Currency
        do { currency = try Currency(code: request.currency) } catch {
            throw Problem.invalidParameter("currency", value: request.currency, rule: "is no currency of ISO 4217")
        }
        let size = request.pageSize <= 0 ? 100 : min(Int(request.pageSize), Ledger.pageLimit)
        let after = try PageToken.read(request.pageToken, kinds: 1).map { try Int64(sqlValue: $0.values[0]) } ?? 0
        let code = ChartAccount.clearing(request.channel).code
        return try await context.book.read { reader in
            let items = try ledger.openItems(
                account: code, currency: currency, after: TransferID(after), limit: size, in: reader)
            let total = try ledger.openTotal(account: code, currency: currency, in: reader)
            let balance = try ledger.balance(of: code, currency: currency, in: reader)
            let cases = try QualityLinks.cases(of: items.map(\.reference), in: reader)
            return .with {
                $0.items = items.map { V1OpenLedgerItem($0, caseID: cases[$0.reference] ?? "") }
                $0.open = V1Amount(total.open)
                $0.count = total.count
                $0.balance = V1Amount(Amount(minor: balance.totals.posted(.debit), currency))
                if items.count == size, let last = items.last {
                    $0.nextPageToken = PageToken([.integer(last.opened.sequence)]).text
                }
            }
        }
    }

    public func listAwaitedStatements(
        _ request: V1ListAwaitedStatementsRequest, _ context: CallContext
    ) async throws -> V1ListAwaitedStatementsReply {
        try await context.book.read { reader in
            let now = context.book.world.now()
            let waits = try StatementWaits.awaited(reader)
            return .with { $0.statements = waits.map { V1AwaitedStatement($0, now: now) } }
        }
    }

    public func getQualityObjectives(
        _ request: V1GetQualityObjectivesRequest, _ context: CallContext
    ) async throws -> V1QualityObjectives {
        try await context.book.read { V1QualityObjectives(try QualityObjectives.read($0)) }
    }

    public func putQualityObjectives(
        _ request: V1PutQualityObjectivesRequest, _ context: CallContext
    ) async throws -> V1QualityObjectives {
        let wanted = QualityObjectives(request.objectives)
        guard QualityZone.isKnown(wanted.zone) else {
            throw Problem.invalid(
                field: "objectives.zone", value: wanted.zone,
                rule: "is neither a zone such as Asia/Shanghai nor a distance from UTC such as +08:00")
        }
        return try await context.book.perform(context, request) { tx in
            if try QualityObjectives.read(tx) != wanted {
                try wanted.write(in: tx)
                try tx.record(V1QualityObjectivesChanged(wanted, at: tx.now))
            }
            return V1QualityObjectives(wanted)
        }
    }

    /// The days that a request names; the last thirty when it names none.
    private func days(
        _ from: String, _ until: String, now: Timestamp, in reader: any SQLReader
    ) throws -> ClosedRange<Int64> {
        func day(_ text: String, _ name: String) throws -> Int64? {
            guard !text.isEmpty else { return nil }
            guard let day = BusinessDay(text) else {
                throw Problem.invalidParameter(name, value: text, rule: "must be a day such as 2026-11-21")
            }
            return day.number
        }
        let last = try day(until, "until") ?? today(now: now, in: reader).number
        let first = try day(from, "from") ?? (last - Self.usualDays + 1)
        guard first <= last, last - first < Self.dayLimit else {
            throw Problem.invalidParameter(
                "from", value: from, rule: "must be before `until` and at most \(Self.dayLimit) days from it")
        }
        return first...last
    }
}
