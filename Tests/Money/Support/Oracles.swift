import Money

/// One currency for every length of the minor unit.
let everyMinorUnit: [Currency] = [.jpy, .eur, .kwd, .clf]

/// What an operation answered, so that answers can be compared with an oracle.
func outcome<Value>(_ body: () throws(MoneyError) -> Value) -> Result<Value, MoneyError> {
    do throws(MoneyError) { return .success(try body()) } catch { return .failure(error) }
}

/// Checks that an operation answered `exact`, or threw `overflow` because `exact` does not fit into 64 bits.
func claim(
    _ result: Result<Amount, MoneyError>, is exact: Int128, _ values: @autoclosure () -> String
) throws {
    switch (result, Int64(exactly: exact)) {
    case (.success(let amount), let expected?): try claim(amount.minor == expected, "\(amount) for \(values())")
    case (.failure(let error), nil): try claim(error.code == .overflow, "\(error) for \(values())")
    case (.success(let amount), nil): throw Refuted(description: "no overflow but \(amount) for \(values())")
    case (.failure(let error), _?): throw Refuted(description: "\(error) for \(values())")
    }
}

/// Rounds a fraction by the definition and not by the code under test: looks for the nearest integer among the
/// neighbours of the quotient, and in the middle takes the even one or the one farther from zero.
func naive(_ dividend: Int128, over divisor: Int128, _ rounding: Rounding) -> Int128 {
    let near = dividend / divisor
    var best = near - 1
    for candidate in [near, near + 1] {
        let distance = (dividend - candidate * divisor).magnitude
        let shortest = (dividend - best * divisor).magnitude
        let wins = rounding == .halfEven ? candidate % 2 == 0 : candidate.magnitude > best.magnitude
        if distance < shortest || (distance == shortest && wins) { best = candidate }
    }
    return best
}

extension Result where Failure == MoneyError {
    /// Why it was refused; nil when it was not.
    var code: MoneyError.Code? {
        if case .failure(let error) = self { error.code } else { nil }
    }
}
