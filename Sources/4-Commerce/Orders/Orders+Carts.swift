import Catalog
public import Contract
import Runtime
import Store
import SwiftProtobuf

// Carts: what a shopper is about to buy. Prices are looked up whenever a cart is shown, so a cart promises nothing.
extension Orders {
    public func createCart(_ request: V1CreateCartRequest, _ context: CallContext) async throws -> V1Cart {
        let wanted = try Self.wanted(request.lines, mayBeEmpty: true)
        return try await context.book.perform(context, request) { tx in
            let settings = try settings(tx)
            var row = CartRow(
                id: tx.newID(), version: 0, state: .open, expiresAt: tx.now, order: nil, content: V1CartContent())
            row.content.lines = wanted.map(Self.entry)
            try changed(&row, "created", settings: settings, in: tx)
            try CartStorage.insert(row, in: tx)
            return try show(row, settings: settings, rates: RatesState.current(tx), now: tx.now, reader: tx)
        }
    }

    public func getCart(_ request: V1GetCartRequest, _ context: CallContext) async throws -> V1Cart {
        let id = try Self.cartID(request.cartID)
        let now = context.book.world.now()
        return try await context.book.read { reader in
            guard let row = try CartStorage.find(id, in: reader) else { throw OrdersError.unknownCart("\(id)") }
            return try show(row, settings: settings(reader), rates: Rates.load(reader), now: now, reader: reader)
        }
    }

    public func addCartLine(_ request: V1AddCartLineRequest, _ context: CallContext) async throws -> V1Cart {
        let variant = try Self.variantID(request.variantID, field: "variant_id")
        let quantity = try Self.quantity(request.quantity, field: "quantity")
        return try await change(request.cartID, request, context) { row, tx in
            // A cart shows what can be bought, so a variant that does not exist is refused here and not at checkout.
            let found = try catalog.variant(variant, reader: tx)
            guard found.sellable else { throw OrdersError.invalid("variant_id", found.sku, "is not for sale") }
            if let index = row.content.lines.firstIndex(where: { $0.variant == variant.uuid.data }) {
                let sum = row.content.lines[index].quantity + quantity
                row.content.lines[index].quantity = try Self.quantity(sum, field: "quantity")
            } else {
                guard row.content.lines.count < Self.mostLines else {
                    throw OrdersError.invalid(
                        "lines", "\(Self.mostLines + 1)", "must be at most \(Self.mostLines) lines")
                }
                row.content.lines.append(Self.entry(.init(variant: variant, quantity: quantity)))
            }
            return .init("line_set", variant, quantity)
        }
    }

    public func updateCartLine(_ request: V1UpdateCartLineRequest, _ context: CallContext) async throws -> V1Cart {
        let variant = try Self.variantID(request.variantID, field: "variant_id")
        let quantity = request.quantity == 0 ? 0 : try Self.quantity(request.quantity, field: "quantity")
        return try await change(request.cartID, request, context) { row, _ in
            let index = try Self.index(of: variant, in: row)
            if quantity == 0 {
                row.content.lines.remove(at: index)
            } else {
                row.content.lines[index].quantity = quantity
            }
            return .init(quantity == 0 ? "line_removed" : "line_set", variant, quantity)
        }
    }

    public func removeCartLine(_ request: V1RemoveCartLineRequest, _ context: CallContext) async throws -> V1Cart {
        let variant = try Self.variantID(request.variantID, field: "variant_id")
        return try await change(request.cartID, request, context) { row, _ in
            row.content.lines.remove(at: try Self.index(of: variant, in: row))
            return .init("line_removed", variant, 0)
        }
    }

    public func setCartDetails(_ request: V1SetCartDetailsRequest, _ context: CallContext) async throws -> V1Cart {
        try await change(request.cartID, request, context) { row, tx in
            var personal = try Personal(row.content)
            try seal(
                email: request.hasEmail ? request.email : nil,
                shipping: request.hasShippingAddress ? request.shippingAddress : nil,
                billing: request.hasBillingAddress ? request.billingAddress : nil, into: &personal, in: tx)
            row.content.personID = personal.person.map { "\($0)" } ?? ""
            row.content.emailToken = personal.emailToken
            if let shipping = personal.shipping { row.content.shippingAddress = shipping }
            if let billing = personal.billing { row.content.billingAddress = billing }
            if request.hasShippingMethod { row.content.shippingMethod = request.shippingMethod }
            if request.hasDiscountCode { row.content.discountCode = request.discountCode }
            return .init("details_set")
        }
    }

    public func deleteCart(_ request: V1DeleteCartRequest, _ context: CallContext) async throws -> V1Cart {
        try await change(request.cartID, request, context) { row, _ in
            row.state = .deleted
            return .init("deleted")
        }
    }

    public func checkoutCart(_ request: V1CheckoutCartRequest, _ context: CallContext) async throws -> V1Order {
        let id = try Self.cartID(request.cartID)
        return try await context.book.perform(context, request) { tx in
            var row = try openCart(id, in: tx)
            guard !row.content.lines.isEmpty else {
                throw OrdersError(.invalidField, field: "lines", "lines: the cart is empty.")
            }
            let settings = try settings(tx)
            let personal = try Personal(row.content)
            let quote = try quote(
                row, personal: personal, settings: settings, rates: RatesState.current(tx), now: tx.now, reader: tx)
            try Self.check(request.hasExpectedTotal ? request.expectedTotal : nil, quote)
            let placed = try place(quote, personal: personal, cart: row.id, settings: settings, in: tx)
            row.state = .checkedOut
            row.order = placed.row.id
            try changed(&row, "checked_out", settings: settings, in: tx)
            try CartStorage.update(row, in: tx)
            return try OrderView.order(placed.row, placed.fact)
        }
    }
}

extension Orders {
    /// What was done to a cart, as the journal tells it.
    struct CartChange {
        var name: String
        var variant: VariantID?
        var quantity: Int64

        init(_ name: String, _ variant: VariantID? = nil, _ quantity: Int64 = 0) {
            self.name = name
            self.variant = variant
            self.quantity = quantity
        }
    }

    /// Changes an open cart and shows it with its totals; a change with which they cannot be computed is refused.
    private func change<Request: Message>(
        _ text: String, _ request: Request, _ context: CallContext,
        _ body: @escaping @Sendable (inout CartRow, Transaction) throws -> CartChange
    ) async throws -> V1Cart {
        let id = try Self.cartID(text)
        return try await context.book.perform(context, request) { tx in
            let settings = try settings(tx)
            var row = try openCart(id, in: tx)
            let change = try body(&row, tx)
            try changed(&row, change.name, change.variant, change.quantity, settings: settings, in: tx)
            try CartStorage.update(row, in: tx)
            return try show(
                row, strict: change.name == "details_set", settings: settings, rates: RatesState.current(tx),
                now: tx.now, reader: tx)
        }
    }

    func openCart(_ id: CartID, in tx: Transaction) throws -> CartRow {
        guard let row = try CartStorage.find(id, in: tx) else { throw OrdersError.unknownCart("\(id)") }
        guard row.state == .open, row.expiresAt > tx.now else {
            let state = row.state == .open ? CartState.expired.name : row.state.name
            throw OrdersError(
                .cartClosed, field: "cart_id", "The cart \(id) is \(state); open a new one.", facts: ["state": state])
        }
        return row
    }

    /// Counts the version up, gives the cart its time again, and tells the journal.
    func changed(
        _ row: inout CartRow, _ change: String, _ variant: VariantID? = nil, _ quantity: Int64 = 0,
        settings: OrderSettings, in tx: Transaction
    ) throws {
        row.version += 1
        if row.state == .open { row.expiresAt = tx.now.adding(settings.cartLifetime) }
        let cart = row
        try tx.record(
            V1CartChanged.with {
                $0.cart = cart.id.uuid.data
                $0.version = cart.version
                $0.change = change
                if let variant { $0.variant = variant.uuid.data }
                $0.quantity = quantity
                $0.atUs = tx.now.microseconds
            })
    }

    /// A code that does not apply (any more, or to so little) must not keep a shopper from seeing the cart: it is shown
    /// without its discount. Where the code itself is set, `strict` refuses it.
    private func show(
        _ row: CartRow, strict: Bool = false, settings: OrderSettings, rates: Rates, now: Timestamp,
        reader: any SQLReader
    ) throws -> V1Cart {
        var row = row
        if row.state == .open, row.expiresAt <= now { row.state = .expired }
        guard row.state == .open else { return OrderView.cart(row, nil) }
        let personal = try Personal(row.content)
        do {
            let quote = try quote(
                row, personal: personal, settings: settings, rates: rates, now: now, reader: reader)
            return OrderView.cart(row, quote)
        } catch let error as OrdersError where error.field == "discount_code" && !strict {
            var bare = row
            bare.content.discountCode = ""
            let quote = try quote(
                bare, personal: personal, settings: settings, rates: rates, now: now, reader: reader)
            return OrderView.cart(row, quote)
        }
    }

    private func quote(
        _ row: CartRow, personal: Personal, settings: OrderSettings, rates: Rates, now: Timestamp,
        reader: any SQLReader
    ) throws -> Quote {
        let wanted = try row.content.lines.map {
            Quote.Wanted(variant: try VariantID(data: $0.variant), quantity: $0.quantity)
        }
        return try quote(
            wanted, personal: personal, shippingMethod: row.content.shippingMethod,
            discountCode: row.content.discountCode, settings: settings, rates: rates, now: now, reader: reader)
    }

    private static func entry(_ wanted: Quote.Wanted) -> V1CartEntry {
        .with {
            $0.variant = wanted.variant.uuid.data
            $0.quantity = wanted.quantity
        }
    }

    private static func index(of variant: VariantID, in row: CartRow) throws -> Int {
        guard let index = row.content.lines.firstIndex(where: { $0.variant == variant.uuid.data }) else {
            throw OrdersError.invalid("variant_id", "\(variant)", "is not in the cart")
        }
        return index
    }
}

extension Personal {
    init(_ content: V1CartContent) throws {
        person = content.personID.isEmpty ? nil : .init(content.personID)
        emailToken = content.emailToken
        shipping = content.hasShippingAddress ? content.shippingAddress : nil
        billing = content.hasBillingAddress ? content.billingAddress : nil
    }
}
