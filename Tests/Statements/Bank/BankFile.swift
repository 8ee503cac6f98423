import Money
import Statements

/// A bank's file as text, read whole.
struct BankFile {
    var rows: [StatementRow] = []
    var summary = StatementSummary()

    init(_ source: StatementSource, format: String? = nil, options: ReadOptions = ReadOptions()) throws {
        var rows: [StatementRow] = []
        summary = try Statements.read(source, format: format, options: options) { rows.append($0) }
        self.rows = rows
    }

    init(_ text: String, format: String, options: ReadOptions = ReadOptions()) throws {
        try self.init(.bytes(Array(text.utf8), name: "statement.txt"), format: format, options: options)
    }

    /// What a file is refused with.
    static func refusal(_ text: String, format: String, options: ReadOptions = ReadOptions()) -> StatementError? {
        do {
            _ = try BankFile(text, format: format, options: options)
            return nil
        } catch {
            return error as? StatementError
        }
    }
}
