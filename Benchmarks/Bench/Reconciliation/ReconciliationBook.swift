import Assembly
import Contract
import Crypto
import Foundation
import Ledger
import Money
import Payments
import Reconciliation
import Runtime
import Store
import Tenancy

/// Makes what a run needs: a tenant whose books have the day's captures, and the channel's statement as a file.
struct ReconciliationBook: Sendable {
    let house: House
    let day: ReconciliationDay

    /// Captures that are booked at once: one batch is gathered while another one is written.
    private static let makers = 2

    func makeTenant() async throws -> Tenant {
        try await house.tenancy.create(
            TenantDraft(slug: "bench", name: "Bench", baseCurrency: ReconciliationDay.currency, country: "DE"))
    }

    /// How the channel is reconciled. A person confirms, so that the measured run stops between its halves.
    func putProfile(_ tenant: Tenant, _ book: Book) async throws {
        var request = V1PutReconciliationProfileRequest()
        request.channel = ReconciliationDay.channel
        request.profile.currency = ReconciliationDay.currency.code
        request.profile.statementProfile = StatementText.profile
        let caller = Caller(subject: "bench", tenant: "\(tenant.id)", scopes: ["reconciliation:*"], book: book)
        _ = try await house.reconciliation.putReconciliationProfile(
            request,
            CallContext(
                caller: caller, operation: ReconciliationContract.putReconciliationProfile,
                deadline: book.world.now().adding(.seconds(300))))
    }

    /// Books the captures of the day, in the order of time.
    func capture(_ book: Book, _ told: @escaping @Sendable (Int) -> Void) async throws {
        let (payments, day) = (house.payments, day)
        let starts = Array(stride(from: 0, to: day.sales, by: Payments.takenOverAtOnce))
        for pair in stride(from: 0, to: starts.count, by: Self.makers) {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for start in starts[pair..<min(pair + Self.makers, starts.count)] {
                    tasks.addTask {
                        let captured = Self.captures(start, of: day)
                        try await book.write("bench.capture") { tx in
                            try payments.takeOver(captured, channel: ReconciliationDay.channel, in: tx)
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            told(min(day.sales, starts[pair] + Self.makers * Payments.takenOverAtOnce))
        }
        // What follows the journal and the ledger has to be done before the measurement, and is not a part of it.
        try await house.ledger.settle(book)
        try await house.settle(book)
    }

    private static func captures(_ start: Int, of day: ReconciliationDay) -> [CapturedPayment] {
        (start..<min(start + Payments.takenOverAtOnce, day.sales)).map(day.sale).filter { $0.fate != .onlyTheirs }.map {
            CapturedPayment(
                id: $0.id, reference: $0.reference, channelReference: $0.channelReference,
                amount: Amount(minor: $0.amountMinor, ReconciliationDay.currency), at: $0.at)
        }
    }

    /// Sends the statement in pieces, as a channel's fetcher does.
    func send(_ file: StatementText.File, to book: Book) async throws -> RunID {
        let (runs, name) = (house.reconciliation, "kontor-\(day.name).csv")
        guard let businessDay = BusinessDay(day.name) else { throw ReconciliationBench.Failure("no day \(day.name)") }
        let upload = try await book.write("bench.upload") { tx in
            try runs.beginUpload(
                name: name, channel: ReconciliationDay.channel, day: businessDay, sha256: file.sha256,
                size: file.size, in: tx)
        }
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file.path))
        defer { try? handle.close() }
        var number = 0
        while let piece = try handle.read(upToCount: Reconciliation.uploadPieceBytes), !piece.isEmpty {
            _ = try await runs.takePiece(Array(piece), number: number, of: upload.id, in: book)
            number += 1
        }
        guard let run = try await runs.finishUpload(upload.id, in: book).run else {
            throw ReconciliationBench.Failure("the statement has opened no run")
        }
        return run
    }
}

/// The day's statement in the settlement format of Kontor's own channel.
enum StatementText {
    struct File: Sendable {
        let path: String
        let sha256: [UInt8]
        let size: Int64
        let lines: Int
    }

    static func write(_ day: ReconciliationDay, to path: String) throws -> File {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw ReconciliationBench.Failure("\(path) cannot be written") }
        defer { try? file.close() }
        var hash = SHA256()
        var (size, lines): (Int64, Int) = (0, 0)
        var (amount, fee): (Int64, Int64) = (0, 0)
        var text: [UInt8] = Array(
            "merchant_reference,channel_reference,kind,amount_minor,fee_minor,currency,status,time\n".utf8)
        func flush() throws {
            hash.update(data: text)
            try file.write(contentsOf: text)
            size += Int64(text.count)
            text.removeAll(keepingCapacity: true)
        }
        for sale in day.inOrderOfStatement where sale.fate != .onlyOurs {
            for _ in 0..<(sale.fate == .twice ? 2 : 1) {
                text += line(sale).utf8
                lines += 1
                amount += sale.paidMinor
                fee += sale.feeMinor
            }
            if text.count >= 1 << 20 { try flush() }
        }
        text += "TOTAL,\(lines),total,\(amount),\(fee),\(ReconciliationDay.currency.code),,\n".utf8
        try flush()
        return File(path: path, sha256: Array(hash.finalize()), size: size, lines: lines)
    }

    private static func line(_ sale: Sale) -> String {
        """
        \(sale.merchantReference),\(sale.channelReference),payment,\(sale.paidMinor),\(sale.feeMinor),\
        \(ReconciliationDay.currency.code),\(sale.status),\(sale.at.rfc3339)\n
        """
    }

    /// As Examples/statements/kontor.yaml has it, without what detects it.
    static let profile = """
        profile: bench
        name: Settlement statement of the benchmark
        channel: bench
        file: {encoding: utf-8, layout: csv}
        columns: {merchant_reference: merchant_reference, channel_reference: channel_reference}
        amount: {column: amount_minor, unit: minor}
        fee: {column: fee_minor, unit: minor}
        currency: {column: currency}
        kind: {column: kind, values: {payment: payment}}
        status: {column: status, values: {succeeded: succeeded, failed: failed}}
        time: {column: time, format: iso8601}
        trailers:
          - {column: merchant_reference, equals: TOTAL, count: channel_reference, amount: amount_minor,
             fee: fee_minor, currency: currency, unit: minor}
        """
}

extension Sale {
    /// The name under which the statement has it.
    var merchantReference: String {
        CapturedPayment(
            id: id, reference: "", channelReference: "", amount: .zero(ReconciliationDay.currency), at: at
        ).merchantReference
    }
}
