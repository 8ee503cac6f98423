import Yams

/// A mapping of YAML that is read key by key: what is missing, mistyped or not known is an issue with its place, and
/// all issues are told at once.
final class YAMLForm {
    private(set) var issues: [String] = []

    /// The most bytes of a rule set.
    static let limit = 200_000

    /// - Throws: `rulesInvalid` when the text is no YAML, or not a mapping.
    static func compose(_ source: String) throws(CasesError) -> Node.Mapping {
        guard source.utf8.count <= limit else {
            throw CasesError(.rulesInvalid, "a rule set has at most \(limit) bytes")
        }
        do {
            guard case .mapping(let mapping)? = try compose_(source) else {
                throw CasesError(.rulesInvalid, "a rule set is a mapping with a `kind`")
            }
            return mapping
        } catch let error as CasesError {
            throw error
        } catch {
            throw CasesError(.rulesInvalid, "this is no YAML: \(error)")
        }
    }

    private static func compose_(_ source: String) throws -> Node? { try Yams.compose(yaml: source) }

    func fail(_ place: String, _ what: String) {
        if issues.count < 50 { issues.append(place.isEmpty ? what : "\(place): \(what)") }
    }

    /// Names the keys that nobody knows: a misspelt setting must not pass for one that was left out.
    func allow(_ keys: Set<String>, _ mapping: Node.Mapping, _ place: String) {
        for (key, _) in mapping where !keys.contains(key.scalar?.string ?? "") {
            fail(place, "there is no \"\((key.scalar?.string ?? "?").prefix(40))\"; there are \(keys.sorted())")
        }
    }

    func text(_ key: String, _ mapping: Node.Mapping, _ place: String, or standard: String? = nil) -> String {
        if let text = value(key, mapping)?.scalar?.string { return text }
        guard value(key, mapping) == nil, let standard else {
            fail(place, "\(key) is needed, a text")
            return ""
        }
        return standard
    }

    func integer(_ key: String, _ mapping: Node.Mapping, _ place: String, in range: ClosedRange<Int64>) -> Int64 {
        guard let text = value(key, mapping)?.scalar?.string, let number = Int64(text), range.contains(number) else {
            fail(place, "\(key) is needed, a whole number from \(range.lowerBound) to \(range.upperBound)")
            return range.lowerBound
        }
        return number
    }

    func texts(_ key: String, _ mapping: Node.Mapping, _ place: String) -> [String] {
        guard case .sequence(let items)? = value(key, mapping) else {
            fail(place, "\(key) is needed, a list")
            return []
        }
        return items.map { $0.scalar?.string ?? "" }
    }

    /// The mappings of a list, each with its place.
    func forms(_ key: String, _ mapping: Node.Mapping, atMost limit: Int) -> [(form: Node.Mapping, place: String)] {
        guard let node = value(key, mapping) else { return [] }
        guard case .sequence(let items) = node, items.count <= limit else {
            fail(key, "must be a list of at most \(limit)")
            return []
        }
        return items.enumerated().compactMap { index, item in
            let place = "\(key)[\(index + 1)]"
            guard case .mapping(let form) = item else {
                fail(place, "must be a mapping")
                return nil
            }
            return (form, place)
        }
    }

    private func value(_ key: String, _ mapping: Node.Mapping) -> Node? {
        for (name, value) in mapping where name.scalar?.string == key { return value }
        return nil
    }
}
