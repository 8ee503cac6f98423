import Contract
import Money
import Runtime

@testable import Console

/// A small mall made by hand. Titles are as hostile as an import can bring them.
struct SampleReads: ConsoleReads {
    static let orderID = "ord_01kakyz3v0e9ra5h8v2q5m7xkz"
    static let paymentID = "pay_01kakyz4b1f8st9j2w3r6n8ymb"
    static let productID = "prd_01kakyz0000000000000000001"
    static let hostile = #"<script>alert("1")</script> & 'Söhne'"#

    var isEmpty = false
    var fault: String?
    var scale: Int64 = 1

    static let day = Timestamp(civilDay: "2026-11-21")!  // because the text is a constant and a day
    static func at(_ seconds: Int) -> Timestamp { day.adding(.seconds(seconds)) }
    static func eur(_ minor: Int64) -> Amount { Amount(minor: minor, .eur) }

    func day(_ day: String, _ caller: Caller) async throws -> [DayFigureFact] {
        if isEmpty { return [] }
        let rows: [(String, Int64, Int64)] = [
            ("placed", 500, 4_218_930), ("captured", 461, 3_906_455), ("refunded", 38, 241_780),
            ("revenue", 417, 3_012_240), ("revenue_corrected", 21, 138_035), ("tax", 417, 572_300),
            ("state:placed", 7, 61_230), ("state:paid", 44, 371_010), ("state:partially_fulfilled", 12, 140_310),
            ("state:fulfilled", 372, 3_120_000), ("state:partially_returned", 9, 80_120),
            ("state:returned", 12, 92_300),
            ("state:cancelled", 44, 353_960)
        ]
        return rows.map { DayFigureFact(figure: $0.0, count: $0.1, amount: Self.eur($0.2 * scale)) }
    }

    func hours(of day: Timestamp, _ caller: Caller) async throws -> [HourFact] {
        if isEmpty { return [] }
        let counts: [Int64] = [3, 1, 0, 0, 2, 6, 11, 19, 27, 34, 41, 38, 45, 52, 47, 39, 33, 28, 24, 31, 19]
        return counts.enumerated().map { hour, count in
            HourFact(hour: hour, count: count, total: Self.eur(count * (6_900 + Int64(hour * 37 % 11) * 420)))
        }
    }

    func orders(state: String, after: String, size: Int, _ caller: Caller) async throws -> Listed<OrderRowFact> {
        if isEmpty { return Listed([]) }
        let states = [
            ("placed", "unknown"), ("paid", "captured"), ("fulfilled", "captured"), ("placed", "failed"),
            ("fulfilled", "partially_refunded"), ("cancelled", "refunded"), ("partially_fulfilled", "captured"),
            ("placed", "pending"), ("fulfilled", "captured"), ("returned", "refunded"), ("placed", "authorised"),
            ("partially_returned", "partially_refunded")
        ]
        let rows = states.enumerated().map { index, state in
            OrderRowFact(
                id: index == 4 ? Self.orderID : "ord_01kakyz3v0e9ra5h8v2q5m\(7_100 + index * 13)", state: state.0,
                paymentState: state.1, total: Self.eur(Int64(8_499 + index * 1_733 % 9_000)),
                refunded: Self.eur(state.1.hasSuffix("refunded") ? 2_450 : 0), lineCount: 1 + index % 4,
                placedAt: Self.at(75_120 - index * 47))
        }
        return Listed(rows.filter { state.isEmpty || $0.state == state }, next: "ord_next")
    }

    func order(_ id: String, _ caller: Caller) async throws -> OrderFact {
        guard id == Self.orderID else { throw Problem.notFound("order", id) }
        var order = OrderFact(
            id: id, state: "partially_returned", paymentState: "partially_refunded", placedAt: Self.at(49_200),
            zero: Self.eur(0))
        func line(_ number: Int, _ title: String, _ sku: String, _ quantity: Int64, _ unit: Int64, _ off: Int64)
            -> OrderLineFact
        {
            let total = unit * quantity - off
            var line = OrderLineFact(
                unitPrice: Self.eur(unit), discount: Self.eur(off), tax: Self.eur(total * 19 / 119),
                total: Self.eur(total))
            line.number = number
            line.variant = "var_01kakyz000000000000000000\(number)"
            line.title = title
            line.sku = sku
            line.quantity = quantity
            line.fulfilled = quantity
            line.returned = number == 2 ? 1 : 0
            return line
        }
        order.lines = [
            line(1, "Clay Plant Pot – Large", "POT-L", 2, 2_450, 490),
            line(2, Self.hostile, "EVIL-1", 1, 2_450, 245),
            line(3, "龙井茶 250 g", "TEA-LJ-250", 3, 1_290, 387)
        ]
        order.subtotal = Self.eur(11_220)
        order.discount = Self.eur(1_122)
        order.shipping = Self.eur(490)
        order.tax = Self.eur(1_691)
        order.total = Self.eur(10_588)
        order.captured = Self.eur(10_588)
        order.refunded = Self.eur(2_205)
        order.taxes = [TaxFact(name: "MwSt", rate: "0.19", included: true, amount: Self.eur(1_691))]
        order.person = "per_01kakyz2x7m3p4q5r6s7t8v9wa"
        order.emailToken = "tok_01kakyz2x9d8f7g6h5j4k3m2nb"
        order.destination = "DE"
        order.shippingMethod = "standard"
        order.discountCode = "AUTUMN10"
        order.fulfilments = [
            ParcelFact(number: 1, lines: [(1, 2), (2, 1)], note: "DHL 00340434161094042557", at: Self.at(52_800)),
            ParcelFact(number: 2, lines: [(3, 3)], note: "DHL 00340434161094049999", at: Self.at(53_400))
        ]
        order.returns = [ParcelFact(number: 1, lines: [(2, 1)], note: "damaged", restocked: false, at: Self.at(70_020))]
        order.refunds = [
            RefundFact(
                number: 1, amount: Self.eur(2_205), reason: "damaged", state: "done", payment: Self.paymentID,
                at: Self.at(70_080))
        ]
        return order
    }

    func payments(of reference: String, _ caller: Caller) async throws -> [PaymentFact] { [sample] }

    func payment(_ id: String, _ caller: Caller) async throws -> PaymentFact {
        guard id == Self.paymentID else { throw Problem.notFound("payment", id) }
        return sample
    }

    private var sample: PaymentFact {
        var payment = PaymentFact(
            id: Self.paymentID, reference: Self.orderID, channel: "sandbox", state: "partially_refunded",
            amount: Self.eur(10_588), at: Self.at(49_230))
        payment.captured = Self.eur(10_588)
        payment.refunded = Self.eur(2_205)
        payment.channelFee = Self.eur(179)
        payment.platformFee = Self.eur(67)
        payment.attempts = [
            AttemptFact(
                number: 1, state: "declined", merchantReference: "kt-4b1f8st9-1", channelReference: "sbx_7d21",
                refusal: "insufficient_funds", at: Self.at(49_232)),
            AttemptFact(
                number: 2, state: "captured", merchantReference: "kt-4b1f8st9-2", channelReference: "sbx_7d2a",
                refusal: "", at: Self.at(49_295))
        ]
        return payment
    }

    func transfers(of reference: String, _ caller: Caller) async throws -> [TransferFact] {
        if reference == "nothing" { return [] }
        let rows: [(String, String, Int64, Int64, Int, String, Int)] = [
            ("clearing:sandbox", "customer_deposits", 0, 10_588, 10, "pending", 49_294),
            ("clearing:sandbox", "customer_deposits", 10_588, -10_588, 11, "post_pending", 49_295),
            ("channel_fees", "clearing:sandbox", 179, 0, 14, "posted", 49_295),
            ("platform_fee", "platform_payable", 85, 0, 13, "posted", 49_295),
            ("customer_deposits", "sales", 8_897, 0, 20, "posted", 53_400),
            ("discounts", "sales", 1_122, 0, 23, "posted", 53_400),
            ("customer_deposits", "tax_payable", 1_691, 0, 21, "posted", 53_400),
            ("cost_of_goods", "inventory", 4_120, 0, 24, "posted", 53_400),
            ("customer_deposits", "clearing:sandbox", 2_205, 0, 12, "posted", 70_080),
            ("platform_payable", "platform_fee", 18, 0, 13, "posted", 70_080),
            ("refunds", "customer_deposits", 1_853, 0, 12, "posted", 70_080),
            ("tax_payable", "customer_deposits", 352, 0, 21, "posted", 70_080)
        ]
        return rows.enumerated().map { index, row in
            TransferFact(
                id: Int64(18_204 + index), debit: row.0, credit: row.1, amount: Self.eur(row.2), held: Self.eur(row.3),
                code: row.4, kind: row.5, reference: Self.orderID, at: Self.at(row.6))
        }
    }

    func transfer(_ id: Int64, _ caller: Caller) async throws -> TransferFact {
        guard let found = try await transfers(of: "", caller).first(where: { $0.id == id }) else {
            throw Problem.notFound("transfer", "\(id)")
        }
        return found
    }

    func trialBalances(_ caller: Caller) async throws -> [TrialFact] {
        if isEmpty { return [] }
        let debits: [(String, Int64)] = [
            ("cash", 0), ("inventory", 2_804_550), ("clearing:sandbox", 3_591_234), ("discounts", 241_016),
            ("refunds", 116_002), ("cost_of_goods", 1_204_870), ("platform_fee", 29_317), ("channel_fees", 66_410)
        ]
        let credits: [(String, Int64)] = [
            ("customer_deposits", 652_435), ("platform_payable", 29_317), ("tax_payable", 550_267),
            ("opening_balance", 4_009_420), ("sales", 2_751_960), ("shipping_revenue", 60_000)
        ]
        let lines =
            debits.map { TrialFact.Line(code: $0.0, debit: Self.eur($0.1), credit: Self.eur(0)) }
            + credits.map { TrialFact.Line(code: $0.0, debit: Self.eur(0), credit: Self.eur($0.1)) }
        let debit = debits.reduce(0) { $0 + $1.1 }
        let credit = credits.reduce(0) { $0 + $1.1 }
        let yen = TrialFact(
            currency: .jpy,
            lines: [
                .init(code: "clearing:sandbox", debit: Amount(minor: 128_400, .jpy), credit: .zero(.jpy)),
                .init(code: "customer_deposits", debit: .zero(.jpy), credit: Amount(minor: 128_000, .jpy))
            ],
            debit: Amount(minor: 128_400, .jpy), credit: Amount(minor: 128_000, .jpy), balanced: false)
        let euro = TrialFact(
            currency: .eur, lines: lines, debit: Self.eur(debit), credit: Self.eur(credit), balanced: debit == credit)
        return fault == nil ? [euro] : [euro, yen]
    }

    func statement(
        of code: String, currency: String, after: String, size: Int, _ caller: Caller
    ) async throws -> StatementFact {
        guard code == "customer_deposits" else { throw Problem.notFound("account", code) }
        var balance: Int64 = 120_000
        let entries = try await transfers(of: "", caller).filter { $0.debit == code || $0.credit == code }.map {
            transfer in
            let isDebit = transfer.debit == code
            balance += isDebit ? -transfer.amount.minor : transfer.amount.minor
            return StatementFact.Entry(
                transfer: transfer.id, at: transfer.at, isDebit: isDebit, amount: transfer.amount, held: transfer.held,
                balance: Self.eur(balance), counterAccount: isDebit ? transfer.credit : transfer.debit,
                code: transfer.code, kind: transfer.kind, reference: transfer.reference)
        }
        return StatementFact(
            code: code, currency: .eur, opening: Self.eur(120_000), closing: Self.eur(balance), entries: entries,
            next: "18215")
    }

    func balance(of code: String, currency: String, _ caller: Caller) async throws -> Amount { Self.eur(652_435) }

    func movement(
        on code: String, currency: Currency, since: Timestamp, _ caller: Caller
    ) async throws -> Amount? { Self.eur(code == "channel_fees" ? 66_410 : 29_317) }

    func journal(before: Int64?, size: Int, _ caller: Caller) async throws -> JournalFact {
        if isEmpty { return JournalFact(head: 0, headHash: String(repeating: "0", count: 64), events: []) }
        let types = [
            "kontor.orders.v1.OrderMoved", "kontor.orders.v1.OrderPaymentMoved", "kontor.payments.v1.PaymentCaptured",
            "kontor.ledger.v1.TransfersPosted", "kontor.inventory.v1.StockReserved", "kontor.orders.v1.OrderPlaced"
        ]
        let hash = "9f2ac41b7be0d2153f0c8a5cc0e4716ab3d95f7e21807d6c4a9be12f5d3c7e08"
        let events = (0..<24).map { index in
            EventFact(
                sequence: Int64(11_482 - index), at: Self.at(75_180 - index * 9), type: types[index % 6],
                bytes: 118 + index * 53 % 640, hash: String((hash + hash).dropFirst(index).prefix(64)),
                previousHash: hash)
        }
        return JournalFact(head: 11_482, headHash: hash, events: events)
    }

    func verifyJournal(_ caller: Caller) async throws -> VerdictFact {
        guard let fault else { return VerdictFact(verified: 11_482, headHash: "9f2a", took: .milliseconds(84)) }
        return VerdictFact(
            verified: 7_203, headHash: "9f2a", fault: fault, detail: "event 7204 is not what was written",
            took: .milliseconds(51))
    }

    func stock(after: String, size: Int, _ caller: Caller) async throws -> Listed<StockFact> {
        if isEmpty { return Listed([]) }
        let rows: [(String, String, Int64, Int64)] = [
            ("Clay Plant Pot – Large", "POT-L", 1_240, 18), ("Clay Plant Pot – Small", "POT-S", 980, 4),
            (Self.hostile, "EVIL-1", 3, 3), ("龙井茶 250 g", "TEA-LJ-250", 412, 27),
            ("Linen Tea Towel – Ochre", "TOWEL-O", 64, 0),
            ("Walnut Board", "BOARD-W", 0, 2)
        ]
        var stock = rows.enumerated().map { index, row in
            StockFact(
                variant: "var_01kakyz000000000000000000\(index + 1)", sku: row.1, title: row.0, tracked: true,
                onHand: row.2, reserved: row.3, available: row.2 - row.3)
        }
        stock.append(
            StockFact(
                variant: "var_01kakyz0000000000000000009", sku: "GIFT-50", title: "Gift card 50", tracked: false,
                onHand: 0, reserved: 0, available: 0))
        return Listed(stock, next: "more")
    }

    func stock(matching words: String, size: Int, _ caller: Caller) async throws -> [StockFact] {
        try await stock(after: "", size: size, caller).items.filter { $0.title.contains(words) }
    }

    func stock(of variants: [String], _ caller: Caller) async throws -> [StockFact] {
        try await stock(after: "", size: 50, caller).items.filter { variants.contains($0.variant) }
    }

    func products(status: String, after: String, size: Int, _ caller: Caller) async throws -> Listed<ProductFact> {
        isEmpty ? Listed([]) : Listed([try await product(Self.productID, caller), tea])
    }

    func products(matching words: String, size: Int, _ caller: Caller) async throws -> [ProductFact] {
        [tea].filter { $0.title.contains(words) }
    }

    private var tea: ProductFact {
        ProductFact(
            id: "prd_01kakyz0000000000000000002", title: Self.hostile, handle: "evil", vendor: "<b>V</b>",
            category: "Food/Tea", status: "draft", variants: [])
    }

    func product(_ id: String, _ caller: Caller) async throws -> ProductFact {
        guard id == Self.productID else { throw Problem.notFound("product", id) }
        return ProductFact(
            id: id, title: "Clay Plant Pot", handle: "clay-plant-pot", vendor: "Töpferei Nord", category: "Home/Garden",
            status: "published",
            variants: [
                .init(
                    id: "var_01kakyz0000000000000000001", sku: "POT-L", title: "Large", price: Self.eur(2_450),
                    compareAt: Self.eur(2_900), cost: Self.eur(980)),
                .init(
                    id: "var_01kakyz0000000000000000002", sku: "POT-S", title: "Small", price: Self.eur(1_450),
                    compareAt: nil, cost: nil)
            ])
    }

    func productID(ofVariant id: String, _ caller: Caller) async throws -> String { Self.productID }
}
