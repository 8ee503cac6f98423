/// The bill that WeChat mails to a person, as CSV or as a workbook (微信支付账单明细).
struct WeChatPersonalReader: StatementReader {
    let format = StatementFormat(id: "wechat-personal", name: "WeChat personal export (微信支付账单)", channel: "wechat")

    func recognise(_ probe: Probe) -> Recognition {
        PersonalExport.recognise(probe, title: "微信支付账单", columns: ["交易时间", "收/支", "交易单号", "当前状态"]) ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        var export = PersonalExport(
            PersonalExport.Names(
                channel: "wechat", time: ["交易时间"], type: ["交易类型"], product: ["商品"], amount: ["金额(元)", "金额"],
                status: ["当前状态"], reference: ["交易单号"], order: ["商户单号"], neutral: "中性交易"))
        try export.read(input, session)
    }
}
