/// A list: an array of values, or a host's list whose elements are made when they are read.
public struct ListValue: Sendable {
    enum Storage: Sendable {
        case array([Value])
        case provided(any ListProvider)
    }

    let storage: Storage
    /// How many levels of lists, maps and optionals it has: 1 for a list of scalars.
    let depth: Int32

    public init(_ elements: [Value]) {
        storage = .array(elements)
        depth = 1 + elements.greatestDepth
    }

    public init(_ provider: any ListProvider) {
        storage = .provided(provider)
        // The host answers for what it lends; the language cannot make it any deeper.
        depth = 1
    }

    /// The empty list.
    public static let empty = ListValue([])

    @inline(__always)
    public var count: Int {
        switch storage {
        case .array(let elements): elements.count
        case .provided(let provider): provider.count
        }
    }

    /// The elements when they are all at hand.
    @inline(__always)
    var elementsAtHand: [Value]? {
        switch storage {
        case .array(let elements): elements
        case .provided(let provider): provider.keepsElements ? provider.elements : nil
        }
    }

    public var isEmpty: Bool { count == 0 }

    /// The element at an index that must lie within `0..<count`.
    @inline(__always)
    public subscript(index: Int) -> Value {
        switch storage {
        case .array(let elements): elements[index]
        case .provided(let provider): provider.element(at: index)
        }
    }

    /// All elements; copies those of a host's list.
    public var elements: [Value] {
        switch storage {
        case .array(let elements): elements
        case .provided(let provider): provider.elements
        }
    }
}

/// A host's list, read lazily. Its count must not change while a rule runs.
public protocol ListProvider: AnyObject, Sendable {
    var count: Int { get }

    /// The element at an index within `0..<count`.
    func element(at index: Int) -> Value

    /// All elements. A list that keeps them gives what it has; the others make each.
    var elements: [Value] { get }

    /// Whether `elements` costs nothing, so that going through the list may ask for all at once.
    var keepsElements: Bool { get }
}

extension ListProvider {
    public var elements: [Value] { (0..<count).map { element(at: $0) } }
    public var keepsElements: Bool { false }
}
