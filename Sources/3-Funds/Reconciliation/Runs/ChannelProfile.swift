import Contract
import Crypto
import Foundation
import Ledger
public import Matching
public import Money
public import Runtime
import Statements
public import Store
import SwiftProtobuf

/// How a channel is reconciled, as its tenant has said.
public struct ChannelProfile: Sendable {
    let message: V1ReconciliationProfile
    let zone: ChannelZone
    public let currency: Currency

    public var channel: String { message.channel }
    public var version: Int64 { message.version }
    /// The account that settled money comes to.
    public var settlementAccount: String {
        message.settlementAccount.isEmpty ? "cash" : message.settlementAccount
    }
    /// Days over which a line without its other side is looked for again.
    public var carryDays: Int { message.carryDays == 0 ? 1 : max(0, Int(message.carryDays)) }

    /// Throws `profileInvalid` where not even its days can be told. What costs more to check, `validate` does.
    init(_ message: V1ReconciliationProfile) throws {
        self.message = message
        guard let zone = ChannelZone(message.zone) else {
            throw ReconciliationError(
                .profileInvalid,
                "the zone \"\(message.zone)\" is none: write a name such as Asia/Shanghai, or +08:00")
        }
        self.zone = zone
        do {
            currency = try Currency(code: message.currency)
        } catch {
            throw ReconciliationError(.profileInvalid, "\"\(message.currency)\" is no currency of ISO 4217 in use")
        }
    }

    /// Throws `profileInvalid` for rules or a description of files that cannot be used. Once, before it is kept: jobs read
    /// every profile each few seconds.
    func validate() throws {
        _ = try matchRules(on: BusinessDay(number: 0))
        _ = try reader()
    }

    init(serialized bytes: [UInt8]) throws {
        try self.init(V1ReconciliationProfile(serializedBytes: bytes))
    }

    var serialized: [UInt8] { get throws { try message.serializedBytes() } }

    // MARK: days

    /// The bounds of a business day: it ends at the cut-off of its civil day.
    public func bounds(of day: BusinessDay) -> (from: Timestamp, until: Timestamp) {
        let minute = Int(message.cutoffMinute)
        // A cut-off at midnight is the end of the civil day, one at 23:00 lies within it.
        let ends = minute == 0 ? 1_440 : minute
        return (zone.moment(day.adding(days: -1), minute: ends), zone.moment(day, minute: ends))
    }

    /// The last business day that has ended before a moment.
    public func lastEnded(at now: Timestamp) -> BusinessDay {
        let local = now.microseconds / 1_000_000 + zone.offset(at: now)
        var day = BusinessDay(number: (local >= 0 ? local : local - 86_399) / 86_400 + 1)
        while bounds(of: day).until > now { day = day.adding(days: -1) }
        return day
    }

    // MARK: matching

    /// The profile's matching rules, with the channel's calendar.
    public func matchRules(on day: BusinessDay) throws -> MatchRules {
        var rules = MatchRules()
        if !message.matchRules.isEmpty {
            do {
                rules = try JSONDecoder().decode(MatchRules.self, from: Data(message.matchRules.utf8))
                try rules.validate()
            } catch let error as DecodingError {
                throw ReconciliationError(.profileInvalid, "the matching rules cannot be read: \(Self.words(error))")
            } catch {
                throw ReconciliationError(.profileInvalid, "the matching rules cannot be used: \(error)")
            }
        }
        return calendared(rules, on: day)
    }

    /// Other rules (those of a shadow run) with the channel's calendar.
    public func calendared(_ rules: MatchRules, on day: BusinessDay) -> MatchRules {
        var rules = rules
        rules.calendar.cutOffMinute = message.cutoffMinute == 0 ? 1_440 : Int(message.cutoffMinute)
        rules.calendar.zone = zone.offsets(around: day)
        rules.books.cutOffMinute = rules.calendar.cutOffMinute
        rules.books.zone = rules.calendar.zone
        rules.late.carryDays = max(1, carryDays)
        return rules
    }

    private static func words(_ error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
            .valueNotFound(_, let context):
            context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription
        @unknown default: "\(error)"
        }
    }
}

/// The rows of `recon_profiles`.
enum ProfileRows {
    static func find(_ channel: String, _ reader: any SQLReader) throws -> ChannelProfile? {
        try reader.first("SELECT body FROM recon_profiles WHERE channel = \(channel)") {
            try ChannelProfile(serialized: $0.bytes(0))
        }
    }

    static func all(_ reader: any SQLReader) throws -> [ChannelProfile] {
        try reader.query("SELECT body FROM recon_profiles ORDER BY channel LIMIT \(Reconciliation.profileLimit)") {
            try ChannelProfile(serialized: $0.bytes(0))
        }
    }

    static func write(_ profile: ChannelProfile, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_profiles (channel, version, body, updated_at) VALUES (\(profile.channel),
            \(profile.version), \(try profile.serialized), \(tx.now)) ON CONFLICT (channel) DO UPDATE SET
            version = excluded.version, body = excluded.body, updated_at = excluded.updated_at
            """)
    }
}

extension Reconciliation {
    /// Channels of one book.
    public static let profileLimit = 200

    /// How a channel is reconciled; nil when nobody has said.
    public func profile(_ channel: String, in reader: any SQLReader) throws -> ChannelProfile? {
        try ProfileRows.find(channel, reader)
    }

    public func profiles(in reader: any SQLReader) throws -> [ChannelProfile] { try ProfileRows.all(reader) }

    func requiredProfile(_ channel: String, _ reader: any SQLReader) throws -> ChannelProfile {
        guard let profile = try ProfileRows.find(channel, reader) else {
            throw ReconciliationError(
                .profileUnknown,
                "the channel \"\(channel)\" has no profile: say with PUT /v1/reconciliation/profiles/\(channel) how its "
                    + "days run")
        }
        return profile
    }

    /// Writes how a channel is reconciled; it holds from the next run on.
    @discardableResult
    func put(_ message: V1ReconciliationProfile, channel: String, in tx: Transaction) throws -> ChannelProfile {
        var message = message
        let before = try ProfileRows.find(channel, tx)
        if before == nil, try ProfileRows.all(tx).count >= Reconciliation.profileLimit {
            throw ReconciliationError(.profileInvalid, "a book has at most \(Reconciliation.profileLimit) profiles")
        }
        message.channel = channel
        message.version = (before?.version ?? 0) + 1
        message.updatedAt = tx.now.rfc3339
        let profile = try ChannelProfile(message)
        try profile.validate()
        try ProfileRows.write(profile, in: tx)
        try ledger.installChart(currency: profile.currency, in: tx)
        try ledger.openClearing(channel: channel, currency: profile.currency, in: tx)
        let hash = Array(SHA256.hash(data: try profile.serialized))
        try tx.record(
            V1ReconciliationProfileChanged.with {
                $0.channel = channel
                $0.version = profile.version
                $0.hash = Data(hash)
                $0.atUs = tx.now.microseconds
            })
        return profile
    }

    /// Makes matching rules live for a channel: its profile's next version. Throws `profileInvalid`, `profileUnknown`.
    @discardableResult
    public func putMatchRules(_ json: String, channel: String, in tx: Transaction) throws -> ChannelProfile {
        var message = try requiredProfile(channel, tx).message
        message.matchRules = json
        return try put(message, channel: channel, in: tx)
    }
}
