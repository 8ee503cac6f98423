public import Runtime
public import Store

/// A tenant's account at a channel: whose callback it is, and with which secret it must be signed.
///
/// The accounts of all tenants are kept in the platform's book, because a callback names an account and no tenant.
public struct ChannelAccount: Hashable, Sendable {
    /// Unguessable; it stands in the callback's URL.
    public let token: String
    public let channel: String
    public let tenant: String
    public let secret: [UInt8]

    public init(token: String, channel: String, tenant: String, secret: [UInt8]) {
        self.token = token
        self.channel = channel
        self.tenant = tenant
        self.secret = secret
    }

    /// A new account with 256 bits each of token and secret.
    public static func make(channel: String, tenant: String, random: RandomSource) -> ChannelAccount {
        let digits = Array("0123456789abcdef")
        let token = random.bytes(32).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
        return ChannelAccount(token: "ca_" + token, channel: channel, tenant: tenant, secret: random.bytes(32))
    }
}

/// The accounts as they stand in the platform's book.
public enum ChannelAccounts {
    /// Writes an account; a tenant has one at each channel, and a new one replaces it.
    public static func put(_ account: ChannelAccount, in tx: Transaction) throws {
        try tx.execute(
            "DELETE FROM channel_accounts WHERE tenant = \(account.tenant) AND channel = \(account.channel)")
        try tx.execute(
            """
            INSERT INTO channel_accounts (token, channel, tenant, secret, created_at)
            VALUES (\(account.token), \(account.channel), \(account.tenant), \(account.secret), \(tx.now))
            """)
    }

    public static func find(token: String, _ reader: any SQLReader) throws -> ChannelAccount? {
        try reader.first("SELECT token, channel, tenant, secret FROM channel_accounts WHERE token = \(token)", read)
    }

    public static func find(tenant: String, channel: String, _ reader: any SQLReader) throws -> ChannelAccount? {
        try reader.first(
            """
            SELECT token, channel, tenant, secret FROM channel_accounts
            WHERE tenant = \(tenant) AND channel = \(channel)
            """, read)
    }

    public static func all(_ reader: any SQLReader) throws -> [ChannelAccount] {
        try reader.query("SELECT token, channel, tenant, secret FROM channel_accounts ORDER BY tenant, channel", read)
    }

    private static func read(_ row: Row) -> ChannelAccount {
        ChannelAccount(token: row.text(0), channel: row.text(1), tenant: row.text(2), secret: row.bytes(3))
    }
}
