import Synchronization
public import Tracing

/// Writes each finished span as one line of JSON in OpenTelemetry's terms, and carries W3C trace contexts.
///
/// Source of the header: www.w3.org/TR/trace-context, `traceparent`.
public final class SpanFileTracer: Tracer {
    public typealias Span = FileSpan

    private let writer: LineWriter
    private let random: RandomSource

    public init(writer: LineWriter, random: RandomSource = .system()) {
        self.writer = writer
        self.random = random
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> FileSpan {
        var context = context()
        let parent = context.traceParent
        let own = TraceParent(
            traceHigh: parent?.traceHigh ?? random.next(), traceLow: parent?.traceLow ?? random.next(),
            span: random.next() | 1)
        context.traceParent = own
        return FileSpan(
            name: operationName, kind: kind, context: context, own: own, parent: parent,
            start: instant().nanosecondsSinceEpoch, writer: writer)
    }

    public func forceFlush() {}

    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let parent = context.traceParent else { return }
        injector.inject(parent.header, forKey: "traceparent", into: &carrier)
    }

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: "traceparent", from: carrier), let parent = TraceParent(header: text)
        else { return }
        context.traceParent = parent
    }
}

/// Where a span hangs: its trace and itself.
public struct TraceParent: Sendable, Hashable {
    public var traceHigh: UInt64
    public var traceLow: UInt64
    public var span: UInt64

    public init(traceHigh: UInt64, traceLow: UInt64, span: UInt64) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
    }

    /// `00-<32 hex>-<16 hex>-<flags>`; nil for anything else.
    public init?(header: String) {
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0] == "00", parts[1].utf8.count == 32, parts[2].utf8.count == 16,
            let high = UInt64(parts[1].prefix(16), radix: 16), let low = UInt64(parts[1].suffix(16), radix: 16),
            let span = UInt64(parts[2], radix: 16), high | low != 0, span != 0
        else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span)
    }

    public var traceID: String { TraceParent.hex(traceHigh) + TraceParent.hex(traceLow) }
    public var spanID: String { TraceParent.hex(span) }
    public var header: String { "00-\(traceID)-\(spanID)-01" }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

private enum TraceParentKey: ServiceContextKey {
    typealias Value = TraceParent
}

extension ServiceContext {
    /// The span that is current, as W3C's trace context names it.
    public var traceParent: TraceParent? {
        get { self[TraceParentKey.self] }
        set { self[TraceParentKey.self] = newValue }
    }
}
