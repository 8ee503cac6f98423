import Glibc

/// Archives made byte by byte, so that a test decides every name and every fault.
enum Archives {
    /// A zip of stored files; names are raw bytes, without the flag that would call them UTF-8.
    static func zip(_ files: [(name: [UInt8], content: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let crc = little(crc32(file.content), 4)
            let size = little(UInt32(file.content.count), 4)
            let offset = little(UInt32(bytes.count), 4)
            // Version 2.0, no flags, stored, no date.
            let common =
                little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0x21, 2) + crc + size + size
            let nameSize = little(UInt32(file.name.count), 2)
            bytes += [0x50, 0x4B, 0x03, 0x04] + common + nameSize + little(0, 2) + file.name + file.content
            directory += [0x50, 0x4B, 0x01, 0x02] + little(20, 2) + common + nameSize
            directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + offset + file.name
        }
        let count = little(UInt32(files.count), 2)
        let end = little(UInt32(directory.count), 4) + little(UInt32(bytes.count), 4) + little(0, 2)
        return bytes + directory + [0x50, 0x4B, 0x05, 0x06] + little(0, 4) + count + count + end
    }

    /// A gzip member of stored blocks.
    static func gzip(_ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let block = content[start..<min(start + 60_000, content.count)]
            start += block.count
            let size = UInt32(block.count)
            bytes += [start == content.count ? 1 : 0] + little(size, 2) + little(~size & 0xFFFF, 2) + block
        } while start < content.count
        return bytes + little(crc32(content), 4) + little(UInt32(content.count), 4)
    }

    /// Text in another encoding, by the C library.
    static func encoded(_ text: String, _ encoding: String) -> [UInt8] {
        guard let converter = iconv_open(encoding, "UTF-8"), Int(bitPattern: converter) != -1 else { return [] }
        defer { iconv_close(converter) }
        var input = Array(text.utf8).map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 4 + 16)
        let used = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, to) = (input.baseAddress, output.baseAddress)
                var (fromLeft, toLeft) = (input.count, output.count)
                iconv(converter, &from, &fromLeft, &to, &toLeft)
                return output.count - toLeft
            }
        }
        return output[..<used].map { UInt8(bitPattern: $0) }
    }

    static func gbk(_ text: String) -> [UInt8] { encoded(text, "GB18030") }

    private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
