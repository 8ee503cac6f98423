import Contract
import Inventory
import Ledger
import Money
import Orders
import Payments
import Runtime
import Store
import SwiftProtobuf

/// Runs the commands of a sequence through the capabilities' own doors.
extension House {
    func tick() { book.world.manualClock?.advance(by: .milliseconds(1)) }

    func expireHolds() async throws {
        let ledger = ledger
        _ = try await book.write("ledger.expire") { try ledger.expirePending(in: $0) }
    }

    func run(_ numbered: NumberedStep) async throws -> Outcome {
        do {
            let outcome = try await run(numbered.step, numbered.number)
            if case .done = outcome, Model.canBeRepeated(numbered.step) { sent[numbered.number] = numbered.step }
            channel.set(.init())
            return outcome
        } catch {
            channel.set(.init())
            return .refused(try House.code(of: error))
        }
    }

    /// The word of a refusal; anything that is none is thrown on.
    private static func code(of error: any Error) throws -> String {
        switch error {
        case let error as LedgerError: return "\(error.code)"
        case let error as InventoryError: return "\(error.code)"
        case let error as OrdersError: return "\(error.code)"
        case let error as PaymentsError: return "\(error.code)"
        case let error as StoreError where error.code == .idempotencyKeyReused: return "\(error.code)"
        default: throw error
        }
    }

    private func run(_ step: Step, _ number: Int) async throws -> Outcome {
        switch step {
        case .transfer, .hold, .postHold, .voidHold, .receive, .adjust, .reserve, .keep, .release, .ship:
            try await direct(step, number)
        case .place, .send, .takeBack: return .done(try await order(step, number))
        case .pay(let order, let mood, let capture):
            channel.set(.init(authorise: mood, capture: capture))
            let paid = try await orders.payOrder(
                .with {
                    $0.orderID = name(order)
                    $0.instrumentToken = "card"
                    $0.channel = "test"
                }, context("k\(number)"))
            if let last = paid.payments.last.flatMap({ PaymentID($0.paymentID) }) { paymentIDs[number] = last }
            ordersPayments.insert(number)
            return .done(House.shown(paid))
        case .refund(let order, let amount, let mood):
            channel.set(.init(refund: mood))
            return .done(
                House.shown(
                    try await orders.refundOrder(
                        .with {
                            $0.orderID = name(order)
                            $0.amount = V1Amount(Amount(minor: amount, .eur))
                        }, context("k\(number)"))))
        case .cancel(let order, let mood):
            channel.set(.init(refund: mood))
            return .done(
                House.shown(try await orders.cancelOrder(.with { $0.orderID = name(order) }, context("k\(number)"))))
        case .open, .authorise, .capture, .void, .giveBack, .resolve, .lapse, .notice:
            return try await payment(step, number)
        case .wait(let milliseconds):
            book.world.manualClock?.advance(by: .milliseconds(milliseconds))
            try await expireHolds()
        case .sweep: try await sweep()
        case .jobs:
            book.world.manualClock?.advance(by: .seconds(7_200))
            try await expireHolds()
            try await sweep()
            _ = try await payments.resolveUnknown(book, tenant: "ten_1", limit: 10_000)
            try await settle()
        case .again(let number): return try await again(number)
        case .clash(let number):
            guard let step = sent[number] else { return .done }
            try await clash(step, number)
        case .fold: try await ledger.settle(book)
        case .reopen: try await reopen()
        }
        return .done
    }

    private func sweep() async throws {
        _ = try await inventory.sweep(book)
        try await settle()
        _ = try await orders.expireOrders(book)
        try await settle()
    }

    private func again(_ number: Int) async throws -> Outcome {
        switch sent[number] {
        case nil: return .done
        case .place, .send, .takeBack: return .done(try await order(sent[number] ?? .fold, number))
        case let step?:
            try await direct(step, number)
            return .done
        }
    }

    // MARK: the ledger and the shelves

    private static let coding = AnswerCoding<[Int64]>(
        encode: { $0.flatMap { value in withUnsafeBytes(of: value.bigEndian) { Array($0) } } },
        decode: { bytes in
            stride(from: 0, to: bytes.count, by: 8).map { start in
                bytes[start..<start + 8].reduce(0) { $0 << 8 | Int64($1) }
            }
        })

    private func write(
        _ number: Int, _ step: Step, _ body: @escaping @Sendable (Transaction) throws -> [Int64]
    ) async throws -> [Int64] {
        let key = IdempotencyKey(scope: "model", key: "k\(number)", request: Array("\(step)".utf8))
        return try await book.write("model", key: key, coding: House.coding, body)
    }

    private func clash(_ step: Step, _ number: Int) async throws {
        switch step {
        case .place(let pieces, let shipped):
            _ = try await order(.place(pieces + [Piece(variant: 0, quantity: 1)], shipped: shipped), number)
        case .send(let order, _): _ = try await self.order(.send(order + 1_000_000, []), number)
        case .takeBack(let order, let pieces, let restock):
            _ = try await self.order(.takeBack(order, pieces, restock: !restock), number)
        default: _ = try await write(number, .fold) { _ in [] }
        }
    }

    private func direct(_ step: Step, _ number: Int) async throws {
        let (ledger, inventory, variants) = (ledger, inventory, variants)
        @Sendable func lines(_ pieces: [Piece]) -> [StockLine] {
            pieces.map { StockLine(variant: variants[$0.variant], quantity: $0.quantity) }
        }
        @Sendable func transfer(_ leg: Leg, _ kind: TransferKind) -> Transfer {
            Transfer(
                debit: .code(Model.code(leg.debit)), credit: .code(Model.code(leg.credit)),
                amount: Amount(minor: leg.amount, .eur), reference: "r\(number % 7)", kind: kind)
        }
        let held: TransferID
        switch step {
        case .postHold(let hold, _), .voidHold(let hold): held = holds[hold] ?? TransferID(1 << 40)
        default: held = TransferID(1 << 40)
        }
        let answer = try await write(number, step) { tx in
            switch step {
            case .transfer(let legs):
                return try ledger.post(legs.map { transfer($0, .posted) }, in: tx).map(\.sequence)
            case .hold(let leg, let expires):
                let end = expires.map { tx.now.adding(.milliseconds($0)) }
                return try ledger.post([transfer(leg, .pending(expiresAt: end))], in: tx).map(\.sequence)
            case .postHold(_, let amount):
                return [
                    try ledger.post(.posting(held, amount: amount.map { Amount(minor: $0, .eur) }), in: tx).sequence
                ]
            case .voidHold: return [try ledger.post(.voiding(held), in: tx).sequence]
            case .receive(let piece, let reference):
                try inventory.restock(lines([piece]), reason: .received, reference: "d\(reference)", in: tx)
            case .adjust(let piece, let reference):
                try inventory.adjust(
                    variants[piece.variant], by: piece.quantity, reason: .adjusted, reference: "d\(reference)", in: tx)
            case .reserve(let pieces, let reference, let expires):
                let end = expires.map { tx.now.adding(.milliseconds($0)) }
                try inventory.reserve(lines(pieces), reference: "res-\(reference)", expiresAt: end, in: tx)
            case .keep(let reference): try inventory.keep(reference: "res-\(reference)", in: tx)
            case .release(let reference): try inventory.release(reference: "res-\(reference)", in: tx)
            case .ship(let reference, let pieces):
                try inventory.fulfil(reference: "res-\(reference)", lines: pieces.map(lines), in: tx)
            default: break
            }
            return []
        }
        if case .hold = step, let sequence = answer.first { holds[number] = TransferID(sequence) }
    }

    // MARK: orders

    private func name(_ order: Int) -> String {
        // One that nobody placed has a name all the same.
        "\(orderIDs[order] ?? OrderID(UUIDv7(high: 0x0000_7000, low: UInt64(order))))"
    }

    private func order(_ step: Step, _ number: Int) async throws -> String {
        switch step {
        case .place(let pieces, let shipped):
            let request = V1PlaceOrderRequest.with { [variants] in
                $0.lines = pieces.map { piece in
                    .with {
                        $0.variantID = "\(variants[piece.variant])"
                        $0.quantity = piece.quantity
                    }
                }
                if shipped { $0.shippingMethod = "standard" }
            }
            let placed = try await orders.placeOrder(request, context("k\(number)"))
            if let id = OrderID(placed.orderID) { orderIDs[number] = id }
            lines[number] = Model.merged(pieces).map(\.variant)
            return "placed \(placed.totals.total.minor)"
        case .send(let order, let pieces):
            let sent = try await orders.fulfilOrder(
                .with {
                    $0.orderID = name(order)
                    $0.lines = quantities(pieces, order)
                }, context("k\(number)"))
            return House.shown(sent)
        case .takeBack(let order, let pieces, let restock):
            let taken = try await orders.returnOrder(
                .with {
                    $0.orderID = name(order)
                    $0.lines = quantities(pieces, order)
                    $0.restock = restock
                }, context("k\(number)"))
            return House.shown(taken)
        default: return ""
        }
    }

    /// A line is named by its variant; one that the order has not is line 9.
    private func quantities(_ pieces: [Piece], _ order: Int) -> [V1LineQuantity] {
        pieces.map { piece in
            let line = lines[order]?.firstIndex(of: piece.variant).map { $0 + 1 } ?? 9
            return .with {
                $0.line = Int32(line)
                $0.quantity = piece.quantity
            }
        }
    }

    static func shown(_ order: V1Order) -> String {
        let state = OrderState(name: order.state).map { "\($0)" } ?? order.state
        let paid = OrderPaymentState.allCases.first { $0.name == order.paymentState }.map { "\($0)" }
        return "\(state) \(paid ?? order.paymentState) \(order.captured.minor) \(order.refunded.minor)"
    }
}
