import Ledger

/// What accounts are called: the chart of accounts knows, in both languages.
enum AccountNames {
    private static let standard = Dictionary(ChartAccount.standard.map { ($0.code, $0) }) { first, _ in first }

    /// Empty for an account that the tenant opened itself: its code is its name.
    static func name(_ code: String, in language: Language) -> String {
        guard let account = account(code) else { return "" }
        return language == .zh ? account.nameZh : account.name
    }

    private static func account(_ code: String) -> ChartAccount? {
        if let known = standard[code] { return known }
        let clearing = "clearing:"
        guard code.hasPrefix(clearing) else { return nil }
        return .clearing(String(code.dropFirst(clearing.count)))
    }
}
