import Foundation
import FoundationNetworking
import Testing

/// What an operator does on the first day, over the real program.
@Suite(.serialized) struct StoryTests {
    @Test("a tenant, a key, a catalogue and a server make an order; SIGTERM ends with exit code 0")
    func firstDay() async throws {
        try await Program.withFolder { kontor in
            #expect(try await kontor.run("tenant", "create", "shop").code == 0)
            let key = try await kontor.run("key", "create", "--tenant", "shop")
            let credential = key.out.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(credential.hasPrefix("kontor_live_"), "the key alone is on standard output")
            let imported = try await kontor.run(
                "catalog", "import", Program.package + "/Examples/atelier.csv", "--tenant", "shop", "--json")
            #expect(imported.code == 0 && imported.out.contains("\"productsCreated\" : 10"))

            let server = try kontor.start(["serve", "--port", "0"])
            let line = try await server.line(with: "kontor serves")
            let address = try #require(line.split(separator: " ").first { $0.hasPrefix("http") })
            let products = try await Web.call(
                "GET", "\(address)/v1/catalog/products?page_size=1", credential)
            let variant = try #require(products.body.firstMatch(of: /"variant_id":"(var_[a-z0-9]+)"/)).1
            let order = try await Web.call(
                "POST", "\(address)/v1/orders", credential,
                #"{"lines":[{"variant_id":"\#(variant)","quantity":"1"}],"email":"ada@example.org"}"#)
            #expect(order.status == 201, "\(order.body)")
            server.terminate()
            #expect(await server.end().code == 0)

            let verified = try await kontor.run("audit", "verify", "--json")
            #expect(verified.code == 0)
            let balance = try await kontor.run("ledger", "trial-balance", "shop")
            #expect(balance.code == 0 && balance.out.contains("balanced"))
        }
    }

    @Test("keys are listed with what they may do and whether they still may, never with their secret")
    func keys() async throws {
        try await Program.withFolder { kontor in
            #expect(try await kontor.run("tenant", "create", "shop").code == 0)
            #expect(try await kontor.run("tenant", "create", "other").code == 0)
            let made = try await kontor.run("key", "create", "--tenant", "shop", "--name", "anna", "--json")
            let id = try #require(made.out.firstMatch(of: /"id" : "(key_[a-z0-9]+)"/)).1
            let secret = try #require(made.out.firstMatch(of: /"credential" : "([^"]+)"/)).1
            _ = try await kontor.run(
                "key", "create", "--tenant", "shop", "--name", "bert", "--scope", "orders:read", "ledger:read")
            _ = try await kontor.run("key", "create", "--tenant", "other", "--name", "stranger")
            #expect(try await kontor.run("key", "revoke", String(id)).code == 0)

            let table = try await kontor.run("key", "list", "--tenant", "shop")
            let lines = table.out.split(separator: "\n")
            #expect(table.code == 0 && lines.count == 4, "\(table.out)")
            let anna = try #require(lines.first { $0.contains("anna") })
            #expect(anna.contains("…\(id.suffix(4))") && anna.contains("revoked") && anna.contains("owner"))
            let bert = try #require(lines.first { $0.contains("bert") })
            #expect(bert.contains("active") && bert.contains("ledger:read orders:read"))
            let json = try await kontor.run("key", "list", "--tenant", "shop", "--json")
            #expect(json.out.contains(#""key_id":"\#(id)""#) && json.out.contains(#""state":"revoked""#))
            for out in [table.out, json.out] {
                #expect(!out.contains("stranger") && !out.contains(secret.suffix(20)) && !out.contains("hash"))
            }
            #expect(try await kontor.run("key", "list", "--tenant", "nobody").code == 1)
            #expect(try await (kontor.start(["key", "list"])).end().code == 64)
        }
    }

    @Test("a second process is refused a data folder by name; commands that look are not")
    func oneHolder() async throws {
        try await Program.withFolder { kontor in
            #expect(try await kontor.run("tenant", "create", "shop").code == 0)
            let server = try kontor.start(["serve", "--port", "0"])
            _ = try await server.line(with: "kontor serves")
            for command in [["serve", "--port", "0"], ["tenant", "create", "other"], ["migrate"]] {
                let second = await (try kontor.start(command)).end()
                #expect(second.code == 75 && second.err.contains("in use by kontor serve (process"), "\(second.err)")
            }
            let list = try await kontor.run("tenant", "list", "--json")
            #expect(list.code == 0 && list.out.contains("\"shop\"") && !list.out.contains("\"other\""))
            #expect(try await kontor.run("audit", "verify").code == 0)
            server.terminate()
            #expect(await server.end().code == 0)
        }
    }

    @Test("a file that is no catalogue changes nothing and names its fault")
    func badFiles() async throws {
        try await Program.withFolder { kontor in
            #expect(try await kontor.run("tenant", "create", "shop").code == 0)
            let before = try await kontor.run("audit", "verify").out
            for (content, words) in [
                (Data([0x48, 0x61, 0x6E, 0x64, 0x6C, 0x65, 0x0A, 0xE9, 0x0A]), "UTF-8"),
                (Data("Handle,Title,Variant Price\na,\"Open,1.00\n".utf8), "never closed"),
                (Data("Name,Cost\na,1\n".utf8), "no column \"Handle\""),
                (Data(), "is empty")
            ] {
                let file = kontor.folder + "/broken.csv"
                try content.write(to: URL(fileURLWithPath: file))
                let refused = try await kontor.run("catalog", "import", file, "--tenant", "shop")
                #expect(refused.code == 1 && refused.err.contains(words), "\(refused.err)")
            }
            #expect(try await kontor.run("catalog", "import", "/nowhere.csv", "--tenant", "shop").code == 1)
            #expect(try await kontor.run("audit", "verify").out == before, "nothing was written")
        }
    }

    @Test("a row that was changed behind the journal's back is named")
    func tampering() async throws {
        try await Program.withFolder { kontor in
            #expect(try await kontor.run("tenant", "create", "shop").code == 0)
            let file = Program.package + "/Examples/atelier.csv"
            #expect(try await kontor.run("catalog", "import", file, "--tenant", "shop").code == 0)
            let kept = kontor.folder + "/checkpoints.txt"
            try Data(try await kontor.run("audit", "checkpoint").out.utf8).write(to: URL(fileURLWithPath: kept))
            #expect(try await kontor.run("audit", "verify", "--checkpoints", kept).code == 0)

            // A letter of a product's name, in the file itself: no database needed to cheat.
            let books = try FileManager.default.contentsOfDirectory(atPath: kontor.folder + "/books")
            let book = try #require(books.first { $0.hasPrefix("ten_") && $0.hasSuffix(".sqlite") })
            let path = URL(fileURLWithPath: kontor.folder + "/books/" + book)
            var bytes = try Data(contentsOf: path)
            let marker = Data("kontor.catalog.v1.ProductCreated".utf8)
            let hit = try #require(bytes.range(of: marker))
            bytes[hit.upperBound + 40] ^= 1
            try bytes.write(to: path)

            let verified = try await kontor.run("audit", "verify")
            #expect(verified.code == 1)
            #expect(verified.out.contains("BROKEN at"), "\(verified.out) \(verified.err)")
        }
    }

    @Test("a wrong command line leaves no trace")
    func noTrace() async throws {
        try await Program.withFolder { kontor in
            for (command, code) in [
                (["tenant", "create", "Not a slug"], 1), (["tenant", "create", "x", "--currency", "XXQ"], 64),
                (["tenant", "list"], 1), (["audit", "verify"], 1), (["key", "create", "--scope", "orders:write"], 64),
                (["serve", "--port", "99999"], 64), (["serve", "--log-level", "loud"], 64),
                (["key", "revoke", "nonsense"], 64), (["ledger", "statement", "x", "cash", "--limit", "0"], 64),
                (["demo", "--orders=-5"], 64), (["demo", "--examples", "/nowhere"], 64)
            ] as [([String], Int32)] {
                let answer = await (try kontor.start(command)).end()
                #expect(answer.code == code && !answer.err.isEmpty, "\(command): \(answer.code) \(answer.err)")
            }
            #expect(!FileManager.default.fileExists(atPath: kontor.folder))
        }
    }
}

enum Web {
    static func call(
        _ method: String, _ url: String, _ credential: String, _ body: String? = nil
    ) async throws -> (status: Int, body: String) {
        var request = URLRequest(url: try #require(URL(string: url)))
        request.httpMethod = method
        request.setValue("Bearer \(credential)", forHTTPHeaderField: "Authorization")
        if let body {
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.setValue("story-\(UUID().uuidString)", forHTTPHeaderField: "Idempotency-Key")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
    }
}
