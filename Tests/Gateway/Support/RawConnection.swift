import Foundation

/// One TCP connection on which a test sends exactly the bytes it wants.
///
/// `@unchecked Sendable` because the descriptor is a number and each test uses its connection from one task.
final class RawConnection: @unchecked Sendable {
    struct Reply {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The members of a flat JSON object, each as text.
        var json: [String: String] {
            let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            return (object ?? [:]).mapValues { "\($0)" }
        }

        /// The last word of a problem's type.
        var problem: String { json["type"].map { String($0.split(separator: "/").last ?? "") } ?? "" }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32
    private var buffered: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Only so that a broken server ends a test: beside a thousand others an answer may take many seconds.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = descriptor
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0 { throw Failure(description: "cannot connect: \(errno)") }
    }

    deinit { close(descriptor) }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        let descriptor = descriptor
        try await offThePool {
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes { buffer in
                    Foundation.send(
                        descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { throw Failure(description: "the peer closed while we sent") }
                sent += count
            }
        }
    }

    /// The next whole reply.
    func reply() async throws -> Reply {
        while true {
            if let reply = parsed() { return reply }
            let chunk = try await receive()
            if chunk.isEmpty {
                throw Failure(
                    description: "closed after \(buffered.count) bytes: \(String(decoding: buffered, as: UTF8.self))")
            }
            buffered += chunk
        }
    }

    /// True when the peer has closed and nothing is left to read.
    func isClosedByPeer() async throws -> Bool { try await receive().isEmpty }

    private func receive() async throws -> [UInt8] {
        let descriptor = descriptor
        return try await offThePool {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count < 0, errno == EAGAIN { throw Failure(description: "no answer within a minute") }
            return Array(bytes.prefix(max(0, count)))
        }
    }

    private func parsed() -> Reply? {
        guard let end = buffered.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffered[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let headers = lines.dropFirst().map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard buffered.count >= end.upperBound + length else { return nil }
        let body = Array(buffered[end.upperBound..<end.upperBound + length])
        buffered.removeFirst(end.upperBound + length)
        return Reply(status: status, headers: headers, body: body)
    }

    /// Sockets block; the threads of Swift's pool must not, and Dispatch has too few of them for so many tests at once.
    private func offThePool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }
}
