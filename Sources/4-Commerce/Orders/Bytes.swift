import Foundation
import Runtime
import Store

extension UUIDv7 {
    /// The sixteen bytes as a field of a message holds them.
    var data: Data { Data(bytes) }
}

extension Identifier {
    /// Reads what `uuid.data` wrote.
    init(data: Data) throws {
        guard let uuid = UUIDv7(bytes: data) else {
            throw StoreError(.unexpectedValue, "an identifier in an event has \(data.count) bytes instead of 16")
        }
        self.init(uuid)
    }
}
