/// The languages of the console.
enum Language: String, CaseIterable, Sendable {
    case en
    case zh

    /// For the `lang` attribute (BCP 47).
    var tag: String {
        switch self {
        case .en: "en"
        case .zh: "zh-Hans"
        }
    }

    /// Its name in itself.
    var name: String {
        switch self {
        case .en: "English"
        case .zh: "简体中文"
        }
    }

    /// What the address asks for, else the cookie, else the browser's first language that we have.
    static func wanted(by request: ConsoleRequest) -> Language {
        if let asked = Language(rawValue: request.parameter("lang")) { return asked }
        if let kept = Cookies.value(Cookies.language, in: request).flatMap(Language.init) { return kept }
        return accepted(request.header("accept-language") ?? "") ?? .en
    }

    /// By weight, then by order (RFC 9110, 12.5.4). Chinese in any script is better read in ours than in English.
    static func accepted(_ header: String) -> Language? {
        var best: (language: Language, weight: Int)?
        for range in header.split(separator: ",").prefix(20) {
            let parts = range.split(separator: ";").map(\.trimmed)
            guard let tag = parts.first?.split(separator: "-").first?.lowercased(),
                let language = Language(rawValue: tag)
            else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { thousandths($0.dropFirst(2)) } ?? 1_000
            if weight > (best?.weight ?? 0) { best = (language, weight) }
        }
        return best?.language
    }

    /// "0.8" is 800.
    private static func thousandths(_ text: Substring) -> Int {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard let whole = parts.first.flatMap({ Int($0) }) else { return 0 }
        let fraction = parts.count > 1 ? String(parts[1].prefix(3)) : ""
        let padded = fraction + String(repeating: "0", count: 3 - fraction.count)
        return min(1_000, max(0, whole) * 1_000 + (Int(padded) ?? 0))
    }
}
