/// What the parser makes of a source.
public struct SyntaxTree: Sendable {
    public let root: Expression
    public let source: SourceText
    /// The byte offset of each node, by its id.
    let offsets: [Int32]
    /// Where the next id continues (the highest id plus one).
    public var idLimit: Int { offsets.count }

    init(root: Expression, source: SourceText, offsets: [Int32]) {
        self.root = root
        self.source = source
        self.offsets = offsets
    }

    /// Where a node stands in the source.
    public func location(of id: Int) -> SourceLocation {
        source.location(at: offsets.indices.contains(id) ? Int(offsets[id]) : 0)
    }
}

/// What the checker found out about a tree, by the ids of its nodes. The planner uses it and does without it.
public struct Annotations: Sendable {
    /// What a name or a call means.
    public enum Reference: Sendable {
        /// A variable by its full name, as the container resolved it.
        case variable(String)
        /// An enum's constant or a type's name: the value itself.
        case constant(Value)
        /// The overloads that a call may mean, by their ids.
        case overloads([String])
        /// A message's full name in a construction.
        case message(String)
        /// A call whose target was a part of a namespaced function's name (`math.greatest`), with its full name.
        case function(String, overloads: [String])
    }

    public var types: [Type?]
    public var references: [Reference?]
    /// The type of the whole.
    public var result: Type

    /// Nothing known yet about a tree with ids below a limit.
    public init(idLimit: Int) {
        types = Array(repeating: nil, count: idLimit)
        references = Array(repeating: nil, count: idLimit)
        result = .dynamic
    }

    public func type(of id: Int) -> Type? { types.indices.contains(id) ? types[id] : nil }
    public func reference(of id: Int) -> Reference? { references.indices.contains(id) ? references[id] : nil }
}
