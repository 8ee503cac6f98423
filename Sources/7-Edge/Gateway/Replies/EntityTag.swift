/// `If-None-Match` against the tag of a reply (RFC 9110, 13.1.2: weak comparison).
enum EntityTag {
    static func matches(_ ifNoneMatch: String, _ tag: String) -> Bool {
        let own = opaque(tag[...])
        return ifNoneMatch.split(separator: ",").contains { candidate in
            let candidate = candidate.filter { $0 != " " && $0 != "\t" }
            return candidate == "*" || opaque(candidate[...]) == own
        }
    }

    /// A tag for bytes that are made once: FNV-1a, which is enough to tell two builds apart.
    static func make(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "\"" + String(hash, radix: 16) + "\""
    }

    private static func opaque(_ tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
}
