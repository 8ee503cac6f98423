internal import Contract
internal import Crypto
internal import Foundation
internal import Runtime

/// AES-256-GCM with a fresh random nonce of 96 bits for every seal. A sealed text is a version byte, nonce, text, tag.
///
/// Random nonces are safe for 2^32 seals under one key (NIST SP 800-38D, 8.3); a person's key sees a few dozen.
enum Sealing {
    private static let version: UInt8 = 1

    static func seal(
        _ clear: [UInt8], with key: SymmetricKey, binding: [UInt8], random: RandomSource
    ) throws -> [UInt8] {
        let nonce = try AES.GCM.Nonce(data: random.bytes(12))
        let box = try AES.GCM.seal(clear, using: key, nonce: nonce, authenticating: binding)
        guard let combined = box.combined else { throw VaultError(.tampered, "the value could not be sealed") }
        return [version] + combined
    }

    static func open(_ sealed: [UInt8], with key: SymmetricKey, binding: [UInt8]) throws -> [UInt8] {
        guard sealed.first == version, let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst()),
            let clear = try? AES.GCM.open(box, using: key, authenticating: binding)
        else { throw VaultError(.tampered, "a sealed value or key was changed since it was written") }
        return Array(clear)
    }

    /// The keyed hash under which a value is found again: HMAC-SHA256 over its kind and its normal form.
    static func lookupHash(_ normal: String, kind: PrivacyKind, key: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("\(kind.rawValue):\(normal)".utf8), using: key))
    }

    /// What a sealed value is bound to, so that nobody moves it to another token, person or kind.
    static func binding(token: PersonalToken, person: PersonID, kind: PrivacyKind) -> [UInt8] {
        Array("value:".utf8) + token.uuid.bytes + person.uuid.bytes + Array(kind.rawValue.utf8)
    }

    static func binding(person: PersonID, tenantKey: [UInt8]) -> [UInt8] {
        Array("person:".utf8) + person.uuid.bytes + tenantKey
    }
}
