/// What one rule may take: at compile time and each time it runs. Nothing is without a limit.
public struct Limits: Sendable, Equatable {
    /// Bytes of source.
    public var sourceBytes = 100_000
    /// Nested parentheses, calls, selections and operators; also the height of the syntax tree.
    ///
    /// A level takes up to 2.5 kB of stack; the smallest that platforms give their threads are 512 kB.
    public var depth = 160
    /// Nodes of the syntax tree after the macros have been expanded.
    public var nodes = 100_000
    /// Issues reported before the parser or the checker gives up.
    public var issues = 20
    /// Cost units that one evaluation may spend: about one for each node that is evaluated, plus one for every
    /// ten bytes or elements that a function walks.
    public var cost = 1_000_000
    /// Passes through the bodies of comprehensions that one evaluation may make.
    public var iterations = 100_000
    /// Elements of a list or entries of a map that an evaluation makes.
    public var elements = 100_000
    /// Bytes of a string or bytes value that an evaluation makes.
    public var textBytes = 1_000_000

    /// How deep the lists, maps and optionals that an evaluation makes may stand in one another.
    public var valueDepth = 100

    public init() {}

    /// The limits for rules that a host writes itself and trusts.
    public static let standard = Limits()
}
