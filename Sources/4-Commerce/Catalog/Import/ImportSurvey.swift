/// A look over the whole file before anything is written: that it is CSV to its end, how many rows it has, and which
/// handles stand in more than one place.
struct ImportSurvey: Sendable {
    private(set) var rows = 0
    /// Where each scattered handle begins again.
    private var scattered: [String: Int] = [:]

    init(_ source: ImportSource, limits: CSVReader.Limits) throws {
        var file = try ShopifyFile(source, limits: limits)
        var seen: Set<String> = []
        while let group = try file.nextGroup() {
            rows += group.rows.count
            if !seen.insert(group.handle).inserted, scattered[group.handle] == nil {
                scattered[group.handle] = group.rows[0].line
            }
        }
    }

    /// Why a product cannot come in whatever its cells say.
    func refusal(of group: ShopifyGroup, header: ShopifyHeader) -> ImportRefusal? {
        let column = header.name(.handle)
        let line = group.rows.first?.line ?? 0
        if group.handle.isEmpty {
            return ImportRefusal(line: line, handle: "", column: column, value: "", rule: "must not be empty")
        }
        if let again = scattered[group.handle] {
            return ImportRefusal(
                line: line, handle: group.handle, column: column, value: group.handle,
                rule: "rows of one product must follow each other (at most \(ShopifyFile.mostRows)); "
                    + "this handle begins again on line \(again)")
        }
        return nil
    }
}
