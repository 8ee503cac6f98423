import Assembly
import Catalog
import Contract
import Inventory
import Journal
import Ledger
import Money
import Orders
import Runtime
import Store
import Tenancy

/// A tenant of a mall, as a merchant's programs reach it.
struct Stall: Sendable {
    let mall: Mall
    let tenant: Tenant
    let keyID: String
    let web: Web

    var house: House { mall.house }
    var currency: String { tenant.baseCurrency.code }

    func amount(_ minor: Int64) -> String { #"{"minor": "\#(minor)", "currency": "\#(currency)"}"# }

    // ---- The shelf ----

    /// Imports a sample catalogue of the repository and returns its variants.
    func importCatalogue(_ file: String) async throws -> [String] {
        _ = try await house.importCatalogue(Folders.repository("Examples/\(file)"), tenant: tenant)
        return try await variants()
    }

    func variants() async throws -> [String] {
        var found: [String] = []
        var token = ""
        repeat {
            let page = try await web.get("/v1/catalog/products?page_size=100&page_token=\(token)")
            found += page.products.items.flatMap { $0.variants.items.map(\.variant_id.text) }
            token = page.next_page_token.text
        } while !token.isEmpty
        return found
    }

    /// A published product with one variant and so much stock; returns the variant.
    func shelve(_ title: String, priceMinor: Int64, costMinor: Int64 = 0, stock: Int64) async throws -> String {
        let cost = costMinor > 0 ? #", "cost_price": \#(amount(costMinor))"# : ""
        let product = try await web.post(
            "/v1/catalog/products",
            #"""
            {"title": "\#(title)", "status": "published", "variants": [{"sku": "\#(title.uppercased())",
            "price": \#(amount(priceMinor))\#(cost)}]}
            """#,
            key: "product-\(title)")
        let variant = product.variants[0].variant_id.text
        if stock > 0 { try await receive(variant, stock, "delivery-\(title)") }
        return variant
    }

    func receive(_ variant: String, _ quantity: Int64, _ reference: String) async throws {
        _ = try await web.post(
            "/v1/inventory/adjustments",
            #"""
            {"variant_id": "\#(variant)", "reason": "received", "quantity": "\#(quantity)",
            "reference": "\#(reference)"}
            """#,
            key: reference)
    }

    func stock(_ variant: String) async throws -> (onHand: Int64, reserved: Int64, available: Int64) {
        let level = try await web.get("/v1/inventory/stock/\(variant)")
        return (level.on_hand.int, level.reserved.int, level.available.int)
    }

    /// Shipping, taxes and a discount code, as a shop sets them up before it opens.
    func setTables(shippingMinor: Int64 = 490, taxRate: String = "0.19") async throws {
        _ = try await web.put(
            "/v1/shipping-methods/standard",
            #"{"shipping_method": {"name": "Standard", "price": \#(amount(shippingMinor)), "active": true}}"#,
            key: "shipping")
        for category in ["standard", "shipping"] {
            _ = try await web.put(
                "/v1/tax-rates/\(tenant.country)/\(category)",
                #"{"tax_rate": {"name": "VAT", "rate": "\#(taxRate)", "included": true}}"#, key: "tax-\(category)")
        }
        _ = try await web.put(
            "/v1/discounts/WELCOME10",
            #"{"discount": {"kind": "basis_points", "basis_points": "1000", "active": true}}"#, key: "discount")
    }

    // ---- Orders ----

    func lines(_ lines: [(variant: String, quantity: Int64)]) -> String {
        "[" + lines.map { #"{"variant_id": "\#($0.variant)", "quantity": "\#($0.quantity)"}"# }.joined(separator: ", ")
            + "]"
    }

    func place(_ variant: String, _ quantity: Int64 = 1, key: String) async throws -> Web.Answer {
        try await web.call("POST", "/v1/orders", #"{"lines": \#(lines([(variant, quantity)]))}"#, key: key)
    }

    func pay(_ order: String, _ instrument: String = "tok_ok", key: String) async throws -> Web.Answer {
        try await web.call(
            "POST", "/v1/orders/\(order)/pay", #"{"instrument_token": "\#(instrument)", "channel": "sandbox"}"#,
            key: key)
    }

    func order(_ id: String) async throws -> JSON { try await web.get("/v1/orders/\(id)") }

    // ---- What the books say ----

    func read<Answer: Sendable>(_ body: @escaping @Sendable (any SQLReader) throws -> Answer) async throws -> Answer {
        try await house.withBook(of: tenant) { try await $0.read(body) }
    }

    /// Lets the projections see everything that was committed.
    func settle() async throws { try await house.withBook(of: tenant) { try await house.settle($0) } }

    /// The length and the hash of the tenant's chain.
    func head() async throws -> String {
        let head = try await read { try Journal.head($0) }
        return "\(head.sequence) \(Hex.text(head.hash))"
    }

    func audit() async throws -> Audit { try await read { try Audit($0) } }

    /// One line of the channel's own statement: what it really did.
    struct StatementLine: Sendable, Hashable {
        let type, reference, gross: String
    }

    /// The captures and refunds in the statements of today and yesterday: the sandbox keeps the machine's time, and a
    /// test may run over midnight.
    func statement() async throws -> [StatementLine] { try await Stall.statement(of: tenant, house) }

    static func statement(of tenant: Tenant, _ house: House) async throws -> [StatementLine] {
        let now = SystemClock().now()
        var found: [StatementLine] = []
        for day in [now.adding(.seconds(-86_400)), now] {
            let text = try await house.sandboxStatement(tenant, day: day.civilDay)
            for line in text.split(separator: "\n") {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                guard cells[2] == "payment" || cells[2] == "refund" else { continue }
                found.append(
                    StatementLine(
                        type: cells[2] == "payment" ? "capture" : "refund",
                        reference: cells[2] == "payment" ? cells[0] : cells[8], gross: cells[3]))
            }
        }
        return found
    }
}

/// What must hold in every book at every moment.
struct Audit: Sendable {
    let events: Int64
    let fault: String?
    let isBalanced: Bool
    let onHand: Int64
    let reserved: Int64
    let orders: Int64
    private let balances: [String: Int64]

    init(_ reader: any SQLReader) throws {
        let chain = try JournalVerifier.verify(reader)
        events = chain.verified
        fault = chain.finding.map { "event \($0.sequence) \($0.fault): \($0.detail)" }
        let trials = try Ledger().trialBalance(in: reader)
        isBalanced = trials.allSatisfy { $0.isBalanced && $0.totalDebit == $0.totalCredit }
        balances = trials.flatMap(\.lines).reduce(into: [:]) {
            $0[$1.code, default: 0] += $1.debit.minor - $1.credit.minor
        }
        let stock = try Inventory().totals(reader: reader)
        onHand = stock.onHand
        reserved = stock.reserved
        orders = try Orders.counts(reader).reduce(0) { $0 + $1.count }
    }

    /// Debits less credits of an account, in minor units.
    func net(_ code: String) -> Int64 { balances[code] ?? 0 }

    /// What does not hold; nil when all is well.
    var broken: String? {
        if let fault { return fault }
        if !isBalanced { return "debits and credits differ" }
        return reserved < 0 || reserved > onHand ? "\(reserved) reserved of \(onHand) on hand" : nil
    }
}
