import Reconciliation

/// What a posted form says: its fields, and the file that came with it.
struct Form {
    struct File {
        /// As the browser sent it.
        let name: String
        let content: ArraySlice<UInt8>
    }

    /// Our largest form holds a rule and a sample cart, whose characters may take three bytes each.
    static let bodyLimit = 64 << 10
    /// Of a form with a file: the file, and what stands around it.
    static let fileBodyLimit = Cases.attachmentLimit + bodyLimit

    private(set) var fields: [String: String] = [:]
    private(set) var file: File?
    /// The body was over the limit, so nothing of it was read.
    let isCut: Bool

    /// Nil when the body is no form.
    init?(_ request: ConsoleRequest) {
        let isMultipart = Multipart.isMeant(by: request.header("content-type") ?? "")
        isCut = request.isBodyCut || request.body.count > (isMultipart ? Self.fileBodyLimit : Self.bodyLimit)
        if isCut || request.body.isEmpty { return }
        if isMultipart {
            guard read(multipart: request) else { return nil }
        } else {
            guard read(urlEncoded: request) else { return nil }
        }
    }

    /// A field that was not sent is empty.
    subscript(name: String) -> String { fields[name] ?? "" }

    /// `application/x-www-form-urlencoded` (WHATWG URL, 5.1).
    private mutating func read(urlEncoded request: ConsoleRequest) -> Bool {
        let type = request.header("content-type") ?? ""
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else { return false }
        for pair in request.body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : []) else {
                return false
            }
            fields[name] = value
        }
        return true
    }

    private mutating func read(multipart request: ConsoleRequest) -> Bool {
        guard let parts = Multipart.parts(request.body, type: request.header("content-type") ?? "") else {
            return false
        }
        for part in parts {
            if let name = part.fileName {
                // A field of files in which nobody chose one is sent without a name.
                if !name.isEmpty || !part.content.isEmpty { file = File(name: name, content: part.content) }
            } else {
                guard let value = String(validating: part.content, as: UTF8.self) else { return false }
                fields[part.name] = value
            }
        }
        return true
    }

    private static func decode(_ text: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < text.endIndex, let high = URLText.digit(text[index + 1]),
                    let low = URLText.digit(text[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 2
            case let byte: bytes.append(byte)
            }
            index += 1
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
