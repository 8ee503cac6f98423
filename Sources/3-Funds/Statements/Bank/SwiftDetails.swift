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
            isFull = line.unicodeScalars.count >= 65
        }
        return text
    }

    // MARK: German subfields

    private struct Subfields {
        var code: String
        var parts: [(number: Int, text: Substring)]
    }

    /// Three digits, then `?00text?20text…`; the separator is any character that is neither letter, digit nor blank.
    private static func subfields(_ text: String) -> Subfields? {
        let trimmed = text.trimmingBlanks()
        let bytes = trimmed.utf8
        guard bytes.count >= 6, bytes.prefix(3).allSatisfy({ FieldText.digitValue($0) != nil }),
            let separator = bytes.dropFirst(3).first, isSeparator(separator), number(bytes.dropFirst(4)) != nil
        else { return nil }
        var parts: [(number: Int, text: Substring)] = []
        for piece in bytes.dropFirst(4).split(separator: separator, omittingEmptySubsequences: false) {
            if let number = number(piece) {
                parts.append((number, Substring(piece.dropFirst(2))))
            } else if let last = parts.last {
                // The separator stands in the text itself: "WARUM?NICHT".
                parts[parts.count - 1].text = trimmed[last.text.startIndex..<piece.endIndex]
            }
        }
        return Subfields(code: String(Substring(bytes.prefix(3))), parts: parts)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        (0x21..<0x7F).contains(byte) && FieldText.digitValue(byte) == nil && !SwiftLine.isLetter(byte & 0xDF)
    }

    private static func number(_ text: Substring.UTF8View) -> Int? {
        let digits = text.prefix(2)
        guard digits.count == 2, let tens = digits.first.flatMap(FieldText.digitValue),
            let ones = digits.last.flatMap(FieldText.digitValue)
        else { return nil }
        return Int(tens * 10 + ones)
    }

    /// What the purpose (`?20`–`?29`, `?60`–`?63`) marks by keywords of four letters and a plus.
    private static let keywords = [
        "EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "IBAN", "BIC", "PURP", "BREF",
        "RREF"
    ]

    private mutating func read(_ subfields: Subfields) {
        code = subfields.code
        var purpose = ""
        var name = ""
        var posting = ""
        for (number, text) in subfields.parts {
            switch number {
            case 0: posting = String(text)
            case 20...29, 60...63: purpose += text
            case 32, 33: name += text
            default: break
            }
        }
        let values = Self.keyed(purpose)
        reference = Self.present(values["EREF"]) ?? Self.present(values["KREF"]) ?? ""
        bankReference = Self.present(values["BREF"]) ?? ""
        let free = values["SVWZ"] ?? values[""] ?? ""
        description = [posting, free, name].map { $0.trimmingBlanks() }.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// Cuts the purpose at its keywords; what stands before the first is under the empty key.
    private static func keyed(_ text: String) -> [String: String] {
        let bytes = text.utf8
        var values: [String: String] = [:]
        var key = ""
        var start = text.startIndex
        var search = start
        while let plus = bytes[search...].firstIndex(of: UInt8(ascii: "+")) {
            search = bytes.index(after: plus)
            let before = bytes[start..<plus]
            guard let word = keywords.first(where: { before.suffix($0.utf8.count).elementsEqual($0.utf8) }) else {
                continue
            }
            values[key, default: ""] += text[start..<bytes.index(plus, offsetBy: -word.utf8.count)]
            (key, start) = (word, search)
        }
        values[key, default: ""] += text[start...]
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
                // In place: a hostile field of slashes alone would otherwise be copied for each of them.
                if codes[current]?.isEmpty == false { codes[current]?.append("/") }
                codes[current]?.append(name)
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

    private static let absent: Set<String> = [
        "", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "EREF", "KREF", "PREF", "MARF"
    ]

    /// A reference that is there: banks write words for its absence.
    static func present(_ text: String?) -> String? {
        guard var trimmed = text?.trimmingBlanks() else { return nil }
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        let bare = trimmed.hasSuffix("+") ? String(trimmed.dropLast()) : trimmed
        return absent.contains(bare.uppercased()) ? nil : trimmed
    }
}
