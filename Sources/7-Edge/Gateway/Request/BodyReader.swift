import HummingbirdCore
import NIOCore

/// Reads a request's body once, whole, up to a limit.
enum BodyReader {
    /// Throws `NIOTooManyBytesError` before reading when the announced length is over the limit already.
    static func read(_ request: Request, _ headers: RequestHeaders, limit: Int) async throws -> [UInt8] {
        if let length = headers.contentLength {
            if length > limit { throw NIOTooManyBytesError(maxBytes: limit) }
            if length == 0 { return [] }
        }
        var buffer: ByteBuffer?
        for try await part in request.body {
            if (buffer?.readableBytes ?? 0) + part.readableBytes > limit { throw NIOTooManyBytesError(maxBytes: limit) }
            if buffer == nil {
                buffer = part
            } else {
                buffer?.writeImmutableBuffer(part)
            }
        }
        guard let buffer else { return [] }
        return buffer.withUnsafeReadableBytes { Array($0) }
    }
}
