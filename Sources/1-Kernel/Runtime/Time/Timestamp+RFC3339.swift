extension Timestamp {
    /// RFC 3339 in UTC with microseconds, e.g. `2026-11-21T04:05:06.000789Z`.
    ///
    /// Written by hand because Foundation's formatter costs more than the row that it describes.
    public var rfc3339: String {
        let date = CivilDate(daysSinceEpoch: Timestamp.floorDivide(microseconds, Timestamp.microsecondsPerDay))
        var rest = microseconds - date.daysSinceEpoch * Timestamp.microsecondsPerDay
        let fraction = rest % 1_000_000
        rest /= 1_000_000
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.date(date)
            writer.byte(UInt8(ascii: "T"))
            writer.digits(rest / 3_600, 2)
            writer.byte(UInt8(ascii: ":"))
            writer.digits(rest / 60 % 60, 2)
            writer.byte(UInt8(ascii: ":"))
            writer.digits(rest % 60, 2)
            writer.byte(UInt8(ascii: "."))
            writer.digits(fraction, 6)
            writer.byte(UInt8(ascii: "Z"))
            return writer.count
        }
    }

    /// The UTC day of the moment, e.g. `2026-11-21`.
    public var civilDay: String {
        let date = CivilDate(daysSinceEpoch: Timestamp.floorDivide(microseconds, Timestamp.microsecondsPerDay))
        return String(unsafeUninitializedCapacity: 16) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.date(date)
            return writer.count
        }
    }

    /// The first moment of the UTC day written as `2026-11-21`; nil when the text is not a day of the calendar.
    public init?(civilDay text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, let date = CivilDate(bytes[...]) else { return nil }
        self.init(microseconds: date.daysSinceEpoch * Timestamp.microsecondsPerDay)
    }

    /// Reads RFC 3339 with `Z` or a numeric offset and up to nine fraction digits (those past six are cut).
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let date = CivilDate(bytes[0..<10]), bytes[10] | 0x20 == UInt8(ascii: "t"),
            let hour = Digits.value(bytes[11..<13]), let minute = Digits.value(bytes[14..<16]),
            let second = Digits.value(bytes[17..<19]), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            let start = index + 1
            index = start
            while index < bytes.count, bytes[index] &- 48 < 10 { index += 1 }
            guard index > start, index - start <= 9 else { return nil }
            for place in 0..<6 {
                fraction = fraction * 10 + (start + place < index ? Int64(bytes[start + place] - 48) : 0)
            }
        }
        guard let offset = Timestamp.offset(bytes[index...]) else { return nil }
        let seconds = hour * 3_600 + minute * 60 + second - offset
        self.init(
            microseconds: date.daysSinceEpoch * Timestamp.microsecondsPerDay + seconds * 1_000_000 + fraction)
    }

    static let microsecondsPerDay: Int64 = 86_400_000_000

    static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        let quotient = value / by
        return value % by < 0 ? quotient - 1 : quotient
    }

    /// Seconds east of Greenwich for `Z`, `+hh:mm` or `-hh:mm`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard let sign = bytes.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
        let start = bytes.startIndex
        guard bytes.count == 6, bytes[start + 3] == UInt8(ascii: ":"),
            let hours = Digits.value(bytes[start + 1..<start + 3]), hours < 24,
            let minutes = Digits.value(bytes[start + 4..<start + 6]), minutes < 60
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return sign == UInt8(ascii: "+") ? seconds : sign == UInt8(ascii: "-") ? -seconds : nil
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String { rfc3339 }
}

enum Digits {
    static func value(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard byte &- 48 < 10 else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        return value
    }
}

private struct DigitWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    mutating func byte(_ value: UInt8) {
        buffer[count] = value
        count += 1
    }

    mutating func digits(_ value: Int64, _ width: Int) {
        var rest = value
        for place in stride(from: width - 1, through: 0, by: -1) {
            buffer[count + place] = UInt8(48 + rest % 10)
            rest /= 10
        }
        count += width
    }

    mutating func date(_ date: CivilDate) {
        digits(date.year, 4)
        byte(UInt8(ascii: "-"))
        digits(date.month, 2)
        byte(UInt8(ascii: "-"))
        digits(date.day, 2)
    }
}
