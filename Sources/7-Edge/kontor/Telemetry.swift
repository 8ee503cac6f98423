import ArgumentParser
import Assembly
import Configuration
import CoreMetrics
import Logging
import Metrics
import Runtime
import Tracing

/// Sets up logs, figures and spans, once a process.
struct TelemetryOptions: ParsableArguments {
    @Option(help: "Least level of log lines: trace, debug, info, warning, error [env KONTOR_LOG_LEVEL].")
    var logLevel: String?

    @Option(help: "Write log lines to this file instead of standard error [env KONTOR_LOG_FILE].")
    var logFile: String?

    @Option(help: "Write finished spans to this file as JSON lines [env KONTOR_TRACE_FILE].")
    var traceFile: String?

    /// For a command's `validate`: a wrong level is told with that command's usage.
    func check() throws {
        guard let logLevel, Logger.Level(rawValue: logLevel) == nil else { return }
        throw Self.noLevel(logLevel)
    }

    private static func noLevel(_ name: String) -> ValidationError {
        ValidationError("log level \"\(name)\": must be trace, debug, info, notice, warning, error or critical")
    }

    /// Returns the registry that /metrics renders.
    func bootstrap(_ options: HouseOptions, defaultLevel: Logger.Level = .info) throws -> PrometheusRegistry {
        let config = options.config
        let name = logLevel ?? config.string(forKey: "log.level") ?? defaultLevel.rawValue
        guard let level = Logger.Level(rawValue: name) else {
            throw Self.noLevel(name)
        }
        let logPath = logFile ?? config.string(forKey: "log.file")
        let writer = try logPath.map { try Self.open($0) } ?? LineWriter.standardError
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, writer: writer, level: level) }
        let registry = PrometheusRegistry(help: FigureHelp.texts)
        MetricsSystem.bootstrap(registry)
        if let path = traceFile ?? config.string(forKey: "trace.file") {
            InstrumentationSystem.bootstrap(SpanFileTracer(writer: try Self.open(path)))
        }
        return registry
    }

    private static func open(_ path: String) throws -> LineWriter {
        guard let writer = LineWriter(path: path) else { throw ValidationError("the file \(path) cannot be written") }
        return writer
    }
}
