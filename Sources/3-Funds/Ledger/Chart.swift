/// The standard chart of accounts: what a mall needs to keep its books, in every currency it trades in.
///
/// A channel's clearing account (`clearing:<channel>`) is opened when the channel is added.
public struct ChartAccount: Hashable, Sendable {
    /// The five classes of double-entry book-keeping. Contra accounts belong to the class that they lessen.
    public enum Class: String, Hashable, Sendable {
        case asset, liability, equity, revenue, expense
    }

    public let code: String
    public let name: String
    public let nameZh: String
    public let accountClass: Class
    public let normalSide: NormalSide
    public let limit: AccountLimit
    /// What is debited to it and what is credited, in one sentence.
    public let purpose: String

    private init(
        _ code: String, _ name: String, _ nameZh: String, _ accountClass: Class, _ normalSide: NormalSide,
        limit: AccountLimit = .none, _ purpose: String
    ) {
        self.code = code
        self.name = name
        self.nameZh = nameZh
        self.accountClass = accountClass
        self.normalSide = normalSide
        self.limit = limit
        self.purpose = purpose
    }

    public static let standard: [ChartAccount] = [
        ChartAccount(
            "cash", "Cash at bank", "银行存款", .asset, .debit,
            "Debited when a channel settles to the bank account, credited when money is paid out."),
        ChartAccount(
            "inventory", "Inventory", "库存商品", .asset, .debit,
            "Debited at cost when goods arrive or return, credited when they are fulfilled or lost."),
        ChartAccount(
            "customer_deposits", "Customer deposits", "预收账款", .liability, .credit,
            "Credited when an order is paid, debited when it is fulfilled (then it becomes revenue) or refunded."),
        ChartAccount(
            "merchant_payable", "Payable to merchants", "应付商户款", .liability, .credit,
            "Credited with what is owed to the merchants of the mall, debited when they are paid out."),
        ChartAccount(
            "platform_payable", "Payable to the platform", "应付平台款", .liability, .credit,
            "Credited with the platform fee of each capture, debited when the platform's invoice is paid."),
        ChartAccount(
            "tax_payable", "Tax payable", "应交税费", .liability, .credit,
            "Credited with the tax of each sale, debited by refunds and by payment to the authority."),
        ChartAccount(
            "store_credit", "Store credit", "储值余额", .liability, .credit, limit: .debitsMustNotExceedCredits,
            "Credited when credit is given to shoppers, debited when they spend it; never below zero."),
        ChartAccount(
            "suspense", "Suspense", "待查款项", .liability, .credit,
            "Credited with money whose owner is not known yet, debited when it is returned or found to belong to an order."
        ),
        ChartAccount(
            "opening_balance", "Opening balance", "期初余额", .equity, .credit,
            "The other side of the balances with which the book began."),
        ChartAccount(
            "inventory_received", "Goods received, not invoiced", "暂估应付", .equity, .credit,
            "The other side of goods that arrived before their invoice."),
        ChartAccount(
            "sales", "Sales", "主营业务收入", .revenue, .credit,
            "Credited with the goods of an order when they are fulfilled (IFRS 15)."),
        ChartAccount(
            "shipping_revenue", "Shipping revenue", "运费收入", .revenue, .credit,
            "Credited with what the shopper paid for shipping, at fulfilment."),
        ChartAccount(
            "discounts", "Discounts", "销售折扣", .revenue, .debit,
            "Contra revenue: debited with the discounts of an order at fulfilment."),
        ChartAccount(
            "refunds", "Refunds", "销售退回", .revenue, .debit,
            "Contra revenue: debited when money goes back for goods that were fulfilled."),
        ChartAccount(
            "cost_of_goods", "Cost of goods sold", "主营业务成本", .expense, .debit,
            "Debited at cost when goods are fulfilled, credited when they return."),
        ChartAccount(
            "platform_fee", "Platform fee", "平台服务费", .expense, .debit,
            "Debited with the platform's share of each capture."),
        ChartAccount(
            "channel_fees", "Payment channel fees", "支付手续费", .expense, .debit,
            "Debited with what a payment channel keeps of each capture."),
        ChartAccount(
            "rounding_differences", "Rounding differences", "尾差", .expense, .debit,
            "Debited and credited with differences to channels' statements that are too small to be asked about."),
        ChartAccount(
            "inventory_shrinkage", "Inventory shrinkage", "存货盘亏", .expense, .debit,
            "Debited at cost when goods are lost, broken or found missing at a count.")
    ]

    /// The clearing account of a payment channel: an asset, what the channel holds for us until it settles.
    public static func clearing(_ channel: String) -> ChartAccount {
        ChartAccount(
            "clearing:" + channel, "Clearing \(channel)", "在途资金 \(channel)", .asset, .debit,
            "Debited with what the channel captured, credited with refunds, fees and its settlements.")
    }
}
