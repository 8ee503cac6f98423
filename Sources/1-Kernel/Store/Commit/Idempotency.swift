internal import Crypto
public import Runtime

/// Names one request of one caller, so that its repetition gets the first answer instead of a second effect.
public struct IdempotencyKey: Hashable, Sendable {
    let key: [UInt8]
    let fingerprint: [UInt8]

    /// `scope` tells callers and operations apart; `fingerprint` tells whether the repeated request is the same one.
    public init(scope: String, key: String, request: [UInt8]) {
        var hash = SHA256()
        hash.update(data: Array(scope.utf8))
        hash.update(data: [0])
        hash.update(data: Array(key.utf8))
        self.key = Array(hash.finalize().prefix(16))
        fingerprint = Array(SHA256.hash(data: request).prefix(16))
    }
}

/// How an answer is kept beside its key and given again.
public struct AnswerCoding<Answer: Sendable>: Sendable {
    let encode: @Sendable (Answer) throws -> [UInt8]
    let decode: @Sendable ([UInt8]) throws -> Answer

    public init(
        encode: @escaping @Sendable (Answer) throws -> [UInt8], decode: @escaping @Sendable ([UInt8]) throws -> Answer
    ) {
        self.encode = encode
        self.decode = decode
    }
}

/// The keys seen, each written in the same transaction as its effect: never before it, so that a retry of a command
/// that failed counts once and not zero times.
public enum Idempotency {
    static let migrations = [
        Migration(
            capability: "store", version: 1, name: "idempotency",
            statements: [
                """
                CREATE TABLE idempotency (key BYTEA PRIMARY KEY, fingerprint BYTEA NOT NULL, answer BYTEA NOT NULL,
                answered_at BIGINT NOT NULL) /* clustered */
                """
            ])
    ]

    static let find = Prepared("SELECT fingerprint, answer FROM idempotency WHERE key = ?")
    static let insert = Prepared("INSERT INTO idempotency VALUES (?, ?, ?, ?)")

    /// Forgets keys answered before `moment`; returns how many. A day is what callers may count on.
    @discardableResult
    public static func forget(before moment: Timestamp, in transaction: Transaction) throws -> Int {
        try transaction.executeCounted("DELETE FROM idempotency WHERE answered_at < \(moment)")
    }
}
