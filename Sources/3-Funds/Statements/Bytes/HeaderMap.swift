/// Where the columns of a file are, by name: the order may differ and unknown columns do not matter.
public struct HeaderMap: Sendable {
    /// The names as they were read, normalised.
    public let names: [String]
    private let places: [String: Int]
    /// A name that stands twice: which of the two holds the values cannot be known.
    public let doubled: String?

    public init(_ record: CSVRecord, _ decoder: TextDecoder) throws(FieldProblem) {
        var names: [String] = []
        for index in 0..<record.count { names.append(Self.normalised(try decoder.string(record.bytes(index)))) }
        self.init(names: names)
    }

    public init(names: [String]) {
        self.names = names
        var places: [String: Int] = [:]
        var doubled: String?
        for (index, name) in names.enumerated() where !name.isEmpty {
            if places[name] == nil { places[name] = index } else { doubled = doubled ?? name }
        }
        self.places = places
        self.doubled = doubled
    }

    public var count: Int { names.count }

    /// The column of the first of these names that is there.
    func column(_ names: String...) -> Column? { find(names) }

    /// The same for a column without which the file cannot be read.
    func required(_ names: String..., line: Int) throws(StatementError) -> Column {
        if let column = find(names) { return column }
        throw missing(names, line)
    }

    private func find(_ names: [String]) -> Column? {
        for name in names { if let place = places[Self.normalised(name)] { return Column(index: place, name: name) } }
        return nil
    }

    private func missing(_ names: [String], _ line: Int?) -> StatementError {
        StatementError.malformed(
            "the header has no column \(names.joined(separator: " or ")); it has \(self.names.joined(separator: ", "))",
            line: line)
    }

    /// The place of the first of these names that is there; they are aliases of one column.
    public subscript(_ names: String...) -> Int? {
        for name in names { if let place = places[Self.normalised(name)] { return place } }
        return nil
    }

    /// The same for a column without which the file cannot be read.
    public func require(_ names: String..., line: Int? = nil) throws(StatementError) -> Int {
        for name in names { if let place = places[Self.normalised(name)] { return place } }
        throw missing(names, line)
    }

    /// One spelling of a name: no byte order mark, no backtick, brackets of ASCII, single spaces.
    public static func normalised(_ name: some StringProtocol) -> String {
        var result = ""
        var isSpace = false
        for scalar in name.unicodeScalars {
            switch scalar {
            case " ", "\t", "\u{A0}", "\u{3000}", "\r", "\n":
                isSpace = true
                continue
            case "\u{FEFF}", "`": continue
            default: break
            }
            if isSpace, !result.isEmpty { result.append(" ") }
            isSpace = false
            switch scalar {
            case "（": result.append("(")
            case "）": result.append(")")
            case "：": result.append(":")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
