/// Finds what a path means: a tree of segments, walked once over the path's bytes.
///
/// A literal segment wins over a parameter. An empty segment (a doubled or a trailing slash) and the segments "." and
/// ".." match nothing, so one resource has one address.
struct AddressTable<Value: Sendable>: Sendable {
    enum Match {
        case found(Value, path: [String: String])
        /// The path exists, the method does not; `allow` is the header's value.
        case otherMethods(allow: String)
        case unknown
        /// An escape is broken or what it spells is not UTF-8.
        case malformed
    }

    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var leaves: [(method: String, names: [String], value: Value)] = []

        var allow: String { (leaves.map(\.method) + ["OPTIONS"]).sorted().joined(separator: ", ") }
    }

    private var nodes = [Node()]

    /// `pattern` is like "/v1/orders/{order_id}". Two routes of one address and method are a mistake of the contract.
    mutating func add(_ method: String, _ pattern: String, _ value: Value) {
        precondition(pattern.utf8.first == UInt8(ascii: "/"), "the route \(pattern) does not begin with a slash")
        var node = 0
        var names: [String] = []
        for segment in pattern.split(separator: "/") {
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                names.append(String(segment.dropFirst().dropLast()))
                node = parameterNode(of: node)
            } else {
                node = literalNode(Array(segment.utf8), of: node)
            }
        }
        precondition(
            !nodes[node].leaves.contains { $0.method == method }, "the contract has two routes \(method) \(pattern)")
        nodes[node].leaves.append((method, names, value))
    }

    /// `path` is the request's path without its query.
    func match(_ method: String, _ path: UnsafeBufferPointer<UInt8>) -> Match {
        guard path.first == UInt8(ascii: "/") else { return .unknown }
        var node = 0
        var values: [String] = []
        var start = 1
        while start <= path.count {
            var end = start
            var escaped = false
            while end < path.count, path[end] != UInt8(ascii: "/") {
                escaped = escaped || path[end] == UInt8(ascii: "%")
                end += 1
            }
            if end == start {
                if path.count == 1 { break }
                return .unknown
            }
            let segment = UnsafeBufferPointer(rebasing: path[start..<end])
            guard let next = step(from: node, segment, escaped: escaped, &values) else { return .unknown }
            if next < 0 { return .malformed }
            node = next
            start = end + 1
        }
        if nodes[node].leaves.isEmpty { return .unknown }
        guard let leaf = nodes[node].leaves.first(where: { $0.method == method }) else {
            return .otherMethods(allow: nodes[node].allow)
        }
        if values.isEmpty { return .found(leaf.value, path: [:]) }
        var parameters: [String: String] = [:]
        for (name, value) in zip(leaf.names, values) { parameters[name] = value }
        return .found(leaf.value, path: parameters)
    }

    /// The next node; nil when there is none, −1 when the segment cannot be decoded.
    private func step(
        from node: Int, _ segment: UnsafeBufferPointer<UInt8>, escaped: Bool, _ values: inout [String]
    ) -> Int? {
        if !escaped {
            for literal in nodes[node].literals where literal.segment.elementsEqual(segment) { return literal.node }
        }
        guard escaped || nodes[node].parameter != nil else { return nil }
        guard let text = PathText.decode(segment) else { return -1 }
        if escaped {
            for literal in nodes[node].literals where literal.segment.elementsEqual(text.utf8) { return literal.node }
        }
        guard let parameter = nodes[node].parameter, text != ".", text != ".." else { return nil }
        values.append(text)
        return parameter
    }

    private mutating func parameterNode(of node: Int) -> Int {
        if let existing = nodes[node].parameter { return existing }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func literalNode(_ segment: [UInt8], of node: Int) -> Int {
        if let existing = nodes[node].literals.first(where: { $0.segment == segment }) { return existing.node }
        nodes.append(Node())
        nodes[node].literals.append((segment, nodes.count - 1))
        return nodes.count - 1
    }
}
