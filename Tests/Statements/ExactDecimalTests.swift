import Money
import Testing

@testable import Statements

@Suite("Exact decimals") struct ExactDecimalTests {
    private func decimal(_ text: String, _ style: DecimalStyle = .point) throws -> ExactDecimal {
        try FieldText.decimal(FieldText.bytes(text), style)
    }

    @Test(
        "an amount is read to the last digit",
        arguments: [
            ("0.01", Int64(1)), ("-1234.50", -123_450), ("1,234,567.89", 123_456_789), (" 12 ", 1200), ("+0.10", 10),
            ("000000000000000000000.07", 7), ("5.1000", 510)
        ])
    func amounts(text: String, minor: Int64) throws {
        #expect(try decimal(text).minor(.cny) == minor)
    }

    @Test(
        "what is not exactly an amount is refused",
        arguments: [
            "", "-", "1.", ".5", "1,23", "1,2345.00", ",123", "1e5", "1.2.3", "１２", "12,", "--1", "1234567890123456789",
            "0x10", "1 000", "NaN"
        ])
    func nonsense(text: String) {
        #expect(throws: FieldProblem.self) { try decimal(text) }
    }

    @Test("decimals beyond the currency are zero or refused; a fine fee is rounded half away from zero")
    func fine() throws {
        #expect(throws: FieldProblem.self) { try decimal("0.005").minor(.cny) }
        #expect(throws: FieldProblem.self) { try decimal("1.5").minor(.jpy) }
        #expect(try decimal("0.00500").roundedMinor(.cny) == 1)
        #expect(try decimal("-0.00500").roundedMinor(.cny) == -1)
        #expect(try decimal("0.00499").roundedMinor(.cny) == 0)
        #expect(try decimal("1.500").minor(.kwd) == 1500)
    }

    @Test("a decimal comma, and SWIFT's bare one")
    func commas() throws {
        #expect(try decimal("1.234,50", .comma).minor(.eur) == 123_450)
        #expect(try decimal("1234,", .swift).minor(.eur) == 123_400)
        #expect(try decimal("1234,5", .swift).minor(.eur) == 123_450)
        #expect(throws: FieldProblem.self) { try decimal("1,234.5", .comma) }
    }

    @Test(
        "a number of a sheet is the decimal that it shows",
        arguments: [
            ("548.58000000000004", "548.58"), ("7.0000000000000007E-2", "0.07"), ("12", "12"), ("100.1", "100.1"),
            ("0", "0"), ("-36.990000000000002", "-36.99"), ("1.2E3", "1200"), ("0.29999999999999999", "0.3"),
            ("999999999999999.96", "1000000000000000"), ("x", "x")
        ])
    func sheetNumbers(text: String, shown: String) {
        #expect(String(decoding: SheetNumber.decimal(Array(text.utf8)), as: UTF8.self) == shown)
    }
}
