internal import Runtime

/// Which day a file is of, by its name: `IND{yyMMdd}01ACOM`, `*_{yyyy-MM-dd}.csv.gz`.
///
/// In braces stand `yyyy`, `yy`, `MM`, `dd` and whatever is between them; `*` stands for anything. A pattern names the
/// whole name and exactly one day.
public struct FileNamePattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text([UInt8])
        case anything
        case year, shortYear, month, day
    }

    public let text: String
    /// Days from the one in the name to the business day that the file is of: −1 when it names the day after.
    public let offsetDays: Int
    private let parts: [Part]
    private static let lengthLimit = 200

    public struct Refusal: Error, CustomStringConvertible {
        public let description: String
    }

    public init(_ text: String, offsetDays: Int = 0) throws(Refusal) {
        guard !text.isEmpty, text.utf8.count <= Self.lengthLimit, !text.contains("/") else {
            throw Refusal(description: "a file name's pattern has 1 to \(Self.lengthLimit) characters and no slash")
        }
        guard (-31...31).contains(offsetDays) else {
            throw Refusal(description: "a name may be at most 31 days from the day of its file")
        }
        var parts: [Part] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "*"):
                rest.removeFirst()
                if parts.last != .anything { parts.append(.anything) }
            case UInt8(ascii: "{"):
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    throw Refusal(description: "\"\(text)\": an opened brace is never closed")
                }
                parts += Self.date(rest[rest.startIndex + 1..<end])
                rest = rest[(end + 1)...]
            default:
                rest.removeFirst()
                if case .text(let known)? = parts.last {
                    parts[parts.count - 1] = .text(known + [byte])
                } else {
                    parts.append(.text([byte]))
                }
            }
        }
        let years = parts.count { $0 == .year || $0 == .shortYear }
        guard years == 1, parts.count(where: { $0 == .month }) == 1, parts.count(where: { $0 == .day }) == 1 else {
            throw Refusal(description: "\"\(text)\": a pattern names one year, one month and one day in braces")
        }
        // Each further star multiplies the ways in which a name may be read.
        guard parts.count(where: { $0 == .anything }) <= 2 else {
            throw Refusal(description: "\"\(text)\": a pattern has at most two stars")
        }
        self.text = text
        self.offsetDays = offsetDays
        self.parts = parts
    }

    /// Any name that holds a day, as `20261121` or `2026-11-21`, anywhere.
    public static func dayOf(anyName name: String) -> String? {
        for pattern in anyNames { if let day = pattern.day(of: name) { return day } }
        return nil
    }

    private static let anyNames: [FileNamePattern] = ["*{yyyy-MM-dd}*", "*{yyyyMMdd}*"].compactMap {
        try? FileNamePattern($0)
    }

    /// The business day of a file with that name, as `2026-11-21`; nil when the name is not of this pattern.
    public func day(of name: String) -> String? {
        guard name.utf8.count <= Self.lengthLimit else { return nil }
        var found: String?
        _ = match(Array(name.utf8)[...], parts[...], (0, 0, 0)) { year, month, day in
            let text = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
            guard let start = Timestamp(civilDay: text) else { return false }
            found = start.adding(.seconds(86_400 * offsetDays)).civilDay
            return true
        }
        return found
    }

    /// The name of the file of a business day; nil when the pattern has a star or the day is none.
    public func name(of day: String) -> String? {
        guard let moment = Timestamp(civilDay: day), !parts.contains(.anything) else { return nil }
        let named = Array(moment.adding(.seconds(-86_400 * offsetDays)).civilDay.utf8)
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): bytes += text
            case .year: bytes += named[0..<4]
            case .shortYear: bytes += named[2..<4]
            case .month: bytes += named[5..<7]
            case .day: bytes += named[8..<10]
            case .anything: break
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func date(_ format: ArraySlice<UInt8>) -> [Part] {
        var parts: [Part] = []
        var rest = format
        let words: [(String, Part)] = [("yyyy", .year), ("yy", .shortYear), ("MM", .month), ("dd", .day)]
        while let byte = rest.first {
            if let (word, part) = words.first(where: { rest.starts(with: $0.0.utf8) }) {
                parts.append(part)
                rest = rest.dropFirst(word.utf8.count)
            } else {
                parts.append(.text([byte]))
                rest = rest.dropFirst()
            }
        }
        return parts
    }

    private typealias Found = (year: Int, month: Int, day: Int)

    private func match(
        _ name: ArraySlice<UInt8>, _ parts: ArraySlice<Part>, _ found: Found, _ accept: (Int, Int, Int) -> Bool
    ) -> Bool {
        guard let part = parts.first else { return name.isEmpty && accept(found.year, found.month, found.day) }
        let rest = parts.dropFirst()
        func number(_ width: Int) -> Int? {
            guard name.count >= width else { return nil }
            return name.prefix(width).reduce(0) { value, byte in
                guard let value, byte &- 48 < 10 else { return nil }
                return value * 10 + Int(byte - 48)
            }
        }
        switch part {
        case .text(let text):
            return name.starts(with: text) && match(name.dropFirst(text.count), rest, found, accept)
        case .anything:
            return (0...name.count).contains { match(name.dropFirst($0), rest, found, accept) }
        case .year:
            guard let year = number(4) else { return false }
            return match(name.dropFirst(4), rest, (year, found.month, found.day), accept)
        case .shortYear:
            guard let year = number(2) else { return false }
            return match(name.dropFirst(2), rest, (2_000 + year, found.month, found.day), accept)
        case .month:
            guard let month = number(2) else { return false }
            return match(name.dropFirst(2), rest, (found.year, month, found.day), accept)
        case .day:
            guard let day = number(2) else { return false }
            return match(name.dropFirst(2), rest, (found.year, found.month, day), accept)
        }
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
