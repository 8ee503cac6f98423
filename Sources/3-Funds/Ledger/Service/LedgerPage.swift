import Contract
import Money
import Runtime
import Store

/// Pages of the ledger's lists: their cursor is one number.
enum LedgerPage {
    static let defaultSize = 100

    static func size(_ requested: Int32) -> Int {
        requested <= 0 ? defaultSize : min(Int(requested), Ledger.pageLimit)
    }

    static func cursor(_ token: String) throws -> Int64 {
        guard let token = try PageToken.read(token, kinds: 1) else { return 0 }
        return try Int64(sqlValue: token.values[0])
    }

    static func token(_ cursor: Int64) -> String { PageToken([.integer(cursor)]).text }
}

extension Currency {
    init(_ code: String, field: String) throws {
        do {
            try self.init(code: code)
        } catch {
            throw Problem.invalid(field: field, value: code, rule: "is no currency of ISO 4217 in use")
        }
    }

    init?(optional code: String, field: String) throws {
        if code.isEmpty { return nil }
        try self.init(code, field: field)
    }
}

extension Timestamp {
    init?(optional text: String, field: String) throws {
        if text.isEmpty { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            throw Problem.invalid(field: field, value: text, rule: "must be a moment as RFC 3339 writes it")
        }
        self = moment
    }
}
