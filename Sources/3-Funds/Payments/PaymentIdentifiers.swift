internal import Contract
public import Runtime

public enum PaymentRefundTag: IdentifierTag {
    public static let prefix = "rfd"
}

public typealias PaymentRefundID = Identifier<PaymentRefundTag>

/// The name of an attempt at the channel: `<payment id>-<attempt>`. It is deterministic, so nothing has to be looked up.
struct AttemptReference: Hashable, Sendable {
    let payment: PaymentID
    let number: Int

    var text: String { "\(payment)-\(number)" }

    /// The identifier of one operation of the attempt: the same whenever the same intent is sent.
    func request(_ operation: Int) -> String { "\(text)-\(operation)" }
}

extension AttemptReference {
    init?(_ text: String) {
        guard let dash = text.lastIndex(of: "-"), let payment = PaymentID(String(text[..<dash])),
            let number = Int(text[text.index(after: dash)...]), number > 0
        else { return nil }
        self.init(payment: payment, number: number)
    }
}
