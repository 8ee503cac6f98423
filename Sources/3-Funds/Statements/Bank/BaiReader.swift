/// BAI2, the cash management format of banks in North America: groups of accounts with balances and transactions.
///
/// Source: BAI, "Cash Management Balance Reporting Specifications, Version 2"; ANSI X9.121 (BTR3) where it repeats it.
struct BaiReader: StatementReader {
    let format = StatementFormat(id: "bai2", name: "BAI2 balance and transaction report", channel: "bank")

    func recognise(_ probe: Probe) -> Recognition {
        let lines = probe.lines.lazy.map { FieldText.trimmed(FieldText.bytes($0)) }.filter { !$0.isEmpty }
        guard let first = lines.first, first.starts(with: Array("01,".utf8)) else { return .no }
        let records = lines.prefix(20).flatMap(BaiRecords.parts)
        let codes = records.compactMap(BaiRecords.code)
        // A table may begin with 01 as well; no table goes on with a group and an account.
        guard codes.contains("02"), codes.contains("03") || codes.contains("98") else {
            return codes.count == records.count
                ? .maybe(needs: "it begins like BAI2 and has no account: name the format bai2") : .no
        }
        return .yes
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let reading = BaiReading(
            records: BaiRecords(try input.lines(), session), text: try BankText(input, session.options),
            session: session)
        try reading.read()
    }
}
