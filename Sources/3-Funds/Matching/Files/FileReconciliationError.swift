internal import Glibc

/// Why a job on files could not be done; each says what to do.
public enum FileReconciliationError: Error, Hashable, CustomStringConvertible {
    /// The system refused: a path, what was tried, and its words.
    case system(path: String, action: String, reason: String)
    /// A profile and its file do not go together.
    case profile(String)
    case settings(String)
    /// More lines than allowed could not be read; they are in the list of rejects.
    case rejected(side: String, count: Int, allowed: Int, first: String)
    /// A file was written to while it was read.
    case changed(path: String)

    public var description: String {
        switch self {
        case .system(let path, let action, let reason): "\(path): cannot \(action): \(reason)"
        case .profile(let text), .settings(let text): text
        case .rejected(let side, let count, let allowed, let first):
            "\(count) lines of \(side) could not be read, \(allowed) may be; the first: \(first)"
        case .changed(let path): "\(path) changed while it was read: run again when it is complete"
        }
    }

    static func system(_ path: String, _ action: String, _ code: Int32 = errno) -> Self {
        .system(path: path, action: action, reason: String(cString: strerror(code)))
    }
}
