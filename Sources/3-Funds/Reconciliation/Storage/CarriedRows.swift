import Runtime
import Store

/// The rows of `recon_carried`: lines that wait for the next day's file, or for the next day's books.
enum CarriedRows {
    private static let insert = Prepared(
        """
        INSERT INTO recon_carried (channel, origin_day, side, key, origin_run, last_day, difference_id, taken_run,
        taken_day, content) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)
        ON CONFLICT (channel, origin_day, side, key) DO UPDATE SET origin_run = excluded.origin_run,
        last_day = excluded.last_day, difference_id = excluded.difference_id, content = excluded.content
        """)

    static func write(
        _ lines: [(side: RunSide, key: Posting.Key, line: RunLine)], of run: Run, in tx: Transaction
    ) throws {
        try tx.execute(each: insert, count: lines.count) { index, row in
            let (side, key, line) = lines[index]
            var packer = Packer()
            line.pack(into: &packer)
            row.text(run.channel)
            row.integer(run.day.number)
            row.integer(side.rawValue)
            row.bytes(key.bytes)
            row.bytes(run.id.uuid.bytes)
            row.integer(line.carried?.lastDay.number ?? run.day.number)
            row.bytes(line.carried?.difference.uuid.bytes ?? [])
            row.bytes(packer.bytes)
        }
    }

    /// What a run of `day` takes over: lines of earlier days that nobody has found, and those that a run of this very
    /// day has found before; of them those that `isFree`.
    ///
    /// Their numbers are negative and made from their keys: each shard reads for itself, and while it does an earlier day
    /// may settle and add lines, so their order would not tell them apart.
    static func inputs(
        of run: Run, _ reader: any SQLReader, where isFree: (RunSide, Posting.Key) -> Bool = { _, _ in true }
    ) throws -> (ours: [RunLine], theirs: [RunLine]) {
        var sides: (ours: [RunLine], theirs: [RunLine]) = ([], [])
        try reader.forEach(
            """
            SELECT side, key, content FROM recon_carried WHERE channel = \(run.channel) AND origin_day < \(run.day.number)
            AND (last_day >= \(run.day.number) AND taken_day IS NULL OR taken_day = \(run.day.number))
            ORDER BY origin_day, side, key
            """
        ) { row in
            guard let side = RunSide(rawValue: row.int64(0)), let id = UUIDv7(bytes: row.bytes(1)) else {
                throw StoreError(.unexpectedValue, "a carried line has no side or no key")
            }
            let key = Posting.Key(high: id.high, low: id.low)
            guard isFree(side, key) else { return }
            var packed = Unpacker(row.bytes(2))
            var line = try RunLine(from: &packed)
            line.id = -1 - Int64(key.high >> 1)
            if side == .ours { sides.ours.append(line) } else { sides.theirs.append(line) }
        }
        return sides
    }

    /// The days on which what a run has left is looked for, and that have runs, first to last.
    static func lookedForOn(leftBy run: Run, _ reader: any SQLReader) throws -> [BusinessDay] {
        let last = try reader.first(
            """
            SELECT last_day FROM recon_carried WHERE channel = \(run.channel) AND origin_day = \(run.day.number)
            AND taken_day IS NULL ORDER BY last_day DESC LIMIT 1
            """
        ) { $0.int64(0) }
        guard let last, last > run.day.number else { return [] }
        return try reader.query(
            """
            SELECT DISTINCT day FROM recon_runs WHERE channel = \(run.channel) AND day > \(run.day.number)
            AND day <= \(last) ORDER BY day
            """
        ) { BusinessDay(number: $0.int64(0)) }
    }

    /// The runs of earlier days that have left lines for a run's day which nobody has found.
    static func origins(before run: Run, _ reader: any SQLReader) throws -> [RunID] {
        try reader.query(
            """
            SELECT DISTINCT origin_run FROM recon_carried WHERE channel = \(run.channel)
            AND origin_day < \(run.day.number) AND last_day >= \(run.day.number) AND taken_day IS NULL
            """
        ) { try $0.get(0) }
    }

    /// Lines of a day that another day has found meanwhile, by side.
    static func takenElsewhere(
        _ channel: String, _ day: BusinessDay, _ reader: any SQLReader
    ) throws -> (ours: Set<Posting.Key>, theirs: Set<Posting.Key>) {
        var sides: (ours: Set<Posting.Key>, theirs: Set<Posting.Key>) = ([], [])
        try reader.forEach(
            """
            SELECT side, key FROM recon_carried WHERE channel = \(channel) AND origin_day = \(day.number)
            AND taken_day IS NOT NULL AND taken_day <> \(day.number)
            """
        ) { row in
            guard let id = UUIDv7(bytes: row.bytes(1)) else { return }
            let key = Posting.Key(high: id.high, low: id.low)
            if row.int64(0) == RunSide.ours.rawValue { sides.ours.insert(key) } else { sides.theirs.insert(key) }
        }
        return sides
    }

    /// A line was found on a later day, or became missing there.
    static func take(
        _ side: RunSide, _ key: Posting.Key, origin: BusinessDay, by run: Run, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE recon_carried SET taken_run = \(run.id), taken_day = \(run.day.number)
            WHERE channel = \(run.channel) AND origin_day = \(origin.number) AND side = \(side.rawValue)
            AND key = \(key.bytes)
            """)
    }

    /// What an earlier run of this day took, for the corrected run to take anew; and what it carried over and nobody
    /// has found.
    static func giveBack(of run: Run, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_carried SET taken_run = NULL, taken_day = NULL
            WHERE channel = \(run.channel) AND taken_day = \(run.day.number)
            """)
        try tx.execute(
            """
            DELETE FROM recon_carried WHERE channel = \(run.channel) AND origin_day = \(run.day.number)
            AND taken_day IS NULL
            """)
    }
}
