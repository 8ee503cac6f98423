import Clibpq
import Store

/// A database's address as libpq reads it.
public struct DatabaseAddress: Sendable, Hashable {
    /// For people and logs: the password is left out.
    public let shown: String
    public let hasPassword: Bool

    /// Throws `database` when libpq cannot read the address.
    public init(_ url: String) throws {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            defer { PQfreemem(message) }
            let reason = message.map { String(cString: $0) } ?? "it cannot be read"
            throw StoreError(.database, "this is no database's address: \(reason.split(separator: "\n").first ?? "")")
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        hasPassword = values["password"].map { !$0.isEmpty } ?? false
        let host = values["host"] ?? values["hostaddr"] ?? "localhost"
        let isFolder = host.hasPrefix("/")
        var text = "postgres://"
        if let user = values["user"] { text += user + "@" }
        if !isFolder { text += host + (values["port"].map { ":" + $0 } ?? "") }
        text += "/" + (values["dbname"] ?? values["user"] ?? "")
        if isFolder { text += "?host=" + host + (values["port"].map { "&port=" + $0 } ?? "") }
        shown = text
    }
}
