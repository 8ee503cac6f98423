public import Contract
internal import Crypto
internal import Foundation
internal import Journal
internal import Matching
internal import Runtime
internal import Store
internal import SwiftProtobuf

// The calls about cases; those about repairs, rules and comparisons stand beside what they do.
extension Cases: ReconciliationCasesService {
    public func listCases(_ request: V1ListCasesRequest, _ context: CallContext) async throws -> V1ListCasesReply {
        let page = try ListPage(request.pageSize, request.pageToken)
        let now = context.book.world.now()
        var filter = CaseStorage.Filter()
        if !request.runID.isEmpty { filter.run = try RunID(request.runID, field: "run_id") }
        if !request.class.isEmpty, MatchClass(code: request.class) == nil {
            throw Problem.invalidParameter("class", value: request.class, rule: "is no class of differences")
        }
        if !request.state.isEmpty, CaseState(rawValue: request.state) == nil {
            throw Problem.invalidParameter("state", value: request.state, rule: "is no state of a case")
        }
        filter.channel = request.channel
        filter.matchClass = request.class
        filter.cause = request.cause
        filter.state = request.state
        filter.owner = request.owner
        filter.isLive = request.live
        filter.overdueAt = request.overdue ? now : nil
        let wanted = filter
        return try await context.book.read { reader in
            let found = try CaseStorage.page(wanted, before: try page.after(), limit: page.limit, reader)
            let (rows, next) = page.cut(found) { [$0.id.sqlValue] }
            let titles = try CauseTitles(reader)
            return .with {
                $0.cases = rows.map { V1ReconciliationCase($0, titles, now: now) }
                $0.nextPageToken = next
            }
        }
    }

    public func getCase(_ request: V1GetCaseRequest, _ context: CallContext) async throws -> V1ReconciliationCase {
        let id = try CaseID(request.caseID, field: "case_id")
        let now = context.book.world.now()
        return try await context.book.read { try Self.message(id, now: now, $0) }
    }

    public func moveCase(_ request: V1MoveCaseRequest, _ context: CallContext) async throws -> V1ReconciliationCase {
        let id = try CaseID(request.caseID, field: "case_id")
        guard let step = CaseMove(rawValue: request.move), CaseMove.manual.contains(step) else {
            throw CasesError.invalid("move", request.move, "must be investigate, resolve or reopen")
        }
        if step != .investigate, request.reason.isEmpty {
            throw CasesError.invalid("reason", "", "is needed to \(step.rawValue) a case")
        }
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            var row = try CaseStorage.existing(id, tx)
            try SeenVersion.check(row.version, request.version, context, "case")
            try move(&row, step, by: actor, outcome: request.reason, in: tx)
            return try Self.message(id, now: tx.now, tx)
        }
    }

    public func assignCase(
        _ request: V1AssignCaseRequest, _ context: CallContext
    ) async throws -> V1ReconciliationCase {
        let id = try CaseID(request.caseID, field: "case_id")
        guard Self.isPseudonym(request.owner) else {
            throw CasesError.invalid(
                "owner", request.owner, "must be a pseudonym: letters, digits, dot, hyphen, underscore and colon")
        }
        guard !request.unassign || request.owner.isEmpty else {
            throw CasesError.invalid("unassign", "true", "takes the owner away: it cannot come with an owner")
        }
        let deadline = request.deadlineAt.isEmpty ? nil : Timestamp(rfc3339: request.deadlineAt)
        if deadline == nil, !request.deadlineAt.isEmpty {
            throw CasesError.invalid("deadline_at", request.deadlineAt, "must be a time as 2026-11-21T10:00:00Z")
        }
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            var row = try CaseStorage.existing(id, tx)
            try SeenVersion.check(row.version, request.version, context, "case")
            if request.unassign || !request.owner.isEmpty { row.owner = request.owner }
            row.deadline = deadline ?? row.deadline
            row.version += 1
            row.updatedAt = tx.now
            try CaseStorage.update(row, in: tx)
            let now = row
            try tx.record(
                V1CaseAssigned.with {
                    $0.caseID = "\(id)"
                    $0.owner = now.owner
                    $0.deadlineAtUs = now.deadline.microseconds
                    $0.by = actor.subject
                    $0.atUs = tx.now.microseconds
                })
            return try Self.message(id, now: tx.now, tx)
        }
    }

    public func addCaseNote(_ request: V1AddCaseNoteRequest, _ context: CallContext) async throws -> V1CaseNote {
        let id = try CaseID(request.caseID, field: "case_id")
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            _ = try CaseStorage.existing(id, tx)
            guard try CasePapers.notes(of: id, tx).count < Self.notesPerCase else {
                throw CasesError(.overLimit, "a case has at most \(Self.notesPerCase) notes")
            }
            let note = CasePapers.Note(
                id: tx.newID(), author: actor.subject, text: request.text, isErased: false, writtenAt: tx.now)
            try CasePapers.save(note, of: id, in: tx)
            try Self.tellNoted(id, note, by: actor, in: tx)
            return V1CaseNote(note)
        }
    }

    public func eraseCaseNote(_ request: V1EraseCaseNoteRequest, _ context: CallContext) async throws -> V1CaseNote {
        let id = try CaseID(request.caseID, field: "case_id")
        let noteID = try CaseNoteID(request.noteID, field: "note_id")
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            var note = try CasePapers.note(noteID, of: id, tx)
            if note.isErased { return V1CaseNote(note) }
            note.text = ""
            note.isErased = true
            try CasePapers.save(note, of: id, in: tx)
            try Self.tellNoted(id, note, by: actor, in: tx)
            return V1CaseNote(note)
        }
    }

    public func attachToCase(_ request: V1AttachToCaseRequest, _ context: CallContext) async throws -> V1CaseFile {
        let id = try CaseID(request.caseID, field: "case_id")
        guard (1...Self.attachmentLimit).contains(request.content.count) else {
            throw CasesError.invalid(
                "content", "\(request.content.count) bytes", "must have 1 to \(Self.attachmentLimit) bytes")
        }
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            _ = try CaseStorage.existing(id, tx)
            let bytes = Array(request.content)
            let file = CasePapers.File(
                sha256: Array(SHA256.hash(data: bytes)), name: CaseFileName.plain(request.name),
                size: Int64(bytes.count),
                attachedBy: actor.subject, attachedAt: tx.now)
            let files = try CasePapers.files(of: id, tx)
            if let known = files.first(where: { $0.sha256 == file.sha256 }) { return V1CaseFile(known) }
            guard files.count < Self.filesPerCase else {
                throw CasesError(.overLimit, "a case has at most \(Self.filesPerCase) attachments")
            }
            try CaseFiles.keep(bytes, sha256: file.sha256, in: tx)
            try CasePapers.attach(file, to: id, in: tx)
            try tx.record(
                V1CaseFileAttached.with {
                    $0.caseID = "\(id)"
                    $0.sha256 = Data(file.sha256)
                    $0.sizeBytes = file.size
                    $0.by = actor.subject
                    $0.atUs = tx.now.microseconds
                })
            return V1CaseFile(file)
        }
    }

    public func downloadCaseFile(
        _ request: V1DownloadCaseFileRequest, _ context: CallContext
    ) async throws -> V1CaseFileContent {
        let id = try CaseID(request.caseID, field: "case_id")
        return try await context.book.read { reader in
            let files = try CasePapers.files(of: id, reader)
            guard let hash = Hex.bytes(request.sha256), files.contains(where: { $0.sha256 == hash }),
                let content = try CaseFiles.content(hash, reader)
            else { throw CasesError.notFound("attachment", request.sha256) }
            return .with { $0.content = Data(content) }
        }
    }

    private static func tellNoted(
        _ id: CaseID, _ note: CasePapers.Note, by actor: Actor, in tx: Transaction
    ) throws {
        try tx.record(
            V1CaseNoted.with {
                $0.caseID = "\(id)"
                $0.noteID = "\(note.id)"
                $0.erased = note.isErased
                $0.by = actor.subject
                $0.atUs = tx.now.microseconds
            })
    }

    /// A case with everything that belongs to it.
    static func message(_ id: CaseID, now: Timestamp, _ reader: any SQLReader) throws -> V1ReconciliationCase {
        let row = try CaseStorage.existing(id, reader)
        var message = V1ReconciliationCase(row, try CauseTitles(reader), now: now)
        message.notes = try CasePapers.notes(of: id, reader).map(V1CaseNote.init)
        message.files = try CasePapers.files(of: id, reader).map(V1CaseFile.init)
        message.repairs = try RepairStorage.of(id, reader).map(V1Repair.init)
        message.suggestions = try V1MatchSuggestion.list(try SuggestionRows.concerning(row.difference, reader), reader)
        return message
    }
}
