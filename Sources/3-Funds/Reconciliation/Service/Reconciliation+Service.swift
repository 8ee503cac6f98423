public import Contract
import Foundation
import Journal
import Runtime
import Store
import SwiftProtobuf

/// The calls of the contract: each decodes, calls the façade and encodes.
extension Reconciliation: ReconciliationService {
    // MARK: profiles

    public func putReconciliationProfile(
        _ request: V1PutReconciliationProfileRequest, _ context: CallContext
    ) async throws -> V1ReconciliationProfile {
        try await context.book.perform(context, request) { tx in
            try put(request.profile, channel: request.channel, in: tx).message
        }
    }

    public func getReconciliationProfile(
        _ request: V1GetReconciliationProfileRequest, _ context: CallContext
    ) async throws -> V1ReconciliationProfile {
        try await context.book.read { try requiredProfile(request.channel, $0).message }
    }

    public func listReconciliationProfiles(
        _ request: V1ListReconciliationProfilesRequest, _ context: CallContext
    ) async throws -> V1ListReconciliationProfilesReply {
        try await context.book.read { reader in
            try V1ListReconciliationProfilesReply.with { $0.profiles = try profiles(in: reader).map(\.message) }
        }
    }

    // MARK: files

    public func sendStatement(
        _ request: V1SendStatementRequest, _ context: CallContext
    ) async throws -> V1ReconciliationStatement {
        let day = try BusinessDay(request.day, field: "day")
        guard !request.content.isEmpty else {
            throw Problem.invalid(field: "content", value: "", rule: "must be a file, and this one is empty")
        }
        return V1ReconciliationStatement(
            try await receive(
                Array(request.content), name: request.name, channel: request.channel, day: day, in: context.book,
                deadline: context.deadline))
    }

    public func beginUpload(
        _ request: V1BeginUploadRequest, _ context: CallContext
    ) async throws -> V1StatementUpload {
        let day = try BusinessDay(request.day, field: "day")
        let sha256 = try Self.bytes(ofHex: request.sha256)
        return try await context.book.perform(context, request) { tx in
            V1StatementUpload(
                try beginUpload(
                    name: request.name, channel: request.channel, day: day, sha256: sha256, size: request.sizeBytes,
                    in: tx))
        }
    }

    public func sendUploadPiece(
        _ request: V1SendUploadPieceRequest, _ context: CallContext
    ) async throws -> V1StatementUpload {
        let id = try UploadID(request.uploadID, field: "upload_id")
        return V1StatementUpload(
            try await takePiece(
                Array(request.content), number: Int(request.number), of: id, in: context.book,
                deadline: context.deadline))
    }

    public func finishUpload(
        _ request: V1FinishUploadRequest, _ context: CallContext
    ) async throws -> V1ReconciliationStatement {
        let id = try UploadID(request.uploadID, field: "upload_id")
        return V1ReconciliationStatement(try await finishUpload(id, in: context.book, deadline: context.deadline))
    }

    public func listStatements(
        _ request: V1ListStatementsRequest, _ context: CallContext
    ) async throws -> V1ListStatementsReply {
        let day = try BusinessDay(optional: request.day, field: "day")
        let page = try ListPage(request.pageSize, request.pageToken)
        let cursor: StatementID? = try page.after()
        return try await context.book.read { reader in
            let found = try StatementRows.page(
                channel: request.channel, day: day, before: cursor, limit: page.limit, reader)
            let (rows, next) = page.cut(found) { [$0.id.sqlValue] }
            var reply = V1ListStatementsReply()
            reply.statements = rows.map { V1ReconciliationStatement($0) }
            reply.nextPageToken = next
            return reply
        }
    }

    public func getStatement(
        _ request: V1GetStatementRequest, _ context: CallContext
    ) async throws -> V1ReconciliationStatement {
        let id = try StatementID(request.statementID, field: "statement_id")
        return try await context.book.read { V1ReconciliationStatement(try requiredStatement(id, $0)) }
    }

    public func downloadStatement(
        _ request: V1DownloadStatementRequest, _ context: CallContext
    ) async throws -> V1StatementContent {
        let id = try StatementID(request.statementID, field: "statement_id")
        let piece = try await context.book.read { reader in
            let statement = try requiredStatement(id, reader)
            return try FileRows.find(statement.sha256, reader).flatMap {
                try FileRows.piece(Int(request.number), store: $0.store, reader)
            }
        }
        guard let piece else { throw Problem.notFound("piece", "\(request.number)") }
        var content = V1StatementContent()
        content.content = Data(try piece.unpacked())
        return content
    }

    // MARK: runs

    public func openRun(_ request: V1OpenRunRequest, _ context: CallContext) async throws -> V1ReconciliationRun {
        let day = try BusinessDay(request.day, field: "day")
        return try await context.book.perform(context, request) { tx in
            V1ReconciliationRun(try open(channel: request.channel, day: day, in: tx))
        }
    }

    public func listRuns(_ request: V1ListRunsRequest, _ context: CallContext) async throws -> V1ListRunsReply {
        let day = try BusinessDay(optional: request.day, field: "day")
        let page = try ListPage(request.pageSize, request.pageToken)
        let cursor: RunID? = try page.after()
        return try await context.book.read { reader in
            let found = try runs(
                channel: request.channel, day: day, before: cursor, limit: page.limit, in: reader)
            let (rows, next) = page.cut(found) { [$0.id.sqlValue] }
            var reply = V1ListRunsReply()
            reply.runs = rows.map { V1ReconciliationRun($0) }
            reply.nextPageToken = next
            return reply
        }
    }

    public func getRun(_ request: V1GetRunRequest, _ context: CallContext) async throws -> V1ReconciliationRun {
        let id = try RunID(request.runID, field: "run_id")
        return try await context.book.read { reader in
            guard let run = try run(id, in: reader) else {
                throw ReconciliationError(.runUnknown, "there is no run \(id)")
            }
            return V1ReconciliationRun(run, tasks: try TaskRows.of(id, reader))
        }
    }

    public func confirmRun(
        _ request: V1ConfirmRunRequest, _ context: CallContext
    ) async throws -> V1ReconciliationRun {
        let id = try RunID(request.runID, field: "run_id")
        return try await context.book.perform(context, request) { tx in
            V1ReconciliationRun(try confirm(id, version: request.version, by: context.caller.subject, in: tx))
        }
    }

    public func abortRun(_ request: V1AbortRunRequest, _ context: CallContext) async throws -> V1ReconciliationRun {
        let id = try RunID(request.runID, field: "run_id")
        return try await context.book.perform(context, request) { tx in
            V1ReconciliationRun(try abort(id, version: request.version, reason: request.reason, in: tx))
        }
    }

    public func retryRun(_ request: V1RetryRunRequest, _ context: CallContext) async throws -> V1ReconciliationRun {
        let id = try RunID(request.runID, field: "run_id")
        return try await context.book.perform(context, request) { tx in
            let run = try retry(id, version: request.version, by: context.caller.subject, in: tx)
            return V1ReconciliationRun(run, tasks: try TaskRows.of(id, tx))
        }
    }

    private func requireRun(_ id: RunID, _ reader: any SQLReader) throws {
        guard try run(id, in: reader) != nil else {
            throw ReconciliationError(.runUnknown, "there is no run \(id)")
        }
    }

    public func listDifferences(
        _ request: V1ListDifferencesRequest, _ context: CallContext
    ) async throws -> V1ListDifferencesReply {
        let id = try RunID(request.runID, field: "run_id")
        let page = try ListPage(request.pageSize, request.pageToken)
        let cursor: Int64 = try page.after() ?? 0
        return try await context.book.read { reader in
            try requireRun(id, reader)
            let found = try differences(
                of: id, class: request.class, after: cursor, limit: page.limit, in: reader)
            let (rows, next) = page.cut(found) { [.integer($0.number)] }
            var reply = V1ListDifferencesReply()
            reply.differences = rows.map(V1ReconciliationDifference.init)
            reply.nextPageToken = next
            return reply
        }
    }

    public func listSuggestions(
        _ request: V1ListSuggestionsRequest, _ context: CallContext
    ) async throws -> V1ListSuggestionsReply {
        let id = try RunID(request.runID, field: "run_id")
        let page = try ListPage(request.pageSize, request.pageToken)
        let cursor: Int64 = try page.after() ?? 0
        return try await context.book.read { reader in
            guard let run = try run(id, in: reader) else {
                throw ReconciliationError(.runUnknown, "there is no run \(id)")
            }
            let found = try suggestions(of: id, after: cursor, limit: page.limit, in: reader)
            let (rows, next) = page.cut(found) { [.integer($0.number)] }
            var reply = V1ListSuggestionsReply()
            reply.suggestions = try V1MatchSuggestion.list(rows, reader)
            reply.found = run.counts.suggestions
            reply.cut = run.counts.suggestions > Int64(Reconciliation.suggestionLimit)
            reply.nextPageToken = next
            return reply
        }
    }

    public func listRejects(
        _ request: V1ListRejectsRequest, _ context: CallContext
    ) async throws -> V1ListRejectsReply {
        let id = try RunID(request.runID, field: "run_id")
        let page = try ListPage(request.pageSize, request.pageToken)
        let cursor: Int64 = try page.after() ?? 0
        return try await context.book.read { reader in
            try requireRun(id, reader)
            let found: [(number: Int64, reject: V1StatementReject)] = try reader.query(
                """
                SELECT number, line, field, reason FROM recon_rejects WHERE run_id = \(id) AND number > \(cursor)
                ORDER BY number LIMIT \(page.limit)
                """
            ) { row in
                var reject = V1StatementReject()
                reject.line = row.int64(1)
                reject.field = row.text(2)
                reject.reason = row.text(3)
                return (row.int64(0), reject)
            }
            let (rows, next) = page.cut(found) { [.integer($0.number)] }
            var reply = V1ListRejectsReply()
            reply.rejects = rows.map(\.reject)
            reply.nextPageToken = next
            return reply
        }
    }

    private func requiredStatement(_ id: StatementID, _ reader: any SQLReader) throws -> Statement {
        guard let statement = try statement(id, in: reader) else {
            throw ReconciliationError(.statementUnknown, "there is no statement \(id)")
        }
        return statement
    }

    private static func bytes(ofHex text: String) throws -> [UInt8] {
        guard let bytes = Hex.bytes(text), bytes.count == 32 else {
            throw Problem.invalid(field: "sha256", value: text, rule: "must be 64 hexadecimal digits")
        }
        return bytes
    }
}

extension BusinessDay {
    init(_ text: String, field: String) throws {
        guard let day = BusinessDay(text) else {
            throw Problem.invalid(field: field, value: text, rule: "must be a day such as 2026-11-21")
        }
        self = day
    }

    init?(optional text: String, field: String) throws {
        if text.isEmpty { return nil }
        try self.init(text, field: field)
    }
}
