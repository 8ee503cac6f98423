import Contract

/// Why something was not done, as a sentence on the page on which it was asked for.
struct Refusal {
    let status: Int
    let text: String
    /// What the house says of this very case, in its own words.
    let detail: String?

    init(_ problem: Problem, _ texts: Texts) {
        status = problem.status
        detail = problem.detail.orNil
        text = Self.sentence(problem, texts)
    }

    /// The sentence of the field at fault, else of the kind of refusal, else that it was not done.
    private static func sentence(_ problem: Problem, _ texts: Texts) -> String {
        let names = [problem.field ?? "", problem.type].map { "refused_" + $0.replacing("-", with: "_") }
        return texts[names.compactMap(ReconciliationText.init).first ?? .notDoneLead]
    }
}

extension ReconciliationPages {
    /// Does something on a case and shows the case again, at what was decided on. A refusal stands on the case's page,
    /// with what was written: whoever acts has to know why it was not done.
    func done(
        onCase id: String, at anchor: String = "", _ form: Form, _ work: () async throws -> Void
    ) async -> Outcome {
        let place = Place.item(id) + (anchor.isEmpty ? "" : "#" + URLText.encode(anchor))
        return await done(on: place, work) { refusal in
            // A case that cannot be shown is told as any other refusal.
            try? await item(id, refusal: refusal, form: form)
        }
    }

    /// Does something and shows `path`; a refusal is a page of its own, with the way back, unless `page` makes a better.
    func done(
        on path: String, _ work: () async throws -> Void, orShow page: (Refusal) async -> Page? = { _ in nil }
    ) async -> Outcome {
        do {
            try await work()
            return .moved(path)
        } catch {
            guard let problem = (error as? any ProblemConvertible)?.problem, problem.status < 500 else {
                return .page(visit.refusal(of: error))
            }
            let refusal = Refusal(problem, texts)
            if let page = await page(refusal) { return .page(page) }
            return .page(
                Page(
                    status: refusal.status, title: texts[ReconciliationText.notDone], template: .notice,
                    body: NoticeView(
                        heading: texts[ReconciliationText.notDone], lead: refusal.text, detail: refusal.detail,
                        back: path),
                    place: Place.reconciliation))
        }
    }
}
