import Contract

/// One request with the language in which it is answered.
struct Visit {
    let request: ConsoleRequest
    let language: Language
    var texts: Texts { Texts(language: language) }

    init(_ request: ConsoleRequest) {
        self.request = request
        language = Language.wanted(by: request)
    }

    func signIn(refusal: Text?) -> Page {
        Page(
            status: refusal == nil ? 200 : 401, title: texts[.signInTitle], template: .signIn,
            body: SignInView(refusal: refusal.map { texts[$0] }))
    }

    func notice(_ status: Int, _ heading: Text, _ lead: Text, detail: String? = nil) -> Page {
        Page(
            status: status, title: texts[heading], template: .notice,
            body: NoticeView(heading: texts[heading], lead: texts[lead], detail: detail))
    }

    /// A refusal of the house in the words of the console. What is our fault is not shown in detail.
    func refusal(of error: any Error) -> Page {
        guard let problem = (error as? any ProblemConvertible)?.problem else {
            return notice(500, .failedTitle, .failedLead)
        }
        switch problem.status {
        case 403: return notice(403, .forbiddenTitle, .forbiddenLead, detail: problem.extensions["scope"])
        // An identifier that cannot be one names nothing either.
        case 400, 404, 422: return notice(404, .notFoundTitle, .notFoundLead, detail: problem.detail)
        default: return notice(problem.status, .failedTitle, .failedLead, detail: problem.title)
        }
    }
}
