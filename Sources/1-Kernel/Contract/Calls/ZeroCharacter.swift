/// Finds the character U+0000 in the texts of a JSON body. PostgreSQL keeps no text that holds it, so no store is
/// given one.
///
/// In well-formed JSON it can only stand as the escape `\u0000`.
enum ZeroCharacter {
    static func isIn(_ body: [UInt8]) -> Bool {
        // Most bodies have no escape at all, and looking for one is looking for one byte.
        guard var index = body.firstIndex(of: backslash) else { return false }
        while index + 1 < body.count {
            guard body[index] == backslash else {
                index += 1
                continue
            }
            if body[(index + 1)...].starts(with: escape) { return true }
            // What follows a backslash belongs to it: `\\u0000` is a backslash and five letters.
            index += 2
        }
        return false
    }

    private static let backslash = UInt8(ascii: "\\")
    private static let escape = Array("u0000".utf8)
}
