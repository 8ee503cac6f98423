import Glibc

extension String {
    /// Whether a word stands anywhere in the text, byte by byte: bills write their words in one way only, and finding
    /// the borders of characters in every row would be a fifth of the work.
    func has(_ word: StaticString) -> Bool {
        var text = self
        let length = word.utf8CodeUnitCount
        return text.withUTF8 { text in
            guard let start = text.baseAddress, text.count >= length else { return false }
            return (0...text.count - length).contains { memcmp(start + $0, word.utf8Start, length) == 0 }
        }
    }
}
