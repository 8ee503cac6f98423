/// Tells a form of ours from one that another site made the browser send.
///
/// The session cookie is `SameSite=Strict`, so a forged form arrives without it; this is the second lock, and the one
/// that guards signing in. Every current browser sends `Sec-Fetch-Site`, and every form that is posted has an `Origin`.
enum SameOrigin {
    static func allows(_ request: ConsoleRequest) -> Bool {
        if let site = request.header("sec-fetch-site"), site != "same-origin", site != "none" { return false }
        guard let origin = request.header("origin") else { return true }
        guard let host = request.header("host") ?? request.header(":authority") else { return false }
        return origin == "http://" + host || origin == "https://" + host
    }
}
