/// The information to the account owner (field 86), in the forms that banks give it: German `166?00…?20EREF+…`,
/// slashes (`/EREF/…/REMI/…`), or plain text.
struct SwiftDetails {
    /// The order's end-to-end reference, or the customer's; empty when there is none.
    var reference = ""
    var bankReference = ""
    var description = ""
    /// The German business transaction code (Geschäftsvorfallcode), three digits.
    var code = ""

    init() {}

    init(_ lines: [String]) {
        let text = Self.joined(lines)
        if let subfields = Self.subfields(lines.joined()) {
            read(subfields)
        } else if text.contains("/"), let codes = Self.slashCodes(text) {
            read(codes)
        } else {
            description = text.trimmingBlanks()
        }
    }

    /// A full line of 65 characters was cut in the middle of a word, a shorter one at its end.
    private static func joined(_ lines: [String]) -> String {
        var text = ""
        var isFull = true
        for line in lines {
            if !isFull { text += " " }
            text += line
            isFull = line.count >= 65
        }
        return text
    }

    // MARK: German subfields

    private struct Subfields {
        var code: String
        var parts: [(number: Int, text: String)]
    }

    /// Three digits, then `?00text?20text…`; the separator is any character that is neither letter, digit nor blank.
    private static func subfields(_ text: String) -> Subfields? {
        let trimmed = Substring(text.trimmingBlanks())
        let code = trimmed.prefix(3)
        guard code.count == 3, code.allSatisfy({ $0.isASCII && $0.isNumber }),
            let separator = trimmed.dropFirst(3).first, !separator.isLetter, !separator.isNumber, separator != " ",
            number(trimmed.dropFirst(4)) != nil
        else { return nil }
        var parts: [(number: Int, text: String)] = []
        for piece in trimmed.dropFirst(4).split(separator: separator, omittingEmptySubsequences: false) {
            if let number = number(piece) {
                parts.append((number, String(piece.dropFirst(2))))
            } else if !parts.isEmpty {
                // The separator stands in the text itself: "WARUM?NICHT".
                parts[parts.count - 1].text += String(separator) + piece
            }
        }
        return Subfields(code: String(code), parts: parts)
    }

    private static func number(_ text: Substring) -> Int? {
        let digits = text.prefix(2)
        return digits.count == 2 && digits.allSatisfy({ $0.isASCII && $0.isNumber }) ? Int(digits) : nil
    }

    /// What the purpose (`?20`–`?29`, `?60`–`?63`) marks by keywords of four letters and a plus.
    private static let keywords = [
        "EREF+", "KREF+", "MREF+", "CRED+", "DEBT+", "COAM+", "OAMT+", "SVWZ+", "ABWA+", "ABWE+", "IBAN+", "BIC+",
        "PURP+", "BREF+", "RREF+"
    ]

    private mutating func read(_ subfields: Subfields) {
        code = subfields.code
        var purpose = ""
        var name = ""
        var posting = ""
        for (number, text) in subfields.parts {
            switch number {
            case 0: posting = text
            case 20...29, 60...63: purpose += text
            case 32, 33: name += text
            default: break
            }
        }
        let values = Self.keyed(purpose)
        reference = Self.present(values["EREF+"]) ?? Self.present(values["KREF+"]) ?? ""
        bankReference = Self.present(values["BREF+"]) ?? ""
        let free = values["SVWZ+"] ?? values[""] ?? ""
        description = [posting, free, name].map { $0.trimmingBlanks() }.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// Cuts the purpose at its keywords; what stands before the first is under the empty key.
    private static func keyed(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        var key = ""
        var rest = text[...]
        var value = ""
        while let character = rest.first {
            if let keyword = keywords.first(where: { rest.hasPrefix($0) }) {
                values[key, default: ""] += value
                (key, value) = (keyword, "")
                rest = rest.dropFirst(keyword.count)
            } else {
                value.append(character)
                rest = rest.dropFirst()
            }
        }
        values[key, default: ""] += value
        return values
    }

    // MARK: Codes between slashes

    private static let slashNames: Set<String> = [
        "EREF", "KREF", "MARF", "PREF", "IREF", "REMI", "NAME", "IBAN", "BIC", "BENM", "ORDP", "CSID", "CREF", "RTRN",
        "TRTP", "ISDT", "PURP", "ULTC", "ULTD", "USTD", "STRD", "CDTRREF", "PY", "PT", "SVCLVL", "ADDR", "TRCD", "OCMT",
        "CHGS", "BUSP", "CNTP", "RREF"
    ]

    /// `/EREF/value/NAME/value`; slashes within a value belong to it. Nil when no known code stands in the text.
    private static func slashCodes(_ text: String) -> [String: String]? {
        var codes: [String: String] = [:]
        var key: String?
        for piece in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(piece)
            if slashNames.contains(name) {
                key = name
                if codes[name] == nil { codes[name] = "" } else { key = nil }
            } else if let current = key {
                let value = codes[current] ?? ""
                codes[current] = value.isEmpty ? name : value + "/" + name
            }
        }
        guard !codes.isEmpty else { return nil }
        codes[""] = text
        return codes
    }

    private mutating func read(_ codes: [String: String]) {
        func value(_ name: String) -> String? { Self.present(codes[name]) }
        reference = value("EREF") ?? value("PREF") ?? value("KREF") ?? ""
        let purpose = value("REMI") ?? value("USTD") ?? value("PY")
        let parts = [value("TRTP"), purpose, value("NAME")].compactMap { $0 }
        description = parts.isEmpty ? (codes[""] ?? "").trimmingBlanks() : parts.joined(separator: "; ")
    }

    /// A reference that is there: banks write words for its absence.
    static func present(_ text: String?) -> String? {
        guard var trimmed = text?.trimmingBlanks() else { return nil }
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        let absent: Set<String> = ["", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "EREF", "KREF", "PREF", "MARF"]
        let bare = trimmed.hasSuffix("+") ? String(trimmed.dropLast()) : trimmed
        return absent.contains(bare.uppercased()) ? nil : trimmed
    }
}
