import Contract
import Money
import Runtime

// Reading the fields of requests: every refusal names the field, the value and the rule.
extension Orders {
    static let largestQuantity: Int64 = 1_000_000

    static func orderID(_ text: String) throws -> OrderID {
        guard let id = OrderID(text) else {
            throw OrdersError.invalid("order_id", text, "must be an order's id, as \"ord_01h455vb4pex5vsknk084sn02q\"")
        }
        return id
    }

    static func cartID(_ text: String) throws -> CartID {
        guard let id = CartID(text) else {
            throw OrdersError.invalid("cart_id", text, "must be a cart's id, as \"crt_01h455vb4pex5vsknk084sn02q\"")
        }
        return id
    }

    static func variantID(_ text: String, field: String) throws -> VariantID {
        guard let id = VariantID(text) else {
            throw OrdersError.invalid(field, text, "must be a variant's id, as \"var_01h455vb4pex5vsknk084sn02q\"")
        }
        return id
    }

    static func quantity(_ value: Int64, field: String) throws -> Int64 {
        guard (1...largestQuantity).contains(value) else {
            throw OrdersError.invalid(field, "\(value)", "must be from 1 to \(largestQuantity)")
        }
        return value
    }

    /// The lines of a request; the same variant twice is one line.
    static func wanted(_ lines: [V1PlacedLine], mayBeEmpty: Bool = false) throws -> [Quote.Wanted] {
        guard lines.count <= mostLines, mayBeEmpty || !lines.isEmpty else {
            throw OrdersError.invalid("lines", "\(lines.count)", "must be from 1 to \(mostLines) lines")
        }
        var wanted: [Quote.Wanted] = []
        wanted.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() {
            let variant = try variantID(line.variantID, field: "lines[\(index)].variant_id")
            let quantity = try quantity(line.quantity, field: "lines[\(index)].quantity")
            if let known = wanted.firstIndex(where: { $0.variant == variant }) {
                wanted[known].quantity = try Self.quantity(
                    wanted[known].quantity + quantity, field: "lines[\(index)].quantity")
            } else {
                wanted.append(.init(variant: variant, quantity: quantity))
            }
        }
        return wanted
    }

    /// Quantities by line, checked against what is left of each line; no lines mean all that is left.
    static func quantities(
        _ lines: [V1LineQuantity], left: [Int64], doing what: String
    ) throws -> [Int64] {
        if lines.isEmpty { return left }
        var asked = [Int64](repeating: 0, count: left.count)
        for (index, line) in lines.enumerated() {
            guard (1...left.count).contains(Int(line.line)) else {
                throw OrdersError.invalid("lines[\(index)].line", "\(line.line)", "must be from 1 to \(left.count)")
            }
            asked[Int(line.line) - 1] += try quantity(line.quantity, field: "lines[\(index)].quantity")
            guard asked[Int(line.line) - 1] <= left[Int(line.line) - 1] else {
                throw OrdersError.invalid(
                    "lines[\(index)].quantity", "\(line.quantity)",
                    "is more than the \(left[Int(line.line) - 1]) of line \(line.line) that can be \(what)")
            }
        }
        return asked
    }

    /// Refuses when the shopper agreed to another total.
    static func check(_ expected: V1Amount?, _ quote: Quote) throws {
        guard let expected else { return }
        let wanted = try Amount(expected, field: "expected_total")
        guard wanted == quote.totals.total else {
            throw OrdersError(
                .totalMoved, field: "expected_total",
                "The total is \(quote.totals.total) now, not \(wanted); show the shopper the new one.",
                facts: ["total": quote.totals.total.formatted])
        }
    }

    /// `If-Match: "3"` makes a change conditional on the version that the caller has read.
    static func checkVersion(_ row: OrderRow, _ expected: String?) throws {
        guard let expected, expected != "*" else { return }
        let text = expected.hasPrefix("W/") ? String(expected.dropFirst(2)) : expected
        guard text == "\"\(row.version)\"" || text == "\(row.version)" else {
            throw OrdersError(
                .versionMismatch, field: "If-Match",
                "The order is at version \(row.version), not \(text); read it again.",
                facts: ["version": "\(row.version)"])
        }
    }
}
