/// The encodings that statements come in.
public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "utf-8"
    /// The national standard of China; GBK and GB 2312 are parts of it.
    case gb18030
    case big5
    case utf16le = "utf-16le"
    case utf16be = "utf-16be"
    case latin1 = "iso-8859-1"
    case windows1252 = "windows-1252"

    public var name: String { rawValue }

    /// Finds an encoding by any of its usual names, in any case.
    public init?(name: String) {
        switch name.lowercased() {
        case "utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii": self = .utf8
        case "gb18030", "gbk", "gb2312", "cp936": self = .gb18030
        case "big5": self = .big5
        case "utf-16", "utf16", "utf-16le": self = .utf16le
        case "utf-16be": self = .utf16be
        case "iso-8859-1", "latin1", "latin-1": self = .latin1
        case "windows-1252", "cp1252", "1252": self = .windows1252
        default: return nil
        }
    }

    /// Two bytes a character at least: such text is converted before it is cut into lines.
    var isWide: Bool { self == .utf16le || self == .utf16be }

    /// In these the second byte of a character may look like ASCII from `@` upwards, a `|` for example.
    var hasASCIITrailBytes: Bool { self == .gb18030 || self == .big5 }

    /// The mark that may stand before the text.
    var mark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16le: [0xFF, 0xFE]
        case .utf16be: [0xFE, 0xFF]
        default: []
        }
    }

    /// What the beginning of a file is encoded in.
    ///
    /// A byte order mark decides. Then come zero bytes at every second place, then valid UTF-8, then text most of
    /// whose high bytes are pairs of GB 2312 (the common characters of GB 18030); the rest is Windows-1252, of which
    /// Latin-1 is nearly a part.
    static func guess(_ head: [UInt8], isComplete: Bool) -> TextEncoding {
        for encoding in [TextEncoding.utf8, .utf16le, .utf16be] where head.starts(with: encoding.mark) {
            return encoding
        }
        if let wide = wideWithoutMark(head) { return wide }
        if isUTF8(head, isComplete: isComplete) { return .utf8 }
        return isMostlyGB(head) ? .gb18030 : .windows1252
    }

    private static func wideWithoutMark(_ head: [UInt8]) -> TextEncoding? {
        let start = head.prefix(512)
        guard start.count >= 8 else { return nil }
        var zeros = (even: 0, odd: 0)
        for (index, byte) in start.enumerated() where byte == 0 {
            if index % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
        }
        let half = start.count / 2
        if zeros.odd > half * 3 / 4, zeros.even == 0 { return .utf16le }
        if zeros.even > half * 3 / 4, zeros.odd == 0 { return .utf16be }
        return nil
    }

    /// Valid throughout, or with so few faults beside so many characters that they are faults: a file that was cut
    /// within a character, a line that was damaged. Such lines are named when they are read.
    private static func isUTF8(_ head: [UInt8], isComplete: Bool) -> Bool {
        if String(validating: head, as: UTF8.self) != nil { return true }
        var valid = 0
        var faults = 0
        var index = 0
        while index < head.count {
            let lead = head[index]
            let length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0
            let tail = head[min(index + 1, head.count)..<min(index + max(1, length), head.count)]
            if length > 0, tail.count == length - 1, tail.allSatisfy({ $0 & 0xC0 == 0x80 }) {
                if length > 1 { valid += 1 }
                index += length
            } else {
                faults += 1
                index += 1
            }
        }
        // The head itself may end within a character, which is up to three faults.
        return valid >= 8 * (isComplete ? faults : max(0, faults - 3)) && valid > 0
    }

    private static func isMostlyGB(_ head: [UInt8]) -> Bool {
        var common = 0
        var other = 0
        var index = 0
        while index < head.count {
            let lead = head[index]
            guard lead >= 0x80 else {
                index += 1
                continue
            }
            let trail = index + 1 < head.count ? head[index + 1] : 0xA1
            if (0xA1...0xF7).contains(lead), (0xA1...0xFE).contains(trail) { common += 1 } else { other += 1 }
            index += trail >= 0x30 ? 2 : 1
        }
        return common > other * 3
    }

    /// The head as text, cut at its last whole line when more follows; nil when the bytes are not of the encoding.
    func decodeHead(_ head: [UInt8], isComplete: Bool) -> String? {
        var bytes = head.dropFirst(head.starts(with: mark) ? mark.count : 0)
        if !isComplete {
            if isWide {
                bytes = bytes.dropLast(bytes.count % 2)
            } else if let end = bytes.lastIndex(of: UInt8(ascii: "\n")) {
                bytes = bytes[...end]
            } else {
                // One long line: what may be the beginning of a character at the cut is left out.
                bytes = bytes.dropLast(bytes.reversed().prefix(4).prefix { $0 >= 0x80 }.count)
            }
        }
        guard let decoder = try? TextDecoder(self) else { return nil }
        if let text = try? decoder.string(bytes) { return text }
        guard !isWide else { return nil }
        // A line that cannot be decoded does not hide what the others show.
        return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            (try? decoder.string(line)) ?? String(decoding: line, as: UTF8.self)
        }.joined(separator: "\n")
    }
}
