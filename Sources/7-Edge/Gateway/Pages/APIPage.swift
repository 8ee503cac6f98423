import Contract

/// The contract as a page for people: every call with what it needs, costs and promises.
enum APIPage {
    static func html(_ operations: [Operation]) -> String {
        let groups = grouped(operations)
        let navigation = groups.map { "<a href=\"#\($0.id)\">\(escaped($0.title))</a>" }.joined(separator: "\n")
        let sections = groups.map(section).joined(separator: "\n")
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Kontor API</title>
            <style>\(APIPageStyle.css)</style>
            </head>
            <body>
            <header>
            <p class="eyebrow">Kontor</p>
            <h1>The contract</h1>
            <p class="lead">\(operations.count) calls over HTTP and JSON. Each one says what it needs, what it costs
            and what it promises; the gateway holds both sides to it.</p>
            <p class="links"><a href="/openapi.json">openapi.json</a><a href="/healthz">healthz</a><a
            href="/readyz">readyz</a><a href="/metrics">metrics</a></p>
            </header>
            <nav aria-label="Capabilities">\(navigation)</nav>
            <main>
            \(rules)
            \(sections)
            </main>
            </body>
            </html>

            """
    }

    private struct Group {
        let id: String
        let title: String
        let operations: [Operation]
    }

    private static func grouped(_ operations: [Operation]) -> [Group] {
        var order: [String] = []
        var byCapability: [String: [Operation]] = [:]
        for operation in operations {
            if byCapability[operation.capability] == nil { order.append(operation.capability) }
            byCapability[operation.capability, default: []].append(operation)
        }
        return order.map { name in
            Group(
                id: escaped(name), title: name.prefix(1).uppercased() + name.dropFirst(),
                operations: byCapability[name] ?? [])
        }
    }

    private static func section(_ group: Group) -> String {
        """
        <section id="\(group.id)">
        <h2>\(escaped(group.title))</h2>
        \(group.operations.map(card).joined(separator: "\n"))
        </section>
        """
    }

    private static func card(_ operation: Operation) -> String {
        let method = operation.method.rawValue
        var facts = [fact("Access", access(operation))]
        if operation.price.ratePerSecond > 0 {
            facts.append(fact("Limit", "\(operation.price.ratePerSecond)/s, burst \(operation.price.burst)"))
        }
        if !operation.price.meter.isEmpty {
            facts.append(fact("Meter", "<code>\(escaped(operation.price.meter))</code>"))
        }
        if operation.promise.p99Ms > 0 { facts.append(fact("p99", "\(operation.promise.p99Ms) ms")) }
        if operation.promise.deadlineMs > 0 { facts.append(fact("Deadline", "\(operation.promise.deadlineMs) ms")) }
        switch operation.idempotency {
        case .required: facts.append(fact("Idempotency-Key", "required"))
        case .accepted where operation.method != .get: facts.append(fact("Idempotency-Key", "accepted"))
        default: break
        }
        return """
            <article>
            <h3><span class="method \(method.lowercased())">\(method)</span> <code>\(path(operation.path))</code></h3>
            <p>\(escaped(operation.summary))</p>
            <dl>\(facts.joined())</dl>\(fields(operation))
            </article>
            """
    }

    /// What the call takes, folded away.
    private static func fields(_ operation: Operation) -> String {
        let lines = (CallFields.byCall[operation.name] ?? "").split(separator: "\n")
        if lines.isEmpty { return "" }
        let rows = lines.map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map { escaped(String($0)) }
            guard parts.count == 5 else { return "" }
            let needed = parts[2].isEmpty ? "" : " <b>\(parts[2])</b>"
            return "<tr><td>\(parts[0])</td><td><code>\(parts[1])</code>\(needed)</td><td>\(parts[3])</td>"
                + "<td>\(parts[4])</td></tr>"
        }
        return """

            <details><summary>\(rows.count == 1 ? "1 field" : "\(rows.count) fields")</summary>
            <div class="wide"><table>\(rows.joined(separator: "\n"))</table></div></details>
            """
    }

    private static func access(_ operation: Operation) -> String {
        switch operation.access {
        case .anonymous: "open to everyone"
        case .signed: "signed by its sender"
        case .tenant, .platform: "<code>\(escaped(operation.scope))</code>"
        }
    }

    private static func fact(_ name: String, _ value: String) -> String {
        "<div><dt>\(name)</dt><dd>\(value)</dd></div>"
    }

    /// The path with its parameters set apart.
    private static func path(_ path: String) -> String {
        escaped(path).replacing("{", with: "<var>{").replacing("}", with: "}</var>")
    }

    static func escaped(_ text: String) -> String {
        var safe = ""
        for character in text {
            switch character {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            default: safe.append(character)
            }
        }
        return safe
    }

    private static let rules = """
        <section id="rules">
        <h2>House rules</h2>
        <ul class="rules">
        <li>A credential goes into <code>Authorization: Bearer …</code>; it names the tenant, nothing else does.</li>
        <li>Money is an integer of minor units with its currency: <code>{"minor": "1999", "currency": "EUR"}</code>.
        Integers of 64 bits are texts, because JavaScript's numbers end at 2<sup>53</sup>.</li>
        <li><code>Idempotency-Key</code> makes a call safe to send again: the same key gets the same answer.</li>
        <li><code>Request-Timeout: 1500ms</code> shortens a call's deadline; work that has not begun by then is not done.</li>
        <li>Every refusal is <code>application/problem+json</code> with a stable <code>type</code>, the
        <code>field</code> at fault, and the request's id as <code>instance</code>; 429 and 503 say in <code>Retry-After</code> when to come back.</li>
        </ul>
        </section>
        """
}
