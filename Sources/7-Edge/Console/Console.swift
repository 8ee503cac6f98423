public import Contract
import Runtime
import Store

/// The house as people see it: orders, money, the journal and the shelves of one tenant, in their browser.
///
/// Pages are made on the server and need no script; a small one keeps them live. Whoever asks signs in with an API key
/// or a token, and sees what its scopes allow. It imports no HTTP library: the wiring hands requests in and takes
/// replies out. Everything it shows, it asks of `ConsoleReads`.
public struct Console: Sendable {
    /// Where everything of the console lives.
    public static let root = "/console"
    /// Seconds between two refreshes of a live page.
    static let refreshSeconds = 4
    /// Rows of a page.
    static let pageSize = 50

    /// What a browser may load for a page: what comes from here. There is no inline style and no inline script.
    static let policy =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

    let authenticate: @Sendable (String) async throws -> Caller
    let reads: any ConsoleReads
    let reconciliation: (any ReconciliationReads)?
    let tenantName: @Sendable (Caller) async -> String
    let secureCookies: Bool
    let verifications = Verifications()

    /// - Parameters:
    ///   - authenticate: who a credential stands for; throws when it is not valid now.
    ///   - reads: what the pages show.
    ///   - reconciliation: what the pages of reconciliation show; nil leaves them out.
    ///   - tenantName: what stands in the header; the tenant's identifier unless told otherwise.
    ///   - secureCookies: true when browsers reach the house over TLS.
    public init(
        authenticate: @escaping @Sendable (String) async throws -> Caller, reads: any ConsoleReads,
        reconciliation: (any ReconciliationReads)? = nil,
        tenantName: @escaping @Sendable (Caller) async -> String = { $0.tenant }, secureCookies: Bool = false
    ) {
        self.authenticate = authenticate
        self.reads = reads
        self.reconciliation = reconciliation
        self.tenantName = tenantName
        self.secureCookies = secureCookies
        // Parsed here, so that the first visitor does not wait for it.
        _ = Templates.all
    }

    /// Answers a request under `/console`. It never throws: what goes wrong is a page, too.
    public func handle(_ request: ConsoleRequest) async -> ConsoleReply {
        if let asset = Assets.reply(request.path) {
            return request.method == "GET" || request.method == "HEAD" ? asset : ConsoleReply(status: 405)
        }
        let visit = Visit(request)
        var reply = await answer(visit)
        if !request.parameter("lang").isEmpty, Language(rawValue: request.parameter("lang")) != nil {
            reply = reply.setting("set-cookie", Cookies.remember(visit.language, secure: secureCookies))
        }
        return
            reply
            .setting("cache-control", "no-store")
            .setting("content-security-policy", Self.policy)
            .setting("vary", "Cookie, Accept-Language, X-Fragment")
            .setting("x-content-type-options", "nosniff")
            .setting("referrer-policy", "same-origin")
    }

    /// Bytes that a request's body may have: what a form needs, and a file's as well where somebody sends one who may.
    /// What is larger need not be read: `handle` is told with `isBodyCut` and says so on a page.
    public func bodyLimit(of request: ConsoleRequest) async -> Int {
        guard reconciliation != nil, Place.takesFile(request.path), SameOrigin.allows(request),
            let caller = await caller(Visit(request)), Rights(caller).writes
        else { return Form.bodyLimit }
        return Form.fileBodyLimit
    }

    private func answer(_ visit: Visit) async -> ConsoleReply {
        switch visit.request.method {
        case "GET", "HEAD": return await show(visit)
        case "POST":
            guard SameOrigin.allows(visit.request) else {
                return render(visit.notice(403, .foreignFormTitle, .foreignFormLead), visit, nil)
            }
            return await act(visit)
        default: return render(visit.notice(405, .methodTitle, .methodLead), visit, nil)
        }
    }

    // MARK: reading

    private func show(_ visit: Visit) async -> ConsoleReply {
        if visit.request.path == Place.signIn { return render(visit.signIn(refusal: nil), visit, nil) }
        guard let caller = await caller(visit) else { return .seeOther(Place.signIn) }
        return await page(visit, caller) { try await pages(caller, visit).route() }
    }

    /// Renders what `make` makes, or the page that says why it could not.
    private func page(_ visit: Visit, _ caller: Caller, _ make: () async throws -> Outcome) async -> ConsoleReply {
        let page: Page
        do {
            switch try await make() {
            case .page(let made): page = made
            case .moved(let path): return .seeOther(path)
            case .file(let content, let name): return .file(content, name: name)
            }
        } catch {
            page = visit.refusal(of: error)
        }
        return render(page, visit, caller, tenant: await tenantName(caller))
    }

    private func caller(_ visit: Visit) async -> Caller? {
        guard let credential = Cookies.value(Cookies.session, in: visit.request), Cookies.isCredential(credential)
        else { return nil }
        return try? await authenticate(credential)
    }

    // MARK: acting

    private func act(_ visit: Visit) async -> ConsoleReply {
        guard let form = Form(visit.request) else {
            return render(visit.notice(400, .failedTitle, .failedLead), visit, nil)
        }
        // A page that takes files says itself that one is too large.
        if form.isCut, !Place.takesFile(visit.request.path) {
            return render(visit.notice(413, .tooLargeTitle, .tooLargeLead), visit, nil)
        }
        switch visit.request.path {
        case Place.signIn: return await signIn(form["credential"], visit)
        case Console.root + "/sign-out":
            return ConsoleReply.seeOther(Place.signIn).setting("set-cookie", Cookies.signOut(secure: secureCookies))
        case Place.journal + "/verify":
            guard let caller = await caller(visit) else { return .seeOther(Place.signIn) }
            return await page(visit, caller) {
                try await pages(caller, visit).verify(verifications)
            }
        case Place.rules:
            guard let caller = await caller(visit) else { return .seeOther(Place.signIn) }
            return await page(visit, caller) {
                let pages = pages(caller, visit)
                return .page(pages.rules(form["expression"], on: form["sample"]))
            }
        case let path where path.hasPrefix(Place.reconciliation + "/"):
            guard let caller = await caller(visit) else { return .seeOther(Place.signIn) }
            return await page(visit, caller) { try await pages(caller, visit).act(form) }
        default: return render(visit.notice(404, .notFoundTitle, .notFoundLead), visit, nil)
        }
    }

    private func pages(_ caller: Caller, _ visit: Visit) -> Pages {
        Pages(reads: reads, reconciliation: reconciliation, caller: caller, visit: visit)
    }

    private func signIn(_ text: String, _ visit: Visit) async -> ConsoleReply {
        let credential = String(text[...].trimmed)
        guard Cookies.isCredential(credential) else {
            return render(visit.signIn(refusal: .signInShape), visit, nil)
        }
        do {
            _ = try await authenticate(credential)
        } catch {
            // One answer for every reason: which one it was would help a guesser.
            return render(visit.signIn(refusal: .signInRefused), visit, nil)
        }
        return ConsoleReply.seeOther(Place.home)
            .setting("set-cookie", Cookies.signIn(credential, secure: secureCookies))
    }

    // MARK: rendering

    private func render(_ page: Page, _ visit: Visit, _ caller: Caller?, tenant: String = "") -> ConsoleReply {
        let frame = Frame(
            lang: visit.language.tag, t: visit.texts, title: page.title,
            nav: caller.map {
                Pages.navigation(
                    for: $0, current: page.place, reconciles: reconciliation != nil, visit.texts)
            } ?? [],
            languages: Language.choices(for: visit.request, current: visit.language), tenant: tenant,
            subject: caller?.subject ?? "", isSignedIn: caller != nil, page: page.template.rawValue, body: page.body,
            live: page.live)
        let template: Template = visit.request.wantsFragment ? .fragment : .layout
        return .html(page.status, Templates.all.render(frame, as: template))
    }
}

/// What a path leads to.
enum Outcome {
    case page(Page)
    case moved(String)
    /// A file to be kept, under its name.
    case file([UInt8], String)
}
