internal import Money

/// The text of bank files, which seldom say what it is encoded in: UTF-8 where it is valid, otherwise GB 18030 where the
/// beginning of the file is plainly Chinese, otherwise Windows-1252.
///
/// Looking at the beginning of a file is not enough: the first umlaut may stand in the last of a million lines. And a
/// text is for people: bytes that Windows-1252 leaves undefined (a Polish Ź) are kept as Latin-1 has them, because no
/// bank's money is refused for a letter of its payer.
final class BankText {
    private let decoder: TextDecoder
    private let other: TextDecoder?
    private let last: TextDecoder

    /// - Parameter stated: what the file says of its encoding, where it does.
    init(_ input: StatementInput, _ options: ReadOptions, stated: TextEncoding? = nil) throws {
        decoder = try options.encoding == nil ? TextDecoder(stated ?? .utf8) : input.decoder()
        let guess: TextEncoding = input.encoding == .gb18030 ? .gb18030 : .windows1252
        other = options.encoding == nil ? try TextDecoder(stated == .utf8 ? guess : stated ?? guess) : nil
        last = try TextDecoder(.latin1)
    }

    /// Control characters become spaces: they are the transport's, not the text's.
    func string(_ bytes: ArraySlice<UInt8>) throws(FieldProblem) -> String {
        let text = try decoded(bytes)
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    private func decoded(_ bytes: ArraySlice<UInt8>) throws(FieldProblem) -> String {
        guard let other else { return try decoder.string(bytes) }
        // Bytes of another encoding are hardly ever valid UTF-8 by chance, whatever the header says.
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        if let text = try? other.string(bytes) { return text }
        return try last.string(bytes)
    }

    /// A currency of a bank file: in use, or in use when the file was written.
    static func currency(_ text: String) throws(FieldProblem) -> Currency {
        if let current = try? Currency(code: text) { return current }
        if let past = try? Currency(withdrawnCode: text) { return past }
        throw FieldProblem("is not a currency: \"\(text.prefix(8))\"")
    }

    /// Descriptions are for people: a thousand characters are kept.
    static func description(_ parts: [String]) -> String {
        String(parts.filter { !$0.isEmpty }.joined(separator: "; ").prefix(1_000))
    }
}

/// What a bank's line is about, when all that is known is its direction and a hint of its code.
enum BankKind {
    enum Hint { case none, fee, interest, exchange, returned }

    /// What was credited and is taken back was a payment; what comes back to us we had paid ourselves.
    static func kind(_ hint: Hint, isCredit: Bool, isReversal: Bool) -> RowKind {
        switch hint {
        case .fee: .fee
        case .interest: .adjustment
        case .exchange: .fx
        case .returned: isCredit ? .adjustment : .chargeback
        case .none where isReversal: isCredit ? .adjustment : .chargeback
        case .none: isCredit ? .payment : .payout
        }
    }
}

extension DecimalStyle {
    /// Digits alone: no byte of a number is zero, so there is no point.
    static let integral = DecimalStyle(point: 0, group: nil, allowsBarePoint: false)
    /// `10.`, whose point is no group's.
    static let bare = DecimalStyle(point: UInt8(ascii: "."), group: nil, allowsBarePoint: true)
}
