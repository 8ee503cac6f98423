import Foundation
import TestStores
import Testing

/// What an operator does who outgrows one machine, over the real program and a real server.
@Suite(.serialized) struct MoveTests {
    /// A shop with ten products and a key.
    private func shop(_ kontor: Program) async throws -> String {
        #expect(try await kontor.run("tenant", "create", "shop").code == 0)
        let key = try await kontor.run("key", "create", "--tenant", "shop")
        let imported = try await kontor.run(
            "catalog", "import", Program.package + "/Examples/atelier.csv", "--tenant", "shop", "--json")
        #expect(imported.code == 0, "\(imported.err)")
        return key.out.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func serve(_ kontor: Program) async throws -> (server: Running, address: String) {
        let server = try kontor.start(["serve", "--port", "0"])
        let line = try await server.line(with: "kontor serves")
        return (server, String(try #require(line.split(separator: " ").first { $0.hasPrefix("http") })))
    }

    private func order(_ address: String, _ key: String) async throws -> Int {
        let products = try await Web.call("GET", "\(address)/v1/catalog/products?page_size=1", key)
        guard let variant = products.body.firstMatch(of: /"variant_id":"(var_[a-z0-9]+)"/)?.1 else {
            return products.status
        }
        return try await Web.call(
            "POST", "\(address)/v1/orders", key,
            #"{"lines":[{"variant_id":"\#(variant)","quantity":"1"}],"email":"ada@example.org"}"#
        ).status
    }

    /// Asks again and again, for ten seconds.
    private func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    @Test("a tenant is carried to PostgreSQL and back with all it has, and is served at both places")
    func thereAndBack() async throws {
        let url = try await TestPostgreSQL.url()
        try await Program.withFolder { kontor in
            let key = try await shop(kontor)
            for place in [url, "sqlite"] {
                let moved = try await kontor.run("tenant", "move", "shop", "--to", place, "--json")
                #expect(moved.code == 0, "\(moved.err)")
                #expect(moved.out.contains("\"moved\" : true") && moved.out.contains("\"name\" : \"journal\""))
                #expect(try await kontor.run("tenant", "list").out.contains(place))
                #expect(try await kontor.run("audit", "verify").code == 0)
                #expect(try await kontor.run("ledger", "trial-balance", "shop").out.contains("balanced"))
                let (server, address) = try await serve(kontor)
                #expect(try await order(address, key) == 201)
                let found = try await Web.call("GET", "\(address)/v1/catalog/search?q=linen", key)
                #expect(found.status == 200 && found.body.contains("product_id"), "\(found.body)")
                server.terminate()
                #expect(await server.end().code == 0)
            }
            // Where it is already nothing happens; what was left is listed until it is dropped.
            let again = try await kontor.run("tenant", "move", "shop", "--to", "sqlite")
            #expect(again.code == 0 && again.out.contains("at sqlite already"))
            #expect(try await kontor.run("doctor").out.contains("old copy of shop"))
            let dropped = try await kontor.run("tenant", "move", "shop", "--drop-old")
            #expect(dropped.code == 0 && dropped.out.contains("deleted the old copy: \(url)"), "\(dropped.err)")
            #expect(try await kontor.run("doctor").out.contains("old copy") == false)
            #expect(try await kontor.run("audit", "verify").code == 0)
        }
    }

    @Test("a move that is killed anywhere is continued by the same command or given up, and nothing is lost")
    func killed() async throws {
        let url = try await TestPostgreSQL.url()
        try await Program.withFolder { kontor in
            let key = try await shop(kontor)
            let before = try await kontor.run("audit", "verify").out.split(separator: "\n").last
            for delay in [30, 60, 90, 130, 180, 250] {
                let isThere = try await kontor.run("tenant", "list").out.contains("postgres")
                let target = isThere ? "sqlite" : url
                let move = try kontor.start(["tenant", "move", "shop", "--to", target])
                try await Task.sleep(for: .milliseconds(delay))
                move.kill9()
                _ = await move.end()
                if delay.isMultiple(of: 60) {
                    let undone = try await kontor.run("tenant", "move", "shop", "--undo")
                    #expect(undone.code == 0, "\(undone.err)")
                }
                let repeated = try await kontor.run("tenant", "move", "shop", "--to", target)
                #expect(repeated.code == 0, "after \(delay) ms: \(repeated.err)")
                #expect(try await kontor.run("audit", "verify").out.split(separator: "\n").last == before)
            }
            let dropped = try await kontor.run("tenant", "move", "shop", "--drop-old", "--json")
            #expect(dropped.code == 0 && dropped.out.contains("\"left\" : [\n\n  ]"), "\(dropped.out)")
            let (server, address) = try await serve(kontor)
            #expect(try await order(address, key) == 201)
            server.terminate()
            _ = await server.end()
        }
    }

    @Test("two processes serve one database; a tenant that moves waits with 503 at both and goes on at both")
    func twoProcesses() async throws {
        let url = try await TestPostgreSQL.another()
        try await Program.withFolder(database: url) { kontor in
            let nothing = try await kontor.run("tenant", "list")
            #expect(nothing.code == 1 && nothing.err.contains("there are no books in postgres:///kontor"))
            let key = try await shop(kontor)
            let (one, first) = try await serve(kontor)
            let (two, second) = try await serve(kontor)
            #expect(one.output.contains("books in postgres:///kontor"))
            for address in [first, second, first, second] { #expect(try await order(address, key) == 201) }

            // To a database of its own, on the same server; killed as soon as the directory tells of it.
            let own = url.replacing("/kontor?", with: "/postgres?")
            let move = try kontor.start(["tenant", "move", "shop", "--to", own])
            #expect(try await eventually { try await kontor.run("tenant", "list").out.contains("moving to") })
            move.kill9()
            _ = await move.end()
            for address in [first, second] {
                #expect(try await eventually { try await order(address, key) == 503 })
                let refused = try await Web.call("GET", "\(address)/v1/orders", key)
                #expect(refused.status == 503 && refused.body.contains("tenant-moving"), "\(refused.body)")
            }
            let doctor = try await kontor.run("doctor")
            #expect(doctor.code == 1 && doctor.out.contains("move of shop"), "\(doctor.out)")

            let moved = try await kontor.run("tenant", "move", "shop", "--to", own, "--json")
            #expect(moved.code == 0 && moved.out.contains("\"moved\" : true"), "\(moved.err)")
            for address in [first, second] {
                #expect(try await eventually { try await order(address, key) == 201 })
            }
            for server in [one, two] {
                server.terminate()
                #expect(await server.end().code == 0)
            }
            #expect(try await kontor.run("audit", "verify").code == 0)
            let migrated = try await kontor.run("migrate")
            #expect(migrated.code == 0 && migrated.out.contains("2 of 2 books"), "\(migrated.out) \(migrated.err)")
            // The private server of tests leaves out the disk's part, and that is all there is to say against it.
            let judged = try await kontor.run("doctor").out.split(separator: "\n")
            let wrong = judged.filter { $0.contains(" WRONG ") }
            #expect(wrong.allSatisfy { $0.contains("fsync") || $0.contains("full_page_writes") }, "\(wrong)")
            for check in ["version", "encoding", "synchronous_commit", "max_connections", "clock"] {
                #expect(judged.contains { $0.hasPrefix(check) && $0.contains(" ok ") }, "\(judged)")
            }

            // Another machine without the keys of this one is told so, and makes none.
            try await Program.withFolder(database: url) { stranger in
                let refused = try await stranger.run("tenant", "list")
                #expect(refused.code == 1 && refused.err.contains("copy the folder of keys"), "\(refused.err)")
                #expect(!FileManager.default.fileExists(atPath: stranger.folder + "/keys/master.key"))
            }
        }
    }

    @Test("the directory moves to a database, the folder refuses from then on, and undoing opens it again")
    func platform() async throws {
        let url = try await TestPostgreSQL.another()
        try await Program.withFolder { kontor in
            let key = try await shop(kontor)
            let moved = try await kontor.run("platform", "move", "--to", url, "--json")
            #expect(moved.code == 0 && moved.out.contains("\"place\" : \"postgres:///kontor"), "\(moved.err)")
            // Twice is as good as once, because a move that was interrupted is repeated.
            let again = try await kontor.run("platform", "move", "--to", url, "--json")
            #expect(again.code == 0 && again.out == moved.out, "\(again.err)")

            let refused = try await kontor.run("serve", "--port", "0")
            #expect(refused.code != 0 && refused.err.contains("postgres:///kontor"), "\(refused.err)")
            var there = kontor
            there.database = url
            #expect(try await there.run("tenant", "list").out.contains("shop"))
            let (server, address) = try await serve(there)
            #expect(try await order(address, key) == 201)
            server.terminate()
            #expect(await server.end().code == 0)
            #expect(try await there.run("audit", "verify").code == 0)

            #expect(try await kontor.run("platform", "move", "--undo").code == 0)
            #expect(try await kontor.run("tenant", "list").out.contains("shop"))
            #expect(try await kontor.run("platform", "move", "--undo", "--to", url).code == 64)
        }
    }

    @Test("migrate names the tenant that fails and brings the others on")
    func migrate() async throws {
        try await Program.withFolder { kontor in
            for name in ["one", "two", "three"] { #expect(try await kontor.run("tenant", "create", name).code == 0) }
            let list = try await kontor.run("tenant", "list").out
            let line = try #require(list.split(separator: "\n").first { $0.contains(" two ") })
            let book = "\(kontor.folder)/books/\(line.prefix { $0 != " " }).sqlite"
            let kept = try Data(contentsOf: URL(fileURLWithPath: book))
            try Data("this is no database, whatever it is called".utf8).write(to: URL(fileURLWithPath: book))
            let failed = try await kontor.run("migrate", "--jobs", "2")
            #expect(failed.code == 1 && failed.err.contains("two (ten_"), "\(failed.err)")
            #expect(failed.out.contains("3 of 4 books"), "\(failed.out)")
            try kept.write(to: URL(fileURLWithPath: book))
            let healed = try await kontor.run("migrate", "--json")
            #expect(healed.code == 0 && healed.out.contains("\"ready\" : 4"), "\(healed.err)")
        }
    }

    @Test("a wrong database is told by name, without its password, and with what to do")
    func wrongDatabases() async throws {
        try await Program.withFolder { kontor in
            let nowhere = "postgres://kontor:geheim@/kontor?host=/nowhere"
            let serve = try await kontor.run("serve", "--port", "0", "--database", nowhere)
            #expect(serve.code == 75 && serve.err.contains("cannot be reached"), "\(serve.err)")
            let doctor = try await kontor.run("doctor", "--database", nowhere)
            #expect(doctor.code == 1 && doctor.out.contains("WRONG"), "\(doctor.out)")
            let scheme = try await kontor.run("serve", "--database", "mysql://h/db")
            #expect(scheme.code == 64 && scheme.err.contains("postgres://HOST/DATABASE"))
            let secret = try await kontor.run("tenant", "create", "shop", "--on", "postgres://u:geheim@h/db")
            #expect(secret.code == 64 && secret.err.contains("PGPASSFILE"))
            for answer in [serve, doctor, scheme, secret] {
                #expect(!answer.out.contains("geheim") && !answer.err.contains("geheim"))
            }
            #expect(try await kontor.run("tenant", "create", "shop").code == 0)
            let none = try await kontor.run("tenant", "move", "shop", "--to", "postgres")
            #expect(none.code == 1 && none.err.contains("name one by its URL"), "\(none.err)")
        }
    }
}
