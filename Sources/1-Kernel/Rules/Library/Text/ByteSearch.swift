/// Finds one text in another in time linear in both, byte by byte; in UTF-8 that is a search by code points.
struct ByteSearch {
    let pattern: [UInt8]
    /// For each prefix of the pattern the length of its longest border (Knuth, Morris and Pratt); empty for short
    /// patterns, where starting over costs less than the table.
    private let borders: [Int]

    private static let short = 16

    init(_ text: String) {
        pattern = Array(text.utf8)
        guard pattern.count > ByteSearch.short else {
            borders = []
            return
        }
        var borders = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in 1..<pattern.count {
            while length > 0, pattern[index] != pattern[length] { length = borders[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            borders[index] = length
        }
        self.borders = borders
    }

    /// Whether a text contains another. Short ones are compared in place.
    static func contains(_ text: String, _ pattern: String) -> Bool {
        var text = text
        var pattern = pattern
        let isShort = pattern.utf8.count <= short
        return text.withUTF8 { bytes in
            isShort
                ? pattern.withUTF8 { naive($0, in: bytes, from: 0) } != nil
                : ByteSearch(pattern).first(in: bytes, from: 0) != nil
        }
    }

    /// Where the pattern first stands at or behind `start`.
    func first(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBufferPointer { first(in: $0, from: start) }
    }

    private func first(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        if borders.isEmpty { return pattern.withUnsafeBufferPointer { ByteSearch.naive($0, in: bytes, from: start) } }
        var length = 0
        for index in start..<bytes.count {
            while length > 0, bytes[index] != pattern[length] { length = borders[length - 1] }
            if bytes[index] == pattern[length] { length += 1 }
            if length == pattern.count { return index - length + 1 }
        }
        return nil
    }

    private static func naive(
        _ pattern: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard bytes.count - start >= pattern.count else { return nil }
        guard let head = pattern.first else { return start }
        for place in start...(bytes.count - pattern.count) where bytes[place] == head {
            var length = 1
            while length < pattern.count, bytes[place + length] == pattern[length] { length += 1 }
            if length == pattern.count { return place }
        }
        return nil
    }

    /// Where the pattern last stands at or before `end`.
    func last(in bytes: [UInt8], upTo end: Int) -> Int? {
        if pattern.isEmpty { return min(end, bytes.count) }
        guard borders.isEmpty else { return lastByBorders(in: bytes, upTo: end) }
        var place = min(end, bytes.count - pattern.count)
        while place >= 0 {
            if bytes[place..<(place + pattern.count)].elementsEqual(pattern) { return place }
            place -= 1
        }
        return nil
    }

    /// Passes over the text from its beginning and remembers the last place.
    private func lastByBorders(in bytes: [UInt8], upTo end: Int) -> Int? {
        var found: Int?
        var length = 0
        for index in bytes.indices {
            while length > 0, bytes[index] != pattern[length] { length = borders[length - 1] }
            if bytes[index] == pattern[length] { length += 1 }
            guard length == pattern.count else { continue }
            let place = index + 1 - length
            if place > end { break }
            found = place
            length = borders[length - 1]
        }
        return found
    }
}

/// A text as bytes, addressed by code points.
struct CodePoints {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    var count: Int { bytes.count { !CodePoints.isContinuation($0) } }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// Where the code point of that number begins; the end for their count; nil beyond.
    func offset(of number: Int64) -> Int? {
        guard number >= 0 else { return nil }
        var left = number
        for (offset, byte) in bytes.enumerated() where !CodePoints.isContinuation(byte) {
            if left == 0 { return offset }
            left -= 1
        }
        return left == 0 ? bytes.count : nil
    }

    /// The number of the code point that begins there.
    func number(at offset: Int) -> Int64 { Int64(bytes[..<offset].count { !CodePoints.isContinuation($0) }) }

    /// Where the code point behind the one at `offset` begins.
    func next(after offset: Int) -> Int {
        var next = offset + 1
        while next < bytes.count, CodePoints.isContinuation(bytes[next]) { next += 1 }
        return next
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
