import Foundation
import Testing

@testable import Rules

@Suite("Texts of numbers") struct NumberTextTests {
    @Test(
        "a double is written with the fewest digits that read back as it",
        arguments: [
            (1_000_000.0, "1e+06"), (1e20, "1e+20"), (0.1, "0.1"), (1.0, "1"), (123_456_789.125, "1.23456789125e+08"),
            (1e-7, "1e-07"), (-0.0045, "-0.0045"), (0.0001, "0.0001"), (100_000.0, "100000"), (123.456, "123.456"),
            (-0.0, "-0"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"), (.nan, "NaN"),
            (.infinity, "Infinity"), (-.infinity, "-Infinity"), (999_999.5, "999999.5")
        ])
    func shortest(_ number: Double, _ text: String) {
        #expect(FloatText.shortest(number) == text)
    }

    @Test("fixed and scientific digits are those of C's printf, for any double")
    func printf() {
        var seed: UInt64 = 42
        func random() -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed ^ seed >> 33
        }
        for index in 0..<4_000 {
            let bits = Double(bitPattern: random())
            let number = index % 2 == 0 ? bits : Double(Int64(bitPattern: random()) >> 20) / 1_024
            guard number.isFinite else { continue }
            let precision = Int(random() % 20)
            #expect(FloatText.fixed(number, precision: precision) == String(format: "%.\(precision)f", number))
            #expect(FloatText.scientific(number, precision: precision) == String(format: "%.\(precision)e", number))
        }
        for (number, precision) in [
            (2.5, 0), (0.5, 0), (1.5, 0), (2.675, 2), (25.0, 0), (0.0, 3), (-0.04, 1), (9.99, 1)
        ] {
            #expect(FloatText.fixed(number, precision: precision) == String(format: "%.\(precision)f", number))
            #expect(FloatText.scientific(number, precision: precision) == String(format: "%.\(precision)e", number))
        }
    }

    @Test("numbers are read strictly and within their range")
    func reading() throws {
        #expect(try Conversion.int("-42") == -42)
        #expect(try Conversion.int("+42") == 42)
        #expect(try Conversion.int("-9223372036854775808") == .min)
        #expect(try Conversion.uint("18446744073709551615") == .max)
        #expect(try Conversion.double("-84.32e7") == -8.432e8)
        #expect(try Conversion.double("NaN").isNaN)
        #expect(try Conversion.double("-Infinity") == -.infinity)
        for text in ["", " 42", "42 ", "4_2", "0x2a", "1.0", "9223372036854775808", "+-1", "٤٢"] {
            #expect(throws: EvaluationError.self) { try Conversion.int(.string(text)) }
        }
        for text in ["-1", "18446744073709551616", "1u"] {
            #expect(throws: EvaluationError.self) { try Conversion.uint(.string(text)) }
        }
        for text in ["", ".", "e5", "1e", "0x10", "1_000", "1e999", " 1", "nan(1)"] {
            #expect(throws: EvaluationError.self) { try Conversion.double(.string(text)) }
        }
        #expect(try Conversion.int(-7.9) == -7)
        #expect(try Conversion.uint(1e19) == 10_000_000_000_000_000_000)
        for number in [9_223_372_036_854_775_807.0, -9_223_372_036_854_775_808.0, 1e99, .nan, -.infinity] {
            #expect(throws: EvaluationError.self) { try Conversion.int(.double(number)) }
        }
        for number in [-0.5, 18_446_744_073_709_551_616.0, .nan] {
            #expect(throws: EvaluationError.self) { try Conversion.uint(.double(number)) }
        }
    }
}
