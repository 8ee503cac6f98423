/// The namespace in which a rule's names are looked up: in `shop.pricing`, `Cart` may mean `shop.pricing.Cart`,
/// `shop.Cart` or `Cart`, in this order.
public struct Container: Sendable, Hashable {
    public let name: String
    /// `shop.pricing.`, `shop.` and the empty text.
    private let prefixes: [String]

    /// Whether names stand for themselves.
    var isRoot: Bool { prefixes.count == 1 }

    public init(_ name: String = "") {
        self.name = name
        var prefixes: [String] = []
        var rest = name[...]
        while !rest.isEmpty {
            prefixes.append(rest + ".")
            rest = rest[..<(rest.lastIndex(of: ".") ?? rest.startIndex)]
        }
        self.prefixes = prefixes + [""]
    }

    /// The full names that `name` may stand for, the most specific first. A leading dot means the name itself.
    public func candidates(for name: String) -> [String] {
        if name.utf8.first == UInt8(ascii: ".") { return [String(name.dropFirst())] }
        if prefixes.count == 1 { return [name] }
        return prefixes.map { $0 + name }
    }
}
