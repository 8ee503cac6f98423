/// Why a pattern was refused.
public struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    public let message: String
    /// The part of the pattern that is at fault; may be empty.
    public let fragment: String

    init(_ message: String, _ fragment: String = "") {
        self.message = message
        self.fragment = fragment
    }

    public var description: String {
        fragment.isEmpty ? "the pattern is refused: \(message)" : "the pattern is refused: \(message): `\(fragment)`"
    }
}
