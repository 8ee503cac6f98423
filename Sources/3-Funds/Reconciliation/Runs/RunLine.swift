public import Matching
public import Runtime

/// One line of either side of a run: of the statement, or of what Payments knows.
public struct RunLine: Hashable, Sendable {
    /// Names the line within its side of the run: its place in the file or in the books, from 1. A line carried over
    /// from an earlier day has a negative one.
    public var id: Int64
    public var kind: MatchKind
    public var status: MatchStatus
    /// ISO 4217.
    public var currency: String
    /// Signed minor units: plus is money to us.
    public var amountMinor: Int64
    /// What the channel keeps; nil where the side does not know it.
    public var feeMinor: Int64?
    public var merchantReference = ""
    public var channelReference = ""
    /// Of a refund: the channel's reference of the payment.
    public var originalReference = ""
    /// Ours: the reference of the ledger's transfers. Theirs: empty.
    public var reference = ""
    public var paymentID = ""
    public var account = ""
    public var rawStatus = ""
    /// Microseconds since 1970.
    public var timeUs: Int64?
    /// Days since 1970.
    public var day: Int32?
    /// Line of the file; 0 of the books.
    public var line: Int64 = 0
    /// Which of several lines that look alike it is, from 0. Set where all of them are seen together.
    public var occurrence: Int32 = 0
    /// What a stage before said of it: why it is over.
    public var note = ""
    /// Of a line that is over: the other side's line that its key's first line was matched with, packed.
    var twin: [UInt8] = []
    public var carried: Carried?

    public init(
        id: Int64, kind: MatchKind, status: MatchStatus = .succeeded, currency: String, amountMinor: Int64,
        feeMinor: Int64? = nil
    ) {
        self.id = id
        self.kind = kind
        self.status = status
        self.currency = currency
        self.amountMinor = amountMinor
        self.feeMinor = feeMinor
    }

    /// Why a line of an earlier day is looked at again.
    public struct Carried: Hashable, Sendable {
        public var day: BusinessDay
        public var difference: DifferenceID
        /// It was late then, and is missing only when it is not found now; otherwise it was missing already.
        public var isLate: Bool
        /// The last day on which it is looked for.
        public var lastDay: BusinessDay
        /// What was booked for it under its own reference, because nobody knew it.
        public var bookedReference: String
        public var bookedMinor: Int64
    }

    /// What we know of it that the ledger has: amount less fee, when the money moved.
    var openMinor: Int64 { status == .succeeded ? amountMinor - (feeMinor ?? 0) : 0 }

    /// Whether the channel paid or took it; a word that nobody knows is taken as if it had.
    var movesMoney: Bool { status == .succeeded || status == .unknown }

    /// What the channel says that it pays.
    var netMinor: Int64 { amountMinor - (feeMinor ?? 0) }
}

/// Which side of a run.
enum RunSide: Int64, Sendable { case ours = 0, theirs = 1 }
