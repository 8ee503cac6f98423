/// One try to get a payment through a channel.
///
/// "Unknown" is three states, because what we do not know decides what we may ask next.
public enum AttemptState: String, Hashable, Sendable, CaseIterable {
    case created, sent, authorised, capturing, captured, voiding, voided, declined, failed, expired
    case authoriseUnknown = "authorise_unknown"
    case captureUnknown = "capture_unknown"
    case voidUnknown = "void_unknown"

    /// A request may have been done and we do not know it. Only the channel's word leads out, never another request.
    public var isUnknown: Bool { self == .authoriseUnknown || self == .captureUnknown || self == .voidUnknown }

    /// A request is under way: its outcome is about to be recorded, unless the process stopped in between.
    public var isInFlight: Bool { self == .sent || self == .capturing || self == .voiding }

    /// Nothing was taken and nothing is held: another attempt may follow.
    public var allowsAnotherAttempt: Bool { self == .declined || self == .failed || self == .expired }

    /// Nothing more will happen here.
    public var isFinal: Bool {
        switch self {
        case .captured, .voided, .declined, .failed, .expired: true
        default: false
        }
    }
}

/// What happens to an attempt: what we do (`send…`), what the channel answers, and what it tells us when asked.
public enum AttemptEvent: String, Hashable, Sendable, CaseIterable {
    case send, sendCapture, sendVoid
    /// The channel says that the money is held.
    case authorised
    /// The channel, asked about a capture or void of which we heard nothing, says that it never took effect.
    case stillAuthorised
    case captured, voided, expired
    case declined, captureDeclined, voidDeclined
    /// Nothing was sent: no connection.
    case notSent
    /// No answer: it may have been done.
    case lost
    /// The channel never saw the authorisation and promises never to do it.
    case closed
}

/// What an event means in a state.
public enum AttemptMove: Hashable, Sendable {
    case to(AttemptState)
    /// Late or repeated news: the event is true, but we know more already.
    case stay
    /// It contradicts what we know.
    case illegal
}

extension AttemptState {
    /// The whole table. Reading a row tells everything that can happen in a state.
    public func move(on event: AttemptEvent) -> AttemptMove {
        switch (self, event) {
        case (.created, .send): .to(.sent)

        case (.sent, .authorised), (.authoriseUnknown, .authorised): .to(.authorised)
        // A notice of the capture may overtake our own answer, and some channels capture at once.
        case (.sent, .captured), (.authoriseUnknown, .captured): .to(.captured)
        case (.sent, .voided), (.authoriseUnknown, .voided): .to(.voided)
        case (.sent, .expired), (.authoriseUnknown, .expired): .to(.expired)
        case (.sent, .declined), (.authoriseUnknown, .declined): .to(.declined)
        case (.sent, .notSent): .to(.failed)
        case (.sent, .closed), (.authoriseUnknown, .closed): .to(.failed)
        case (.sent, .lost): .to(.authoriseUnknown)
        case (.authoriseUnknown, .lost): .stay

        case (.authorised, .sendCapture): .to(.capturing)
        case (.authorised, .sendVoid): .to(.voiding)
        case (.authorised, .captured): .to(.captured)
        case (.authorised, .voided): .to(.voided)
        case (.authorised, .expired): .to(.expired)
        case (.authorised, .authorised), (.authorised, .stillAuthorised), (.authorised, .lost): .stay

        case (.capturing, .captured), (.captureUnknown, .captured): .to(.captured)
        case (.capturing, .captureDeclined), (.captureUnknown, .captureDeclined): .to(.authorised)
        case (.capturing, .stillAuthorised), (.captureUnknown, .stillAuthorised): .to(.authorised)
        case (.capturing, .voided), (.captureUnknown, .voided): .to(.voided)
        case (.capturing, .expired), (.captureUnknown, .expired): .to(.expired)
        case (.capturing, .notSent): .to(.authorised)
        case (.capturing, .lost): .to(.captureUnknown)
        // A late notice of the authorisation says nothing about the capture.
        case (.capturing, .authorised), (.captureUnknown, .authorised), (.captureUnknown, .lost): .stay

        case (.voiding, .voided), (.voidUnknown, .voided): .to(.voided)
        case (.voiding, .voidDeclined), (.voidUnknown, .voidDeclined): .to(.authorised)
        case (.voiding, .stillAuthorised), (.voidUnknown, .stillAuthorised): .to(.authorised)
        case (.voiding, .captured), (.voidUnknown, .captured): .to(.captured)
        case (.voiding, .expired), (.voidUnknown, .expired): .to(.expired)
        case (.voiding, .notSent): .to(.authorised)
        case (.voiding, .lost): .to(.voidUnknown)
        case (.voiding, .authorised), (.voidUnknown, .authorised), (.voidUnknown, .lost): .stay

        // What is final stays. News of how it came there is late, not wrong.
        case (.captured, .captured), (.captured, .authorised), (.captured, .lost), (.captured, .notSent): .stay
        case (.voided, .voided), (.voided, .authorised), (.voided, .lost), (.voided, .closed), (.voided, .notSent):
            .stay
        case (.expired, .expired), (.expired, .authorised), (.expired, .lost), (.expired, .notSent): .stay
        case (.declined, .declined), (.declined, .lost), (.declined, .notSent): .stay
        case (.failed, .closed), (.failed, .notSent), (.failed, .lost), (.failed, .voided): .stay

        default: .illegal
        }
    }

    /// What may happen in this state, for a refusal that says what to do.
    public var allowedEvents: [AttemptEvent] { AttemptEvent.allCases.filter { move(on: $0) != .illegal } }
}
