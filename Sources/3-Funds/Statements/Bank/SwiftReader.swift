/// SWIFT customer statements: MT940 (and MT950, the same without details), and interim reports MT942.
///
/// Sources: SWIFT Standards MT, category 9; the Deutsche Kreditwirtschaft's annex 3 for the German details.
struct SwiftReader: StatementReader {
    enum Message: String {
        case statement = "mt940"
        case interim = "mt942"
    }

    let message: Message
    let format: StatementFormat

    init(_ message: Message) {
        self.message = message
        let name = message == .statement ? "SWIFT MT940 customer statement" : "SWIFT MT942 interim report"
        format = StatementFormat(id: message.rawValue, name: name, channel: "bank")
    }

    /// A statement shows by its tags; one field alone may be copied from anywhere.
    func recognise(_ probe: Probe) -> Recognition {
        var tags: [String] = []
        var type: String?
        for line in probe.lines.prefix(400) {
            let bytes = FieldText.bytes(line)
            if type == nil, let blocks = SwiftFields.blocks(bytes) { type = blocks.messageType }
            if let tag = SwiftFields.tag(bytes) { tags.append(tag) }
        }
        guard !tags.isEmpty else { return .no }
        let isInterim = type == "942" || tags.contains { $0 == "34F" || $0.hasPrefix("90") || $0 == "13D" }
        guard isInterim == (message == .interim) else { return .no }
        let isStatement = tags.contains { $0.hasPrefix("60") || $0 == "61" } && tags.count > 2
        if tags.contains("20"), isStatement || isInterim { return .yes }
        // Some banks send no reference: an account with both balances is a statement all the same.
        if tags.contains(where: { $0.hasPrefix("25") }), tags.contains(where: { $0.hasPrefix("60") }),
            tags.contains(where: { $0.hasPrefix("62") })
        {
            return .yes
        }
        return .maybe(
            needs: "it has fields of a SWIFT statement and not all of them: name the format \(message.rawValue)")
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let reading = SwiftReading(
            fields: SwiftFields(try input.lines(), session), text: try BankText(input, session.options),
            session: session)
        try reading.read()
    }
}
