internal import CScan
internal import Synchronization

/// What the words of both files stand for. All threads share it; each keeps a copy of what it has met.
final class WordTable: Sendable {
    private struct Currencies {
        var codes: [[UInt8]: UInt8] = [:]
        var texts: [[UInt8]] = []
    }

    private let currencies = Mutex(Currencies())

    /// Currencies are numbered as they come: only equality counts, the numbers never leave the job.
    func currency(_ text: [UInt8], decimals: UInt8?) -> cscan_word {
        let code: UInt8 = currencies.withLock { known in
            if let code = known.codes[text] { return code }
            guard text.count > 0, known.texts.count < Int(CSCAN_WORD_SKIP) else { return UInt8(CSCAN_WORD_REFUSED) }
            let code = UInt8(known.texts.count)
            known.codes[text] = code
            known.texts.append(text)
            return code
        }
        return Self.word(text, code, decimals ?? Self.decimals(text))
    }

    static func word(_ text: [UInt8], _ code: UInt8, _ decimals: UInt8 = 0) -> cscan_word {
        var word = cscan_word()
        word.length = UInt8(text.count)
        word.code = code
        word.decimals = decimals
        withUnsafeMutableBytes(of: &word.text) { $0.copyBytes(from: text) }
        return word
    }

    /// ISO 4217: how many decimals the minor unit of a currency has, where it is not two.
    static func decimals(_ code: [UInt8]) -> UInt8 {
        let text = String(decoding: code, as: UTF8.self)
        if withoutDecimals.contains(text) { return 0 }
        if withThree.contains(text) { return 3 }
        return withFour.contains(text) ? 4 : 2
    }

    private static let withoutDecimals: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
        "XPF"
    ]
    private static let withThree: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
    private static let withFour: Set<String> = ["CLF", "UYW"]
}
