public import Contract
import Store

// Placing an order in one call.
extension Orders {
    public func placeOrder(_ request: V1PlaceOrderRequest, _ context: CallContext) async throws -> V1Order {
        let wanted = try Self.wanted(request.lines)
        return try await context.book.perform(context, request) { tx in
            let settings = try settings(tx)
            var personal = Personal()
            try seal(
                email: request.email, shipping: request.hasShippingAddress ? request.shippingAddress : nil,
                billing: request.hasBillingAddress ? request.billingAddress : nil, into: &personal, in: tx)
            let quote = try quote(
                wanted, personal: personal, shippingMethod: request.shippingMethod,
                discountCode: request.discountCode, settings: settings, rates: RatesState.current(tx), now: tx.now,
                reader: tx)
            try Self.check(request.hasExpectedTotal ? request.expectedTotal : nil, quote)
            let placed = try place(quote, personal: personal, cart: nil, settings: settings, in: tx)
            return try OrderView.order(placed.row, placed.fact)
        }
    }
}
