import Synchronization
public import Tracing

/// A span that is written when it ends.
public final class FileSpan: Span {
    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var status: SpanStatus?
        var errors: [String] = []
        var ended = false
    }

    public let context: ServiceContext
    private let kind: SpanKind
    private let own: TraceParent
    private let parent: TraceParent?
    private let start: UInt64
    private let writer: LineWriter
    private let state: Mutex<State>

    init(
        name: String, kind: SpanKind, context: ServiceContext, own: TraceParent, parent: TraceParent?, start: UInt64,
        writer: LineWriter
    ) {
        self.kind = kind
        self.context = context
        self.own = own
        self.parent = parent
        self.start = start
        self.writer = writer
        state = Mutex(State(name: name))
    }

    public var operationName: String {
        get { state.withLock { $0.name } }
        set { state.withLock { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    public var isRecording: Bool { state.withLock { !$0.ended } }

    public func setStatus(_ status: SpanStatus) { state.withLock { $0.status = status } }
    public func addEvent(_ event: SpanEvent) {}
    public func addLink(_ link: SpanLink) {}

    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        // Only the error's type: its text may quote what a caller sent.
        state.withLock { $0.errors.append("\(type(of: error))") }
    }

    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let final = state.withLock { state -> State? in
            if state.ended { return nil }
            state.ended = true
            return state
        }
        guard let final else { return }
        var line = JSONText()
        line.member("traceId", own.traceID)
        line.member("spanId", own.spanID)
        if let parent { line.member("parentSpanId", parent.spanID) }
        line.member("name", final.name)
        line.member("kind", "\(kind)")
        line.member("startTimeUnixNano", String(start))
        line.member("endTimeUnixNano", String(instant().nanosecondsSinceEpoch))
        if let status = final.status { line.member("status", "\(status.code)") }
        if !final.errors.isEmpty { line.member("errors", final.errors.joined(separator: ",")) }
        final.attributes.forEach { key, value in line.member(key, FileSpan.text(value)) }
        writer.write(line.ended())
    }

    private static func text(_ value: SpanAttribute) -> String {
        switch value {
        case .int32(let value): String(value)
        case .int64(let value): String(value)
        case .string(let value): value
        case .bool(let value): String(value)
        default: "\(value)"
        }
    }
}
