/// The two cookies of the console: who is asking, and in which language to answer.
enum Cookies {
    static let session = "kontor_session"
    static let language = "kontor_lang"
    /// A working day; then the credential is asked for again.
    private static let sessionSeconds = 12 * 3_600
    private static let languageSeconds = 365 * 86_400
    /// A cookie is 4,096 bytes with its name and attributes; tokens are far shorter.
    static let credentialLimit = 3_800

    static func value(_ name: String, in request: ConsoleRequest) -> String? {
        for (header, text) in request.headers where header.lowercased() == "cookie" {
            for pair in text.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].trimmed == name else { continue }
                return String(parts[1].trimmed)
            }
        }
        return nil
    }

    /// Only what a key or a token consists of may stand in the header: anything else could end it early.
    static func isCredential(_ text: String) -> Bool {
        (1...credentialLimit).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: Array("-._~+/".utf8).contains(byte)
                }
            }
    }

    /// Scripts cannot read it, other sites cannot make the browser send it, and it goes to the console only.
    static func signIn(_ credential: String, secure: Bool) -> String {
        "\(session)=\(credential); Path=\(Console.root); Max-Age=\(sessionSeconds); HttpOnly; SameSite=Strict"
            + (secure ? "; Secure" : "")
    }

    static func signOut(secure: Bool) -> String {
        "\(session)=; Path=\(Console.root); Max-Age=0; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "")
    }

    static func remember(_ language: Language, secure: Bool) -> String {
        "\(Self.language)=\(language.rawValue); Path=\(Console.root); Max-Age=\(languageSeconds); HttpOnly"
            + "; SameSite=Lax" + (secure ? "; Secure" : "")
    }
}

extension Substring {
    /// Without spaces at both ends.
    var trimmed: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
