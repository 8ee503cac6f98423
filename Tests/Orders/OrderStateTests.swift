import Contract
import Testing

@testable import Orders

@Suite("The states of an order")
struct OrderStateTests {
    @Test("every pair of state and move is either in the table once or refused with the allowed moves")
    func everyPair() throws {
        var legal = 0
        for state in OrderState.allCases {
            for move in OrderMove.allCases {
                let rows = OrderState.moves.filter { $0.from == state && $0.move == move }
                #expect(rows.count <= 1)
                if let row = rows.first {
                    legal += 1
                    #expect(try state.after(move) == row.to)
                } else {
                    let error = #expect(throws: OrdersError.self) { try state.after(move) }
                    #expect(error?.code == .illegalMove)
                    #expect(error?.facts["state"] == state.name)
                    #expect(error?.facts["allowed"] == state.allowedMoves.joined(separator: " "))
                    #expect(error?.problem.status == 409)
                }
            }
        }
        #expect(legal == OrderState.moves.count)
    }

    @Test("cancelled, returned and completed are the ends")
    func ends() {
        let ends = OrderState.allCases.filter { state in !OrderState.moves.contains { $0.from == state } }
        #expect(ends == [.returned, .completed, .cancelled])
    }

    @Test("every state but the first is reached by some move")
    func reachable() {
        for state in OrderState.allCases where state != .placed {
            #expect(OrderState.moves.contains { $0.to == state }, "\(state.name)")
        }
    }

    @Test("a caller is never told to ask for an expiry")
    func expiryIsTheHouses() {
        #expect(OrderState.placed.allowedMoves == ["pay", "cancel"])
        #expect(OrderState.allCases.allSatisfy { !$0.allowedMoves.contains("expire") })
    }

    @Test("names read back as the same state")
    func names() {
        for state in OrderState.allCases { #expect(OrderState(name: state.name) == state) }
        #expect(OrderState(name: "lost") == nil)
    }

    @Test("a second payment may start only when none is under way, unknown or done")
    func secondPayment() {
        #expect(OrderPaymentState.allCases.filter(\.allowsPayment) == [.none, .failed])
    }
}
