/// A misspelt setting must not pass for one that was left out.
extension Decoder {
    func refuseOthers<Key: CodingKey & CaseIterable>(than keys: Key.Type) throws {
        let known = Set(keys.allCases.map(\.stringValue))
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath,
                    debugDescription: "there is no setting '\(key.stringValue)'; there are \(known.sorted())"))
        }
    }
}

extension KeyedDecodingContainer {
    /// The value, or `standard` where none is written.
    func get<Value: Decodable>(_ key: Key, or standard: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? standard
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
