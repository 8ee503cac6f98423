/// A small part of a document, held as a tree: one balance, one transaction, one group header.
struct XMLElement: Equatable {
    var name: String
    var attributes: [String: String] = [:]
    /// The text of the element itself, without surrounding white space.
    var text: String = ""
    var children: [XMLElement] = []

    /// The first child of that name.
    subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The first element down a path of names: `at("Tp", "CdOrPrtry", "Cd")`.
    func at(_ path: String...) -> XMLElement? {
        var element = self
        for name in path {
            guard let next = element[name] else { return nil }
            element = next
        }
        return element
    }

    /// The text of the first element down a path; nil when there is none or it is blank.
    func text(_ path: String...) -> String? {
        var element = self
        for name in path {
            guard let next = element[name] else { return nil }
            element = next
        }
        return element.text.isEmpty ? nil : element.text
    }

    /// Every child of that name.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    mutating func trimText() {
        let blanks: Set<Character> = [" ", "\n", "\t", "\r", "\r\n"]
        guard let first = text.first, let last = text.last, blanks.contains(first) || blanks.contains(last) else {
            return
        }
        var slice = text[...]
        while let first = slice.first, blanks.contains(first) { slice.removeFirst() }
        while let last = slice.last, blanks.contains(last) { slice.removeLast() }
        text = String(slice)
    }
}
