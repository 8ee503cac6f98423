import Testing

@testable import Matching

@Suite("Three-way check") struct ThreeWayTests {
    private func check(_ orders: [MatchRow], _ billing: [MatchRow], _ money: [MatchRow]) throws -> ThreeWayResult {
        try ThreeWayCheck().check(orders: orders, billing: billing, money: money)
    }

    @Test("an order, its invoice less the channel's fee and the money that came agree")
    func agrees() throws {
        let result = try check(
            [line(1, "o1", 10_000), line(2, "o1", -2_000, kind: .refund)],
            [line(1, "o1", 10_000), line(2, "o1", -2_000, kind: .refund), line(3, "o1", -60, kind: .fee)],
            [line(1, "o1", 10_000, fee: 60), line(2, "o1", -2_000, kind: .refund)])
        #expect(result.differences.isEmpty)
        let order = try #require(result.orders.first)
        #expect(order.orderedMinor == 8_000 && order.billedMinor == 8_000)
        #expect(order.expectedMinor == 7_940 && order.receivedMinor == 7_940)
    }

    @Test("what differs is told for each leg with its distance")
    func differs() throws {
        let result = try check(
            [line(1, "o1", 100), line(2, "o2", 200), line(3, "o3", 300), line(4, "o4", 400)],
            [line(1, "o1", 90), line(2, "o2", 200), line(4, "o4", 400), line(5, "o5", 500)],
            [line(1, "o1", 90), line(2, "o2", 205), line(4, "o4", 400, "USD")])
        let found = Dictionary(uniqueKeysWithValues: result.orders.map { ("\($0.reference) \($0.currency)", $0) })
        #expect(found["o1 EUR"]?.billing.matchClass == .amount && found["o1 EUR"]?.billing.differenceMinor == -10)
        #expect(found["o1 EUR"]?.money.matchClass == .matched)
        #expect(found["o2 EUR"]?.money.matchClass == .amount && found["o2 EUR"]?.money.differenceMinor == 5)
        #expect(found["o3 EUR"]?.billing.matchClass == .missingTheirs)
        #expect(found["o3 EUR"]?.billing.differenceMinor == -300)
        #expect(found["o4 EUR"]?.money.matchClass == .currency && found["o4 EUR"]?.money.differenceMinor == nil)
        #expect(found["o5 EUR"]?.billing.matchClass == .missingOurs)
        #expect(found["o5 EUR"]?.money.matchClass == .missingTheirs && result.differences.count == result.orders.count)
    }

    @Test("an invoice written twice and money that came twice do not cancel out")
    func doubled() throws {
        let twice = [line(1, "o1", 100), line(2, "o1", 100)]
        let result = try check([line(1, "o1", 100)], twice, twice)
        #expect(result.orders[0].billing.differenceMinor == 100 && !result.orders[0].agrees)
    }

    @Test("only money that succeeded has come, and lines without an order are told")
    func onlySucceeded() throws {
        let result = try check(
            [line(1, "o1", 100)], [line(1, "o1", 100)],
            [line(1, "o1", 100, status: .pending), line(2, "", 100), line(3, "NONREF", 5)])
        #expect(result.orders[0].money.matchClass == .missingTheirs)
        #expect(result.unnamedMoney == [2, 3])
    }

    @Test("sums beyond 64 bits differ and do not trap")
    func overflow() throws {
        let result = try check(
            [line(1, "a", .max), line(2, "a", .max)], [line(1, "a", .min)], [line(1, "a", .min, fee: 1)])
        #expect(!result.orders[0].agrees)
    }
}
