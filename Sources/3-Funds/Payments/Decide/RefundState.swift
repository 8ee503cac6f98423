/// Money on its way back to the shopper.
public enum RefundState: String, Hashable, Sendable, CaseIterable {
    /// The amount is reserved; nothing was sent, or the channel says that nothing arrived.
    case requested
    case sent, succeeded, failed, unknown

    public var isFinal: Bool { self == .succeeded || self == .failed }
}

public enum RefundEvent: String, Hashable, Sendable, CaseIterable {
    case send, succeeded, failed
    /// Nothing was sent, or the channel has never heard of it. The same request may go out again under the same
    /// identifier, so that it is done once even if an earlier copy is still under way.
    case notSent
    case lost
}

public enum RefundMove: Hashable, Sendable {
    case to(RefundState)
    case stay
    case illegal
}

extension RefundState {
    public func move(on event: RefundEvent) -> RefundMove {
        switch (self, event) {
        case (.requested, .send): .to(.sent)
        case (.requested, .succeeded), (.sent, .succeeded), (.unknown, .succeeded): .to(.succeeded)
        case (.requested, .failed), (.sent, .failed), (.unknown, .failed): .to(.failed)
        case (.sent, .notSent), (.unknown, .notSent): .to(.requested)
        case (.sent, .lost): .to(.unknown)
        case (.requested, .notSent), (.requested, .lost), (.unknown, .lost): .stay
        case (.succeeded, .succeeded), (.succeeded, .lost), (.succeeded, .notSent): .stay
        case (.failed, .failed), (.failed, .lost), (.failed, .notSent): .stay
        default: .illegal
        }
    }

    public var allowedEvents: [RefundEvent] { RefundEvent.allCases.filter { move(on: $0) != .illegal } }
}
