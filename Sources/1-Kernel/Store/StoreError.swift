/// Why the store refused or failed. Nothing of a refused command remains.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case busy, deadlineExceeded, idempotencyKeyReused, closed, constraint, diskFull, migration, unexpectedValue,
                database, unavailable, outcomeUnknown
        }
        private let name: Name

        /// The queue is full: try again after `retryAfter`.
        public static let busy = Code(name: .busy)
        /// The command's deadline passed before its batch began; it was not run.
        public static let deadlineExceeded = Code(name: .deadlineExceeded)
        /// The idempotency key was used before with another request.
        public static let idempotencyKeyReused = Code(name: .idempotencyKeyReused)
        /// The book is closing: nothing new is taken.
        public static let closed = Code(name: .closed)
        /// A row would have broken a rule of the schema, such as a unique key.
        public static let constraint = Code(name: .constraint)
        /// The disk is full; the batch was rolled back.
        public static let diskFull = Code(name: .diskFull)
        /// The schema on disk is not the one that this program knows.
        public static let migration = Code(name: .migration)
        /// A column holds another kind of value than its reader expects.
        public static let unexpectedValue = Code(name: .unexpectedValue)
        /// The database cannot be reached; nothing happened. Try again after `retryAfter`.
        public static let unavailable = Code(name: .unavailable)
        /// The connection was lost during the commit and whether it happened could not be found out. Repeating the
        /// command with the same idempotency key has the effect once.
        public static let outcomeUnknown = Code(name: .outcomeUnknown)
        /// Any other failure of the database; the batch was rolled back.
        public static let database = Code(name: .database)

        public var description: String { name.rawValue }
    }

    public let code: Code
    public let message: String
    /// With `busy` and `unavailable`: how long to wait before the next try.
    public let retryAfter: Duration?

    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    public var description: String { "\(code): \(message)" }
}
