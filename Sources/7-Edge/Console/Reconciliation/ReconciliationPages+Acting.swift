import Contract
import Reconciliation
import SwiftProtobuf

/// What people do on the pages of reconciliation. Each call checks the scope that the contract asks for.
extension ReconciliationPages {
    /// - Parameter path: the segments behind `/console`.
    func act(_ path: [String], _ form: [String: String]) async throws -> Outcome {
        guard path.count >= 3 else { throw notFound }
        try need()
        let version = Int64(form["version"] ?? "") ?? 0
        let reason = String((form["reason"] ?? "").prefix(200)[...].trimmed)
        switch (path[1], path.count, path.last ?? "") {
        case ("runs", 4, "confirm"):
            return await moved(Place.run(path[2])) {
                try await reads.confirm(run: path[2], version: version, caller)
            }
        case ("runs", 4, "abort"):
            return await moved(Place.run(path[2])) {
                try await reads.abort(run: path[2], version: version, reason: reason, caller)
            }
        case ("cases", 4, "notes"):
            return await moved(Place.item(path[2])) {
                try await reads.note(case: path[2], text: form["text"] ?? "", caller)
            }
        case ("cases", 4, "move"):
            return await moved(Place.item(path[2])) {
                try await reads.move(
                    case: path[2], form["move"] ?? "", reason: reason, version: version, caller)
            }
        case ("cases", 4, "repairs"):
            return await moved(Place.item(path[2])) {
                try await reads.propose(try proposal(path[2], form, reason), key: form["key"] ?? "", caller)
            }
        case ("repairs", 3, _):
            guard let decision = RepairDecision(rawValue: form["decision"] ?? "") else { throw notFound }
            return await moved(Place.item(form["case"] ?? "") + "#" + URLText.encode(path[2])) {
                try await reads.decide(
                    repair: path[2], decision, reason: reason, version: version, caller)
            }
        default: throw notFound
        }
    }

    private func proposal(
        _ id: String, _ form: [String: String], _ reason: String
    ) throws -> V1ProposeRepairRequest {
        let amount = (form["amount"] ?? "")[...].trimmed
        guard amount.isEmpty || Int64(amount).map({ $0 > 0 }) == true else {
            throw Problem.invalid(field: "amount", value: String(amount), rule: "is no whole number above zero")
        }
        return .with {
            $0.caseID = id
            $0.kind = form["kind"] ?? ""
            $0.amountMinor = Int64(amount) ?? 0
            $0.targetReference = String((form["target"] ?? "")[...].trimmed)
            $0.carryTo = String((form["carry"] ?? "")[...].trimmed)
            $0.reason = reason
        }
    }

    /// Shows the page again once it was done. A refusal is shown in the house's own words, with the way back: whoever
    /// acts has to know why it was not done.
    private func moved(_ path: String, _ work: () async throws -> Void) async -> Outcome {
        do {
            try await work()
            return .moved(path)
        } catch {
            guard let problem = (error as? any ProblemConvertible)?.problem, problem.status < 500 else {
                return .page(visit.refusal(of: error))
            }
            return .page(
                Page(
                    status: problem.status, title: texts[ReconciliationText.notDone], template: .notice,
                    body: NoticeView(
                        heading: texts[ReconciliationText.notDone], lead: texts[ReconciliationText.notDoneLead],
                        detail: problem.detail, back: path),
                    place: Place.reconciliation))
        }
    }
}
