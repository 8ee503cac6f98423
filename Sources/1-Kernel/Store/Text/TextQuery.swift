/// A search as a list of words that must all occur; the last may be the beginning of one.
public struct TextQuery: Sendable, Hashable {
    /// Each term is a phrase of tokens that stand side by side.
    public let terms: [[String]]

    /// Nil when the text holds nothing to search for. At most 16 terms are kept.
    public init?(_ text: String) {
        let terms = text.split(whereSeparator: \.isWhitespace).prefix(16)
            .map { TextTokens.split(String($0)) }.filter { !$0.isEmpty }
        guard !terms.isEmpty else { return nil }
        self.terms = terms
    }
}

/// Splits text into the tokens that both stores index.
///
/// Chinese, Japanese and Korean write no spaces, so each ideograph is a token and a word of them is a phrase.
public enum TextTokens {
    public static func split(_ text: String) -> [String] {
        var tokens: [String] = []
        var word = ""
        for character in text.lowercased() {
            if isIdeograph(character) {
                if !word.isEmpty { tokens.append(word) }
                word = ""
                tokens.append(String(character))
            } else if character.isLetter || character.isNumber {
                word.append(character)
            } else if !word.isEmpty {
                tokens.append(word)
                word = ""
            }
        }
        if !word.isEmpty { tokens.append(word) }
        return tokens
    }

    private static func isIdeograph(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first?.value else { return false }
        return (0x3040...0x30FF).contains(scalar) || (0x3400...0x9FFF).contains(scalar)
            || (0xAC00...0xD7AF).contains(scalar) || (0xF900...0xFAFF).contains(scalar)
            || (0x20000...0x3FFFF).contains(scalar)
    }
}
