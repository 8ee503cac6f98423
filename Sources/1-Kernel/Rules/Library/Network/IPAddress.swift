/// An IP address of version 4 or 6, as `ip("192.168.0.1")` makes it.
public struct IPAddress: Sendable, Hashable {
    /// Four bytes, or sixteen.
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads an address. Zones (`fe80::1%en0`) and the dotted spelling of an IPv4 address within IPv6
    /// (`::ffff:1.2.3.4`) are refused; the hexadecimal spelling of the same (`::ffff:102:304`) is the IPv4 address.
    public init?(_ text: String) {
        guard text.utf8.count <= 45 else { return nil }
        guard text.utf8.contains(UInt8(ascii: ":")) else {
            guard let bytes = IPAddress.dotted(text) else { return nil }
            self.bytes = bytes
            return
        }
        guard let bytes = IPAddress.groups(text) else { return nil }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    /// Four numbers up to 255 without leading zeros.
    private static func dotted(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part == "0" || part.first != "0", let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Eight groups of hexadecimal digits, of which `::` may stand for one or more that are zero.
    private static func groups(_ text: String) -> [UInt8]? {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        // A double colon at an end leaves two empty parts there; a single one is a mistake.
        if parts.first?.isEmpty == true {
            guard text.hasPrefix("::") else { return nil }
            parts.removeFirst()
        }
        if parts.last?.isEmpty == true {
            guard text.hasSuffix("::") else { return nil }
            if parts.count > 1 { parts.removeLast() }
        }
        let gaps = parts.count { $0.isEmpty }
        guard gaps <= 1, gaps == 1 ? parts.count <= 8 : parts.count == 8 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            if part.isEmpty {
                bytes += [UInt8](repeating: 0, count: (9 - parts.count) * 2)
                continue
            }
            guard part.utf8.count <= 4, part.utf8.allSatisfy(isHexadecimal), let group = UInt16(part, radix: 16) else {
                return nil
            }
            bytes += [UInt8(group >> 8), UInt8(truncatingIfNeeded: group)]
        }
        return bytes
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    public var family: Int { bytes.count == 4 ? 4 : 6 }

    /// The canonical text of RFC 5952: small letters, no leading zeros, the longest run of zeros as `::`.
    public var text: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > longest.count { longest = start..<end }
            start = max(end, start + 1)
        }
        func joined(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        if longest.isEmpty { return joined(0..<8) }
        return joined(0..<longest.lowerBound) + "::" + joined(longest.upperBound..<8)
    }

    // MARK: kinds

    public var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    public var isMulticast: Bool { bytes.count == 4 ? bytes[0] & 0xF0 == 0xE0 : bytes[0] == 0xFF }

    public var isLinkLocalMulticast: Bool {
        bytes.count == 4
            ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0 : bytes[0] == 0xFF && bytes[1] & 0x0F == 0x02
    }

    public var isLinkLocalUnicast: Bool {
        bytes.count == 4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }

    /// A unicast address that is not bound to a link or a host; private networks count.
    public var isGlobalUnicast: Bool {
        bytes != [255, 255, 255, 255] && !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast
    }
}

/// An address with the length of its network's prefix, as `cidr("192.168.0.0/24")` makes it.
public struct IPNetwork: Sendable, Hashable {
    public let address: IPAddress
    public let prefixLength: Int

    init(address: IPAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    public init?(_ text: String) {
        guard let slash = text.lastIndex(of: "/"), let address = IPAddress(String(text[..<slash])) else { return nil }
        let digits = text[text.index(after: slash)...]
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits == "0" || digits.first != "0", let length = Int(digits)
        else { return nil }
        // An IPv4 address that was spelled as IPv6 counts its prefix from there.
        let mapped = address.family == 4 && text.utf8.contains(UInt8(ascii: ":")) ? 96 : 0
        guard length >= mapped, length - mapped <= address.bytes.count * 8 else { return nil }
        self.init(address: address, prefixLength: length - mapped)
    }

    public var text: String { "\(address.text)/\(prefixLength)" }

    /// The network's own address: all bits behind the prefix are zero.
    public var masked: IPNetwork {
        let bytes = address.bytes.enumerated().map { index, byte in
            let kept = min(max(prefixLength - index * 8, 0), 8)
            return kept == 0 ? 0 : byte & UInt8(truncatingIfNeeded: 0xFF << (8 - kept))
        }
        return IPNetwork(address: IPAddress(bytes: bytes), prefixLength: prefixLength)
    }

    public func contains(_ other: IPAddress) -> Bool {
        other.family == address.family
            && IPNetwork(address: other, prefixLength: prefixLength).masked.address == masked.address
    }

    public func contains(_ other: IPNetwork) -> Bool {
        prefixLength <= other.prefixLength && contains(other.address)
    }
}
