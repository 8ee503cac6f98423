import ArgumentParser
import Assembly
import Contract
import Crypto
import Foundation
import Journal
import Reconciliation
import SwiftProtobuf

struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "The statements of the channels, as they came.",
        subcommands: [List.self, Send.self, Get.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List statements, newest first.")
        @OptionGroup var desk: DeskOptions
        @Option(help: "Only those of this channel.") var channel = ""
        @Option(help: "Only those of this day.") var day = ""
        @Option(help: "At most so many.") var limit = 50
        @Option(help: "Where the last page ended.") var after = ""

        func validate() throws { try Arguments.check("--limit", limit, in: 1...200) }

        func run() async throws {
            let request = V1ListStatementsRequest.with {
                $0.channel = channel
                $0.day = day
                $0.pageSize = Int32(limit)
                $0.pageToken = after
            }
            let reply = try await desk.ask(ReconciliationContract.listStatements, .reading) {
                try await $0.listStatements(request, $1)
            }
            try desk.show(reply) { reply in
                Terminal.table(
                    ["statement", "channel", "day", "file", "state", "bytes", "revision"],
                    reply.statements.map { file in
                        [
                            file.id, file.channel, file.day, file.name, file.state, "\(file.sizeBytes)",
                            "\(file.revision)"
                        ]
                    }, right: [5, 6])
                for file in reply.statements where !file.refusal.isEmpty {
                    Terminal.line("\(file.id) was refused: \(file.refusal)")
                }
                if !reply.nextPageToken.isEmpty { Terminal.note("more: --after \(reply.nextPageToken)") }
            }
        }
    }

    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a channel's file of a day.",
            discussion: "The same file again changes nothing; another one supersedes the day's, and both are kept.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The channel.") var channel: String
        @Argument(help: "The business day, e.g. 2026-11-21.") var day: String
        @Argument(help: "The file.") var file: String

        func run() async throws {
            let source = try LargeFile(file)
            let (channel, day) = (channel, day)
            let reply = try await desk.ask(ReconciliationContract.finishUpload) { runs, context in
                let upload = try await runs.beginUpload(
                    .with {
                        $0.channel = channel
                        $0.day = day
                        $0.name = source.name
                        $0.sizeBytes = source.size
                        $0.sha256 = source.sha256
                    }, context)
                for number in 0..<source.pieces {
                    let content = try source.piece(number)
                    _ = try await runs.sendUploadPiece(
                        .with {
                            $0.uploadID = upload.id
                            $0.number = Int32(number)
                            $0.content = content
                        }, context)
                }
                return try await runs.finishUpload(.with { $0.uploadID = upload.id }, context)
            }
            try desk.show(reply) { file in
                Terminal.line(
                    "\(file.id) \(file.repeated ? "was here already" : "received, revision \(file.revision)")")
                if !file.runID.isEmpty { Terminal.line("run \(file.runID)") }
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a statement's file, byte for byte as it came.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The statement's identifier.") var id: String
        @Option(help: "Where to.") var to: String

        func run() async throws {
            guard FileManager.default.createFile(atPath: to, contents: nil) else {
                throw ValidationError("--to \(to): cannot be written")
            }
            let (id, to) = (id, to)
            let reply = try await desk.ask(ReconciliationContract.downloadStatement, .reading) { runs, context in
                let statement = try await runs.getStatement(.with { $0.statementID = id }, context)
                let out = try FileHandle(forWritingTo: URL(filePath: to))
                defer { try? out.close() }
                for number in 0..<statement.pieces {
                    let piece = try await runs.downloadStatement(
                        .with {
                            $0.statementID = id
                            $0.number = number
                        }, context)
                    try out.write(contentsOf: piece.content)
                }
                return statement
            }
            try desk.show(reply) { Terminal.line("\(to): \($0.sizeBytes) bytes, SHA-256 \($0.sha256)") }
        }
    }
}

/// A file that is read in pieces, so that one of gigabytes fits.
private struct LargeFile: Sendable {
    let path: String
    let name: String
    let size: Int64
    let sha256: String

    init(_ path: String) throws {
        self.path = path
        name = URL(filePath: path).lastPathComponent
        guard let handle = FileHandle(forReadingAtPath: path) else { throw ValidationError("\(path): cannot be read") }
        defer { try? handle.close() }
        var digest = SHA256()
        var size: Int64 = 0
        while let piece = try handle.read(upToCount: Reconciliation.pieceBytes), !piece.isEmpty {
            digest.update(data: piece)
            size += Int64(piece.count)
        }
        guard size > 0 else { throw ValidationError("\(path): is empty") }
        self.size = size
        sha256 = Hex.text(Array(digest.finalize()))
    }

    var pieces: Int { Int((size - 1) / Int64(Reconciliation.pieceBytes)) + 1 }

    func piece(_ number: Int) throws -> Data {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(number * Reconciliation.pieceBytes))
        return try handle.read(upToCount: Reconciliation.pieceBytes) ?? Data()
    }
}
