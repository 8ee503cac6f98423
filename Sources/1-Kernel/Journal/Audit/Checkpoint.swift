internal import Crypto
public import Runtime

/// A signed statement that a book's chain had this hash at this event. Kept elsewhere, it exposes a rewritten chain.
public struct Checkpoint: Sendable, Hashable {
    public let book: String
    public let sequence: Int64
    public let hash: [UInt8]
    public let time: Timestamp
    /// Ed25519 (RFC 8032) over `statement`.
    public let signature: [UInt8]
    public let publicKey: [UInt8]

    /// Signs the head of a book.
    public init(book: String, sequence: Int64, hash: [UInt8], time: Timestamp, key: CheckpointKey) throws {
        self.book = book
        self.sequence = sequence
        self.hash = hash
        self.time = time
        signature = try key.sign(Checkpoint.statement(book: book, sequence: sequence, hash: hash, time: time))
        publicKey = key.publicKey
    }

    /// One line of text: `kontor-checkpoint-v1 <book> <sequence> <hash> <time> <public key> <signature>`.
    public var text: String {
        "\(statement) \(Hex.text(publicKey)) \(Hex.text(signature))"
    }

    /// What is signed: the first five words of `text`.
    public var statement: String { Checkpoint.statement(book: book, sequence: sequence, hash: hash, time: time) }

    /// Reads `text` and verifies the signature; nil when either is wrong, or when the key is not the expected one.
    public init?(text: String, expecting key: [UInt8]? = nil) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 7, words[0] == Checkpoint.heading, let sequence = Int64(words[2]),
            let hash = Hex.bytes(words[3]), let time = Timestamp(rfc3339: words[4]),
            let publicKey = Hex.bytes(words[5]), let signature = Hex.bytes(words[6]),
            key == nil || key == publicKey,
            let verifier = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return nil }
        let statement = Checkpoint.statement(book: words[1], sequence: sequence, hash: hash, time: time)
        guard verifier.isValidSignature(signature, for: Array(statement.utf8)) else { return nil }
        book = words[1]
        self.sequence = sequence
        self.hash = hash
        self.time = time
        self.signature = signature
        self.publicKey = publicKey
    }

    private static let heading = "kontor-checkpoint-v1"

    private static func statement(book: String, sequence: Int64, hash: [UInt8], time: Timestamp) -> String {
        "\(heading) \(book) \(sequence) \(Hex.text(hash)) \(time.rfc3339)"
    }
}

/// The private key that signs checkpoints.
public struct CheckpointKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// From 32 secret bytes; throws when they are not.
    public init(seed: [UInt8]) throws { key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed) }

    public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    func sign(_ statement: String) throws -> [UInt8] { Array(try key.signature(for: Array(statement.utf8))) }
}

/// Bytes as lower-case hexadecimal text.
public enum Hex {
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    public static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        default: nil
        }
    }
}
