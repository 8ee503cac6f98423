@testable import Statements

/// Builds documents of ISO 20022, small and exactly as a test needs them.
struct CamtFile {
    var message = "BkToCstmrStmt"
    var container = "Stmt"
    var namespace = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
    var declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    var doctype = ""
    var statements: [String] = []

    static func balance(_ code: String, _ amount: String, _ direction: String = "CRDT", currency: String = "EUR")
        -> String
    {
        "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"\(currency)\">\(amount)</Amt>"
            + "<CdtDbtInd>\(direction)</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>"
    }

    static func entry(
        _ amount: String, _ direction: String = "CRDT", currency: String = "EUR", status: String = "<Cd>BOOK</Cd>",
        reversal: Bool? = nil, charges: String = "", details: [String] = [], more: String = ""
    ) -> String {
        let reversed = reversal.map { "<RvslInd>\($0)</RvslInd>" } ?? ""
        let parts = details.isEmpty ? "" : "<NtryDtls>\(details.joined())</NtryDtls>"
        return
            "<Ntry><NtryRef>N1</NtryRef><Amt Ccy=\"\(currency)\">\(amount)</Amt><CdtDbtInd>\(direction)</CdtDbtInd>\(reversed)"
            + "<Sts>\(status)</Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt><ValDt><Dt>2026-03-02</Dt></ValDt>"
            + "<AcctSvcrRef>A1</AcctSvcrRef>\(charges)\(parts)\(more)</Ntry>"
    }

    static func detail(
        _ amount: String?, currency: String = "EUR", end: String = "NOTPROVIDED", direction: String? = nil,
        more: String = ""
    ) -> String {
        let money = amount.map { "<AmtDtls><TxAmt><Amt Ccy=\"\(currency)\">\($0)</Amt></TxAmt></AmtDtls>" } ?? ""
        let mark = direction.map { "<CdtDbtInd>\($0)</CdtDbtInd>" } ?? ""
        return "<TxDtls><Refs><EndToEndId>\(end)</EndToEndId></Refs>\(money)\(mark)\(more)</TxDtls>"
    }

    mutating func statement(_ parts: String...) {
        statements.append(
            "<\(container)><Id>S</Id><Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id><Ccy>EUR</Ccy></Acct>"
                + parts.joined() + "</\(container)>")
    }

    var text: String {
        declaration + doctype + "<Document xmlns=\"\(namespace)\"><\(message)><GrpHdr><MsgId>M</MsgId></GrpHdr>"
            + statements.joined(separator: "\n") + "</\(message)></Document>\n"
    }

    func read(
        refusing: Bool = true, format: String? = nil, maxRejected: Int = 0
    ) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        try Self.read(Array(text.utf8), refusing: refusing, format: format, maxRejected: maxRejected)
    }

    static func read(
        _ bytes: [UInt8], refusing: Bool = true, format: String? = nil, maxRejected: Int = 0
    ) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        var rows: [StatementRow] = []
        var options = ReadOptions(limits: ReadLimits(maxRejected: maxRejected))
        options.refusesContradictions = refusing
        let summary = try Statements.read(
            .bytes(bytes, name: "statement.xml"), format: format, options: options
        ) { rows.append($0) }
        return (summary, rows)
    }
}
