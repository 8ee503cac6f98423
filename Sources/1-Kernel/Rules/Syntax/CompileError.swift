/// One thing that is wrong with a source.
public struct Issue: Error, Sendable {
    public let message: String
    public let location: SourceLocation
}

/// Why a source is no rule: every issue that was found, in the order of the source.
public struct CompileError: Error, Sendable {
    public let issues: [Issue]
    public init(issues: [Issue]) { self.issues = issues }
}

extension Issue: CustomStringConvertible {
    /// `1:7: message`, then the line and a caret under the place.
    public var description: String { "\(location.line):\(location.column): \(message)\n\(location.excerpt)" }
}

extension CompileError: CustomStringConvertible {
    public var description: String { issues.map(\.description).joined(separator: "\n") }
}
