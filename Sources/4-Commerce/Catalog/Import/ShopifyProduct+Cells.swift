import Money

// How one cell is read, kept or refused.

extension ShopifyProduct {
    mutating func set(_ column: ShopifyColumn, _ row: CSVRecord, _ change: (inout ProductDraft, String) -> Void) {
        if header.has(column) { change(&draft, header.text(column, row)) }
    }

    mutating func money(_ column: ShopifyColumn, _ row: CSVRecord) -> Amount? {
        let text = header.text(column, row)
        guard !text.isEmpty else { return nil }
        do throws(MoneyError) {
            let amount = try Amount(decimalText: text, currency: currency)
            if amount.isNegative { refuse(row, column, text, "must not be negative") }
            return amount
        } catch {
            refuse(row, column, text, error.rule)
            return nil
        }
    }

    mutating func flag(_ column: ShopifyColumn, _ row: CSVRecord, whenEmpty: Bool) -> Bool {
        let text = header.text(column, row)
        switch text.lowercased() {
        case "": return whenEmpty
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            refuse(row, column, text, "must be true or false")
            return whenEmpty
        }
    }

    func list(_ text: String, separator: Character = ",") -> [String] {
        var items: [String] = []
        for part in text.split(separator: separator) {
            let item = String(part.trimmingSpaces())
            if !item.isEmpty, !items.contains(item) || separator != "," { items.append(item) }
        }
        return items
    }

    mutating func keep(_ name: String, _ text: String, in path: WritableKeyPath<ProductDraft, [String: String]>) {
        draft[keyPath: path][name] = text.isEmpty ? nil : text
        if !text.isEmpty { attributeColumns.insert(name) }
    }

    mutating func keep(_ name: String, _ text: String, in attributes: inout [String: String]) {
        attributes[name] = text.isEmpty ? nil : text
        if !text.isEmpty { attributeColumns.insert(name) }
    }

    mutating func refuse(_ row: CSVRecord, _ column: ShopifyColumn, _ value: String, _ rule: String) {
        refuse(row, header.name(column), value, rule)
    }

    mutating func refuse(_ row: CSVRecord, _ column: String, _ value: String, _ rule: String) {
        refusals.append(
            ImportRefusal(line: row.line, handle: group.handle, column: column, value: value, rule: rule))
    }

    mutating func note(_ row: CSVRecord, _ text: String) {
        notes.append(ImportNote(line: row.line, handle: group.handle, text: text))
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
