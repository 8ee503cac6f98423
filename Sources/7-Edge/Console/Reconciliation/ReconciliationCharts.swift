import Contract
import Money
import Reconciliation

/// Differences by channel and hour: a table whose cells are shaded by their share of the highest.
struct Heatmap {
    struct Cell {
        let text: String
        let hint: String
        /// 0 to 9; a class of the stylesheet, because pages have no styles of their own.
        let shade: Int
    }

    struct Line {
        let channel: String
        let cells: [Cell]
        let total: String
    }

    let hours: [String]
    let lines: [Line]
    let zone: String
    let isEmpty: Bool

    init(_ map: V1QualityHeatmap) {
        zone = map.zone
        hours = (0..<24).map { $0 < 10 ? "0\($0)" : "\($0)" }
        let highest = map.rows.flatMap(\.hours).max() ?? 0
        lines = map.rows.map { row in
            Line(
                channel: row.channel,
                cells: row.hours.enumerated().map { hour, found in
                    let label = hour < 10 ? "0\(hour):00" : "\(hour):00"
                    return Cell(
                        text: found == 0 ? "" : Figure.count(found),
                        hint: "\(row.channel) \(label)  \(Figure.count(found))",
                        shade: found <= 0 || highest == 0 ? 0 : 1 + Int(Int128(found) * 8 / Int128(highest))
                    )
                }, total: Figure.count(row.hours.reduce(0, +)))
        }
        isEmpty = lines.isEmpty
    }
}

/// What is open by age: a stacked bar a channel in an SVG of 1,000 units, and its figures in the legend's order.
struct AgeingChart {
    struct Piece {
        let x: Int
        let width: Int
        let bucket: Int
        let hint: String
    }

    struct Bar {
        let channel: String
        let href: String
        let count: String
        let sum: Sum?
        let pieces: [Piece]
    }

    struct Key {
        let bucket: Int
        let text: String
    }

    let title: String
    let bars: [Bar]
    let keys: [Key]
    let isEmpty: Bool

    init(_ title: String, _ rows: [V1AgeingRow], fromDays: [Int32], linksItems: Bool, _ texts: Texts) {
        self.title = title
        let names = fromDays.enumerated().map { number, days in
            number + 1 < fromDays.count
                ? "\(days)–\(fromDays[number + 1]) \(texts[ReconciliationText.unitDay])"
                : "≥ \(days) \(texts[ReconciliationText.unitDay])"
        }
        keys = names.enumerated().map { Key(bucket: $0, text: $1) }
        let highest = rows.map { $0.counts.reduce(0, +) }.max() ?? 0
        bars = rows.map { row in
            var x = 0
            var before: Int64 = 0
            var pieces: [Piece] = []
            for (number, count) in row.counts.enumerated() where count > 0 {
                before += count
                // Ends are computed from the running sum, so that rounding never adds up.
                let end = Int(Int128(before) * 1_000 / Int128(max(highest, 1)))
                let hint = "\(names.indices.contains(number) ? names[number] : ""): \(Figure.count(count))"
                pieces.append(Piece(x: x, width: max(end - x, 2), bucket: number, hint: hint))
                x = max(end, x + 2)
            }
            return Bar(
                channel: row.channel,
                href: linksItems
                    ? Place.openItems(row.channel, row.currency)
                    : URLText.path(Place.cases, ["channel": row.channel, "live": "1"]),
                count: Figure.count(row.counts.reduce(0, +)),
                // Open items add up to the account's balance, and have to be seen to.
                sum: Sum(minor: linksItems ? row.netMinor : row.amountsMinor.reduce(0, +), row.currency),
                pieces: pieces)
        }
        isEmpty = bars.isEmpty
    }
}

/// A bar for each business day: what was found, and of it what is still open. 10 units a day wide, 1,000 high.
struct TrendChart {
    struct Bar {
        let x: String
        let y: Int
        let height: Int
        let openY: Int
        let openHeight: Int
        let hint: String
    }

    let title: String
    let peak: String
    let width: Int
    let bars: [Bar]
    let first: String
    let last: String
    let isEmpty: Bool

    init(_ days: [V1QualityDay], _ texts: Texts) {
        title = texts[ReconciliationText.trendTitle]
        var order: [String] = []
        var sums: [String: (found: Int64, open: Int64, lines: Int64)] = [:]
        for day in days {
            if sums[day.day] == nil { order.append(day.day) }
            var sum = sums[day.day] ?? (0, 0, 0)
            sum.found += day.differences
            sum.open += day.open + day.carried
            sum.lines += day.lines
            sums[day.day] = sum
        }
        let highest = sums.values.map(\.found).max() ?? 0
        peak = Figure.count(highest)
        width = max(order.count, 1) * 10
        bars = order.enumerated().map { index, day in
            let sum = sums[day] ?? (0, 0, 0)
            func height(_ value: Int64) -> Int {
                value <= 0 || highest <= 0 ? 0 : max(Int(Int128(value) * 1_000 / Int128(highest)), 12)
            }
            let (all, open) = (height(sum.found), min(height(sum.open), height(sum.found)))
            let hint =
                "\(day)  \(texts[ReconciliationText.linesRead]) \(Figure.count(sum.lines)) · \(texts[ReconciliationText.differences]) "
                + "\(Figure.count(sum.found)) · \(texts[ReconciliationText.stillOpen]) \(Figure.count(sum.open))"
            return Bar(
                x: "\(index * 10 + 1)", y: 1_000 - all, height: all, openY: 1_000 - open, openHeight: open, hint: hint)
        }
        first = order.first ?? ""
        last = order.last ?? ""
        isEmpty = order.isEmpty
    }
}

/// The nights: a cell for each channel and business day, which leads to its run.
struct Nights {
    struct Cell {
        let href: String?
        let text: String
        let tone: String
        let hint: String
    }

    struct Line {
        let channel: String
        let cells: [Cell]
    }

    struct Head {
        let text: String
        let full: String
    }

    let heads: [Head]
    let lines: [Line]
    let isEmpty: Bool
    static let shown = 14

    init(_ days: [V1QualityDay], _ texts: Texts) {
        let names = Array(Set(days.map(\.day)).sorted().suffix(Self.shown))
        heads = names.map { Head(text: String($0.suffix(2)), full: $0) }
        let byKey = Dictionary(days.map { ($0.channel + " " + $0.day, $0) }) { _, last in last }
        lines = Set(days.map(\.channel)).sorted().map { channel in
            Line(
                channel: channel,
                cells: names.map { day in
                    guard let known = byKey[channel + " " + day] else {
                        return Cell(href: nil, text: "", tone: "none", hint: "\(channel) \(day)")
                    }
                    let (text, tone) = Self.shown(known)
                    let words =
                        known.overdue
                        ? texts[ReconciliationText.nightOverdue]
                        : known.onTime
                            ? texts[ReconciliationText.nightOnTime]
                            : known.state == "settled"
                                ? texts[ReconciliationText.nightLate] : texts.name("run", known.state)
                    return Cell(
                        href: Place.run(known.runID), text: text, tone: tone,
                        hint:
                            "\(channel) \(day): \(words), \(texts[ReconciliationText.stillOpen]) \(Figure.count(known.open))"
                    )
                })
        }
        isEmpty = lines.isEmpty
    }

    private static func shown(_ day: V1QualityDay) -> (String, String) {
        if day.state == "aborted" { return ("–", "quiet") }
        if day.overdue { return ("!", "bad") }
        if day.state != "settled" { return ("…", "wait") }
        if day.open > 0 { return (Figure.count(day.open), day.onTime ? "warn" : "bad") }
        return day.onTime ? ("✓", "good") : ("✓", "warn")
    }
}
