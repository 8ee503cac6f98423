import Czlib
import Store

/// Bytes made small (zlib, RFC 1950): files and packed lines are kept like this.
enum Deflate {
    /// Fast rather than small.
    enum Level: Int32 {
        /// Packed lines: references that hardly repeat, so more effort takes a quarter longer for 2 % fewer bytes.
        case lines = 1
        /// The day's file, which is packed while its sender waits.
        case files = 3
    }

    static func pack(_ bytes: [UInt8], _ level: Level = .files) throws -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var packed = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&packed, &length, bytes, uLong(bytes.count), level.rawValue)
        guard status == Z_OK else { throw StoreError(.unexpectedValue, "bytes cannot be packed (zlib \(status))") }
        packed.removeLast(packed.count - Int(length))
        return packed
    }

    /// Throws `unexpectedValue` when the bytes are not those that were packed from `size` bytes.
    static func unpack(_ packed: [UInt8], size: Int) throws -> [UInt8] {
        var length = uLong(size)
        var bytes = [UInt8](repeating: 0, count: size)
        let status = uncompress(&bytes, &length, packed, uLong(packed.count))
        guard status == Z_OK, Int(length) == size else {
            throw StoreError(.unexpectedValue, "packed bytes cannot be read (zlib \(status))")
        }
        return bytes
    }
}
