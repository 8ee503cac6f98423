import Contract
import Runtime
import Store

/// The bounds of a list of the room: how many rows, and after which. What tells the next page is opaque to callers.
struct ListPage {
    static let largest = 200

    let size: Int
    private let token: String
    private let values: [SQLValue]

    /// - Parameter kinds: how many values the key of a row has.
    init(_ requested: Int32, _ token: String, kinds: Int = 1) throws {
        guard (0...Int32(Self.largest)).contains(requested) else {
            throw Problem.invalidParameter("page_size", value: "\(requested)", rule: "must be 1 to \(Self.largest)")
        }
        size = requested == 0 ? 50 : Int(requested)
        self.token = token
        values = try PageToken.read(token, kinds: kinds)?.values ?? []
    }

    /// How many rows to look for: one more than are shown tells whether another page follows.
    var limit: Int { size + 1 }

    /// One value of the key that the last page ended with; nil for the first page.
    func after<Value: SQLConvertible>(_ index: Int = 0) throws -> Value? {
        guard values.indices.contains(index) else { return nil }
        do { return try Value(sqlValue: values[index]) } catch {
            throw Problem.invalidParameter(
                "page_token", value: token, rule: "is not one that we gave out for this list")
        }
    }

    /// What of the rows that were found is shown, and the token of the next page; empty after the last row.
    func cut<Row>(_ found: [Row], key: (Row) -> [SQLValue]) -> (rows: ArraySlice<Row>, next: String) {
        let rows = found.prefix(size)
        guard found.count > size, let last = rows.last else { return (rows, "") }
        return (rows, PageToken(key(last)).text)
    }
}
