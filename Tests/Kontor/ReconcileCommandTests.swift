import ArgumentParser
import Foundation
import Testing

@testable import kontor

@Suite("kontor reconcile")
struct ReconcileCommandTests {
    private let folder = NSTemporaryDirectory() + "reconcile-command-\(UUID().uuidString)"

    private func write(_ name: String, _ text: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }

    private func run(_ arguments: [String]) throws -> String {
        let command = try ReconcileCommand.parse(arguments + ["--out", folder + "/out", "--threads", "1"])
        try command.run()
        return try String(contentsOfFile: folder + "/out/differences.csv", encoding: .utf8)
    }

    @Test("two CSV files with usual headers need no profile")
    func plain() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ours = try write("ours.csv", "order_no,amount,currency,status\nA,1.00,CNY,paid\nB,2.00,CNY,paid\n")
        let theirs = try write("theirs.csv", "key;amount_minor;currency;status\nA;100;CNY;SUCCESS\nB;205;CNY;SUCCESS\n")
        let differences = try run(["--ours", ours, "--theirs", theirs])
        #expect(differences.split(separator: "\n").count == 2)
        #expect(differences.contains("amount") && differences.contains("B"))
    }

    @Test("a statement is read by its format, and its lines are named by their numbers in it")
    func statement() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A camt.053 of one credit on its sixth line.
        let camt = """
            <?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
            <GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-20T20:00:00</CreDtTm></GrpHdr><Stmt><Id>S</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
            <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
            <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">12.34</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>
            <Ntry><Amt Ccy="EUR">12.34</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
            <NtryDtls><TxDtls><Refs><EndToEndId>ORDER-1</EndToEndId></Refs><Amt Ccy="EUR">12.34</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls></NtryDtls></Ntry>
            </Stmt></BkToCstmrStmt></Document>

            """
        let ours = try write("ours.csv", "order_no,amount,currency,status\nORDER-1,12.30,EUR,paid\n")
        let theirs = try write("bank.xml", camt)
        let differences = try run(["--ours", ours, "--theirs", theirs, "--theirs-format", "auto"])
        #expect(differences.contains("1,amount,amount_differs") && differences.contains("1234,EUR,succeeded"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/out").count == 4)
    }

    @Test("options that contradict themselves are refused before anything is read")
    func options() {
        let files = ["--ours", "a", "--theirs", "b", "--out", "c"]
        for wrong in [["--threads", "0"], ["--tolerance=-1"], ["--day", "21.11.2026"], ["--memory", "1"]] {
            #expect(throws: (any Error).self) { try ReconcileCommand.parse(files + wrong) }
        }
        #expect(throws: (any Error).self) {
            try ReconcileCommand.parse(files + ["--theirs-format", "camt", "--theirs-profile", "x"])
        }
    }
}
