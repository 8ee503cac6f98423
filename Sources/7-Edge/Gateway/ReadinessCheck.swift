/// One thing that must work before this process takes traffic.
public struct ReadinessCheck: Sendable {
    public let name: String
    /// nil when all is well, otherwise why not; the text is public.
    public let failure: @Sendable () async -> String?

    public init(_ name: String, failure: @escaping @Sendable () async -> String?) {
        self.name = name
        self.failure = failure
    }
}
