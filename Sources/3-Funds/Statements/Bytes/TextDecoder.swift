import Glibc

/// Turns the bytes of a field into text, strictly: bytes that the encoding does not have are a problem of the field.
///
/// UTF-8, Latin-1 and plain ASCII are decoded here, the rest by the C library's iconv. It is used by one thread.
public final class TextDecoder {
    public let encoding: TextEncoding
    private let converter: iconv_t?

    public init(_ encoding: TextEncoding) throws(StatementError) {
        self.encoding = encoding
        guard let name = Self.nameForConversion(encoding) else {
            converter = nil
            return
        }
        // iconv_open answers (iconv_t)-1 when it has no such conversion.
        guard let opened = iconv_open("UTF-8", name), Int(bitPattern: opened) != -1 else {
            throw StatementError(
                .unsupported,
                "this system cannot convert \(encoding.name): install its iconv modules (Debian: libc-gconv-modules-extra)"
            )
        }
        converter = opened
    }

    deinit {
        if let converter { iconv_close(converter) }
    }

    private static func nameForConversion(_ encoding: TextEncoding) -> String? {
        switch encoding {
        case .utf8, .latin1: nil
        case .gb18030: "GB18030"
        case .big5: "BIG5-HKSCS"
        case .utf16le: "UTF-16LE"
        case .utf16be: "UTF-16BE"
        case .windows1252: "CP1252"
        }
    }

    /// The text of the bytes. Complexity: O(n); plain ASCII is not converted.
    public func string(_ bytes: ArraySlice<UInt8>) throws(FieldProblem) -> String {
        try bytes.withUnsafeBufferPointer { (bytes) throws(FieldProblem) in try string(bytes) }
    }

    /// The same for bytes in place.
    func string(_ bytes: UnsafeBufferPointer<UInt8>) throws(FieldProblem) -> String {
        if encoding == .utf8 {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw problem(bytes) }
            return text
        }
        if !encoding.isWide, bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        if encoding == .latin1 {
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
        guard let utf8 = convert(UnsafeRawBufferPointer(bytes)) else { throw problem(bytes) }
        return String(decoding: utf8, as: UTF8.self)
    }

    private func problem(_ bytes: UnsafeBufferPointer<UInt8>) -> FieldProblem {
        let shown = bytes.prefix(16).map { String($0, radix: 16) }.joined(separator: " ")
        return FieldProblem("holds bytes that are not \(encoding.name): \(shown)\(bytes.count > 16 ? " …" : "")")
    }

    /// UTF-8 bytes, or nil for input that the encoding does not have or that ends inside a character.
    private func convert(_ input: UnsafeRawBufferPointer) -> ArraySlice<UInt8>? {
        // A character of two bytes becomes three in UTF-8, one of Windows-1252 three at most.
        var output = [UInt8](repeating: 0, count: input.count * 3 + 8)
        let written = output.withUnsafeMutableBytes { target -> Int? in
            iconv(converter, nil, nil, nil, nil)
            // iconv's C signature takes the input as mutable and never writes to it.
            var from = UnsafeMutablePointer(mutating: input.bindMemory(to: CChar.self).baseAddress)
            var fromLeft = input.count
            var to = target.bindMemory(to: CChar.self).baseAddress
            var toLeft = target.count
            let result = iconv(converter, &from, &fromLeft, &to, &toLeft)
            // (size_t)-1 is failure; every other answer leaves nothing of the input.
            guard result != UInt.max, fromLeft == 0 else { return nil }
            return target.count - toLeft
        }
        return written.map { output[..<$0] }
    }
}
