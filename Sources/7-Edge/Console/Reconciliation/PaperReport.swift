public import Contract

/// The daily report as a file of its own: the same page as in the console, with its styles inside, so that it can be
/// kept, sent and printed without a server.
public enum PaperReport {
    /// - Parameters:
    ///   - day: a business day, `2026-11-21`.
    ///   - language: "en" or "zh"; another one is English.
    /// Throws `Problem` when the day is none or the caller may not read it.
    public static func html(
        day: String, caller: Caller, tenantName: String, language: String, reads: any ReconciliationReads
    ) async throws -> String {
        let visit = Visit(
            ConsoleRequest(path: Place.dailyReport(day), query: [("lang", language)], headers: [("x-fragment", "1")]))
        let pages = ReconciliationPages(reads: reads, caller: caller, visit: visit)
        let page = try await pages.page(["reports", day])
        let frame = Frame(
            lang: visit.language.tag, t: visit.texts, title: page.title, nav: [], languages: [], tenant: tenantName,
            subject: "", isSignedIn: false, page: page.template.rawValue, body: page.body, live: nil)
        return """
            <!doctype html>
            <html lang="\(visit.language.tag)"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escaped(page.title)) · \(escaped(tenantName))</title>
            <style>
            \(Stylesheet.text)
            </style></head><body><main>
            <p class="sub">\(escaped(tenantName))</p>
            \(Templates.all.render(frame, as: .fragment))
            </main></body></html>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
