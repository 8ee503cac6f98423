import Contract
import Reconciliation
import SwiftProtobuf

/// What people do on the pages of reconciliation. Each call checks the scope that the contract asks for.
extension ReconciliationPages {
    /// - Parameter path: the segments behind `/console`.
    func act(_ path: [String], _ form: Form) async throws -> Outcome {
        guard path.count >= 3 else { throw notFound }
        try need()
        let version = Int64(form["version"]) ?? 0
        let reason = String(form["reason"].prefix(200)[...].trimmed)
        switch (path[1], path.count, path.last ?? "") {
        case ("runs", 4, "confirm"):
            return await done(on: Place.run(path[2])) {
                try await reads.confirm(run: path[2], version: version, caller)
            }
        case ("runs", 4, "retry"):
            return await done(on: Place.run(path[2])) {
                try await reads.retry(run: path[2], version: version, caller)
            }
        case ("runs", 4, "abort"):
            return await done(on: Place.run(path[2])) {
                try await reads.abort(run: path[2], version: version, reason: reason, caller)
            }
        case ("cases", 4, let deed):
            let deed = try deedOnCase(deed, path[2], form, version, reason)
            return await done(onCase: path[2], form, deed)
        case ("repairs", 3, _):
            guard let decision = RepairDecision(rawValue: form["decision"]) else { throw notFound }
            return await done(onCase: form["case"], at: path[2], form) {
                try await reads.decide(
                    repair: path[2], decision, reason: reason, version: version, caller)
            }
        default: throw notFound
        }
    }

    private func deedOnCase(
        _ deed: String, _ id: String, _ form: Form, _ version: Int64, _ reason: String
    ) throws -> () async throws -> Void {
        switch deed {
        case "notes": { try await reads.note(case: id, text: form["text"], caller) }
        case "move":
            {
                try await reads.move(case: id, form["move"], reason: reason, version: version, caller)
            }
        case "owner" where form["nobody"] == "1": { try await reads.unassign(case: id, version: version, caller) }
        case "owner": { try await assign(id, form, version) }
        case "files": { try await attach(id, form) }
        case "repairs": { try await reads.propose(try proposal(id, form, reason), key: form["key"], caller) }
        default: throw notFound
        }
    }

    /// A deadline comes from the browser's own field for times, `2026-11-22T16:00`, which is meant in UTC here as
    /// everywhere in the console.
    private func assign(_ id: String, _ form: Form, _ version: Int64) async throws {
        let owner = String(form["owner"][...].trimmed)
        let time = String(form["deadline"][...].trimmed)
        guard !owner.isEmpty || !time.isEmpty else {
            throw Problem.invalid(field: "owner", value: "", rule: "is needed and was not sent")
        }
        let deadline = time.isEmpty ? "" : time.utf8.count == 16 ? time + ":00Z" : time + "Z"
        try await reads.assign(case: id, owner: owner, deadline: deadline, version: version, caller)
    }

    private func attach(_ id: String, _ form: Form) async throws {
        guard Rights(caller).writes else { throw Problem.forbidden(scope: "reconciliation:write") }
        guard !form.isCut else {
            throw Problem(type: "file-too-large", title: "The file is too large", status: 413, detail: "")
        }
        guard let file = form.file else {
            throw Problem(type: "file-missing", title: "No file was sent", status: 422, detail: "")
        }
        guard !file.content.isEmpty else {
            throw Problem(type: "file-empty", title: "The file is empty", status: 422, detail: "")
        }
        guard file.content.count <= Cases.attachmentLimit else {
            throw Problem(type: "file-too-large", title: "The file is too large", status: 413, detail: "")
        }
        try await reads.attach(Array(file.content), named: file.name, to: id, caller)
    }

    private func proposal(_ id: String, _ form: Form, _ reason: String) throws -> V1ProposeRepairRequest {
        let amount = form["amount"][...].trimmed
        guard amount.isEmpty || Int64(amount).map({ $0 > 0 }) == true else {
            throw Problem.invalid(field: "amount", value: String(amount), rule: "is no whole number above zero")
        }
        return .with {
            $0.caseID = id
            $0.kind = form["kind"]
            $0.amountMinor = Int64(amount) ?? 0
            $0.targetReference = String(form["target"][...].trimmed)
            $0.carryTo = String(form["carry"][...].trimmed)
            $0.reason = reason
        }
    }
}
