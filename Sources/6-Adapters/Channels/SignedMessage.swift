internal import Crypto
public import Payments
public import Runtime

/// HMAC-SHA256 over `<seconds>.<body>`, written as `t=<seconds>,v1=<hexadecimal>`.
///
/// The time is signed too, so a recorded message cannot be played again later.
public enum SignedMessage {
    /// How far the sender's clock and the network may be away from ours.
    public static let tolerance = Duration.seconds(300)
    public static let callbackHeader = "sandbox-signature"

    public static func sign(_ body: [UInt8], secret: [UInt8], at time: Timestamp) -> String {
        let seconds = time.microseconds / 1_000_000
        return "t=\(seconds),v1=\(Hex.text(Array(code(body, secret, seconds))))"
    }

    /// Throws unless the signature is of this body, made with this secret, not long ago.
    public static func verify(
        _ signature: String?, _ body: [UInt8], secret: [UInt8], now: Timestamp, tolerance: Duration = tolerance
    ) throws(CallbackRefusal) {
        guard let signature, let (seconds, given) = parse(signature) else { throw .forged }
        // `isValidAuthenticationCode` compares in constant time.
        let text = message(body, seconds)
        guard HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: text, using: SymmetricKey(data: secret))
        else { throw .forged }
        let (difference, overflow) = (now.microseconds / 1_000_000).subtractingReportingOverflow(seconds)
        guard !overflow, difference.magnitude <= UInt64(max(0, tolerance.components.seconds)) else { throw .stale }
    }

    private static func code(_ body: [UInt8], _ secret: [UInt8], _ seconds: Int64) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: message(body, seconds), using: SymmetricKey(data: secret))
    }

    private static func message(_ body: [UInt8], _ seconds: Int64) -> [UInt8] { Array("\(seconds).".utf8) + body }

    private static func parse(_ text: String) -> (Int64, [UInt8])? {
        let parts = text.split(separator: ",", maxSplits: 2)
        guard parts.count == 2, parts[0].hasPrefix("t="), parts[1].hasPrefix("v1="),
            let seconds = Int64(parts[0].dropFirst(2)), let code = Hex.bytes(parts[1].dropFirst(3))
        else { return nil }
        return (seconds, code)
    }
}

enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let values = text.utf8.map { digits.firstIndex(of: $0) }
        guard values.count.isMultiple(of: 2), !values.contains(nil) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { UInt8((values[$0] ?? 0) << 4 | (values[$0 + 1] ?? 0)) }
    }
}
