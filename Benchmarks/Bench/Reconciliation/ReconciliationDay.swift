import Contract
import Money
import Runtime

/// A channel's business day of which it is known how books and statement differ.
///
/// Of 10,000 sales 5 stand only in the books, 5 only in the statement, 3 differ in the amount, 2 in the status, and 1
/// stands twice in the statement. Everything follows from the seed and a sale's number, so nothing is kept.
struct ReconciliationDay: Sendable {
    enum Fate: Sendable { case equal, onlyOurs, onlyTheirs, amount, status, twice }

    static let channel = "bench"
    static let currency = Currency.eur
    private static let day: Int64 = 86_400_000_000

    let sales: Int
    let seed: UInt64
    /// Midnight UTC at which the business day begins.
    let from: Timestamp
    /// Which sale has which fate: exact shares, so that a small day has some of each.
    private let fates: Shuffle
    /// The statement is in another order than the books.
    private let order: Shuffle

    /// The day before `now`.
    init(sales: Int, seed: UInt64, before now: Timestamp) {
        self.sales = sales
        self.seed = seed
        from = Timestamp(microseconds: (now.microseconds / Self.day - 1) * Self.day)
        fates = Shuffle(count: UInt64(sales), seed: seed)
        order = Shuffle(count: UInt64(sales), seed: seed &+ 1)
    }

    var name: String { from.civilDay }

    /// The sale of a number, from 0, in the order of time.
    func sale(_ number: Int) -> Sale {
        let fate = fate(number)
        let luck = mix(UInt64(number) &+ seed &* 31)
        // Lines that lack their other side are told apart by their amounts: none is the other's, nor a sum of some.
        let (minor, paid): (Int64, Int64) =
            switch fate {
            case .onlyOurs: (Int64(1 + luck % 999) * 1_000, 0)
            case .onlyTheirs: (0, Int64(1 + luck % 999) * 1_000 + 1)
            // More than what the house writes off by itself.
            case .amount: (100 + Int64(luck % 999_900), 110 + Int64(luck % 999_900))
            default: (100 + Int64(luck % 999_900), 100 + Int64(luck % 999_900))
            }
        let at = from.microseconds + Int64(number) * (Self.day / Int64(sales))
        let uuid = UUIDv7(
            high: UInt64(at / 1_000) << 16 | 0x7000 | UInt64(number) & 0xFFF, low: 0x8000_0000_0000_0000 | luck >> 2)
        return Sale(
            number: number, fate: fate, id: PaymentID(uuid), amountMinor: minor, paidMinor: paid,
            at: Timestamp(microseconds: at))
    }

    /// The sales in the order of the statement.
    var inOrderOfStatement: some Sequence<Sale> { (0..<UInt64(sales)).lazy.map { sale(Int(order[$0])) } }

    private func fate(_ number: Int) -> Fate {
        switch fates[UInt64(number)] % 10_000 {
        case 0..<5: .onlyOurs
        case 5..<10: .onlyTheirs
        case 10..<13: .amount
        case 13..<15: .status
        case 15: .twice
        default: .equal
        }
    }

    private func mix(_ value: UInt64) -> UInt64 {
        // SplitMix64's finaliser.
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// One sale of the day, as the books and as the channel know it.
struct Sale: Sendable {
    let number: Int
    let fate: ReconciliationDay.Fate
    let id: PaymentID
    /// What the books have captured.
    let amountMinor: Int64
    /// What the statement says was paid.
    let paidMinor: Int64
    let at: Timestamp

    /// What the channel keeps; only its statement says so.
    var feeMinor: Int64 { fate == .status ? 0 : paidMinor * 6 / 1_000 }
    var status: String { fate == .status ? "failed" : "succeeded" }

    /// As an order's number in the ledger.
    var reference: String { "order-" + padded(number, 18) }

    /// As long as those of the large channels.
    var channelReference: String { "42000" + padded(number, 23) }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
