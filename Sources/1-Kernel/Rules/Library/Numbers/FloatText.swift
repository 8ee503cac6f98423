/// Doubles as text.
enum FloatText {
    /// No more digits behind the point are written than this.
    static let maximumPrecision = 1_000

    /// The shortest text that reads back as the number: `0.1`, `1e+06`, `NaN`, `-Infinity`. It has an exponent below
    /// 0.0001 and from a million upwards, as in Google's implementations.
    static func shortest(_ number: Double) -> String {
        if let name = name(number) { return name }
        let (digits, point) = parts(number)
        let sign = number.sign == .minus ? "-" : ""
        let exponent = point - 1
        // The bounds of C's %g, whose precision is 6.
        if exponent < -4 || exponent >= 6 { return sign + scientific(digits, exponent) }
        return sign + plain(digits, point)
    }

    /// `NaN`, `Infinity`, `-Infinity`; nil for a finite number.
    static func name(_ number: Double) -> String? {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return nil
    }

    /// With a fixed number of digits after the point: `1.50`.
    static func fixed(_ number: Double, precision: Int) -> String {
        if let name = name(number) { return name }
        var expansion = DecimalExpansion(number)
        expansion.round(afterPoint: precision)
        var text = number.sign == .minus ? "-" : ""
        for place in stride(from: max(expansion.point - 1, 0), through: 0, by: -1) {
            text.append(digit(expansion.digit(at: place)))
        }
        if precision > 0 { text += "." }
        for place in 0..<precision { text.append(digit(expansion.digit(at: -1 - place))) }
        return text
    }

    /// With one digit before the point and a fixed number after it: `1.052033e+03`.
    static func scientific(_ number: Double, precision: Int) -> String {
        if let name = name(number) { return name }
        var expansion = DecimalExpansion(number)
        expansion.round(keeping: precision + 1)
        var digits = expansion.digits
        while digits.count < precision + 1 { digits.append(0) }
        let exponent = number == 0 ? 0 : expansion.point - 1
        return (number.sign == .minus ? "-" : "") + scientific(digits, exponent)
    }

    /// Every digit that the number needs, without an exponent: `1000000`, `0.0000001`.
    static func plain(_ number: Double) -> String {
        if let name = name(number) { return name }
        let (digits, point) = parts(number)
        return (number.sign == .minus ? "-" : "") + plain(digits, point)
    }

    // MARK: parts

    private static func digit(_ value: UInt8) -> Character { Character(Unicode.Scalar(UInt8(ascii: "0") + value)) }

    /// The fewest digits that identify the number, and where the point stands among them.
    private static func parts(_ number: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var isBehindPoint = false
        var text = Substring(number.magnitude.description)
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...].drop(while: { $0 == "+" })) ?? 0
            text = text[..<mark]
        }
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                isBehindPoint = true
            } else {
                digits.append(byte - UInt8(ascii: "0"))
                if !isBehindPoint { point += 1 }
            }
        }
        point += exponent
        while digits.last == 0 { digits.removeLast() }
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        point -= leading
        return digits.isEmpty ? ([0], 1) : (digits, point)
    }

    private static func plain(_ digits: [UInt8], _ point: Int) -> String {
        var text = ""
        if point <= 0 {
            text = "0." + String(repeating: "0", count: -point)
            for value in digits { text.append(digit(value)) }
            return text
        }
        for index in 0..<max(point, digits.count) {
            if index == point { text += "." }
            text.append(index < digits.count ? digit(digits[index]) : "0")
        }
        return text
    }

    private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
        var text = String(digit(digits[0]))
        if digits.count > 1 { text += "." }
        for value in digits.dropFirst() { text.append(digit(value)) }
        let size = exponent.magnitude
        return text + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + String(size)
    }
}
