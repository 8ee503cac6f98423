/// Finds the route of a method and a path. Literal segments win over parameters.
public struct RouteTable: Sendable {
    public enum Match: Sendable {
        case found(Route, path: [String: String])
        /// The path exists, but not with this method.
        case methodNotAllowed(allowed: [HTTPMethod])
        case notFound
    }

    private struct Node: Sendable {
        var literals: [Substring: Int] = [:]
        var parameter: Int?
        var routes: [(method: HTTPMethod, route: Route, names: [String])] = []
    }

    private var nodes = [Node()]

    public init(_ routes: [Route]) {
        for route in routes { insert(route) }
    }

    /// `segments` are the path's parts between slashes, percent-decoded.
    public func match(_ method: HTTPMethod, _ segments: [Substring]) -> Match {
        guard let node = find(segments[...], from: 0) else { return .notFound }
        guard let entry = nodes[node].routes.first(where: { $0.method == method }) else {
            return .methodNotAllowed(allowed: nodes[node].routes.map(\.method))
        }
        if entry.names.isEmpty { return .found(entry.route, path: [:]) }
        var path: [String: String] = [:]
        for (name, segment) in zip(entry.names, segments) where !name.isEmpty { path[name] = String(segment) }
        return .found(entry.route, path: path)
    }

    private func find(_ segments: ArraySlice<Substring>, from node: Int) -> Int? {
        guard let first = segments.first else { return nodes[node].routes.isEmpty ? nil : node }
        if let next = nodes[node].literals[first], let found = find(segments.dropFirst(), from: next) { return found }
        guard let next = nodes[node].parameter, !first.isEmpty else { return nil }
        return find(segments.dropFirst(), from: next)
    }

    private mutating func insert(_ route: Route) {
        var node = 0
        var names: [String] = []
        for segment in route.operation.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let isParameter = segment.hasPrefix("{") && segment.hasSuffix("}")
            names.append(isParameter ? String(segment.dropFirst().dropLast()) : "")
            let known = isParameter ? nodes[node].parameter : nodes[node].literals[segment]
            let next = known ?? nodes.count
            if known == nil {
                nodes.append(Node())
                if isParameter { nodes[node].parameter = next } else { nodes[node].literals[segment] = next }
            }
            node = next
        }
        if names.allSatisfy(\.isEmpty) { names = [] }
        nodes[node].routes.append((route.operation.method, route, names))
    }
}
