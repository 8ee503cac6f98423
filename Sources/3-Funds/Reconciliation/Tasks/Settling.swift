import Contract
import Ledger
import Matching
import Money
import Runtime
import Store
import SwiftProtobuf

/// The tasks that book, and the one that closes a run.
extension Reconciliation {
    /// Lines that are booked in one command: each is up to two transfers.
    static let linesAtOnce = Ledger.batchLimit / 2

    func settle(_ run: Run, _ held: HeldTask) async throws {
        let shard = held.task.shard
        let (now, before, frozen) = try await held.book.read { reader in
            (
                try BlockRows.postings(run: run.id, shard: shard, reader),
                try run.previous.map { try BlockRows.postings(run: $0, shard: shard, reader) } ?? [],
                try CarriedRows.takenElsewhere(run.channel, run.day, reader).theirs
            )
        }
        // The same blocks give the same list in the same order, so the row's place says where to go on.
        let postings = try await OwnThread.run { PostingDelta.between(now, before, frozen: frozen) }
        let bookkeeper = Bookkeeper(profile: try ChannelProfile(serialized: run.profile))
        var place = Int(clamping: held.task.place)
        while place < postings.count {
            let end = min(place + Self.linesAtOnce, postings.count)
            // Made here, so that the book's writer has only to write.
            let piece = try SettledPiece(postings[place..<end], of: run, bookkeeper)
            try await held.write("settle piece") { task, tx in try book(piece, run, bookkeeper, &task, in: tx) }
            place = end
        }
        try await complete(held) { _, _ in }
    }

    /// What is booked in one command.
    private struct SettledPiece: Sendable {
        let lines: Int64
        let currencies: [Currency]
        let transfers: [Transfer]
        /// In the run's currency.
        let net: Int64
        let fees: Int64

        init(_ postings: ArraySlice<Posting>, of run: Run, _ bookkeeper: Bookkeeper) throws {
            lines = Int64(postings.count)
            currencies = try Set(postings.map(\.currency)).sorted().map { try Currency(code: $0) }
            transfers = try postings.flatMap(bookkeeper.transfers)
            let own = postings.filter { $0.currency == run.currency.code && $0.kind == .settlement }
            net = own.reduce(Int64(0)) { $0 &+ $1.netMinor }
            fees = own.reduce(Int64(0)) { $0 &+ $1.feeMinor }
        }
    }

    private func book(
        _ piece: SettledPiece, _ run: Run, _ bookkeeper: Bookkeeper, _ task: inout RunTask, in tx: Transaction
    ) throws {
        for currency in piece.currencies { try bookkeeper.openAccounts(currency, ledger, in: tx) }
        try ledger.post(piece.transfers, in: tx)
        let (shard, place) = (task.shard, task.place)
        task.place += piece.lines
        task.counts.settledLines += piece.lines
        task.counts.settledNetMinor &+= piece.net
        task.counts.settledFeesMinor &+= piece.fees
        try tx.record(
            V1OpenItemsSettled.with {
                $0.runID = "\(run.id)"
                $0.channel = run.channel
                $0.day = "\(run.day)"
                $0.shard = Int32(clamping: shard)
                $0.piece = Int32(clamping: place / Int64(Self.linesAtOnce))
                $0.lines = piece.lines
                $0.net = V1Amount(Amount(minor: piece.net, run.currency))
                $0.fees = V1Amount(Amount(minor: piece.fees, run.currency))
                $0.atUs = tx.now.microseconds
            })
    }

    // MARK: closing

    /// What closing a run goes through, one after the other; the task's place is the stage and how far it is.
    private enum Stage: Int64 { case giveBack = 0, take, carry, correct, close }

    private static let stageSize: Int64 = 1 << 48

    func finish(_ run: Run, _ held: HeldTask) async throws {
        let taken = try await held.book.read { reader in
            var taken: [TakenLine] = []
            try BlockRows.forEach(.taken, run: run.id, reader) { taken.append(try TakenLine(from: &$0)) }
            return taken
        }
        while true {
            let isLast = try await held.write("finish piece") { task, tx in
                let cursor = task.place % Self.stageSize
                guard let stage = Stage(rawValue: task.place / Self.stageSize), stage != .close else { return true }
                let next: Int64? =
                    switch stage {
                    case .giveBack: try giveBackCarried(run, in: tx)
                    case .take: try take(taken, from: Int(cursor), run, in: tx)
                    case .carry: try carry(run, after: cursor, in: tx)
                    case .correct: try correct(run, after: cursor, in: tx)
                    case .close: nil
                    }
                task.place = next.map { stage.rawValue * Self.stageSize + $0 } ?? (stage.rawValue + 1) * Self.stageSize
                return false
            }
            if isLast { break }
        }
        try await complete(held) { _, tx in try close(run.id, in: tx) }
    }

    private func giveBackCarried(_ run: Run, in tx: Transaction) throws -> Int64? {
        try CarriedRows.giveBack(of: run, in: tx)
        return nil
    }

    /// Lines of earlier days that this run has found.
    private func take(_ taken: [TakenLine], from start: Int, _ run: Run, in tx: Transaction) throws -> Int64? {
        let piece = taken.dropFirst(start).prefix(Self.differencesAtOnce)
        guard !piece.isEmpty else { return nil }
        for end in [DifferenceEnd.matchedLater, .becameMissing] {
            var ended: [Difference] = []
            for line in piece where line.becameMissing == (end == .becameMissing) {
                try CarriedRows.take(line.side, line.key, origin: line.day, by: run, in: tx)
                guard let place = try DifferenceRows.latest(line.difference, tx) else { continue }
                try DifferenceRows.setState(.resolved, run: place.run, number: place.number, in: tx)
                if let difference = try difference(line.difference, in: tx) { ended.append(difference) }
            }
            guard !ended.isEmpty else { continue }
            for follower in followers { try follower.ended(ended, because: end, by: run, in: tx) }
        }
        return Int64(start + piece.count)
    }

    /// What this run has found on one side only is looked for again on the days that come.
    private func carry(_ run: Run, after number: Int64, in tx: Transaction) throws -> Int64? {
        let profile = try ChannelProfile(serialized: run.profile)
        let page = try DifferenceRows.page(of: run.id, after: number, limit: Self.differencesAtOnce, tx)
        guard let last = page.last else { return nil }
        guard profile.carryDays > 0 else { return last.row.number }
        let concluding = Concluding(channel: run.channel, day: run.day)
        var lines: [(side: RunSide, key: Posting.Key, line: RunLine)] = []
        for (row, _) in page where row.finding.isCarried {
            // What we tried and do not know the end of is told again by Payments when it ends.
            let ours = row.finding.matchClass == .status ? [] : row.finding.ours
            for (side, found) in [(RunSide.ours, ours), (.theirs, row.finding.theirs)] {
                for var line in found where line.carried == nil {
                    let key = side == .ours ? concluding.ourKey(line) : concluding.key(line)
                    line.carried = RunLine.Carried(
                        day: run.day, difference: row.id, isLate: row.finding.matchClass == .late,
                        lastDay: run.day.adding(days: Int64(profile.carryDays)), bookedReference: row.reference,
                        bookedMinor: row.bookedMinor)
                    lines.append((side, key, line))
                }
            }
        }
        try CarriedRows.write(lines, of: run, in: tx)
        return last.row.number
    }

    /// What the run before had and the corrected file has not.
    private func correct(_ run: Run, after number: Int64, in tx: Transaction) throws -> Int64? {
        guard let previous = run.previous else { return nil }
        if number == 0 {
            try reopen(run, previous, in: tx)
            try SuggestionRows.unlink(run: previous, in: tx)
        }
        let page = try differences(of: previous, after: number, in: tx)
        guard let last = page.last else { return nil }
        // What this run has as well stands in its own rows from now on.
        let open = page.filter { $0.state == .open || $0.state == .carried }
        for difference in open {
            try DifferenceRows.setState(.withdrawn, run: previous, number: difference.number, in: tx)
        }
        let gone = try open.filter { try !DifferenceRows.hasOpen($0.id, in: run.id, tx) }
        if !gone.isEmpty {
            for follower in followers { try follower.ended(gone, because: .corrected, by: run, in: tx) }
        }
        return last.number
    }

    /// Lines of earlier days that the run before had found and this one has not: their differences are open again.
    private func reopen(_ run: Run, _ previous: RunID, in tx: Transaction) throws {
        func taken(_ id: RunID) throws -> [TakenLine] {
            var taken: [TakenLine] = []
            try BlockRows.forEach(.taken, run: id, tx) { taken.append(try TakenLine(from: &$0)) }
            return taken
        }
        let now = Set(try taken(run.id).map(\.key))
        var again: [Difference] = []
        for line in try taken(previous) where !now.contains(line.key) {
            guard let place = try DifferenceRows.latest(line.difference, tx),
                let found = try difference(line.difference, in: tx), found.state == .resolved
            else { continue }
            let state: DifferenceState = found.matchClass == .late ? .carried : .open
            try DifferenceRows.setState(state, run: place.run, number: place.number, in: tx)
            if let difference = try difference(line.difference, in: tx) { again.append(difference) }
        }
        guard !again.isEmpty else { return }
        for follower in followers { try follower.opened(again, of: run, in: tx) }
    }

    private func close(_ id: RunID, in tx: Transaction) throws {
        guard var run = try RunRows.find(id, tx), run.state == .confirmed else { throw ClaimLost() }
        var counts = RunCounts()
        for task in try TaskRows.of(id, tx) { counts.add(task.counts) }
        run.counts.settledLines = counts.settledLines
        run.counts.settledNetMinor = counts.settledNetMinor
        run.counts.settledFeesMinor = counts.settledFeesMinor
        run.settledAt = tx.now
        try move(&run, on: .finished, in: tx)
        let settled = run
        try tx.record(
            V1RunSettled.with {
                $0.runID = "\(settled.id)"
                $0.channel = settled.channel
                $0.day = "\(settled.day)"
                $0.lines = settled.counts.settledLines
                $0.net = V1Amount(Amount(minor: settled.counts.settledNetMinor, settled.currency))
                $0.fees = V1Amount(Amount(minor: settled.counts.settledFeesMinor, settled.currency))
                $0.atUs = tx.now.microseconds
            })
        try lookAgain(after: run, in: tx)
        try startNext(of: run.channel, in: tx)
    }
}

extension RunFinding {
    /// Found on one side only, or not ended on ours, so the next day's file or books may bring the other side.
    var isCarried: Bool {
        switch matchClass {
        case .late, .missingOurs, .missingTheirs: true
        case .status: ours.allSatisfy { $0.status != .succeeded } && theirs.allSatisfy { $0.status == .succeeded }
        default: false
        }
    }
}
