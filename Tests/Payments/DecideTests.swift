import Money
import Testing

@testable import Payments

@Suite("State machines")
struct DecideTests {
    /// Every legal move, written a second time: `state: event>state`, `=` for news that changes nothing.
    static let attempts: [(AttemptState, String)] = [
        (.created, "send>sent"),
        (
            .sent,
            "authorised>authorised captured>captured voided>voided expired>expired declined>declined notSent>failed "
                + "lost>authorise_unknown closed>failed"
        ),
        (
            .authorised,
            "sendCapture>capturing sendVoid>voiding authorised= stillAuthorised= captured>captured voided>voided "
                + "expired>expired lost="
        ),
        (
            .capturing,
            "authorised= stillAuthorised>authorised captured>captured voided>voided expired>expired "
                + "captureDeclined>authorised notSent>authorised lost>capture_unknown"
        ),
        (.captured, "authorised= captured= notSent= lost="),
        (
            .voiding,
            "authorised= stillAuthorised>authorised captured>captured voided>voided expired>expired "
                + "voidDeclined>authorised notSent>authorised lost>void_unknown"
        ),
        (.voided, "authorised= voided= notSent= lost= closed="),
        (.declined, "declined= notSent= lost="),
        (.failed, "voided= notSent= lost= closed="),
        (.expired, "authorised= expired= notSent= lost="),
        (
            .authoriseUnknown,
            "authorised>authorised captured>captured voided>voided expired>expired declined>declined lost= "
                + "closed>failed"
        ),
        (
            .captureUnknown,
            "authorised= stillAuthorised>authorised captured>captured voided>voided expired>expired "
                + "captureDeclined>authorised lost="
        ),
        (
            .voidUnknown,
            "authorised= stillAuthorised>authorised captured>captured voided>voided expired>expired "
                + "voidDeclined>authorised lost="
        )
    ]

    @Test("an attempt moves as its table says and in no other way")
    func attemptTable() {
        #expect(Set(DecideTests.attempts.map(\.0)) == Set(AttemptState.allCases))
        for (state, row) in DecideTests.attempts {
            let found = AttemptEvent.allCases.compactMap { event -> String? in
                switch state.move(on: event) {
                case .to(let next): "\(event.rawValue)>\(next.rawValue)"
                case .stay: "\(event.rawValue)="
                case .illegal: nil
                }
            }
            #expect(Set(found) == Set(row.split(separator: " ").map(String.init)), "\(state)")
            #expect(
                Set(state.allowedEvents.map(\.rawValue))
                    == Set(
                        found.map { word in
                            String(word.prefix { $0 != ">" && $0 != "=" })
                        }))
        }
    }

    @Test("nothing can be sent from an unknown outcome")
    func unknownSendsNothing() {
        for state in AttemptState.allCases where state.isUnknown || state.isInFlight {
            for event in [AttemptEvent.send, .sendCapture, .sendVoid] { #expect(state.move(on: event) == .illegal) }
            #expect(!state.allowsAnotherAttempt)
        }
    }

    @Test("what is final stays, whatever comes")
    func finalStays() {
        for state in AttemptState.allCases where state.isFinal {
            for event in AttemptEvent.allCases {
                if case .to = state.move(on: event) { Issue.record("\(state) leaves on \(event)") }
            }
        }
        for state in RefundState.allCases where state.isFinal {
            for event in RefundEvent.allCases {
                if case .to = state.move(on: event) { Issue.record("\(state) leaves on \(event)") }
            }
        }
    }

    @Test("the platform's share goes back exactly, in however many refunds")
    func feeReturns() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let captured = Amount(minor: Int64.random(in: 1...1_000_000, using: &generator), .eur)
            let fee = try PlatformFee.share(of: captured, at: Rate(basisPoints: 80))
            var refunded = Amount.zero(.eur)
            var returned = Amount.zero(.eur)
            while refunded != captured {
                let part = Int64.random(in: 1...(captured.minor - refunded.minor), using: &generator)
                refunded = try refunded.adding(Amount(minor: part, .eur))
                let share = try PlatformFee.toReturn(
                    fee: fee, captured: captured, refunded: refunded, returned: returned)
                #expect(!share.isNegative)
                returned = try returned.adding(share)
            }
            #expect(returned == fee)
        }
    }

    @Test("the pause between questions doubles up to an hour")
    func backoff() {
        #expect((0..<4).map(Backoff.delay(afterQuestions:)) == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
        #expect(Backoff.delay(afterQuestions: 1_000_000) == .seconds(3600))
    }
}
