public import Logging

/// One JSON object a line: time, level, label, message and the metadata.
///
/// Callers log identifiers and codes, never a person's data; the test of the data folder reads these lines too.
public struct JSONLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level

    private let label: String
    private let writer: LineWriter

    public init(label: String, writer: LineWriter, level: Logger.Level) {
        self.label = label
        self.writer = writer
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = JSONText()
        line.member("time", SystemClock().now().rfc3339)
        line.member("level", event.level.rawValue)
        line.member("label", label)
        line.member("message", "\(event.message)")
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let given = event.metadata { all.merge(given) { _, new in new } }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line.member(key, "\(value)") }
        writer.write(line.ended())
    }
}
