import Clibpq
import Store

/// What the server or the connection said, before it becomes one of the store's errors.
struct PostgreSQLFailure: Error {
    /// SQLSTATE (PostgreSQL's manual, appendix A); empty when the connection itself failed.
    let state: String
    let message: String

    init(state: String, message: String) {
        self.state = state
        self.message = message.split(separator: "\n").first.map(String.init) ?? "no message"
    }

    init(result: OpaquePointer?) {
        // PG_DIAG_SQLSTATE is 'C', a macro that Swift does not import.
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        self.init(state: state, message: PQresultErrorMessage(result).map { String(cString: $0) } ?? "")
    }

    init(connection: OpaquePointer?) {
        self.init(state: "", message: PQerrorMessage(connection).map { String(cString: $0) } ?? "")
    }

    /// A connection that is gone, or that the server is about to end: nothing uncommitted is left of it.
    var isConnectionLost: Bool {
        state.isEmpty || state.hasPrefix("08") || ["57P01", "57P02", "57P03", "57P05", "25P03"].contains(state)
    }

    /// A table, schema or role is not there: perhaps the book has moved.
    var isAbsence: Bool { ["42P01", "3F000", "42704", "22023"].contains(state) }

    var storeError: StoreError {
        if isConnectionLost {
            return StoreError(.unavailable, "the database cannot be reached: \(message)", retryAfter: .seconds(1))
        }
        switch state {
        case "53100": return StoreError(.diskFull, message)
        // Too many connections, out of memory or locks: others' work must end first.
        case _ where state.hasPrefix("53"): return StoreError(.unavailable, message, retryAfter: .seconds(1))
        // Two transactions stood in each other's way and this one was undone.
        case "40001", "40P01": return StoreError(.unavailable, message, retryAfter: .milliseconds(250))
        // Cancelled by its timeout, or the lock was not to be had in time.
        case "57014", "55P03": return StoreError(.busy, message, retryAfter: .seconds(1))
        // A constraint, or a value that the column's type cannot hold.
        case _ where state.hasPrefix("23") || state.hasPrefix("22"): return StoreError(.constraint, message)
        default: return StoreError(.database, "PostgreSQL \(state): \(message)")
        }
    }
}
