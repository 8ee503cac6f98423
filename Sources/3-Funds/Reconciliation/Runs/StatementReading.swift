import Matching
import Money
import Runtime
import Statements

extension ChannelProfile {
    /// The reader of its own description of the file; nil when it names a format or nothing.
    func reader() throws -> (any StatementReader)? {
        guard !message.statementProfile.isEmpty else {
            if !message.format.isEmpty { _ = try formatReader() }
            return nil
        }
        do {
            return ProfileReader(try StatementProfile.load(yaml: message.statementProfile))
        } catch {
            throw ReconciliationError(.profileInvalid, "the statement profile cannot be used: \(error)")
        }
    }

    private func formatReader() throws -> any StatementReader {
        do {
            return try StatementFormats.reader(message.format)
        } catch {
            throw ReconciliationError(.profileInvalid, error.message)
        }
    }

    /// How its files are read.
    func readOptions() -> ReadOptions {
        var options = ReadOptions(limits: ReadLimits(maxRejected: Int(message.rejectLimit)))
        options.currency = currency
        options.limits.maxUnpackedBytes = Reconciliation.unpackedBytes
        options.offsetSeconds = Int32(clamping: zone.offset(at: Timestamp(microseconds: 0)))
        return options
    }

    /// A statement's row as a line of a run.
    func line(_ row: StatementRow, id: Int64) -> RunLine {
        var line = RunLine(
            id: id, kind: MatchKind(row.kind), status: MatchStatus(row.status), currency: row.currency.code,
            amountMinor: row.amountMinor, feeMinor: row.feeMinor)
        line.merchantReference = row.merchantReference
        line.channelReference = row.channelReference
        line.originalReference = row.originalReference
        line.account = row.account
        line.rawStatus = row.rawStatus
        line.line = Int64(row.line)
        if let time = row.time { line.timeUs = moment(time).map { $0.microseconds } }
        line.day = (row.time?.date ?? row.valueDate).map { Int32(clamping: $0.daysSinceEpoch) }
        return line
    }

    /// A time without a zone is one of the channel's own clock.
    private func moment(_ time: StatementTime) -> Timestamp? {
        if let seconds = time.epochSeconds { return Timestamp(microseconds: seconds * 1_000_000) }
        guard let second = time.secondOfDay else { return nil }
        let midnight = zone.moment(BusinessDay(number: time.date.daysSinceEpoch), minute: 0)
        return midnight.adding(.seconds(Int64(second)))
    }
}

extension MatchKind {
    init(_ kind: RowKind) {
        self =
            switch kind {
            case .payment: .payment
            case .refund: .refund
            case .fee: .fee
            case .payout: .payout
            case .chargeback: .chargeback
            case .adjustment: .adjustment
            case .fx: .fx
            }
    }
}

extension MatchStatus {
    init(_ status: RowStatus) {
        self =
            switch status {
            case .succeeded: .succeeded
            case .pending: .pending
            case .failed: .failed
            case .reversed: .reversed
            }
    }
}
