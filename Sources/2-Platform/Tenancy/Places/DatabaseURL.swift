/// The URL of a PostgreSQL database, as libpq reads it: `postgres://USER@HOST:PORT/NAME?setting=value`.
public struct DatabaseURL: Sendable, Hashable {
    /// As it was given.
    public let text: String

    private static let schemes = ["postgres://", "postgresql://"]
    private static let limit = 1_000

    /// Nil when the text is no such URL: another scheme, white space or control characters, over 1,000 bytes.
    public init?(_ text: String) {
        guard text.utf8.count <= DatabaseURL.limit, DatabaseURL.schemes.contains(where: text.hasPrefix),
            text.utf8.allSatisfy({ $0 > 32 && $0 != 127 })
        else { return nil }
        self.text = text
    }

    public var hasPassword: Bool { withoutPassword != text }

    /// To print and to log.
    public var withoutPassword: String { DatabaseURL.withoutPassword(text) }

    /// The same for a text that may be no URL after all.
    public static func withoutPassword(_ text: String) -> String {
        var text = text
        if let scheme = schemes.first(where: text.hasPrefix) {
            let rest = text.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            if let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") {
                text = scheme + authority[..<colon] + rest[at...]
            }
        }
        guard let mark = text.firstIndex(of: "?") else { return text }
        let settings = text[text.index(after: mark)...].split(separator: "&")
        let shown = settings.filter { setting in
            let name = setting.prefix { $0 != "=" }.lowercased()
            return name != "password" && name != "sslpassword"
        }
        guard shown.count < settings.count else { return text }
        return text[..<mark] + (shown.isEmpty ? "" : "?" + shown.joined(separator: "&"))
    }
}
