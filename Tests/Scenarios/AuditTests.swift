import Assembly
import Foundation
import Journal
import Store
import Tenancy
import Testing

/// What an auditor finds with the program alone, after somebody with the disk in hand has changed the past.
@Suite("Audit", .serialized, .enabled(if: KontorProcess.program != nil, "the program kontor was not built"))
struct AuditTests {
    @Test("kontor audit verify finds a chain intact, and names the first event that was changed")
    func tampered() async throws {
        try await Outpost.with { outpost in
            let folder = ["--data", outpost.folder]
            let whole = try await KontorProcess.run(["audit", "verify", "--json"] + folder)
            #expect(whole.code == 0, "\(whole.output)")
            let checkpoints = try await KontorProcess.run(["audit", "checkpoint"] + folder)
            #expect(checkpoints.code == 0 && checkpoints.output.contains("kontor-checkpoint-v1"))
            let kept = outpost.folder + "/kept.txt"
            try Data(checkpoints.output.utf8).write(to: URL(filePath: kept))
            let again = try await KontorProcess.run(["audit", "verify", "--checkpoints", kept] + folder)
            #expect(again.code == 0, "\(again.output)")

            try await change(outpost, "UPDATE journal SET payload = CAST(X'00' AS BLOB) WHERE sequence = 3")
            let broken = try await KontorProcess.run(["audit", "verify", "--json", "--tenant", "outpost"] + folder)
            #expect(broken.code == 1)
            let report = JSON(text: broken.output)[0]
            #expect(report.sequence.int == 3 && report.fault.text == "changed", "\(broken.output)")
        }
    }

    @Test("a chain that lost its end verifies alone, and not against the checkpoint that was kept elsewhere")
    func shortened() async throws {
        try await Outpost.with { outpost in
            let folder = ["--data", outpost.folder]
            let kept = outpost.folder + "/kept.txt"
            let checkpoints = try await KontorProcess.run(["audit", "checkpoint"] + folder)
            try Data(checkpoints.output.utf8).write(to: URL(filePath: kept))
            try await change(outpost, "DELETE FROM journal WHERE sequence = (SELECT MAX(sequence) FROM journal)")
            #expect(try await KontorProcess.run(["audit", "verify"] + folder).code == 0)
            let found = try await KontorProcess.run(["audit", "verify", "--checkpoints", kept] + folder)
            #expect(found.code == 1 && found.output.contains("checkpoint"), "\(found.output)")
        }
    }

    @Test(
        "a chain that was written anew from its end on is whole in itself, and the checkpoint says that it is another")
    func rewritten() async throws {
        try await Outpost.with { outpost in
            let folder = ["--data", outpost.folder]
            let kept = outpost.folder + "/kept.txt"
            let checkpoints = try await KontorProcess.run(["audit", "checkpoint"] + folder)
            try Data(checkpoints.output.utf8).write(to: URL(filePath: kept))
            try await change(outpost, "DELETE FROM journal WHERE sequence = (SELECT MAX(sequence) FROM journal)")
            try await outpost.house { house in
                try await house.withBook(of: outpost.tenant) { book in
                    _ = try await book.write("scenario.forge") { try $0.append(type: "kontor.forged", payload: [1]) }
                }
            }
            #expect(try await KontorProcess.run(["audit", "verify"] + folder).code == 0)
            let found = try await KontorProcess.run(["audit", "verify", "--checkpoints", kept] + folder)
            #expect(found.code == 1 && found.output.contains("rewritten"), "\(found.output)")
        }
    }

    private func change(_ outpost: Outpost, _ statement: SQL) async throws {
        try await outpost.house { house in
            try await house.withBook(of: outpost.tenant) { book in
                _ = try await book.write("scenario.tamper") { try $0.execute(statement) }
            }
        }
    }
}
