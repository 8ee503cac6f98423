import Channels
import Foundation
import Logging
import Metrics
import Reconciliation
import Runtime
import Store

/// One look at everything that brings a tenant's statements: files in folders are taken, files behind addresses are
/// asked for when they are due. What became of each is written into the book, so any process goes on from there.
struct StatementRound: Sendable {
    let book: Book
    let tenant: String
    let reconciliation: Reconciliation
    let sources: [StatementSource]
    /// Where files lie while they are fetched.
    let folder: String

    /// Ended business days that are looked back on after the house was down.
    static let daysBack: Int64 = 7

    /// Returns how many files were taken. A source that fails keeps no other from being asked.
    func run() async -> Int {
        var taken = 0
        for source in sources where !Task.isCancelled {
            do {
                switch source.place {
                case .folder(let folder): taken += try await take(from: folder, source)
                case .http(let http): taken += try await ask(http, source)
                }
            } catch let error as StoreError where error.code == .closed {
                return taken
            } catch is CancellationError {
                return taken
            } catch let error as LeaseLost {
                logger.notice("another process fetches statements now", metadata: ["job": "\(error.lease.job)"])
                return taken
            } catch {
                logger.error(
                    "a source of statements failed",
                    metadata: ["channel": "\(source.channel)", "error": "\(Self.words(error))"])
                count("failed", source)
            }
        }
        return taken
    }

    /// Fetches the file of a day now, whether it is due or not. Throws `FetchFailure`, `ReconciliationError`; false when
    /// no address brings this channel's files.
    func fetch(_ channel: String, _ day: BusinessDay) async throws -> Bool {
        for source in sources where source.channel == channel {
            guard case .http(let http) = source.place else { continue }
            let file = try await http.fetch(
                day: day.description, name: source.fileName(of: day.description), folder: folder)
            defer { file.discard() }
            try await handOver(file, day, source)
            count("taken", source)
            return true
        }
        return false
    }

    // MARK: folders

    private func take(from folder: FolderSource, _ source: StatementSource) async throws -> Int {
        guard try await profile(source) != nil else { return 0 }
        var taken = 0
        for file in try await folder.look() {
            guard let day = BusinessDay(file.day) else { continue }
            do {
                try await handOver(file, day, source)
            } catch let error as ReconciliationError {
                // It will not be taken tomorrow either: it is put aside, where people find it, and told.
                logger.error(
                    "a dropped file is refused",
                    metadata: ["channel": "\(source.channel)", "file": "\(file.name)", "reason": "\(error.detail)"])
                count("refused", source)
                try await folder.refuse(file)
                continue
            }
            try await folder.archive(file)
            count("taken", source)
            taken += 1
        }
        return taken
    }

    // MARK: addresses

    private func ask(_ http: HTTPSource, _ source: StatementSource) async throws -> Int {
        guard let profile = try await profile(source) else { return 0 }
        let now = book.world.now()
        var taken = 0
        for (day, wait) in try await waits(source, profile, now) {
            guard wait.state != .done, let next = wait.next, next <= now else { continue }
            if try await ask(http, source, day, wait, profile) { taken += 1 }
        }
        try await tellOverdue(source)
        return taken
    }

    /// A file that nobody asks for any more, because the capability or its week refused it, is overdue all the same.
    private func tellOverdue(_ source: StatementSource) async throws {
        let (channel, now) = (source.channel, book.world.now())
        guard try await book.read({ try StatementWaits.hasUntold(channel, at: now, $0) }) else { return }
        try await book.write("reconciliation.overdue") { _ = try StatementWaits.tellOverdue(channel, in: $0) }
    }

    /// The last ended days with what is known of their statements, oldest first.
    private func waits(
        _ source: StatementSource, _ profile: ChannelProfile, _ now: Timestamp
    ) async throws -> [(BusinessDay, StatementWait)] {
        let last = profile.lastEnded(at: now.adding(.zero - profile.delay))
        return try await book.read { reader in
            var found: [(BusinessDay, StatementWait)] = []
            // A new channel begins with the last day; one that is known goes on where the house stopped.
            var oldest: Int64 = 0
            for back in 1..<Self.daysBack
            where try StatementWaits.find(source.channel, last.adding(days: -back), reader) != nil { oldest = back }
            for back in (0...oldest).reversed() {
                let day = last.adding(days: -back)
                let due = profile.bounds(of: day).until.adding(profile.delay)
                let wait =
                    try StatementWaits.find(source.channel, day, reader)
                    ?? StatementWait(
                        channel: source.channel, day: day, due: due, deadline: due.adding(source.patience))
                found.append((day, wait))
            }
            return found
        }
    }

    /// Asks for one day's file; true when it came.
    private func ask(
        _ http: HTTPSource, _ source: StatementSource, _ day: BusinessDay, _ known: StatementWait,
        _ profile: ChannelProfile
    ) async throws -> Bool {
        var wait = known
        wait.tries += 1
        do {
            let file = try await http.fetch(
                day: day.description, name: source.fileName(of: day.description), tag: wait.tag, folder: folder)
            defer { file.discard() }
            try await handOver(file, day, source)
            wait.state = .done
            wait.tag = file.tag
            wait.problem = ""
            wait.next = nil
        } catch let failure as FetchFailure {
            wait.problem = failure.description
            wait.state = failure.reason == .refused ? .refused : .waiting
            wait.next = next(after: wait, source, failure.retryAfter)
        } catch let error as ReconciliationError {
            wait.problem = error.detail
            wait.state = .refused
            wait.next = nil
        }
        count(wait.state == .done ? "taken" : wait.state == .refused ? "refused" : "absent", source)
        let outcome = wait
        try await book.write("reconciliation.fetch") { try StatementWaits.save(outcome, in: $0) }
        if outcome.state != .done, book.world.now() >= outcome.deadline {
            logger.warning(
                "a statement is overdue",
                metadata: ["channel": "\(source.channel)", "day": "\(day)", "problem": "\(outcome.problem)"])
        }
        return outcome.state == .done
    }

    private func next(after wait: StatementWait, _ source: StatementSource, _ asked: Duration?) -> Timestamp? {
        let now = book.world.now()
        let plan = FetchPlan(due: wait.due, patience: source.patience)
        // A source that refuses is asked hourly all the same: a credential may have been put right meanwhile.
        guard let next = plan.next(afterTries: Int(clamping: wait.tries), at: now) else { return nil }
        guard let asked else { return next }
        return max(next, now.adding(asked))
    }

    // MARK: handing over

    private func handOver(_ file: FetchedFile, _ day: BusinessDay, _ source: StatementSource) async throws {
        guard file.sizeBytes > Int64(Reconciliation.fileBytes) else {
            let content = try await file.bytes(from: 0, count: Reconciliation.fileBytes)
            try await reconciliation.receive(content, name: file.name, channel: source.channel, day: day, in: book)
            return
        }
        let reconciliation = reconciliation
        let upload = try await book.write("reconciliation.upload") { tx in
            try reconciliation.beginUpload(
                name: file.name, channel: source.channel, day: day, sha256: file.sha256, size: file.sizeBytes, in: tx)
        }
        var number = 0
        var offset: Int64 = 0
        while offset < file.sizeBytes {
            let piece = try await file.bytes(from: offset, count: Reconciliation.uploadPieceBytes)
            guard !piece.isEmpty else { break }
            _ = try await reconciliation.takePiece(piece, number: number, of: upload.id, in: book)
            number += 1
            offset += Int64(piece.count)
        }
        _ = try await reconciliation.finishUpload(upload.id, in: book)
    }

    private func profile(_ source: StatementSource) async throws -> ChannelProfile? {
        let reconciliation = reconciliation
        return try await book.read { try reconciliation.profile(source.channel, in: $0) }
    }

    private func count(_ outcome: String, _ source: StatementSource) {
        Counter(
            label: "kontor_reconciliation_fetches_total",
            dimensions: [("channel", source.channel), ("outcome", outcome)]
        ).increment()
    }

    /// Errors of ours say what happened; of others only their kind is told, because their words may hold an address
    /// with a token.
    private static func words(_ error: any Error) -> String {
        (error as? FetchFailure)?.description ?? (error as? ReconciliationError)?.description ?? "\(type(of: error))"
    }

    private var logger: Logger {
        var logger = Logger(label: "kontor.statements")
        logger[metadataKey: "tenant"] = "\(tenant)"
        return logger
    }
}
