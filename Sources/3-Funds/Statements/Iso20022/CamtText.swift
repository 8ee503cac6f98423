internal import Money

/// The simple types of ISO 20022: amounts, dates, times. Each throws a `FieldProblem` that names its element.
enum CamtText {
    /// An amount has neither a sign nor groups: `8.850`, `200000`, and, as `xs:decimal` allows, `.02` and `8.`.
    private static let style = DecimalStyle(point: UInt8(ascii: "."), group: nil, allowsBarePoint: true)

    static func decimal(_ text: String, field: String) throws(FieldProblem) -> ExactDecimal {
        guard text.first != "-", text.first != "+" else {
            throw FieldProblem("has a sign, which CdtDbtInd has to say: \(text)", field: field)
        }
        do {
            return try FieldText.decimal(FieldText.bytes(text.hasPrefix(".") && text != "." ? "0" + text : text), style)
        } catch {
            throw FieldProblem(error.reason, field: field)
        }
    }

    /// A sum of a summary, which the schema lets have a sign where an amount has none.
    static func sum(_ text: String) throws(FieldProblem) -> ExactDecimal {
        try FieldText.decimal(FieldText.bytes(text), style)
    }

    /// Minor units of an element such as `<Amt Ccy="EUR">8.85</Amt>`, and its currency.
    static func money(_ element: XMLElement) throws(FieldProblem) -> CamtMoney {
        guard let code = element.attributes["Ccy"] else {
            throw FieldProblem("states no currency (Ccy)", field: element.name)
        }
        let currency: Currency
        do {
            currency = try BankText.currency(code)
        } catch {
            throw FieldProblem("is in a currency that ISO 4217 does not list: \(code)", field: element.name)
        }
        do {
            return CamtMoney(minor: try decimal(element.text, field: element.name).minor(currency), currency: currency)
        } catch {
            throw FieldProblem(error.reason, field: element.name)
        }
    }

    /// `CdtDbtInd`: true for money that came in.
    static func isCredit(_ element: XMLElement) throws(FieldProblem) -> Bool? {
        guard let text = element.text("CdtDbtInd") else { return nil }
        switch text {
        case "CRDT": return true
        case "DBIT": return false
        default: throw FieldProblem("is neither CRDT nor DBIT: \(text)", field: "CdtDbtInd")
        }
    }

    /// A choice of `Dt` and `DtTm`.
    static func time(_ element: XMLElement?) throws(FieldProblem) -> StatementTime? {
        guard let element else { return nil }
        guard let text = element.text("DtTm") ?? element.text("Dt") else { return nil }
        return try time(text, field: element.name)
    }

    /// `xs:date` or `xs:dateTime`, either with or without a zone.
    static func time(_ text: String, field: String) throws(FieldProblem) -> StatementTime {
        do {
            return try FieldText.iso8601(FieldText.bytes(text))
        } catch {
            throw FieldProblem(error.reason, field: field)
        }
    }
}

/// Minor units in a currency; the sign is the element's `CdtDbtInd` and not part of it.
struct CamtMoney: Equatable {
    var minor: Int64
    var currency: Currency
}
