import Foundation

/// What Package.swift and docs/flow.md say about our modules.
struct Blueprint {
    struct Module {
        var name: String
        var folder: String
        var wing: Int
        var uses: Set<String>
    }

    /// Modules by name. The benchmarks stand with the edge; tools stand outside the house and are wing 0 to nobody.
    let modules: [String: Module]
    /// Arrows inside a wing: from the room that imports to the rooms it may import.
    let arrows: [String: Set<String>]
    /// Names of the products of other packages.
    let products: Set<String>

    /// What comes with the toolchain and needs no declaration.
    static let toolchain: Set<String> = [
        "Foundation", "FoundationEssentials", "FoundationNetworking", "Synchronization", "Glibc", "Darwin", "Musl",
        "Dispatch", "Testing"
    ]

    init() {
        let manifest = Tree.text("Package.swift")
        modules = Blueprint.modules(manifest)
        products = Set(Blueprint.strings(manifest, after: ".product(name: "))
        arrows = Blueprint.arrows(Tree.text("docs/flow.md"))
    }

    /// `A --> B` and `A ==> B` are imports; a dotted arrow is a fact that ascends through the journal.
    private static func arrows(_ page: String) -> [String: Set<String>] {
        var arrows: [String: Set<String>] = [:]
        var drawing = false
        for line in page.split(separator: "\n") {
            if line.hasPrefix("```") { drawing = line.hasPrefix("```mermaid") }
            guard drawing else { continue }
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, words[1] == "-->" || words[1] == "==>" else { continue }
            arrows[words[0], default: []].insert(words[2])
        }
        return arrows
    }

    private static func modules(_ manifest: String) -> [String: Module] {
        let groups = groups(manifest)
        var found: [String: Module] = [:]
        for call in ["room(", "program(", "tests(", "Part("] {
            for text in calls(of: call, in: manifest) {
                var words = strings(text)
                guard words.count >= (call == "tests(" ? 1 : 2) else { continue }
                let first = words.removeFirst()
                let name = call == "tests(" ? first + "Tests" : words.removeFirst()
                let folder =
                    switch call {
                    case "room(": "Sources/\(first)/\(name)"
                    case "tests(": "Tests/\(first)"
                    default: first
                    }
                let named = text.words
                let uses = groups.reduce(into: Set(words)) { if named.contains($1.key) { $0.formUnion($1.value) } }
                found[name] = Module(name: name, folder: folder, wing: wing(folder), uses: uses)
            }
        }
        return found
    }

    /// Lists of names that the manifest gives a name: `let kernel = ["Money", …]`.
    private static func groups(_ manifest: String) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for name in ["kernel", "capabilities"] {
            found[name] = Set(strings(manifest, after: "let \(name) = [", to: "]"))
        }
        return found
    }

    private static func wing(_ folder: String) -> Int {
        let parts = folder.split(separator: "/")
        if parts[0] == "Benchmarks" { return 7 }
        return parts[0] == "Sources" ? parts[1].first?.wholeNumberValue ?? 0 : 8
    }

    /// The balanced text of every call of `name`, which is not its declaration.
    private static func calls(of name: String, in text: String) -> [String] {
        var result: [String] = []
        var rest = text[...]
        while let start = rest.range(of: name) {
            var depth = 1
            let before = rest[..<start.lowerBound]
            var index = start.upperBound
            while index < rest.endIndex, depth > 0 {
                if rest[index] == "(" { depth += 1 }
                if rest[index] == ")" { depth -= 1 }
                index = rest.index(after: index)
            }
            let isWord = before.last.map { $0.isLetter || $0 == "_" } ?? false
            if !isWord, !before.hasSuffix("func ") { result.append(String(rest[start.upperBound..<index])) }
            rest = rest[start.upperBound...]
        }
        return result
    }

    /// The string literals of a text that look like names or paths.
    private static func strings(_ text: String) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) && !$0.element.contains("\\") }
            .map { String($0.element) }
    }

    private static func strings(_ text: String, after mark: String, to end: String = ")") -> [String] {
        var result: [String] = []
        var rest = text[...]
        while let start = rest.range(of: mark) {
            rest = rest[start.upperBound...]
            let stop = rest.range(of: end)?.lowerBound ?? rest.endIndex
            let found = strings(String(rest[..<stop]))
            result += mark.hasSuffix("[") ? found : Array(found.prefix(1))
        }
        return result
    }
}
