import NIOCore

/// One keep-alive HTTP/1.1 connection that sends its next request as soon as the last was answered.
///
/// It parses no more of an answer than it needs (status and length), so that the generator, which shares the
/// machine with the server, costs little.
///
/// `@unchecked Sendable` because only its event loop touches it.
final class LoadConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Writes the next request into the buffer; false when there is none left.
    private let next: (inout ByteBuffer) -> Bool
    /// Sees each answer's status and body.
    private let answered: (Int, ByteBufferView, Duration) -> Void
    private let finished: EventLoopPromise<Void>
    private var received = ByteBuffer()
    private var started = ContinuousClock.now

    init(
        finished: EventLoopPromise<Void>, next: @escaping (inout ByteBuffer) -> Bool,
        answered: @escaping (Int, ByteBufferView, Duration) -> Void
    ) {
        self.finished = finished
        self.next = next
        self.answered = answered
    }

    func channelActive(context: ChannelHandlerContext) { send(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var data = unwrapInboundIn(data)
        received.writeBuffer(&data)
        while let (status, head, length) = answerHead(), received.readableBytes >= head + length {
            received.moveReaderIndex(forwardBy: head)
            let body = received.readableBytesView.prefix(length)
            answered(status, body, ContinuousClock.now - started)
            received.moveReaderIndex(forwardBy: length)
            if received.readableBytes == 0 { received.clear() }
            send(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { finished.succeed() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finished.fail(error)
        context.close(promise: nil)
    }

    private func send(_ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: 1_024)
        guard next(&buffer) else {
            context.close(promise: nil)
            return
        }
        started = ContinuousClock.now
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Status, length of the head and length of the body; nil until the whole head is here.
    private func answerHead() -> (status: Int, head: Int, length: Int)? {
        received.withUnsafeReadableBytes { bytes in
            guard bytes.count > 16 else { return nil }
            var status = 0
            for place in 9..<12 { status = status * 10 + Int(bytes[place] &- 48) }
            var length = 0
            var line = 0
            var index = 0
            while index + 1 < bytes.count {
                guard bytes[index] == 13, bytes[index + 1] == 10 else {
                    index += 1
                    continue
                }
                if index == line { return (status, index + 2, length) }
                if let value = LoadConnection.contentLength(bytes[line..<index]) { length = value }
                index += 2
                line = index
            }
            return nil
        }
    }

    private static func contentLength(_ line: Slice<UnsafeRawBufferPointer>) -> Int? {
        let name = "content-length:"
        guard line.count > name.utf8.count else { return nil }
        for (byte, expected) in zip(line, name.utf8) where byte | 0x20 != expected | 0x20 { return nil }
        var value = 0
        for byte in line.dropFirst(name.utf8.count) where byte &- 48 < 10 { value = value * 10 + Int(byte - 48) }
        return value
    }
}
