/// A place in a source, for people: lines and columns count from 1, columns in code points.
public struct SourceLocation: Sendable, Equatable {
    public let line: Int
    public let column: Int
    /// The line (cut around the place when it is long) with a caret below it.
    public let excerpt: String
}

/// The text of an expression as its UTF-8 bytes; an offset counts bytes.
public struct SourceText: Sendable {
    public let bytes: [UInt8]

    public init(_ text: String) { bytes = Array(text.utf8) }

    /// At most this many code points stand on either side of the place in an excerpt.
    static let excerptReach = 100

    /// The line, the column and an excerpt for a byte offset.
    public func location(at offset: Int) -> SourceLocation {
        let place = min(max(offset, 0), bytes.count)
        let lineStart = bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lineEnd = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let line = bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
        let before = Array(String(decoding: bytes[lineStart..<place], as: UTF8.self).unicodeScalars)
        let after = Array(String(decoding: bytes[place..<lineEnd], as: UTF8.self).unicodeScalars)
        // What is left out on a side is shown as an ellipsis, so that nobody takes the cut for the source.
        let lead = before.count > Self.excerptReach ? "…" : ""
        let tail = after.count > Self.excerptReach ? "…" : ""
        var excerpt = String.UnicodeScalarView(lead.unicodeScalars)
        excerpt.append(contentsOf: before.suffix(Self.excerptReach))
        excerpt.append(contentsOf: after.prefix(Self.excerptReach).filter { $0 != "\r" })
        excerpt.append(contentsOf: tail.unicodeScalars)
        let indent =
            (lead.isEmpty ? "" : " ")
            + before.suffix(Self.excerptReach).map { $0 == "\t" ? "\t" : " " }.joined()
        return SourceLocation(
            line: line, column: before.count + 1, excerpt: "\(String(excerpt))\n\(indent)^")
    }
}
