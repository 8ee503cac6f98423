import ArgumentParser
import Statements
import Testing

@testable import kontor

@Suite("kontor statement inspect: what a file does not state") struct StatementCommandTests {
    @Test("the currency and the zone are taken from the command")
    func optionsOfTheCommand() throws {
        let command = try StatementCommand.Inspect.parse(["a.sta", "--currency", "EUR", "--zone", "+08:00"])
        #expect(command.options.currency == (try FieldText.currency("EUR")))
        #expect(command.options.offsetSeconds == 28_800)
        let plain = try StatementCommand.Inspect.parse(["a.sta"])
        #expect(plain.options.currency == nil && plain.options.offsetSeconds == nil)
    }

    @Test(
        "words that are neither are refused before the file is opened",
        arguments: [["--currency", "euro"], ["--currency", "ZZZ"], ["--zone", "x"], ["--zone", "+25:00"]])
    func badOptions(words: [String]) {
        #expect(throws: (any Error).self) { try StatementCommand.Inspect.parse(["a.sta"] + words) }
    }
}
