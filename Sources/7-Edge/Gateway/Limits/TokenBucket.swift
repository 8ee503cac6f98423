/// A bucket of `burst` calls that fills with `ratePerSecond`, kept as one number.
///
/// The generic cell rate algorithm (ITU-T I.371): `full` is the moment at which the bucket would be full again. It
/// never needs a timer, and a bucket that nobody used for long is a full one.
struct TokenBucket: Sendable {
    struct Limit: Hashable, Sendable {
        let intervalNanoseconds: Int64
        let burst: Int64

        /// nil when the contract sets no rate.
        init?(ratePerSecond: Int, burst: Int, multiplier: Int) {
            guard ratePerSecond > 0, multiplier > 0 else { return nil }
            let rate = Int64(clamping: ratePerSecond.multipliedReportingOverflow(by: multiplier).partialValue)
            intervalNanoseconds = max(1, 1_000_000_000 / max(1, min(rate, 1_000_000_000)))
            self.burst = max(1, min(Int64(max(burst, 1)) * Int64(min(multiplier, 1_000_000)), 1_000_000_000))
        }

        /// The time in which an empty bucket fills.
        var windowNanoseconds: Int64 { intervalNanoseconds.multipliedReportingOverflow(by: burst).partialValue }
    }

    struct Verdict: Equatable, Sendable {
        let allowed: Bool
        /// Calls that would be taken right now.
        let remaining: Int64
        /// Until the next call is taken; 0 when one is left.
        let waitNanoseconds: Int64
    }

    private var full: Int64 = .min

    mutating func take(_ limit: Limit, now: Int64) -> Verdict {
        let base = max(full, now)
        let next = base + limit.intervalNanoseconds
        let room = limit.windowNanoseconds - (next - now)
        if room < 0 {
            return Verdict(allowed: false, remaining: 0, waitNanoseconds: -room)
        }
        full = next
        let wait = room < limit.intervalNanoseconds ? limit.intervalNanoseconds - room : 0
        return Verdict(allowed: true, remaining: room / limit.intervalNanoseconds, waitNanoseconds: wait)
    }
}
