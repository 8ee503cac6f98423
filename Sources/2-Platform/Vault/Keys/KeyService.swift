public import Crypto

/// Where tenants' keys are protected: a file now, a KMS or an HSM later.
///
/// The vault gives it a tenant's random key to wrap and stores what comes back in the tenant's book, so that the
/// service keeps nothing per tenant. Calls may go over a network: they happen when a book is opened or a key is
/// rotated, never inside a transaction.
public protocol KeyService: Sendable {
    /// Encrypts a tenant's key so that only this service, asked for the same tenant, opens it again.
    func wrap(_ key: SymmetricKey, tenant: String) async throws -> [UInt8]

    /// Throws `VaultError.tampered` when the bytes were changed or belong to another tenant.
    func unwrap(_ wrapped: [UInt8], tenant: String) async throws -> SymmetricKey

    /// The key of the tenant's lookup hashes. It outlives rotations: the clear values needed to hash anew are not kept.
    func lookupKey(tenant: String) async throws -> SymmetricKey
}
