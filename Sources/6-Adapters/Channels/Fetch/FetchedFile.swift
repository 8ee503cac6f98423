/// A channel's file as a source handed it over: on this machine's disk, whole and checked.
public struct FetchedFile: Sendable, Hashable {
    /// The business day, `2026-11-21`.
    public let day: String
    public let name: String
    public let path: String
    public let sizeBytes: Int64
    /// SHA-256 of the file.
    public let sha256: [UInt8]
    /// What the source calls this version; empty where it names none.
    public let tag: String
}

/// Why there is no file.
public struct FetchFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: String, Hashable, Sendable {
        /// It is not there yet: ask again.
        case absent
        /// The version that we have is still the newest.
        case unchanged
        /// The source could not be reached or is out of order: ask again.
        case unreachable
        /// The source will not give it to us: a person has to look.
        case refused
        /// What came is not what was promised: its digest, its length, its size.
        case damaged
    }

    public let reason: Reason
    /// For people; never holds a credential.
    public let detail: String
    /// How long the source asked us to wait.
    public var retryAfter: Duration?

    init(_ reason: Reason, _ detail: String, retryAfter: Duration? = nil) {
        self.reason = reason
        self.detail = detail
        self.retryAfter = retryAfter
    }

    public var description: String { "\(reason.rawValue): \(detail)" }
}
