internal import Crypto
public import Runtime

public enum ApiKeyTag: IdentifierTag { public static let prefix = "key" }
public typealias ApiKeyID = Identifier<ApiKeyTag>

/// An API key as its holder has it: `kontor_<env>_<key id>_<secret>`.
///
/// The id finds the row; the secret, 32 random bytes in hexadecimal, proves it. With 256 random bits a plain SHA-256
/// is enough to store: there is no dictionary to try, and a slow hash would cost every request.
struct Credential: Sendable {
    let environment: String
    let key: ApiKeyID
    let secret: [UInt8]

    init(environment: String, key: ApiKeyID, secret: [UInt8]) {
        self.environment = environment
        self.key = key
        self.secret = secret
    }

    init?(_ text: String) {
        guard text.utf8.count <= 160 else { return nil }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "kontor", let key = ApiKeyID("key_" + parts[2]),
            parts[3].utf8.count == 64, let secret = Hexadecimal.bytes(parts[3])
        else { return nil }
        self.init(environment: String(parts[1]), key: key, secret: secret)
    }

    var text: String {
        "kontor_\(environment)_\(key.description.dropFirst(4))_\(Hexadecimal.text(secret))"
    }

    var secretHash: [UInt8] { Array(SHA256.hash(data: secret)) }

    /// Compares without stopping at the first difference, so that time tells nothing about the stored hash.
    static func same(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}

enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case 48...57: value = digit - 48
            case 97...102: value = digit - 87
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }
}
