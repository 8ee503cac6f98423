internal import Tracing

/// A span for each transaction of the group commit. It has no parent: a batch is of many requests at once.
enum StoreTracing {
    /// Nil when no tracer was set up before the first commit; then a commit pays nothing for spans.
    private static let tracer: (any Tracer)? = {
        let tracer = InstrumentationSystem.tracer
        return tracer is NoOpTracer ? nil : tracer
    }()

    static func commit(book: String, commands: Int, _ body: () -> Int) -> Int {
        guard let tracer else { return body() }
        return tracer.withSpan("store.commit", context: .topLevel, ofKind: .internal) { span in
            let committed = body()
            span.attributes["kontor.book"] = book
            span.attributes["kontor.commands"] = commands
            span.attributes["kontor.committed"] = committed
            return committed
        }
    }
}
