extension [Library] {
    /// The language with every extension that this package knows.
    public static var all: [Library] {
        [
            .standard, .strings, .math, .lists, .sets, .encoders, .network, .optionals, .bindings, .twoVariables,
            .protoExtensions
        ]
    }

    /// The language of the definition and nothing else.
    public static var core: [Library] { [.standard] }
}
