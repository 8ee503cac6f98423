public import SwiftProtobuf

/// An answer that rises by one version with each change; its ETag is that version: `"3"`.
///
/// A capability declares it for its message (`extension V1Product: Versioned {}`), and reads `If-Match` on changes.
public protocol Versioned {
    var version: Int64 { get }
}

extension RouteCall {
    /// The reply of a call whose answer has a version. The generated routes choose it by the type of their answer.
    public func reply(_ message: some Message & Versioned) throws -> RouteReply {
        RouteReply(
            status: context.operation.successStatus, body: try message.contractJSON(),
            headers: [(name: "ETag", value: "\"\(message.version)\"")])
    }
}
