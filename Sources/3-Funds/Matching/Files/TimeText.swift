/// Times as files write them: `2026-11-20`, `2026-11-20 23:15:07`, `2026-11-20T23:15:07.5+08:00`, `20261120231507`,
/// `2026/11/20 23:15`, and seconds or milliseconds since 1970.
enum TimeText {
    struct Moment {
        /// The civil day that is written there, whatever the zone.
        var day: Int32
        var seconds: Int64?
    }

    static func parse(_ text: [UInt8], zoneSeconds: Int64) -> Moment? {
        let digits = text.prefix { (48...57).contains($0) }.count
        if digits == text.count, digits != 8, digits != 14 { return since1970(text, zoneSeconds) }
        var reader = Reader(text: text)
        guard let year = reader.number(4) else { return nil }
        reader.skip("-/.")
        guard let month = reader.number(2) else { return nil }
        reader.skip("-/.")
        guard let dayOfMonth = reader.number(2),
            let day = CivilDay(year: year, month: month, day: dayOfMonth)
        else { return nil }
        if reader.isAtEnd { return Moment(day: day.number) }
        reader.skip("T ")
        guard let hour = reader.number(2), hour < 24 else { return nil }
        reader.skip(":")
        guard let minute = reader.number(2), minute < 60 else { return nil }
        reader.skip(":")
        let second = reader.number(2) ?? 0
        guard second <= 60 else { return nil }
        reader.skipFraction()
        guard let zone = reader.zone(or: zoneSeconds) else { return nil }
        let ofDay = Int64(hour * 3600 + minute * 60 + second)
        return Moment(day: day.number, seconds: Int64(day.number) * 86_400 + ofDay - zone)
    }

    /// Ten digits are seconds until the year 2286, thirteen are milliseconds.
    private static func since1970(_ text: [UInt8], _ zoneSeconds: Int64) -> Moment? {
        guard (9...13).contains(text.count), text.count < 11 || text.count == 13 else { return nil }
        let value = text.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
        let seconds = text.count == 13 ? value / 1000 : value
        return Moment(day: CivilDay(seconds: seconds + zoneSeconds).number, seconds: seconds)
    }

    private struct Reader {
        let text: [UInt8]
        var place = 0

        var isAtEnd: Bool { place == text.count }

        mutating func number(_ digits: Int) -> Int? {
            guard place + digits <= text.count else { return nil }
            var value = 0
            for byte in text[place..<place + digits] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            place += digits
            return value
        }

        mutating func skip(_ any: StaticString) {
            guard place < text.count else { return }
            let isOne = any.withUTF8Buffer { $0.contains(text[place]) }
            if isOne { place += 1 }
        }

        mutating func skipFraction() {
            guard place < text.count, text[place] == UInt8(ascii: ".") else { return }
            place += 1
            while place < text.count, (48...57).contains(text[place]) { place += 1 }
        }

        /// `Z`, `+08:00`, `+0800`, `+08`, or nothing.
        mutating func zone(or usual: Int64) -> Int64? {
            guard place < text.count else { return usual }
            let sign = text[place]
            place += 1
            if sign == UInt8(ascii: "Z") { return isAtEnd ? 0 : nil }
            guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(2) else { return nil }
            skip(":")
            let minutes = number(2) ?? 0
            guard isAtEnd, hours <= 18, minutes < 60 else { return nil }
            let seconds = Int64(hours * 3600 + minutes * 60)
            return sign == UInt8(ascii: "-") ? -seconds : seconds
        }
    }
}
