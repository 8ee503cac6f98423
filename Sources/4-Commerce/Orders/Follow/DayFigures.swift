import Contract
import Money
import Runtime
import Store
import SwiftProtobuf

/// Sums up what a batch adds to the figures of days, so that a thousand orders change three rows once.
final class DayFigures: BookState {
    private struct Key: Hashable {
        var day: Int64
        var currency: String
        var figure: String
    }

    private struct Sum {
        var count: Int64 = 0
        var minor: Int64 = 0
    }

    /// Of the batch's earlier commands, and of the command that runs.
    private var batch: [Key: Sum] = [:]
    private var command: [Key: Sum] = [:]

    static func add(
        _ at: Int64, _ currency: String, _ figure: String, _ minor: Int64, count: Int64 = 1, in tx: Transaction
    ) {
        let state = tx.state(DayFigures.self) { DayFigures() }
        let key = Key(day: at / 86_400_000_000, currency: currency, figure: figure)
        state.command[key, default: Sum()].count += count
        state.command[key, default: Sum()].minor += minor
    }

    func mark() {
        for (key, sum) in command {
            batch[key, default: Sum()].count += sum.count
            batch[key, default: Sum()].minor += sum.minor
        }
        command.removeAll(keepingCapacity: true)
    }

    func undoToMark() { command.removeAll(keepingCapacity: true) }

    func undoAll() {
        batch.removeAll(keepingCapacity: true)
        command.removeAll(keepingCapacity: true)
    }

    func flush(_ tx: Transaction) throws {
        mark()
        // In key order, so that the same scenario writes the same pages in the same order.
        for (key, sum) in batch.sorted(by: {
            ($0.key.day, $0.key.currency, $0.key.figure) < ($1.key.day, $1.key.currency, $1.key.figure)
        }) {
            try DayStorage.add(
                day: Timestamp(microseconds: key.day * 86_400_000_000).civilDay, currency: key.currency,
                figure: key.figure, count: sum.count, minor: sum.minor, in: tx)
        }
        batch.removeAll(keepingCapacity: true)
    }

    func committed() {}
}

enum DayStorage {
    private static let upsert = Prepared(
        """
        INSERT INTO order_days (day, currency, figure, count, amount) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (day, currency, figure) DO UPDATE SET count = order_days.count + excluded.count,
        amount = order_days.amount + excluded.amount
        """)

    static func add(
        day: String, currency: String, figure: String, count: Int64, minor: Int64, in tx: Transaction
    ) throws {
        try tx.execute(upsert, [.text(day), .text(currency), .text(figure), .integer(count), .integer(minor)])
    }

    static func figures(of day: String, in reader: any SQLReader) throws -> [V1OrderDayFigure] {
        try reader.query(
            "SELECT figure, count, amount, currency FROM order_days WHERE day = \(day) ORDER BY currency, figure"
        ) { row in
            .with {
                $0.figure = row.text(0)
                $0.count = row.int64(1)
                $0.amount = .with {
                    $0.minor = row.int64(2)
                    $0.currency = row.text(3)
                }
            }
        }
    }
}
