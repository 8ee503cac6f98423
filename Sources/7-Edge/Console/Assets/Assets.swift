/// The files that pages refer to, served from the program itself.
enum Assets {
    static let stylesheetPath = Console.root + "/assets/console.css"
    static let scriptPath = Console.root + "/assets/console.js"
    static let markPath = Console.root + "/assets/mark.svg"

    /// Nil when there is no such file.
    static func reply(_ path: String) -> ConsoleReply? {
        switch path {
        case stylesheetPath: file(Stylesheet.text, "text/css; charset=utf-8")
        case scriptPath: file(Script.text, "text/javascript; charset=utf-8")
        case markPath: file(mark, "image/svg+xml")
        default: nil
        }
    }

    private static func file(_ text: String, _ type: String) -> ConsoleReply {
        ConsoleReply(
            status: 200, contentType: type, headers: [("cache-control", "public, max-age=300")], body: Array(text.utf8))
    }

    private static let mark = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">\
        <rect width="32" height="32" rx="7" fill="#14604a"/>\
        <path d="M10 7v18M22 7 13 16l9 9M10 16h3" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" \
        stroke-linejoin="round"/></svg>

        """
}
