/// What stands around every page. Templates read these properties by their names.
struct Frame {
    struct Item {
        let href: String
        let text: String
        let isCurrent: Bool
    }

    let lang: String
    let t: Texts
    let title: String
    let nav: [Item]
    let languages: [Language.Choice]
    let tenant: String
    let subject: String
    let isSignedIn: Bool
    /// The template of the main region, and what it shows.
    let page: String
    let body: Any
    /// Seconds between two refreshes; nil for a page that stands still.
    let live: Int?
    let stylesheet = Assets.stylesheetPath
    let script = Assets.scriptPath
    let mark = Assets.markPath
    let home = Place.home
    let signOutPath = Console.root + "/sign-out"
}

extension Language {
    struct Choice {
        let href: String
        let text: String
        let tag: String
        let isCurrent: Bool
    }

    /// The same address in each language.
    static func choices(for request: ConsoleRequest, current: Language) -> [Choice] {
        allCases.map { language in
            var pairs = request.query.filter { $0.name != "lang" }
            pairs.append(("lang", language.rawValue))
            let query = pairs.map { URLText.encode($0.name) + "=" + URLText.encode($0.value) }.joined(separator: "&")
            return Choice(
                href: request.path + "?" + query, text: language.name, tag: language.tag,
                isCurrent: language == current)
        }
    }
}

/// A page ready to be put into its frame.
struct Page {
    var status = 200
    var title: String
    var template: Template
    var body: Any
    var live: Int?
    /// The entry of the navigation that it belongs to.
    var place = ""
}

/// A page that says why there is none.
struct NoticeView {
    let heading: String
    let lead: String
    let detail: String?
    var back = Place.home
}

struct SignInView {
    let action = Place.signIn
    let refusal: String?
}

/// Where a list goes on. Without scripts these are plain links.
struct Pager {
    let first: String?
    let next: String?

    /// Nil for a list of one page.
    init?(path: String, query: [(String, String)], after: String, next: String) {
        func address(_ after: String) -> String {
            let pairs = (query + [("after", after)]).filter { !$0.1.isEmpty }
            let text = pairs.map { "\($0.0)=\(URLText.encode($0.1))" }.joined(separator: "&")
            return text.isEmpty ? path : path + "?" + text
        }
        if after.isEmpty, next.isEmpty { return nil }
        first = after.isEmpty ? nil : address("")
        self.next = next.isEmpty ? nil : address(next)
    }
}
