import Foundation
import Money
import Testing

@Suite("Currencies are those of ISO 4217")
struct CurrencyTests {
    @Test(
        "a currency knows its code, number and minor unit",
        arguments: [
            (Currency.jpy, "JPY", 392, 0), (.eur, "EUR", 978, 2), (.kwd, "KWD", 414, 3), (.clf, "CLF", 990, 4),
            (.usd, "USD", 840, 2), (.`try`, "TRY", 949, 2)
        ])
    func facts(currency: Currency, code: String, number: Int, minorUnits: Int) throws {
        #expect(currency.code == code)
        #expect(currency.numericCode == number)
        #expect(currency.minorUnits == minorUnits)
        #expect(try Currency(code: code) == currency)
        #expect(try Currency(numericCode: number) == currency)
    }

    @Test("every currency is found by its code and by its number, and the table is in order")
    func lookups() throws {
        #expect(Currency.all.count == 165)
        #expect(Currency.all == Currency.all.sorted())
        #expect(Currency.all.map(\.code) == Currency.all.map(\.code).sorted())
        #expect(Set(Currency.all.map(\.numericCode)).count == Currency.all.count)
        for currency in Currency.all {
            #expect(try Currency(code: currency.code) == currency)
            #expect(try Currency(numericCode: currency.numericCode) == currency)
            #expect([0, 2, 3, 4].contains(currency.minorUnits))
        }
    }

    @Test(
        "what is no active currency with a minor unit is refused by name",
        arguments: ["", "E", "EU", "eur", "EURO", "EUR ", "ЕUR", "DEM", "HRK", "XAU", "XXX", "ZZZ", "AAA", "\0\0\0"])
    func refused(code: String) throws {
        let error = try #require(throws: MoneyError.self) { try Currency(code: code) }
        #expect(error.code == .unknownCurrency)
        #expect(error.value == code)
        #expect(error.rule.contains("ISO 4217"))
    }

    @Test("numbers that name no currency are refused", arguments: [0, -978, 1, 1000, 978 + 1024, Int.max, Int.min])
    func refusedNumber(number: Int) {
        #expect(throws: MoneyError.self) { try Currency(numericCode: number) }
    }

    @Test("a currency is four bytes and an amount sixteen")
    func size() {
        #expect(MemoryLayout<Currency>.size == 4)
        #expect(MemoryLayout<Amount>.stride == 16)
        #expect(_isPOD(Amount.self))
    }

    @Test("a currency is its code in JSON, and an unknown one is refused there too")
    func json() throws {
        #expect(try String(decoding: JSONEncoder().encode([Currency.eur]), as: UTF8.self) == #"["EUR"]"#)
        #expect(try JSONDecoder().decode([Currency].self, from: Data(#"["JPY"]"#.utf8)) == [.jpy])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Currency].self, from: Data(#"["XXX"]"#.utf8)) }
    }

    @Test(
        "the table is the published table",
        .enabled(if: Reference.url != nil, "iso4217.json is not here: set KONTOR_CORPUS to the folder of the corpus"))
    func published() throws {
        let url = try #require(Reference.url)
        let entries = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url)).currencies
        let counted = entries.filter { $0.minorUnits != nil }.map {
            "\($0.code) \(Int($0.number) ?? -1) \($0.minorUnits ?? -1)"
        }
        #expect(Currency.all.map { "\($0.code) \($0.numericCode) \($0.minorUnits)" } == counted.sorted())
        for entry in entries where entry.minorUnits == nil {
            #expect(throws: MoneyError.self, "\(entry.code)") { try Currency(code: entry.code) }
        }
    }
}

/// The reference file of the corpus, beside the checkout or where KONTOR_CORPUS says.
private struct Reference: Decodable {
    struct Entry: Decodable {
        let code: String
        let number: String
        let minorUnits: Int?

        enum CodingKeys: String, CodingKey {
            case code, number
            case minorUnits = "minor_units"
        }
    }

    let currencies: [Entry]

    static let url: URL? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let corpus =
            ProcessInfo.processInfo.environment["KONTOR_CORPUS"].map { URL(filePath: $0) }
            ?? root.appending(path: "../shared/corpus").standardized
        let file = corpus.appending(path: "reference/iso4217.json")
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }()
}
