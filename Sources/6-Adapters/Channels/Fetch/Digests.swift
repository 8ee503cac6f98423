internal import Foundation
internal import NIOHTTP1

/// The digests that a source promises for a file: in headers (RFC 9530 `Repr-Digest` and `Content-Digest`, the older
/// `Digest` of RFC 3230) or in a small file beside it. What a source does not promise is not checked.
struct Digests: Hashable, Sendable {
    var sha256: [UInt8]?
    var sha1: [UInt8]?

    init(_ headers: HTTPHeaders) {
        for name in ["repr-digest", "content-digest"] {
            for member in headers[canonicalForm: name] {
                guard let (algorithm, value) = Self.pair(member), value.hasPrefix(":"), value.hasSuffix(":") else {
                    continue
                }
                set(algorithm, Data(base64Encoded: String(value.dropFirst().dropLast())))
            }
        }
        for member in headers[canonicalForm: "digest"] {
            guard let (algorithm, value) = Self.pair(member) else { continue }
            set(algorithm, Data(base64Encoded: String(value)))
        }
    }

    /// The first word of the text, in hexadecimal: 64 digits are a SHA-256, 40 a SHA-1. Nil when it is neither.
    init?(published text: String) {
        guard let word = text.split(whereSeparator: \.isWhitespace).first, let bytes = Hex.bytes(word.lowercased())
        else { return nil }
        switch bytes.count {
        case 32: sha256 = bytes
        case 20: sha1 = bytes
        default: return nil
        }
    }

    func check(sha256 made256: [UInt8], sha1 made1: [UInt8]) throws(FetchFailure) {
        if let sha256, sha256 != made256 {
            throw FetchFailure(.damaged, "SHA-256 \(Hex.text(made256)), promised was \(Hex.text(sha256))")
        }
        if let sha1, sha1 != made1 {
            throw FetchFailure(.damaged, "SHA-1 \(Hex.text(made1)), promised was \(Hex.text(sha1))")
        }
    }

    private static func pair(_ member: Substring) -> (String, Substring)? {
        let text = member.drop { $0 == " " }
        guard let equals = text.firstIndex(of: "=") else { return nil }
        return (text[..<equals].lowercased(), text[text.index(after: equals)...])
    }

    private mutating func set(_ algorithm: String, _ bytes: Data?) {
        guard let bytes else { return }
        switch algorithm {
        case "sha-256" where bytes.count == 32: sha256 = Array(bytes)
        case "sha",
            "sha-1" where bytes.count == 20:
            sha1 = Array(bytes)
        default: break
        }
    }
}
