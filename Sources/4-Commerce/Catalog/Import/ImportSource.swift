import Glibc

/// A file that can be read from its beginning more than once, in chunks.
///
/// Twice, because an import looks over the whole file before it writes the first product.
public struct ImportSource: Sendable {
    let open: @Sendable () throws -> () throws -> [UInt8]?

    /// `open` begins at the start each time and returns what gives the next chunk, nil at the end.
    public init(open: @escaping @Sendable () throws -> () throws -> [UInt8]?) { self.open = open }

    public static func bytes(_ bytes: [UInt8]) -> ImportSource {
        ImportSource {
            var rest: [UInt8]? = bytes
            return {
                defer { rest = nil }
                return rest
            }
        }
    }

    /// Throws `CatalogError` `unreadableFile` when the file cannot be opened or read.
    public static func file(_ path: String) -> ImportSource {
        ImportSource {
            let file = try OpenFile(path)
            return { try file.next() }
        }
    }

    private final class OpenFile {
        private static let chunkBytes = 1 << 18
        private let path: String
        private let descriptor: Int32

        init(_ path: String) throws {
            self.path = path
            descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw CatalogError.unreadable(path, errno) }
        }

        deinit { _ = Glibc.close(descriptor) }

        func next() throws -> [UInt8]? {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, used in
                repeat {
                    count = Glibc.read(descriptor, buffer.baseAddress, Self.chunkBytes)
                } while count < 0 && errno == EINTR
                used = max(0, count)
            }
            guard count >= 0 else { throw CatalogError.unreadable(path, errno) }
            return count == 0 ? nil : bytes
        }
    }
}
