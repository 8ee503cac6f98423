/// The bill that Alipay mails to a person, in GB 18030 (支付宝交易明细, 电子客户回单).
struct AlipayPersonalReader: StatementReader {
    let format = StatementFormat(id: "alipay-personal", name: "Alipay personal export (支付宝交易明细)", channel: "alipay")

    func recognise(_ probe: Probe) -> Recognition {
        PersonalExport.recognise(probe, title: "支付宝", columns: ["交易时间", "收/支", "金额", "交易状态", "交易订单号"])
            ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        var export = PersonalExport(
            PersonalExport.Names(
                channel: "alipay", type: ["交易分类"], product: ["商品说明", "商品名称"], amount: ["金额", "金额(元)"],
                status: ["交易状态"], reference: ["交易订单号"], order: ["商家订单号"], neutral: "不计收支"))
        try export.read(input, session)
    }
}
