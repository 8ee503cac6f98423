import Clibpq
import Runtime
import Store

/// How a connection is made and what it is told first.
final class LinkSettings {
    let options: PostgreSQLOptions
    /// Run once after connecting.
    let session: String
    /// One thread uses a link and its settings, so its values share one buffer.
    let parameters = Parameters()
    private let url: String

    init(url: String, options: PostgreSQLOptions, isReadOnly: Bool) {
        self.url = url
        self.options = options
        let timeout = Int(options.statementTimeout.components.seconds * 1_000)
        // An answered command must survive a power cut, so a server that is set otherwise is overruled. A generic plan
        // is never planned again, which costs more than our statements' work; JIT compiles for longer than they run.
        session = """
            SET statement_timeout = \(timeout); SET idle_in_transaction_session_timeout = \(timeout + 10_000);
            SET jit = off; SET plan_cache_mode = force_generic_plan; SET TimeZone = 'UTC';
            SET default_transaction_isolation = '\(isReadOnly ? "repeatable read" : "read committed")';
            SET default_transaction_read_only = \(isReadOnly ? "on" : "off");
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local')
            """
    }

    /// libpq expands the URL under `dbname`; what follows overrides it, what precedes is its default.
    func withParameters<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let seconds = max(1, options.connectTimeout.components.seconds)
        let pairs: [(String, String)] = [
            ("connect_timeout", "\(seconds)"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "30000"), ("dbname", url),
            ("client_encoding", "UTF8"), ("application_name", "kontor")
        ]
        var names: [ContiguousArray<CChar>] = []
        var values: [ContiguousArray<CChar>] = []
        for (name, value) in pairs {
            names.append(name.utf8CString)
            values.append(value.utf8CString)
        }
        return LinkSettings.withPointers(names) { names in
            LinkSettings.withPointers(values) { values in body(names, values) }
        }
    }

    /// A null-terminated array of C strings, alive for the call.
    private static func withPointers<Result>(
        _ texts: [ContiguousArray<CChar>], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes = ContiguousArray<CChar>()
        var starts: [Int] = []
        for text in texts {
            starts.append(bytes.count)
            bytes.append(contentsOf: text)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let base = buffer.baseAddress
            let pointers = starts.map { start in base.map { $0 + start } } + [nil]
            return pointers.withUnsafeBufferPointer { pointers in
                // The array has at least its terminator, so it has an address.
                body(pointers.baseAddress ?? UnsafePointer(UnsafeMutablePointer.allocate(capacity: 1)))
            }
        }
    }
}
