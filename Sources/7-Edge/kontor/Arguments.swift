import ArgumentParser
import Money

/// Values of the command line are checked before anything is opened, so that a wrong one leaves no trace.
enum Arguments {
    static func currency(_ text: String) throws -> Currency { try Currency(code: text) }

    /// Throws in the words of the command line when a value is out of its range.
    static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw ValidationError("\(name) \(value): must be \(range.lowerBound) to \(range.upperBound)")
        }
    }

    static func checkPort(_ value: Int) throws { try check("--port", value, in: 0...65_535) }
}
