extension Place {
    static let reconciliation = Console.root + "/reconciliation"
    static let cases = reconciliation + "/cases"

    static func run(_ id: String) -> String { "\(reconciliation)/runs/\(URLText.encode(id))" }
    static func item(_ id: String) -> String { "\(cases)/\(URLText.encode(id))" }
    static func files(of id: String) -> String { item(id) + "/files" }
    static func file(_ sha256: String, of id: String) -> String { "\(files(of: id))/\(URLText.encode(sha256))" }
    /// Whether a form with a file is posted there.
    static func takesFile(_ path: String) -> Bool { path.hasPrefix(cases + "/") && path.hasSuffix("/files") }
    static func repair(_ id: String) -> String { "\(reconciliation)/repairs/\(URLText.encode(id))" }
    static func dailyReport(_ day: String) -> String { "\(reconciliation)/reports/\(URLText.encode(day))" }
    static func openItems(_ channel: String, _ currency: String) -> String {
        "\(reconciliation)/open-items/\(URLText.encode(channel))/\(URLText.encode(currency))"
    }
}
