public import Contract
public import Runtime

public enum PersonalTokenTag: IdentifierTag { public static let prefix = "tok" }
/// What stands in journals and tables in the place of a personal value.
public typealias PersonalToken = Identifier<PersonalTokenTag>

extension PrivacyKind {
    /// Whether a person is found again by a value of this kind.
    public var isLookup: Bool { self == .email || self == .phone }

    /// The form under which two spellings of one value are the same; nil when the value cannot be of this kind.
    ///
    /// E-mail: trimmed and in lower case. Phone: digits, without the international prefix `00`.
    func normalised(_ value: String) -> String? {
        switch self {
        case .email:
            let text = value.trimmingSpaces.lowercased()
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: \.isWhitespace)
            else { return nil }
            return text
        case .phone:
            var digits = value.filter { $0.isASCII && $0.isNumber }
            if digits.hasPrefix("00") { digits.removeFirst(2) }
            return (4...20).contains(digits.count) ? digits : nil
        default:
            return value
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: Substring {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
