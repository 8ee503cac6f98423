/// A refusal or failure as callers see it: RFC 9457 problem details.
///
/// `type` is a stable slug; on the wire it stands behind `https://kontor.dev/problems/`.
public struct Problem: Error, Sendable, Hashable {
    public var type: String
    public var title: String
    public var status: Int
    /// What is wrong here and what to do about it. Never holds personal data or what only we should know.
    public var detail: String
    /// The field or parameter at fault, as the contract names it.
    public var field: String?
    /// Further members, e.g. `state` and `allowed` of a refused move.
    public var extensions: [String: String]
    public var retryAfterSeconds: Int?

    public init(
        type: String, title: String, status: Int, detail: String, field: String? = nil,
        extensions: [String: String] = [:], retryAfterSeconds: Int? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.field = field
        self.extensions = extensions
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// An error that knows how it is told to a caller.
public protocol ProblemConvertible: Error {
    var problem: Problem { get }
}

extension Problem: ProblemConvertible {
    public var problem: Problem { self }
}
