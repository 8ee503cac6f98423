/// Reads `multipart/form-data` as browsers write it (RFC 7578; the framing is that of RFC 2046, 5.1.1).
///
/// A body is taken whole or not at all: a part without its end, a head that is too long or one part too many make it
/// no form. Contents are slices of the body.
enum Multipart {
    struct Part {
        let name: String
        /// Nil for a field; a field of files has one, which is empty when nobody chose a file.
        let fileName: String?
        let content: ArraySlice<UInt8>
    }

    /// Our forms have three parts.
    static let partLimit = 16
    static let headLimit = 4 << 10
    /// RFC 2046 allows a boundary no more.
    private static let boundaryLimit = 70

    static func isMeant(by type: String) -> Bool { type.lowercased().hasPrefix("multipart/form-data") }

    /// Nil when the body is no such form.
    static func parts(_ body: [UInt8], type: String) -> [Part]? {
        guard let boundary = parameter("boundary", of: type), (1...boundaryLimit).contains(boundary.utf8.count) else {
            return nil
        }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        guard body.starts(with: delimiter.dropFirst(2)) else { return nil }
        var rest = body[(delimiter.count - 2)...]
        var parts: [Part] = []
        while !rest.starts(with: closing) {
            guard parts.count < partLimit, rest.starts(with: newline) else { return nil }
            rest = rest.dropFirst(newline.count)
            guard let end = find(blankLine, in: rest.prefix(headLimit)),
                let (name, fileName) = names(rest[..<end])
            else { return nil }
            rest = rest[(end + blankLine.count)...]
            guard let next = find(delimiter, in: rest) else { return nil }
            parts.append(Part(name: name, fileName: fileName, content: rest[..<next]))
            rest = rest[(next + delimiter.count)...]
        }
        return parts
    }

    private static let newline = Array("\r\n".utf8)
    private static let blankLine = Array("\r\n\r\n".utf8)
    private static let closing = Array("--".utf8)

    /// Where `needle`, which begins with a carriage return, first stands.
    private static func find(_ needle: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        var rest = text
        while let index = rest.firstIndex(of: UInt8(ascii: "\r")) {
            if text[index...].starts(with: needle) { return index }
            rest = text[(index + 1)...]
        }
        return nil
    }

    /// What `Content-Disposition: form-data; name="…"; filename="…"` says; nil when the head has no such line.
    private static func names(_ head: ArraySlice<UInt8>) -> (String, String?)? {
        guard let text = String(validating: head, as: UTF8.self) else { return nil }
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "content-disposition" else {
                continue
            }
            let value = line[line.index(after: colon)...].trimmed
            guard value.lowercased().hasPrefix("form-data"), let name = parameter("name", of: String(value)) else {
                return nil
            }
            return (name, parameter("filename", of: String(value)))
        }
        return nil
    }

    /// A parameter of a header's value: `; name=token` or `; name="quoted"`.
    private static func parameter(_ wanted: String, of value: String) -> String? {
        var rest = value[...]
        while let mark = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: mark)...].trimmed
            guard let equals = rest.firstIndex(where: { $0 == "=" || $0 == ";" }), rest[equals] == "=" else { continue }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            let text = rest.first == "\"" ? quoted(&rest) : String(rest.prefix { $0 != ";" }.trimmed)
            guard let text else { return nil }
            if name == wanted { return text }
        }
        return nil
    }

    /// Reads a quoted text off `rest`; nil when its end is missing. Browsers write a quote and the ends of lines as
    /// %22, %0D and %0A (WHATWG HTML, 4.10.22.8), and leave everything else as it is, backslashes too.
    private static func quoted(_ rest: inout Substring) -> String? {
        let inner = rest.dropFirst()
        guard let end = inner.firstIndex(of: "\"") else { return nil }
        rest = inner[inner.index(after: end)...]
        return String(inner[..<end]).replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing(
            "%0A", with: "\n")
    }
}
