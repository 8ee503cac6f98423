import Rules
import RulesProtobuf

/// What came of trying an expression against a sample.
enum RuleTrial {
    case answer(value: String, type: String, cost: Int, most: Int)
    /// In the words of the library, with the line and a caret where the place is known.
    case refused(String)
    case badSample(String)

    /// Longer expressions are cut: the page's form does not take them either.
    static let expressionLength = 4_000
    static let sampleLength = 12_000

    static func run(_ expression: String, on json: String) -> (trial: RuleTrial?, sample: RuleSample?) {
        let sample: RuleSample
        do {
            sample = try RuleSample(json)
        } catch {
            return (.badSample(error is RuleSampleError ? "" : "\(error)"), nil)
        }
        guard expression.contains(where: { !$0.isWhitespace }) else { return (nil, sample) }
        do {
            let environment = sample.environment
            let program = try environment.compile(expression)
            let most = environment.estimate(program).most
            let (value, cost) = try program.evaluateMeasured(sample.bindings)
            return (
                .answer(value: shown(value), type: program.resultType.description, cost: cost, most: most), sample
            )
        } catch {
            return (.refused("\(error)"), sample)
        }
    }

    private static func shown(_ value: Value) -> String {
        switch value {
        case .timestamp(let time): "timestamp(\"\(time.text)\")"
        case .duration(let span): "duration(\"\(span.text)\")"
        default: value.description
        }
    }

    /// A cart as a shop would hand it to a promotion: amounts in cents.
    static let sample = """
        {
          "cart": {
            "subtotal": 25900,
            "currency": "EUR",
            "lines": [
              {"sku": "RUN-42", "category": "shoes", "quantity": 2, "price": 9900},
              {"sku": "SOCK-3", "category": "socks", "quantity": 1, "price": 1100},
              {"sku": "CARE-1", "category": "care", "quantity": 5, "price": 1000}
            ],
            "coupons": ["SPRING"]
          },
          "customer": {
            "tier": "gold",
            "country": "DE",
            "orders": 7,
            "since": "2021-03-14T09:30:00Z"
          },
          "now": "2026-11-21T18:00:00Z"
        }
        """

    static let examples = [
        "cart.subtotal >= 20000 && customer.tier in [\"gold\", \"silver\"]",
        "cart.lines.exists(l, l.category == \"shoes\" && l.quantity >= 2)",
        "cart.lines.map(l, l.price * l.quantity).filter(p, p >= 5000)",
        "now - customer.since > duration(\"8760h\") ? cart.subtotal / 20 : 0",
        "now.getDayOfWeek(\"Europe/Berlin\") in [0, 6] || \"SPRING\" in cart.coupons"
    ]
}
