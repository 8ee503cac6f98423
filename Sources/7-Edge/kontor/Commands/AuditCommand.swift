import ArgumentParser
import Assembly
import Contract
import Foundation
import Journal
import Ledger
import Runtime
import Tenancy

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verify journals, sign checkpoints, export a chain.",
        subcommands: [Verify.self, SignCheckpoint.self, Export.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Re-read chains and name the first event that was changed, removed, inserted or reordered.",
            discussion:
                "Exit code 1 when a chain does not verify. Checkpoints are lines that `audit checkpoint` printed.")
        @OptionGroup var options: HouseOptions
        @Option(help: "Identifier or slug; all tenants and the platform when it is not given.") var tenant: String?
        @Option(help: "A file of signed checkpoints that was kept elsewhere.") var checkpoints: String?
        @Option(help: "The signer's public key in hexadecimal; this house's own when it is not given.") var key: String?
        @Flag(help: "One JSON document instead of lines.") var json = false

        func validate() throws {
            guard let key, Hex.bytes(key)?.count != 32 else { return }
            throw ValidationError("--key \"\(key)\": must be a public key of 32 bytes as 64 hexadecimal digits")
        }

        struct Shown: Encodable {
            let book: String
            let verified: Int64
            let head: String
            let checkpoints: Int
            let fault, detail: String?
            let sequence: Int64?
        }

        func run() async throws {
            try await options.withHouse(.reading) { house in
                let publicKey = key.flatMap { Hex.bytes($0) } ?? house.checkpointKey.publicKey
                let kept = try readCheckpoints(publicKey)
                var unmatched = Set(kept.map(\.book))
                var shown: [Shown] = []
                for name in try await books(house) {
                    let own = kept.filter { $0.book == name.label }
                    unmatched.remove(name.label)
                    let report = try await name.read { try JournalVerifier.verify($0, checkpoints: own) }
                    shown.append(
                        Shown(
                            book: name.label, verified: report.verified, head: Hex.text(report.headHash),
                            checkpoints: report.checkpoints, fault: report.finding?.fault.rawValue,
                            detail: report.finding?.detail, sequence: report.finding?.sequence))
                }
                // A book that was signed for and is gone is the worst fault of all.
                if tenant == nil {
                    shown += unmatched.sorted().map { book in
                        Shown(
                            book: book, verified: 0, head: "", checkpoints: 0, fault: "missingBook",
                            detail: "a checkpoint was signed for this book and there is no such book", sequence: 0)
                    }
                }
                if json {
                    try Terminal.json(shown)
                } else {
                    for book in shown {
                        let verdict = book.detail.map { "BROKEN at \(book.sequence ?? 0): \($0)" } ?? "intact"
                        Terminal.line(
                            "\(book.book)  \(book.verified) events  head \(book.head.prefix(16))…  \(verdict)")
                    }
                }
                if shown.contains(where: { $0.fault != nil }) { throw ExitCode(1) }
            }
        }

        private func readCheckpoints(_ publicKey: [UInt8]) throws -> [Checkpoint] {
            guard let checkpoints else { return [] }
            guard let text = try? String(contentsOfFile: checkpoints, encoding: .utf8) else {
                throw Problem.invalid(field: "checkpoints", value: checkpoints, rule: "cannot be read as text")
            }
            return try text.split(separator: "\n").enumerated().map { index, line in
                guard let checkpoint = Checkpoint(text: String(line), expecting: publicKey) else {
                    throw Problem.invalid(
                        field: "checkpoints", value: "\(checkpoints):\(index + 1)",
                        rule: "is no checkpoint signed with the expected key")
                }
                return checkpoint
            }
        }

        private func books(_ house: House) async throws -> [AuditedBook] {
            if let tenant { return [AuditedBook(house: house, tenant: try await house.tenant(tenant))] }
            return try await AuditedBook.all(house)
        }
    }

    struct SignCheckpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint",
            abstract: "Sign the head of each chain (Ed25519); keep the lines where no one who can write here can write."
        )
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await options.withHouse(.reading) { house in
                for book in try await AuditedBook.all(house) {
                    let head = try await book.read { try Journal.head($0) }
                    guard head.sequence > 0 else { continue }
                    let checkpoint = try Checkpoint(
                        book: book.label, sequence: head.sequence, hash: head.hash, time: house.world.now(),
                        key: house.checkpointKey)
                    Terminal.line(checkpoint.text)
                }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a chain as JSON lines, for verification with public tools (docs/audit.md).")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug of the tenant.") var tenant: String

        func run() async throws {
            try await options.withHouse(.reading) { house in
                let book = AuditedBook(house: house, tenant: try await house.tenant(tenant))
                var last: Int64 = 0
                while true {
                    let after = last
                    let events = try await book.read { try Journal.events(after: after, limit: 1_000, $0) }
                    guard let end = events.last else { return }
                    for event in events { Terminal.line(event.exported) }
                    last = end.sequence
                }
            }
        }
    }
}
