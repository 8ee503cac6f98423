import Testing

@testable import Statements

/// Whoever takes a line out, puts one in twice or changes a figure is found out: by a trailer, a preamble, a balance
/// or a line that cannot be read. Nothing of a file that says what it holds is lost silently.
@Suite("Tampering") struct TamperingTests {
    /// A file that ties, and which of its lines are rows.
    struct Sample: CustomTestStringConvertible {
        let name: String
        let lines: [String]
        let rows: Range<Int>
        var testDescription: String { name }
    }

    static let samples = [trade(), fundFlow(), account(), personal()]

    /// Forty payments and refunds with fees, drawn from a seed.
    private static func trade() -> Sample {
        var random = Seeded(7)
        var bill = WeChatBill()
        var sums = (settled: 0, refunded: 0, fee: 0)
        for index in 0..<40 {
            let fen = random.below(100_000) + 1
            let amount = "\(fen / 100).\(fen % 100 / 10)\(fen % 10)"
            // Six thousandths of the amount in units of 10^-5 yuan.
            let fee = fen * 6
            let feeText = "\(fee / 100_000).\(String(fee % 100_000 + 100_000).dropFirst())"
            sums.fee += index % 5 == 4 ? -fee : fee
            if index % 5 == 4 {
                bill = bill.refund("A\(index)", "R\(index)", amount: amount, fee: "-" + feeText)
                sums.refunded += fen
            } else {
                bill = bill.payment("A\(index)", settled: amount, fee: feeText)
                sums.settled += fen
            }
        }
        func yuan(_ fen: Int) -> String { "\(fen / 100).\(fen % 100 / 10)\(fen % 10)" }
        let fee = "\(sums.fee / 100_000).\(String(sums.fee % 100_000 + 100_000).dropFirst())"
        bill = bill.stating(
            "40", yuan(sums.settled), yuan(sums.refunded), "0.00", fee, yuan(sums.settled), yuan(sums.refunded))
        return Sample(name: "trade bill", lines: bill.lines, rows: 1..<41)
    }

    private static func fundFlow() -> Sample {
        var balance = 100_000
        var rows: [String] = []
        var (income, outgo, count) = (0, 0, 0)
        for index in 0..<20 {
            let fen = 137 * (index + 1)
            let isIncome = index % 3 != 0
            balance += isIncome ? fen : -fen
            if isIncome {
                income += fen
                count += 1
            } else {
                outgo += fen
            }
            rows.append(
                "`2026-03-01 09:00:\(index + 10),`42\(index),`F\(index),`交易,`交易,`\(isIncome ? "收入" : "支出"),`\(yuan(fen)),`\(yuan(balance)),`sys,`,`A\(index)"
            )
        }
        let header = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
        let trailer = ["资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", "`20,`\(count),`\(yuan(income)),`\(20 - count),`\(yuan(outgo))"]
        return Sample(name: "fund flow", lines: [header] + rows + trailer, rows: 1..<21)
    }

    private static func account() -> Sample {
        var balance = 500_000
        var rows: [String] = []
        var sum = 0
        for index in 0..<20 {
            let fen = 211 * (index + 1)
            balance += fen
            sum += fen
            rows.append(
                "\(index)\t,T\(index)\t,A\(index)\t,茶\t,2026-03-01 21:02:\(index + 10),甲\t,\(yuan(fen)),0.00,\(yuan(balance)),支付宝,交易付款,"
            )
        }
        let head = [
            "#支付宝账务明细查询", "#----账务明细列表----", "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注"
        ]
        let tail = ["#----账务明细列表结束----", "#支出合计：0笔，共0.00元", "#收入合计：20笔，共\(yuan(sum))元"]
        return Sample(name: "account details", lines: head + rows + tail, rows: 3..<23)
    }

    private static func personal() -> Sample {
        let rows = (0..<20).map { index in
            "2026-03-26 12:45:\(index + 10),商户消费,店,茶,支出,¥\(yuan(331 * (index + 1))),零钱,支付成功,\(index)\t,/\t,/"
        }
        let sum = (0..<20).reduce(0) { $0 + 331 * ($1 + 1) }
        let head = [
            "微信支付账单明细,,,,,,,,,,", "共20笔记录,,,,,,,,,,", "支出：20笔 \(yuan(sum))元,,,,,,,,,,",
            "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
        ]
        return Sample(name: "personal export", lines: head + rows, rows: 4..<24)
    }

    private static func yuan(_ fen: Int) -> String { "\(fen / 100).\(fen % 100 / 10)\(fen % 10)" }

    private func isRefused(_ lines: [String]) -> Bool {
        do {
            _ = try readAll(lines.joined(separator: "\n") + "\n")
            return false
        } catch {
            return error is StatementError
        }
    }

    @Test("a file as it was made is read", arguments: samples)
    func whole(sample: Sample) throws {
        let (summary, rows) = try readAll(sample.lines.joined(separator: "\n"))
        #expect(summary.isConsistent && rows.count == sample.rows.count)
        #expect(summary.lines.total == sample.lines.count)
    }

    @Test("a row that is taken out or put in twice refuses the file", arguments: samples)
    func rows(sample: Sample) {
        for place in sample.rows {
            var fewer = sample.lines
            fewer.remove(at: place)
            #expect(isRefused(fewer), "without line \(place + 1)")
            var more = sample.lines
            more.insert(sample.lines[place], at: place)
            #expect(isRefused(more), "with line \(place + 1) twice")
        }
    }

    @Test("the file that ends behind any of its lines is refused", arguments: samples)
    func ends(sample: Sample) {
        for count in 0..<sample.lines.count { #expect(isRefused(Array(sample.lines[..<count])), "\(count) lines") }
    }

    @Test("one digit of an amount that is changed refuses the file", arguments: samples)
    func digits(sample: Sample) {
        for place in sample.rows {
            // The last amount of the row: its settled sum, its income, its price.
            var characters = Array(sample.lines[place])
            guard let point = characters.lastIndex(of: "."), let digit = characters[point + 1].wholeNumberValue else {
                Issue.record("line \(place + 1) has no amount")
                continue
            }
            characters[point + 1] = Character(String((digit + 1) % 10))
            var lines = sample.lines
            lines[place] = String(characters)
            #expect(isRefused(lines), "line \(place + 1): \(lines[place])")
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed, everywhere.
struct Seeded {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
