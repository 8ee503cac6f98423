import SwiftProtobuf

/// Finds which field of a refused body is at fault and says so.
///
/// The decoder tells what is wrong but seldom where. So each member is decoded alone, and the one that fails is looked
/// into again. That happens to refused bodies only and reads each byte once a level.
enum JSONFault {
    /// Bodies above this are told what is wrong without where, so that a refusal stays cheap.
    static let searchLimit = 256 << 10

    static func problem<Request: Message>(
        _ error: JSONDecodingError, in body: [UInt8], of type: Request.Type
    ) -> Problem {
        let found = search(body, type)
        if case .unknownField(let name) = error {
            let field = found?.field ?? String(name.prefix(80))
            return Problem(
                type: "unknown-field", title: "The body has a field that this call does not know", status: 400,
                detail: "\"\(field)\" is no field of this call", field: field)
        }
        guard let found else { return .malformedJSON(rule(error)) }
        return .malformedJSON("\(found.field): \(found.value) \(rule(error))", field: found.field)
    }

    private static func rule(_ error: JSONDecodingError) -> String {
        switch error {
        case .numberRange: "is a number out of its field's range"
        case .malformedNumber, .leadingZero: "is not a number as JSON writes it, or not whole where it must be"
        case .unrecognizedEnumValue: "is not one of the names that the contract gives"
        case .invalidUTF8: "is not UTF-8"
        case .messageDepthLimit: "is nested too deeply"
        case .truncated: "ends too early"
        case .conflictingOneOf: "is one of several fields of which only one may be sent"
        default: "is not the JSON that the contract describes here"
        }
    }

    private static func search<Request: Message>(
        _ body: [UInt8], _ type: Request.Type
    ) -> (field: String, value: String)? {
        guard body.count <= searchLimit else { return nil }
        var before: [UInt8] = []
        var after: [UInt8] = []
        var value = body[...]
        var path = ""
        // Each turn steps into the member that fails when it stands alone; the decoder's depth limit ends it.
        descend: for _ in 0..<JSONDecodingOptions().messageDepthLimit {
            guard let parts = JSONParts(value) else { break }
            // Where even an empty object or list is refused, it is the kind that is wrong, and nothing inside it.
            if !path.isEmpty, (try? Request(jsonUTF8Bytes: before + [parts.open, parts.close] + after)) == nil { break }
            for (index, part) in parts.members.enumerated() {
                let head = before + [parts.open] + part.key
                let tail = [parts.close] + after
                guard (try? Request(jsonUTF8Bytes: head + part.value + tail)) == nil else { continue }
                path += part.name.map { path.isEmpty ? $0 : "." + $0 } ?? "[\(index)]"
                (before, after, value) = (head, tail, part.value)
                continue descend
            }
            break
        }
        guard !path.isEmpty else { return nil }
        return (String(path.prefix(200)), String(decoding: value.prefix(80), as: UTF8.self))
    }
}

/// The members of a JSON object or the elements of an array, cut but not interpreted; nil for anything else.
private struct JSONParts {
    struct Part {
        /// The object's key as it is written, with its colon; empty in an array.
        var key: [UInt8] = []
        var name: String?
        var value: ArraySlice<UInt8>
    }

    let open: UInt8
    let close: UInt8
    private(set) var members: [Part] = []

    init?(_ text: ArraySlice<UInt8>) {
        var rest = text
        JSONParts.skipSpace(&rest)
        guard let first = rest.popFirst(), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
        let isObject = first == UInt8(ascii: "{")
        open = first
        close = UInt8(ascii: isObject ? "}" : "]")
        JSONParts.skipSpace(&rest)
        if rest.first == close { return }
        while true {
            var part = Part(value: [])
            if isObject {
                JSONParts.skipSpace(&rest)
                guard let key = JSONParts.string(&rest) else { return nil }
                JSONParts.skipSpace(&rest)
                guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
                part.key = key + [UInt8(ascii: ":")]
                part.name = String(decoding: key.dropFirst().dropLast(), as: UTF8.self)
            }
            guard let value = JSONParts.value(&rest), !value.isEmpty else { return nil }
            part.value = value
            members.append(part)
            let end = rest.popFirst()
            if end == close { return }
            guard end == UInt8(ascii: ",") else { return nil }
        }
    }

    private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
        while let byte = rest.first, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { rest.removeFirst() }
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let whole = rest
        guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") { _ = rest.popFirst() }
            if byte == UInt8(ascii: "\"") { return Array(whole[..<rest.startIndex]) }
        }
        return nil
    }

    /// Everything up to the comma or bracket that ends the value.
    private static func value(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        skipSpace(&rest)
        let whole = rest
        var depth = 0
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "\""):
                guard string(&rest) != nil else { return nil }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return whole[..<rest.startIndex] }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { return whole[..<rest.startIndex] }
            default: break
            }
            rest.removeFirst()
        }
        return nil
    }
}
