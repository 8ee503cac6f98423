import Contract
import Foundation
import Journal
import Ledger
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Reconciliation

@Suite("Orders seen three ways", .onBothStores)
struct ThreeWayTests {
    private struct Sale {
        let desk: CaseDesk
        let order: OrderID
        var reference: String { "\(order)" }

        init() async throws {
            desk = try await CaseDesk.make()
            order = desk.book.world.newID()
        }

        /// Tells the journal as Orders does: only the fields that the check reads.
        func place(_ minor: Int64) async throws {
            let placed = V1SeenOrderPlaced.with {
                $0.order = Data(order.uuid.bytes)
                $0.currency = "EUR"
                $0.totalMinor = minor
                $0.atUs = World.simulatedStart.microseconds
            }
            try await tell("kontor.orders.v1.OrderPlaced", placed)
        }

        func move(to state: String) async throws {
            let moved = V1SeenOrderMoved.with {
                $0.order = Data(order.uuid.bytes)
                $0.to = state
            }
            try await tell("kontor.orders.v1.OrderMoved", moved)
        }

        private func tell(_ type: String, _ event: some Message) async throws {
            let payload: [UInt8] = try event.serializedBytes()
            try await desk.book.write("tell") { tx in _ = try tx.append(type: type, payload: payload) }
        }

        /// A capture with its fee, booked and told as Payments does.
        func capture(_ minor: Int64, fee: Int64) async throws {
            try await desk.leaveOpen(minor, settled: 0, reference: reference)
            let name = reference
            try await desk.book.write("fee") { tx in
                try desk.ledger.post(
                    Transfer(
                        debit: "channel_fees", credit: "clearing:sandbox", amount: Amount(minor: fee, .eur),
                        code: .channelFee, reference: name), in: tx)
                try tx.record(
                    V1PaymentCaptured.with {
                        $0.reference = name
                        $0.amount = V1Amount(Amount(minor: minor, .eur))
                        $0.channelFee = V1Amount(Amount(minor: fee, .eur))
                    })
            }
        }

        func check() async throws -> V1OrderCheck {
            let runner = ProjectionRunner(book: desk.book, projections: desk.cases.projections)
            try await runner.start()
            try await runner.settle()
            let name = reference
            return try await desk.cases.checkOrder(.with { $0.reference = name }, desk.context())
        }
    }

    @Test("an order is unpaid, then not settled, then agrees")
    func life() async throws {
        let sale = try await Sale()
        try await sale.place(10_000)
        #expect(try await sale.check().verdict == "unpaid")
        try await sale.capture(10_000, fee: 60)
        let waiting = try await sale.check()
        #expect(waiting.verdict == "not_settled")
        #expect(waiting.open.minor == 9_940)
        #expect(waiting.fees.minor == 60)
        try await sale.desk.leaveOpen(0, settled: 9_940, reference: sale.reference)
        try await sale.move(to: "fulfilled")
        let settled = try await sale.check()
        #expect(settled.verdict == "agrees", "\(settled.findings)")
        #expect(settled.settled.minor == 9_940)
        #expect(settled.orderState == "fulfilled")
        await sale.desk.test.discard()
    }

    @Test("too little money, too much money and another amount than was ordered differ, with both figures")
    func differing() async throws {
        for (ordered, settled, words) in [
            (10_000, 9_900, "0.40 of it did not settle"), (10_000, 9_990, "0.50 more settled than was charged"),
            (9_000, 9_940, "ordered 90.00, charged 100.00")
        ] as [(Int64, Int64, String)] {
            let sale = try await Sale()
            try await sale.place(ordered)
            try await sale.capture(10_000, fee: 60)
            try await sale.desk.leaveOpen(0, settled: settled, reference: sale.reference)
            let check = try await sale.check()
            #expect(check.verdict == "differs")
            #expect(check.findings.contains { $0.contains(words) }, "\(words): \(check.findings)")
            await sale.desk.test.discard()
        }
    }

    @Test("an order that was given up keeps no money")
    func givenUp() async throws {
        let sale = try await Sale()
        try await sale.place(5_000)
        try await sale.move(to: "expired")
        #expect(try await sale.check().verdict == "agrees")
        try await sale.capture(5_000, fee: 10)
        #expect(try await sale.check().verdict == "differs")
        await sale.desk.test.discard()
    }

    @Test("a span of days is paged, and shows only what differs when asked")
    func span() async throws {
        let sale = try await Sale()
        try await sale.place(5_000)
        _ = try await sale.check()
        func orders(_ day: String, differing: Bool = false) async throws -> [V1OrderCheck] {
            try await sale.desk.cases.checkOrders(
                .with {
                    $0.from = day
                    $0.until = day
                    $0.differing = differing
                }, sale.desk.context()
            ).orders
        }
        #expect(try await orders("2026-01-01").map(\.reference) == [sale.reference])
        #expect(try await orders("2026-01-02").isEmpty)
        #expect(try await orders("2026-01-01", differing: true).isEmpty)
        await #expect(throws: Problem.self) { try await orders("yesterday") }
        await sale.desk.test.discard()
    }
}
