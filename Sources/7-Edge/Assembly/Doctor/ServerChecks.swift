import Foundation
import Runtime
import StorePostgreSQL

/// Judges what a PostgreSQL server says about itself: is an answered command safe there, and will it last?
struct ServerChecks {
    /// The oldest that is tested, as `server_version_num` counts.
    static let oldestVersion = 150_000
    /// A new book's tables, indexes and their helpers, which one transaction makes and another removes.
    static let locksOfOneBook = 600
    static let largestSkew = Duration.seconds(1)
    static let leastFree: Int64 = 2 << 30

    let server: ServerReport
    let options: PostgreSQLOptions

    var all: [DoctorCheck] {
        [version, encoding, mode, schemas, roles] + durability + [
            connections, locks, idle, vacuum, clock, encryption, disk
        ]
    }

    private func setting(_ name: String) -> String { server.settings[name] ?? "unknown" }

    private func number(_ name: String) -> Int { Int(server.settings[name] ?? "") ?? 0 }

    private var name: String { "\"\(server.database)\"" }

    // ---- What it is ----

    private var version: DoctorCheck {
        let text = "\(server.version / 10_000).\(server.version % 10_000)"
        return DoctorCheck(
            "version", server.version >= Self.oldestVersion, text,
            "\(text): upgrade the server to PostgreSQL 15 or newer (pg_upgrade)")
    }

    private var encoding: DoctorCheck {
        DoctorCheck(
            "encoding", server.encoding == "UTF8", "UTF8",
            "\(server.encoding): make the database anew with CREATE DATABASE \(name) ENCODING 'UTF8' TEMPLATE template0"
        )
    }

    private var mode: DoctorCheck {
        DoctorCheck(
            "primary", !server.isStandby, "takes writes",
            "this server is a standby and takes no writes: name the primary, or both with target_session_attrs=read-write"
        )
    }

    // ---- What we may do there ----

    private var schemas: DoctorCheck {
        DoctorCheck(
            "right to make schemas", server.createsSchemas, "\(server.user) may",
            "\(server.user) cannot make tenants' schemas: GRANT CREATE ON DATABASE \(name) TO \"\(server.user)\"")
    }

    private var roles: DoctorCheck {
        guard options.separatesRoles else {
            return DoctorCheck(
                "right to make roles", .advice,
                "KONTOR_DATABASE_ROLES=false: books are kept apart by their search path alone, as was asked for")
        }
        return DoctorCheck(
            "right to make roles", server.createsRoles, "each book has a role of its own, without rights on others",
            else: .advice,
            "books are kept apart by their search path alone; ALTER ROLE \"\(server.user)\" CREATEROLE gives each new book a "
                + "role without rights on others")
    }

    // ---- Whether it is safe there ----

    private var durability: [DoctorCheck] {
        let commit = setting("synchronous_commit")
        return [
            DoctorCheck(
                "synchronous_commit", !["off", "local"].contains(commit), commit,
                "\(commit): kontor sets it to on for itself; so that others do as well, ALTER DATABASE \(name) SET "
                    + "synchronous_commit = on"),
            DoctorCheck(
                "fsync", setting("fsync") == "on", "on",
                "off: a power cut destroys the database; set fsync = on in postgresql.conf and reload"),
            DoctorCheck(
                "full_page_writes", setting("full_page_writes") == "on", "on",
                "off: a power cut can leave half-written pages; set full_page_writes = on in postgresql.conf and reload, "
                    + "unless the file system writes pages whole")
        ]
    }

    // ---- Whether there is room ----

    /// Of one process: writers, readers and the one that listens.
    private var needed: Int { options.writers + options.readers + 1 }

    private var connections: DoctorCheck {
        let limit = number("max_connections") - number("superuser_reserved_connections")
        let processes = limit / max(1, needed)
        let found =
            "\(limit) for clients, \(server.connections) in use; a process uses up to \(needed), so \(processes) fit"
        if processes >= 2 { return DoctorCheck("max_connections", .ok, found) }
        return DoctorCheck(
            "max_connections", processes == 1 ? .advice : .wrong,
            "\(found): set max_connections to \(needed * 4) or more in postgresql.conf and restart the server")
    }

    private var locks: DoctorCheck {
        let perTransaction = number("max_locks_per_transaction")
        let places = number("max_connections") + number("max_prepared_transactions")
        let room = perTransaction * places
        let found = "\(perTransaction), which is room for \(room) locks"
        if room < 4 * Self.locksOfOneBook {
            let wanted = (4 * Self.locksOfOneBook + places - 1) / max(1, places)
            return DoctorCheck(
                "max_locks_per_transaction", .wrong,
                "\(found); making or deleting books takes \(Self.locksOfOneBook) each: set it to "
                    + "\(max(64, wanted)) or more in postgresql.conf and restart the server")
        }
        if room < server.tables {
            return DoctorCheck(
                "max_locks_per_transaction", .advice,
                "\(found); pg_dump of all \(server.tables) tables at once needs "
                    + "\((server.tables + places - 1) / max(1, places) + 16), or dump schema by schema")
        }
        return DoctorCheck("max_locks_per_transaction", .ok, found)
    }

    private var idle: DoctorCheck {
        let session = number("idle_session_timeout")
        let transaction = number("idle_in_transaction_session_timeout")
        let own = options.statementTimeout.components.seconds + 10
        return DoctorCheck(
            "idle timeouts", session == 0 || session >= 60_000,
            "a transaction of kontor that stands still ends after \(own) s (server: "
                + (transaction == 0 ? "never" : "\(transaction / 1_000) s") + ")",
            else: .advice,
            "idle_session_timeout of \(session) ms ends connections that wait for work, and with them announcements "
                + "between processes: ALTER ROLE \"\(server.user)\" SET idle_session_timeout = 0")
    }

    private var vacuum: DoctorCheck {
        DoctorCheck(
            "autovacuum", setting("autovacuum") == "on", "on",
            "off: tables and indexes grow without end; set autovacuum = on in postgresql.conf and reload")
    }

    // ---- Around it ----

    private var clock: DoctorCheck {
        let skew = server.clockAhead
        let size = skew < .zero ? .zero - skew : skew
        let text = "\(size.wholeMicroseconds / 1_000) ms " + (skew < .zero ? "behind ours" : "ahead of ours")
        let trip = "a question takes \(server.roundTrip.wholeMicroseconds) µs"
        return DoctorCheck(
            "clock", size <= Self.largestSkew, "\(text); \(trip)",
            "\(text): leases and expiries go by it; keep both machines' clocks with NTP (chronyc tracking)")
    }

    private var encryption: DoctorCheck {
        if server.isLocal { return DoctorCheck("encryption", .ok, "the connection stays on this machine") }
        return DoctorCheck(
            "encryption", server.isEncrypted, "TLS; only sslmode=verify-full also proves who answers", else: .advice,
            "the connection leaves the machine in clear: add ?sslmode=verify-full&sslrootcert=/path/ca.pem to the URL")
    }

    /// Only seen where the server is on this machine and its user may know where.
    private var disk: DoctorCheck {
        let log = server.logBytes.map { "\($0 >> 20) MiB of write-ahead log, " } ?? ""
        guard let folder = server.dataFolder, server.isLocal,
            let facts = try? FileManager.default.attributesOfFileSystem(forPath: folder),
            let free = (facts[.systemFreeSize] as? NSNumber)?.int64Value
        else {
            return DoctorCheck(
                "disk of the log", .ok, log + "its disk cannot be seen from here: watch it where the server runs")
        }
        return DoctorCheck(
            "disk of the log", free > Self.leastFree, log + "\(free >> 20) MiB free at \(folder)",
            log
                + "only \(free >> 20) MiB free at \(folder): the server stops when its disk is full; make room or lower "
                + "max_wal_size (\(setting("max_wal_size")) MB)")
    }
}
