/// Finds a key that one JSON object has twice. Decoders take the last one in silence, and the caller who wrote two
/// quantities never learns which was bought.
///
/// `order_id` and `orderId` are one key, as they are one field. The text must be well-formed; it is read once.
struct RepeatedKeys {
    private struct Key {
        let hash: UInt64
        let text: Range<Int>
    }

    /// What stands open: where an object's keys begin in `keys`, or an array.
    private enum Opened {
        case object(firstKey: Int)
        case array
    }

    /// Up to so many keys are compared with each other; more are sorted first.
    private static let comparedLimit = 16

    private var keys: [Key] = []
    private var opened: [Opened] = []

    /// The first repeated key in `text`, as it is written there; nil when every object's keys are its own.
    static func first(in text: [UInt8]) -> String? {
        var scan = RepeatedKeys()
        return scan.scan(text.span).map { String(decoding: text[$0], as: UTF8.self) }
    }

    private mutating func scan(_ text: Span<UInt8>) -> Range<Int>? {
        var expectsKey = false
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "{"):
                opened.append(.object(firstKey: keys.count))
                expectsKey = true
            case UInt8(ascii: "["): opened.append(.array)
            case UInt8(ascii: "]"): _ = opened.popLast()
            case UInt8(ascii: "}"):
                if case .object(let firstKey) = opened.popLast() {
                    if let repeated = repeated(from: firstKey) { return repeated }
                    keys.removeLast(keys.count - firstKey)
                }
            case UInt8(ascii: ","):
                if case .object = opened.last { expectsKey = true }
            case UInt8(ascii: "\""):
                let start = index + 1
                let hash = RepeatedKeys.string(text, &index)
                if expectsKey { keys.append(Key(hash: hash, text: start..<index)) }
                expectsKey = false
            default: break
            }
            index += 1
        }
        return nil
    }

    /// FNV-1a over the camelCase spelling. Two keys of one hash would be refused as one: who looks for such a pair
    /// refuses only himself.
    private static func string(_ text: Span<UInt8>, _ index: inout Int) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var raises = false
        index += 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            var byte = text[index]
            index += 1
            if byte == UInt8(ascii: "_") {
                raises = true
                continue
            }
            if raises, byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") { byte -= 32 }
            raises = false
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            if byte == UInt8(ascii: "\\"), index < text.count {
                hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3
                index += 1
            }
        }
        return hash
    }

    private func repeated(from first: Int) -> Range<Int>? {
        guard keys.count - first > 1 else { return nil }
        if keys.count - first <= RepeatedKeys.comparedLimit {
            for later in (first + 1)..<keys.count {
                for earlier in first..<later where keys[earlier].hash == keys[later].hash { return keys[later].text }
            }
            return nil
        }
        let sorted = keys[first...].sorted { $0.hash < $1.hash }
        return zip(sorted, sorted.dropFirst()).first { $0.hash == $1.hash }?.1.text
    }
}
