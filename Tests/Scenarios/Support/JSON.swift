import Foundation

/// A JSON value of an answer: tests look into it by name, and what is missing is `null`.
@dynamicMemberLookup
enum JSON: Sendable, Equatable, Decodable {
    case object([String: JSON])
    case array([JSON])
    case string(String)
    case integer(Int64)
    case fraction(Double)
    case bool(Bool)
    case null

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let items = try? value.decode([JSON].self) {
            self = .array(items)
        } else if let members = try? value.decode([String: JSON].self) {
            self = .object(members)
        } else {
            self = .fraction(try value.decode(Double.self))
        }
    }

    /// `null` when the text is no JSON.
    init(text: String) {
        self = (try? JSONDecoder().decode(JSON.self, from: Data(text.utf8))) ?? .null
    }

    subscript(dynamicMember name: String) -> JSON { self[name] }

    subscript(name: String) -> JSON {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    subscript(index: Int) -> JSON {
        guard case .array(let items) = self, items.indices.contains(index) else { return .null }
        return items[index]
    }

    var items: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    var text: String {
        guard case .string(let text) = self else { return "" }
        return text
    }

    /// A whole number; Protocol Buffers' JSON writes 64 bits as text and leaves zeros out.
    var int: Int64 {
        switch self {
        case .integer(let value): value
        case .string(let text): Int64(text) ?? 0
        default: 0
        }
    }

    var isTrue: Bool { self == .bool(true) }
}
