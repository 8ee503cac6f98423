internal import Money
internal import Runtime
internal import Synchronization

/// What the sandbox knows and does: the provider's side of the story, in memory and optionally in a file.
///
/// A request identifier is done once: repeated, it gets its first answer.
final class SandboxBooks: Sendable {
    struct Entry: Codable, Hashable, Sendable {
        var account: String
        /// capture or refund
        var type: String
        var channel_reference: String
        var reference: String
        var refund_reference: String
        var occurred_at: String
        var currency: String
        /// Positive for a capture, negative for a refund.
        var gross_minor: Int64
        var fee_minor: Int64
    }

    /// One step as the file keeps it.
    struct Record: Codable, Sendable {
        var account: String
        var merchant: SandboxMerchant?
        var request: SandboxRequest?
        var answer: SandboxAnswer?
        var payment: SandboxPayment?
        var entry: Entry?
        var notice: SandboxNotice?
    }

    private struct Key: Hashable { let account: String; let name: String }

    private struct State {
        var merchants: [String: SandboxMerchant] = [:]
        var payments: [Key: SandboxPayment] = [:]
        var answers: [Key: (request: SandboxRequest, answer: SandboxAnswer)] = [:]
        var entries: [Entry] = []
        var notices: [String: [SandboxNotice]] = [:]
        var received: [Key: Int] = [:]
        var serial = 0

        mutating func apply(_ record: Record) {
            let account = record.account
            if let merchant = record.merchant { merchants[account] = merchant }
            if let payment = record.payment {
                if payments.updateValue(payment, forKey: Key(account: account, name: payment.reference)) == nil {
                    serial += 1
                }
            }
            if let request = record.request, let answer = record.answer {
                answers[Key(account: account, name: request.request_id)] = (request, answer)
            }
            if let entry = record.entry { entries.append(entry) }
            if let notice = record.notice { notices[account, default: []].append(notice) }
        }
    }

    private let state = Mutex(State())
    private let clock: any WallClock
    private let fee: Rate
    private let file: SandboxFile?

    init(clock: any WallClock, fee: Rate, path: String?) throws {
        self.clock = clock
        self.fee = fee
        file = try path.map(SandboxFile.init)
        try file?.replay { record in state.withLock { $0.apply(record) } }
    }

    func register(_ merchant: SandboxMerchant) throws -> Bool {
        try state.withLock { state in
            if let known = state.merchants[merchant.token], known.secret != merchant.secret { return false }
            try commit(Record(account: merchant.token, merchant: merchant), &state)
            return true
        }
    }

    func merchant(_ token: String) -> SandboxMerchant? { state.withLock { $0.merchants[token] } }

    func payment(_ account: String, _ reference: String) -> SandboxPayment? {
        state.withLock { $0.payments[Key(account: account, name: reference)] }
    }

    func notices(_ account: String) -> [SandboxNotice] { state.withLock { $0.notices[account] ?? [] } }

    func entries(_ account: String, day: String) -> [Entry] {
        state.withLock { $0.entries.filter { $0.account == account && $0.occurred_at.hasPrefix(day) } }
    }

    /// How often a request came before this time.
    func countReceived(_ account: String, _ requestID: String) -> Int {
        state.withLock { state in
            let key = Key(account: account, name: requestID)
            let count = state.received[key, default: 0]
            state.received[key] = count + 1
            return count
        }
    }

    /// Does an operation once. Nil when a request identifier comes again with another request.
    func perform(
        _ operation: SandboxBehaviour.Operation, _ account: String, _ reference: String, _ request: SandboxRequest,
        declined: Bool
    ) throws -> (answer: SandboxAnswer, notice: SandboxNotice?)? {
        try state.withLock { state in
            var request = request
            request.reference = reference
            if let known = state.answers[Key(account: account, name: request.request_id)] {
                return known.request == request ? (known.answer, nil) : nil
            }
            let payment = state.payments[Key(account: account, name: reference)]
            let now = clock.now().rfc3339
            var step = SandboxStep(account: account, reference: reference, request: request, now: now, fee: fee)
            step.serial = state.serial + 1
            step.run(operation, payment, declined: declined)
            try commit(
                Record(
                    account: account, request: request, answer: step.answer, payment: step.payment, entry: step.entry,
                    notice: step.notice), &state)
            return (step.answer, step.notice)
        }
    }

    private func commit(_ record: Record, _ state: inout State) throws {
        try file?.append(record)
        state.apply(record)
    }
}
