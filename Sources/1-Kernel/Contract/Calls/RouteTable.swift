/// Finds the route of a method and a path. Literal segments win over parameters.
public struct RouteTable: Sendable {
    public enum Match: Sendable {
        case found(Route, path: [String: String])
        /// The path exists, but not with this method.
        case methodNotAllowed(allowed: [HTTPMethod])
        case notFound
    }

    private typealias Entry = (method: HTTPMethod, route: Route, names: [String])

    private struct Node: Sendable {
        var literals: [Substring: Int] = [:]
        var parameter: Int?
        var routes: [Entry] = []
    }

    private var nodes = [Node()]

    public init(_ routes: [Route]) {
        for route in routes { insert(route) }
    }

    /// `segments` are the path's parts between slashes, percent-decoded.
    public func match(_ method: HTTPMethod, _ segments: [Substring]) -> Match {
        var allowed: [HTTPMethod] = []
        guard let entry = find(method, segments[...], from: 0, &allowed) else {
            return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed: allowed)
        }
        if entry.names.isEmpty { return .found(entry.route, path: [:]) }
        var path: [String: String] = [:]
        for (name, segment) in zip(entry.names, segments) where !name.isEmpty { path[name] = String(segment) }
        return .found(entry.route, path: path)
    }

    /// The first route of the method; where there is none, `allowed` gathers the methods of the same path.
    private func find(
        _ method: HTTPMethod, _ segments: ArraySlice<Substring>, from node: Int, _ allowed: inout [HTTPMethod]
    ) -> Entry? {
        guard let first = segments.first else {
            if let entry = nodes[node].routes.first(where: { $0.method == method }) { return entry }
            for entry in nodes[node].routes where !allowed.contains(entry.method) { allowed.append(entry.method) }
            return nil
        }
        let rest = segments.dropFirst()
        if let next = nodes[node].literals[first], let found = find(method, rest, from: next, &allowed) { return found }
        guard let next = nodes[node].parameter, !first.isEmpty else { return nil }
        return find(method, rest, from: next, &allowed)
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
