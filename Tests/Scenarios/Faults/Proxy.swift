import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Stands between a house and its PostgreSQL and understands just enough of the protocol to see a COMMIT pass. It can
/// cut the line around one at any byte, and it can be slow.
final class Proxy: Sendable {
    /// Where a line is cut, told from the house's side.
    enum Cut: String, Sendable, CaseIterable {
        /// The COMMIT never reaches the database.
        case beforeCommit
        /// Half of its bytes do.
        case withinCommit
        /// It does, and whether it takes effect is decided by a race.
        case afterCommit
        /// It took effect; its answer never comes.
        case beforeAnswer
        /// The first bytes of its answer come.
        case withinAnswer
    }

    struct State {
        var armed: Cut?
        var cuts: [Cut: Int] = [:]
        var delayMs = 0
        var isClosed = false
    }

    /// The folder with the socket at which the house finds us; it stands for the server's own in a URL.
    let folder: String
    private let server: String
    private let listener: Int32
    private let state = Mutex(State())

    /// Listens in a folder of its own for the server whose socket is in `serverFolder`.
    init(to serverFolder: String) throws {
        folder = FileManager.default.temporaryDirectory.path + "/kp-" + String(UUID().uuidString.prefix(8))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        server = serverFolder + "/.s.PGSQL.5432"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard
            Proxy.withAddress(folder + "/.s.PGSQL.5432", { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0
        else { throw Database.Failure(description: "the proxy cannot listen in \(folder)") }
        Thread.detachNewThread { [self] in accept() }
    }

    static func with<Answer: Sendable>(
        _ database: Database, _ body: @Sendable (Proxy) async throws -> Answer
    ) async throws -> Answer {
        let proxy = try Proxy(to: database.folder)
        defer { proxy.close() }
        return try await body(proxy)
    }

    /// The next COMMIT that passes meets this cut.
    func arm(_ cut: Cut) { state.withLock { $0.armed = cut } }
    /// True until the cut that was armed has happened.
    var isArmed: Bool { state.withLock { $0.armed != nil } }
    var cuts: [Cut: Int] { state.withLock { $0.cuts } }

    /// Holds back whatever the house sends for so long.
    func slow(_ milliseconds: Int) { state.withLock { $0.delayMs = milliseconds } }

    private func close() {
        state.withLock { $0.isClosed = true }
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        Folders.remove(folder)
    }

    private func accept() {
        while true {
            let house = Glibc.accept(listener, nil, nil)
            guard house >= 0, !state.withLock({ $0.isClosed }) else { return }
            let database = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard Proxy.withAddress(server, { connect(database, $0, $1) }) == 0 else {
                Glibc.close(house)
                Glibc.close(database)
                continue
            }
            let line = Line(house: house, database: database, proxy: self)
            Thread.detachNewThread { line.forward() }
            Thread.detachNewThread { line.answer() }
        }
    }

    fileprivate var delayMs: Int { state.withLock { $0.delayMs } }

    /// The cut for a COMMIT that passes now, if one is armed.
    fileprivate func take() -> Cut? {
        state.withLock { state in
            guard let cut = state.armed else { return nil }
            state.armed = nil
            state.cuts[cut, default: 0] += 1
            return cut
        }
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}

/// One connection through the proxy, with a thread for each direction.
private final class Line: Sendable {
    private struct State {
        /// What is to happen when the database answers next.
        var cut: Proxy.Cut?
        var ends = 0
    }

    private let house: Int32
    private let database: Int32
    private let proxy: Proxy
    private let state = Mutex(State())

    init(house: Int32, database: Int32, proxy: Proxy) {
        self.house = house
        self.database = database
        self.proxy = proxy
    }

    /// From the house to the database, message by message.
    func forward() {
        defer { end() }
        var reader = MessageReader()
        /// The names under which this connection has prepared a COMMIT.
        var commits: Set<String> = []
        var cut: Proxy.Cut?
        while let bytes = receive(house) {
            let delay = proxy.delayMs
            if delay > 0 { usleep(UInt32(delay) * 1_000) }
            for message in reader.add(bytes) {
                if let name = message.preparedCommit { commits.insert(name) }
                if cut == nil, let name = message.boundStatement, commits.contains(name) {
                    cut = proxy.take()
                    if cut == .beforeCommit { return }
                    if cut == .withinCommit {
                        return _ = send(message.bytes.prefix(message.bytes.count / 2), to: database)
                    }
                    if cut == .beforeAnswer || cut == .withinAnswer { state.withLock { [cut] in $0.cut = cut } }
                }
                guard send(message.bytes[...], to: database) else { return }
                // The server works off what it has when a Sync comes.
                if cut == .afterCommit, message.isSync { return }
            }
        }
    }

    /// From the database to the house.
    func answer() {
        defer { end() }
        while let bytes = receive(database) {
            switch state.withLock({ $0.cut }) {
            case .beforeAnswer: return
            case .withinAnswer: return _ = send(bytes.prefix(3), to: house)
            default: guard send(bytes[...], to: house) else { return }
            }
        }
    }

    /// The thread that comes to its end first wakes the other; the last one closes.
    private func end() {
        shutdown(house, Int32(SHUT_RDWR))
        shutdown(database, Int32(SHUT_RDWR))
        let isLast = state.withLock { state in
            state.ends += 1
            return state.ends == 2
        }
        guard isLast else { return }
        close(house)
        close(database)
    }

    private func receive(_ file: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(file, &bytes, bytes.count)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    private func send(_ bytes: ArraySlice<UInt8>, to file: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// A message of the house, as PostgreSQL's protocol 3.0 frames it: a letter, a length that counts itself, a body.
private struct Message {
    let bytes: [UInt8]
    /// False for the first of a connection, which has no letter.
    let hasLetter: Bool

    var isSync: Bool { letter == "S" }

    private var letter: Character? { hasLetter ? bytes.first.map { Character(UnicodeScalar($0)) } : nil }

    /// The zero-terminated texts at the beginning of the body.
    private func texts(_ count: Int) -> [String] {
        bytes.dropFirst(5).split(separator: 0, maxSplits: count, omittingEmptySubsequences: false).prefix(count)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Parse of "COMMIT": the name of the statement.
    var preparedCommit: String? {
        guard letter == "P" else { return nil }
        let texts = texts(2)
        return texts.count == 2 && texts[1].uppercased() == "COMMIT" ? texts[0] : nil
    }

    /// Bind: the name of the statement that will run.
    var boundStatement: String? {
        guard letter == "B" else { return nil }
        let texts = texts(2)
        return texts.count == 2 ? texts[1] : nil
    }
}

private struct MessageReader {
    private var waiting: [UInt8] = []
    private var isFirst = true

    /// The messages that are complete with these bytes.
    mutating func add(_ bytes: [UInt8]) -> [Message] {
        waiting += bytes
        var messages: [Message] = []
        while true {
            let start = isFirst ? 0 : 1
            guard waiting.count >= start + 4 else { return messages }
            let length = waiting[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard waiting.count >= start + length else { return messages }
            messages.append(Message(bytes: Array(waiting.prefix(start + length)), hasLetter: !isFirst))
            waiting.removeFirst(start + length)
            isFirst = false
        }
    }
}
