/// The bills that Alipay gives to a person, in GB 18030: the one that the app mails (电子客户回单), and the one of the web
/// site (支付宝交易记录明细查询), whose counts stand behind the table.
struct AlipayPersonalReader: StatementReader {
    let format = StatementFormat(id: "alipay-personal", name: "Alipay personal export (支付宝交易明细)", channel: "alipay")

    func recognise(_ probe: Probe) -> Recognition {
        let isMailed = PersonalExport.recognise(
            probe, title: "支付宝", columns: ["交易时间", "收/支", "金额", "交易状态", "交易订单号"])
        let isFromWeb = PersonalExport.recognise(
            probe, title: "支付宝", columns: ["交易号", "交易创建时间", "收/支", "金额", "交易状态"])
        return isMailed || isFromWeb ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        var export = PersonalExport(
            PersonalExport.Names(
                channel: "alipay", time: ["交易时间", "付款时间", "交易创建时间"], type: ["交易分类", "类型"],
                product: ["商品说明", "商品名称"], amount: ["金额", "金额(元)"], status: ["交易状态"],
                reference: ["交易订单号", "交易号"], order: ["商家订单号"], neutral: "不计收支"))
        try export.read(input, session)
    }
}
