/// ISO 20022 account reports (camt.052), statements (camt.053) and notifications (camt.054), of every version.
///
/// Versions differ in places that are read either way: the status is a code or a choice, charges and details moved.
/// The name of the message's element decides what a document is. A document of another message is refused: an
/// unknown root with no rows would look like a day without business.
struct CamtReader: StatementReader {
    static let channel = "bank"

    enum Message: String, CaseIterable {
        case report = "camt052"
        case statement = "camt053"
        case notification = "camt054"

        /// The element below `Document`; version 1 appended `V01`.
        var element: String {
            switch self {
            case .report: "BkToCstmrAcctRpt"
            case .statement: "BkToCstmrStmt"
            case .notification: "BkToCstmrDbtCdtNtfctn"
            }
        }

        /// What the message holds one or many of.
        var container: String {
            switch self {
            case .report: "Rpt"
            case .statement: "Stmt"
            case .notification: "Ntfctn"
            }
        }

        /// A statement holds what was booked, so that an entry without a status is; the others may announce.
        var unstatedStatus: String? { self == .statement ? "BOOK" : nil }

        var name: String {
            switch self {
            case .report: "ISO 20022 account report (camt.052)"
            case .statement: "ISO 20022 statement (camt.053)"
            case .notification: "ISO 20022 debit and credit notification (camt.054)"
            }
        }

        init?(element: Substring) {
            let found = Self.allCases.first { message in
                let rest = element.dropFirst(message.element.count)
                return element.hasPrefix(message.element) && (rest.isEmpty || rest.first == "V")
            }
            guard let found else { return nil }
            self = found
        }
    }

    let message: Message
    let format: StatementFormat

    init(_ message: Message) {
        self.message = message
        format = StatementFormat(id: message.rawValue, name: message.name, channel: Self.channel)
    }

    func recognise(_ probe: Probe) -> Recognition {
        guard let text = probe.text, text.contains("<") else { return .no }
        return Self.message(in: text) == message ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let stream = DocumentStream(try input.stream())
        let reading = CamtReading(
            message: message, xml: XMLWalk(try XMLPull(stream)), stream: stream, session: session)
        try reading.read()
    }

    /// The first start tag among the first ones that names a message; envelopes (`AppHdr`, `Xchg`) may stand before.
    private static func message(in text: String) -> Message? {
        var rest = Substring(text)
        for _ in 0..<200 {
            guard let open = rest.firstIndex(of: "<") else { return nil }
            rest = rest[rest.index(after: open)...]
            let name = rest.prefix { $0 != ">" && $0 != " " && $0 != "/" && !$0.isNewline && $0 != "\t" }
            let local = name.split(separator: ":", omittingEmptySubsequences: true).last ?? name
            if let message = Message(element: local) { return message }
        }
        return nil
    }
}
