internal import Money
import Yams

/// From YAML to a profile.
enum ProfileDecoding {
    static func profile(_ node: Node) throws(StatementError) -> StatementProfile {
        let root = try ProfileYAML(
            node, path: "",
            keys: [
                "profile", "name", "channel", "detect", "file", "columns", "amount", "fee", "net", "currency", "kind",
                "status", "time", "value_date", "pass_over", "trailers"
            ])
        let id = try root.required("profile")
        guard id.utf8.count <= 64, id.utf8.allSatisfy({ isName($0) }) else {
            throw root.fault("profile", "has to be an id of letters, digits and dashes")
        }
        guard let amount = try amount(root, "amount", reversedWord: "reversed") else {
            throw root.fault("amount", "is missing")
        }
        var profile = StatementProfile(
            id: id, name: try root.text("name") ?? id, channel: try root.text("channel") ?? id,
            layout: .separated(.csv), amount: amount, currency: try currency(root),
            kind: try words(root, "kind", "is no kind of a row") { RowKind(rawValue: $0) },
            status: try words(root, "status", "is no status of a row") { RowStatus(rawValue: $0) })
        try file(root, &profile)
        try detection(root, &profile)
        try references(root, &profile)
        profile.fee = try self.amount(root, "fee", reversedWord: "negative_is_kept")
        profile.net = try self.amount(root, "net", reversedWord: "reversed")
        profile.time = try time(root, "time")
        profile.valueDate = try time(root, "value_date")
        for (index, node) in try root.nodes("pass_over").enumerated() {
            let map = try ProfileYAML(node, path: "pass_over[\(index + 1)]", keys: ["column", "equals", "starts_with"])
            profile.passed.append(try match(map))
        }
        for (index, node) in try root.nodes("trailers").enumerated() {
            profile.trailers.append(try trailer(node, "trailers[\(index + 1)]", profile.layout))
        }
        try refuseWhatIsOpen(profile, root)
        return profile
    }

    private static func isName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || FieldText.digitValue(byte) != nil
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Rules that need what another rule does not give.
    private static func refuseWhatIsOpen(_ profile: StatementProfile, _ root: ProfileYAML) throws(StatementError) {
        if case .kind = profile.amount.sign, !profile.kind.bySign.isEmpty {
            throw root.fault(
                "kind", "goes by the sign, and amount.sign by the kind: one of them has to be told otherwise")
        }
        guard !profile.hasHeader, case .separated = profile.layout else { return }
        let columns = Array(profile.references.values) + [profile.amount.column]
        for column in columns {
            if case .named(let names) = column {
                throw root.fault("file", "has no header, so the column \(names[0]) has to be given by its place")
            }
        }
    }

    // MARK: The file

    private static func file(_ root: ProfileYAML, _ profile: inout StatementProfile) throws(StatementError) {
        guard
            let file = try root.map(
                "file",
                keys: [
                    "encoding", "layout", "separator", "quote", "header", "skip_lines", "comment", "fields", "gap",
                    "allow_tail"
                ])
        else { return }
        if let name = try file.text("encoding") {
            guard let encoding = TextEncoding(name: name) else { throw file.fault("encoding", "is not known: \(name)") }
            profile.encoding = encoding
        }
        profile.layout = try layout(file)
        profile.skippedLines = try file.int("skip_lines", 0...10_000) ?? 0
        profile.comment = try file.text("comment")
        if case .fixed = profile.layout {
            profile.hasHeader = try file.bool("header") ?? false
        } else {
            profile.hasHeader = try file.bool("header") ?? true
        }
    }

    private static func layout(_ file: ProfileYAML) throws(StatementError) -> ProfileLayout {
        let kind = try file.text("layout") ?? "csv"
        if kind == "fixed" {
            for key in ["separator", "quote"] where file[key] != nil {
                throw file.fault(key, "means nothing in a fixed layout")
            }
            return .fixed(try fixed(file))
        }
        for key in ["fields", "gap", "allow_tail"] where file[key] != nil {
            throw file.fault(key, "means something in a fixed layout only")
        }
        var dialect: CSVDialect
        switch kind {
        case "csv": dialect = .csv
        case "tsv": dialect = .tsv
        case "separated": dialect = CSVDialect(separator: UInt8(ascii: "|"), quote: nil)
        default: throw file.fault("layout", "has to be csv, tsv, separated or fixed, not \(kind)")
        }
        if let separator = try file.mark("separator") {
            dialect.separator = separator
        } else if kind == "separated" {
            throw file.fault("separator", "is missing")
        }
        if let text = try file.text("quote") {
            let quote = text == "none" ? nil : try file.mark("quote")
            dialect.quote = quote
        }
        return .separated(dialect)
    }

    private static func fixed(_ file: ProfileYAML) throws(StatementError) -> FixedLayout {
        var layout = FixedLayout(
            names: [], widths: [], gap: try file.int("gap", 0...16) ?? 0,
            allowsTail: try file.bool("allow_tail") ?? false)
        for (index, node) in try file.nodes("fields").enumerated() {
            let field = try ProfileYAML(node, path: "file.fields[\(index + 1)]", keys: ["name", "width"])
            guard let width = try field.int("width", 1...100_000) else { throw field.fault("width", "is missing") }
            layout.names.append(try field.text("name") ?? "")
            layout.widths.append(width)
        }
        guard !layout.widths.isEmpty, layout.widths.count <= 4_096 else {
            throw file.fault("fields", "has to list 1 to 4096 fields")
        }
        return layout
    }

    private static func detection(_ root: ProfileYAML, _ profile: inout StatementProfile) throws(StatementError) {
        guard let detect = try root.map("detect", keys: ["file_name", "header"]) else { return }
        profile.fileNames = try detect.texts("file_name")
        profile.headerColumns = try detect.texts("header")
        if !profile.headerColumns.isEmpty, !profile.hasHeader {
            throw detect.fault("header", "cannot be looked for: the file has no header line")
        }
    }

    private static func references(_ root: ProfileYAML, _ profile: inout StatementProfile) throws(StatementError) {
        let keys = Set(ProfileReference.allCases.map(\.rawValue))
        guard let columns = try root.map("columns", keys: keys) else { throw root.fault("columns", "is missing") }
        for reference in ProfileReference.allCases {
            if let column = try columns.column(reference.rawValue) { profile.references[reference] = column }
        }
        guard profile.references[.channel] != nil || profile.references[.merchant] != nil else {
            throw root.fault(
                "columns", "needs a channel_reference or a merchant_reference: rows are found by one of them")
        }
    }

    // MARK: Money

    private static func amount(
        _ root: ProfileYAML, _ key: String, reversedWord: String
    ) throws(StatementError) -> ProfileAmount? {
        guard
            let map = try root.map(
                key, keys: ["column", "credit", "debit", "unit", "decimal", "sign"])
        else { return nil }
        let unit = try map.text("unit") ?? "major"
        guard unit == "major" || unit == "minor" else {
            throw map.fault("unit", "has to be major or minor, not \(unit)")
        }
        let decimal = try map.text("decimal") ?? "point"
        guard decimal == "point" || decimal == "comma" else {
            throw map.fault("decimal", "has to be point or comma, not \(decimal)")
        }
        let debit = try map.column("debit")
        let column: ProfileColumn
        if let credit = try map.column("credit") {
            guard debit != nil, map["column"] == nil, map["sign"] == nil else {
                throw map.fault("credit", "needs a debit column beside it, and neither column nor sign")
            }
            column = credit
        } else {
            guard debit == nil else { throw map.fault("debit", "needs a credit column beside it") }
            column = try map.requiredColumn("column")
        }
        return ProfileAmount(
            column: column, debit: debit, isMinor: unit == "minor", isComma: decimal == "comma",
            sign: try sign(map, reversedWord: reversedWord))
    }

    private static func sign(_ map: ProfileYAML, reversedWord: String) throws(StatementError) -> ProfileAmount.Sign {
        guard let node = map["sign"] else { return .own(isReversed: false) }
        if node.scalar != nil {
            switch try map.text("sign") ?? "" {
            case "signed": return .own(isReversed: false)
            case reversedWord: return .own(isReversed: true)
            case "by_kind": return .kind
            case let word:
                throw map.fault("sign", "has to be signed, \(reversedWord), by_kind or a mapping, not \(word)")
            }
        }
        guard let rule = try map.map("sign", keys: ["column", "credit", "debit"]) else {
            return .own(isReversed: false)
        }
        let credit = try rule.texts("credit")
        let debit = try rule.texts("debit")
        guard !credit.isEmpty, !debit.isEmpty, Set(credit).isDisjoint(with: debit) else {
            throw map.fault("sign", "has to say which words are credits and which debits")
        }
        if let column = try rule.column("column") { return .column(column, credit: credit, debit: debit) }
        guard credit.count == 1, debit.count == 1 else {
            throw map.fault("sign", "without a column has one mark for each, which stands before the number")
        }
        return .prefix(credit: credit[0], debit: debit[0])
    }

    private static func currency(_ root: ProfileYAML) throws(StatementError) -> ProfileCurrency {
        guard let node = root["currency"] else { throw root.fault("currency", "is missing") }
        func currency(_ code: String) throws(StatementError) -> Currency {
            do {
                return try Currency(code: code)
            } catch {
                throw root.fault("currency", "is not one of ISO 4217: \(code)")
            }
        }
        if node.scalar != nil { return .constant(try currency(try root.required("currency"))) }
        guard let map = try root.map("currency", keys: ["column", "codes"]) else {
            throw root.fault("currency", "is missing")
        }
        var codes: [String: Currency] = [:]
        for (word, code) in try map.words("codes") { codes[word] = try currency(code) }
        return .column(try map.requiredColumn("column"), codes: codes)
    }

    // MARK: Words

    /// One word for all rows, a column with a table of words, or the sign of the amount.
    private static func words<Value>(
        _ root: ProfileYAML, _ key: String, _ complaint: String, _ read: (String) -> Value?
    ) throws(StatementError) -> ProfileWords<Value> {
        func value(_ word: String) throws(StatementError) -> Value {
            guard let value = read(word) else { throw root.fault(key, "\(complaint): \(word)") }
            return value
        }
        var words = ProfileWords<Value>()
        guard let node = root[key] else {
            guard key == "status" else { throw root.fault(key, "is missing") }
            words.otherwise = read("succeeded")
            return words
        }
        if node.scalar != nil {
            words.otherwise = try value(try root.required(key))
            return words
        }
        guard let map = try root.map(key, keys: ["column", "values", "default", "credit", "debit"]) else {
            return words
        }
        words.column = try map.column("column")
        for (word, meaning) in try map.words("values") { words.values[word] = try value(meaning) }
        if let word = try map.text("default") { words.otherwise = try value(word) }
        if let word = try map.text("credit") { words.bySign[true] = try value(word) }
        if let word = try map.text("debit") { words.bySign[false] = try value(word) }
        guard words.bySign.count != 1 else {
            throw root.fault(key, "has to say both what a credit and what a debit is")
        }
        guard words.column != nil || (words.values.isEmpty && (words.otherwise != nil || !words.bySign.isEmpty)) else {
            throw root.fault(key, "has words and no column to find them in")
        }
        return words
    }

    static func match(_ map: ProfileYAML) throws(StatementError) -> ProfileMatch {
        let equals = try map.texts("equals")
        let prefixes = try map.texts("starts_with")
        guard equals.isEmpty != prefixes.isEmpty else {
            throw map.fault("column", "needs either equals or starts_with beside it")
        }
        return ProfileMatch(
            column: try map.column("column") ?? .place(0), words: equals.isEmpty ? prefixes : equals,
            isPrefix: equals.isEmpty)
    }

    // MARK: Time

    private static func time(_ root: ProfileYAML, _ key: String) throws(StatementError) -> ProfileTime? {
        guard
            let map = try root.map(
                key, keys: ["column", "clock_column", "format", "zone", "zone_column", "day_in_name"])
        else { return nil }
        var columns = [try map.requiredColumn("column")]
        if let clock = try map.column("clock_column") { columns.append(clock) }
        let format = try map.required("format")
        let day = try map.text("day_in_name")
        if format != "iso8601" {
            guard format.contains("d"), format.contains("M"), format.contains("y") != (day != nil) else {
                throw map.fault("format", "needs a day, a month and a year; without a year, day_in_name has to give it")
            }
        }
        if let day, !(day.contains("yy") && day.contains("MM") && day.contains("dd")) {
            throw map.fault("day_in_name", "needs yy, MM and dd, as INNyyMMdd has")
        }
        var zone: ProfileTime.Zone?
        if let column = try map.column("zone_column") {
            zone = .column(column)
        } else if let name = try map.text("zone") {
            guard let noon = CivilDate(year: 2026, month: 1, day: 1),
                ZoneNames.offset(of: name, at: StatementTime(date: noon)) != nil
            else { throw map.fault("zone", "is not known on this machine: \(name)") }
            zone = .named(name)
        }
        return ProfileTime(columns: columns, pattern: format == "iso8601" ? nil : format, zone: zone, dayInName: day)
    }

    // MARK: Trailers

    private static func trailer(
        _ node: Node, _ path: String, _ layout: ProfileLayout
    ) throws(StatementError) -> ProfileTrailer {
        let map = try ProfileYAML(
            node, path: path,
            keys: [
                "line", "column", "equals", "starts_with", "separator", "count", "amount", "credits", "debits", "fee",
                "currency", "unit", "decimal", "required"
            ])
        let unit = try map.text("unit") ?? "major"
        let decimal = try map.text("decimal") ?? "point"
        guard unit == "major" || unit == "minor", decimal == "point" || decimal == "comma" else {
            throw map.fault("unit", "has to be major or minor, and decimal point or comma")
        }
        let place: ProfileTrailer.Place
        switch try map.text("line") {
        case "first": place = .first
        case "last": place = .last
        case nil: place = .matching(try match(map))
        case let word?: throw map.fault("line", "has to be first or last, not \(word)")
        }
        func sum(_ key: String, _ part: ProfileTrailer.Part) throws(StatementError) -> ProfileTrailer.Sum? {
            guard let column = try map.column(key) else { return nil }
            return ProfileTrailer.Sum(column: column, part: part, isMinor: unit == "minor", isComma: decimal == "comma")
        }
        var trailer = ProfileTrailer(place: place, count: try map.column("count"))
        trailer.isRequired = try map.bool("required") ?? true
        if let separator = try map.mark("separator") {
            trailer.layout = .separated(CSVDialect(separator: separator))
        }
        for (key, part) in [("amount", ProfileTrailer.Part.all), ("credits", .credits), ("debits", .debits)] {
            if let sum = try sum(key, part) { trailer.amounts.append(sum) }
        }
        trailer.fee = try sum("fee", .all)
        trailer.currency = try map.column("currency")
        guard trailer.count != nil || !trailer.amounts.isEmpty || trailer.fee != nil else {
            throw map.fault(
                "count", "is missing, and amount, credits, debits and fee are too: the line would prove nothing")
        }
        return trailer
    }
}
