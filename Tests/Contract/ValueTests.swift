import Contract
import Money
import Runtime
import Store
import SwiftProtobuf
import Testing

@Suite("Values of the contract")
struct ValueTests {
    @Test("an amount survives the way to a message and back")
    func amounts() throws {
        for amount in [Amount(minor: 1999, .eur), Amount(minor: -1, .jpy), Amount(minor: .min, .usd)] {
            #expect(try Amount(V1Amount(amount), field: "price") == amount)
        }
    }

    @Test("an amount of an unknown currency is refused by its field", arguments: ["", "EU", "eur", "XXQ", "EURO"])
    func unknownCurrency(_ code: String) {
        let refusal = problem { _ = try Amount(V1Amount.with { $0.currency = code }, field: "price") }
        #expect(refusal?.field == "price.currency")
        #expect(refusal?.status == 422)
    }

    @Test("an identifier of another kind is refused by its field")
    func identifiers() throws {
        let order: OrderID = World.simulated(seed: 1).newID()
        #expect(try OrderID(order.description, field: "order_id") == order)
        for text in ["", "ord_", "pay" + order.description.dropFirst(3), order.description.uppercased()] {
            let refusal = problem { _ = try OrderID(text, field: "order_id") }
            #expect(refusal?.field == "order_id")
        }
    }

    @Test("a page token gives back its values")
    func pageTokens() throws {
        let values: [SQLValue] = [.integer(.min), .text("é\u{0}"), .bytes([0, 255]), .null, .text("")]
        let token = PageToken(values)
        #expect(try PageToken.read(token.text, kinds: 5)?.values == values)
        #expect(try PageToken.read("", kinds: 5) == nil)
    }

    @Test("a page token that we did not write is refused, never a crash")
    func forgedPageTokens() {
        let good = PageToken([.integer(7), .text("abc")]).text
        for text in [
            "!", "AAAA", "====", good + "A", String(good.dropLast()), good + good, String(repeating: "A", count: 8_000)
        ] {
            let refusal = problem { _ = try PageToken.read(text, kinds: 2) }
            #expect(refusal?.field == "page_token", "\(text)")
        }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let random = World.simulated(seed: 10).random
        for _ in 0..<2_000 {
            let text = String((0..<random.integer(in: 1..<40)).map { _ in alphabet[random.integer(in: 0..<64)] })
            if let refusal = problem(of: { _ = try PageToken.read(text, kinds: 2) }) { #expect(refusal.status == 400) }
        }
    }
}

@Suite("Rules of fields")
struct FieldRuleTests {
    @Test(
        "a pattern matches whole texts only",
        arguments: [
            ("[A-Z]{3}", ["EUR"], ["", "EU", "EURO", "eur", "EU1", "ÉUR"]),
            ("[a-z0-9_-]{1,4}", ["a", "a-_9"], ["", "aaaaa", "A", "a b", "ä"]),
            ("SKU-[0-9]+", ["SKU-1", "SKU-123456"], ["SKU-", "sku-1", "SKU-1 ", "XSKU-1"]),
            ("[a-z]*[0-9]?x", ["x", "ax", "a1x", "xx"], ["", "1", "a12x", "x1"]),
            ("[^ ]{2,}", ["ab", "日本語"], ["a", "a b"])
        ])
    func patterns(_ pattern: String, _ good: [String], _ bad: [String]) {
        let pattern = TextPattern(pattern)
        for text in good { #expect(pattern.matches(text), "\(pattern.text) \(text)") }
        for text in bad { #expect(!pattern.matches(text), "\(pattern.text) \(text)") }
    }

    @Test("a pattern that is slow elsewhere takes linear time")
    func linear() {
        let pattern = TextPattern("[a]*[a]*[a]*[a]*[a]*[a]*b")
        #expect(!pattern.matches(String(repeating: "a", count: 20_000)))
    }

    @Test("bounds are included, and a refusal names field, value and rule")
    func bounds() throws {
        try FieldRule.range(1, 1, 5, "quantity")
        try FieldRule.range(5, 1, 5, "quantity")
        let refusal = problem { try FieldRule.range(6, 1, 5, "lines[2].quantity") }
        #expect(refusal?.detail == "lines[2].quantity: \"6\" is above the most allowed, 5")
        #expect(problem { try FieldRule.length("ééé", nil, 3, "a") } == nil)
        #expect(problem { try FieldRule.length("éééé", nil, 3, "a") } != nil)
        #expect(problem { try FieldRule.count(0, 1, nil, "lines", "elements") } != nil)
        #expect(problem { try FieldRule.required(false, "a") }?.field == "a")
    }

    @Test("an amount's message checks its currency")
    func message() {
        #expect(problem { try V1Amount.with { $0.currency = "EUR" }.validate("price.") } == nil)
        #expect(problem { try V1Amount.with { $0.currency = "eur" }.validate("price.") }?.field == "price.currency")
        #expect(problem { try V1Amount().validate("price.") }?.detail.contains("is needed") == true)
    }
}
