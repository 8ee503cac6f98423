public import Money
internal import Runtime

/// How well the sandbox behaves: rates per thousand requests or notices, drawn from a seed and the request's identifier,
/// so that the same request meets the same fate in whatever order requests arrive.
///
/// Any other `tok_…` is served without faults; `tok_any` and foreign instruments meet the rates. Instruments beat
/// rates: `tok_ok`, `tok_decline`, `tok_timeout_done`, `tok_timeout_undone`, `tok_error`, `tok_slow`,
/// `tok_capture_decline`, `tok_capture_timeout_done`, `tok_capture_timeout_undone`, `tok_refund_decline`,
/// `tok_refund_timeout_done` and `tok_refund_timeout_undone`.
public struct SandboxBehaviour: Sendable {
    public var seed: UInt64 = 1
    public var declinePerMille = 0
    /// The work is done, but the answer never comes.
    public var timeoutDonePerMille = 0
    /// Neither work nor answer.
    public var timeoutUndonePerMille = 0
    /// A 500 without the work.
    public var errorPerMille = 0
    public var callbackLostPerMille = 0
    public var callbackDoubledPerMille = 0
    public var callbackLatePerMille = 0
    /// A notice of an authorisation waits until that of the capture has passed it.
    public var callbackReorderedPerMille = 0
    public var latencyMs: ClosedRange<Int> = 0...0
    public var slowMs = 800
    /// How long a connection hangs before the sandbox gives up on it; longer than the client's time-out.
    public var hangMs = 10_000
    public var lateMs = 1_500
    public var reorderMs = 300
    /// What the sandbox keeps of a capture: 0.6 %.
    public var fee = Rate(basisPoints: 60)

    /// A sandbox without faults.
    public init() {}

    enum Operation: String, Sendable { case authorise, capture, void, refund }

    enum Fate: Hashable, Sendable { case done, decline, timeoutDone, timeoutUndone, error, slow }

    func fate(of requestID: String, _ operation: Operation, instrument: String) -> Fate {
        let prefix = operation == .authorise ? "tok_" : "tok_\(operation.rawValue)_"
        if instrument.hasPrefix(prefix) {
            switch instrument.dropFirst(prefix.count) {
            case "decline": return .decline
            case "timeout_done": return .timeoutDone
            case "timeout_undone": return .timeoutUndone
            case "error": return .error
            case "slow": return .slow
            case "ok": return .done
            default: break
            }
        }
        if instrument.hasPrefix("tok_"), instrument != "tok_any" { return .done }
        var roll = draw(requestID, salt: 1, below: 1000)
        if operation == .authorise {
            if roll < declinePerMille { return .decline }
            roll -= declinePerMille
        }
        if roll < timeoutDonePerMille { return .timeoutDone }
        roll -= timeoutDonePerMille
        if roll < timeoutUndonePerMille { return .timeoutUndone }
        roll -= timeoutUndonePerMille
        return roll < errorPerMille ? .error : .done
    }

    func latency(of requestID: String) -> Duration {
        let spread = latencyMs.upperBound - latencyMs.lowerBound + 1
        return .milliseconds(latencyMs.lowerBound + draw(requestID, salt: 2, below: spread))
    }

    /// After which delays a notice is sent: none when it gets lost, two when it is doubled.
    func deliveries(of notice: SandboxNotice) -> [Duration] {
        if draw(notice.id, salt: 3, below: 1000) < callbackLostPerMille { return [] }
        var delay = Duration.zero
        if draw(notice.id, salt: 4, below: 1000) < callbackLatePerMille { delay = .milliseconds(lateMs) }
        if notice.type == "authorised", draw(notice.id, salt: 5, below: 1000) < callbackReorderedPerMille {
            delay = .milliseconds(reorderMs)
        }
        let doubled = draw(notice.id, salt: 6, below: 1000) < callbackDoubledPerMille
        return doubled ? [delay, delay] : [delay]
    }

    private func draw(_ text: String, salt: UInt64, below limit: Int) -> Int {
        // FNV-1a (Fowler, Noll, Vo) spreads the identifier over 64 bits.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return RandomSource(seed: hash ^ seed &* 31 ^ salt &* 0x9E37_79B9).integer(in: 0..<max(1, limit))
    }
}
