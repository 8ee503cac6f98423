/// Names with `*` for any characters and `?` for one, as shells write them; letters of either case are the same.
enum Glob {
    /// Complexity: O(n·m), without recursion.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        let name = Array(name.lowercased())
        let pattern = Array(pattern.lowercased())
        var at = 0
        var part = 0
        var star: (pattern: Int, name: Int)?
        while at < name.count {
            if part < pattern.count, pattern[part] == "*" {
                star = (part, at)
                part += 1
            } else if part < pattern.count, pattern[part] == "?" || pattern[part] == name[at] {
                part += 1
                at += 1
            } else if let back = star {
                // The last star takes one character more.
                star = (back.pattern, back.name + 1)
                part = back.pattern + 1
                at = back.name + 1
            } else {
                return false
            }
        }
        return pattern[part...].allSatisfy { $0 == "*" }
    }
}
