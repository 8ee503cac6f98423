import Money

/// Bars over the 24 hours of a day, as an inline SVG of 240 by 1,000 units that stretches to its box.
struct HourChart {
    struct Bar {
        let x: String
        let y: Int
        let height: Int
        let hint: String
    }

    let title: String
    let peak: String
    let total: String
    let bars: [Bar]
    let tone: String

    /// Orders by hour, and their value in the currency that has the most orders.
    static func charts(_ hours: [HourFact], _ texts: Texts) -> [HourChart] {
        guard !hours.isEmpty else { return [] }
        var counts = [Int64](repeating: 0, count: 24)
        var byCurrency: [Currency: Int64] = [:]
        for hour in hours where counts.indices.contains(hour.hour) {
            counts[hour.hour] += hour.count
            byCurrency[hour.total.currency, default: 0] += hour.count
        }
        let orders = HourChart(
            title: texts[.orderCountByHour], values: counts, total: "", tone: "ink"
        ) { Sum.grouped("\($0)") }
        // Ties go by the code, so that the picture stands still.
        guard
            let currency = byCurrency.max(by: { ($0.value, $1.key.code) < ($1.value, $0.key.code) })?.key
        else { return [orders] }
        var values = [Int64](repeating: 0, count: 24)
        for hour in hours where hour.total.currency == currency && values.indices.contains(hour.hour) {
            values[hour.hour] = hour.total.minor
        }
        let money: (Int64) -> String = { "\(Sum(Amount(minor: $0, currency)).figure) \(currency.code)" }
        return [
            orders, HourChart(title: texts[.orderValueByHour], values: values, total: "", tone: "accent", show: money)
        ]
    }

    private init(title: String, values: [Int64], total: String, tone: String, show: (Int64) -> String) {
        self.title = title
        self.tone = tone
        self.total = total
        let highest = max(values.max() ?? 0, 1)
        peak = show(values.max() ?? 0)
        bars = values.enumerated().map { hour, value in
            // Int128, because a thousand times an amount may not fit into 64 bits.
            let scaled = Int(Int128(max(value, 0)) * 1_000 / Int128(highest))
            let height = value > 0 ? max(scaled, 12) : 0
            let label = hour < 10 ? "0\(hour):00" : "\(hour):00"
            return Bar(x: "\(hour * 10 + 1).5", y: 1_000 - height, height: height, hint: "\(label)  \(show(value))")
        }
    }
}
