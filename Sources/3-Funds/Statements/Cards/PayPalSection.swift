internal import Money

/// What is known of the section that is being read.
struct PayPalSection {
    let account: String
    var columns: PayPalColumns?
    var records = 0
    var rejected = 0
    var sums = PayPalSums()
    var footers: Set<Currency> = []
}

/// Credits and debits by currency, as footers state them.
struct PayPalSums {
    struct Sums {
        var grossCredits: Int128 = 0
        var grossDebits: Int128 = 0
        var feeCredits: Int128 = 0
        var feeDebits: Int128 = 0
    }

    private var sums: [Currency: Sums] = [:]

    subscript(_ currency: Currency) -> Sums { sums[currency] ?? Sums() }
    var currencies: [Currency] { sums.keys.sorted() }

    func net(_ currency: Currency) -> Int128 {
        let found = self[currency]
        return found.grossCredits - found.grossDebits + found.feeCredits - found.feeDebits
    }

    mutating func add(_ read: PayPalColumns.Transaction) {
        let gross = Int128(read.gross)
        if gross >= 0 {
            sums[read.currency, default: Sums()].grossCredits += gross
        } else {
            sums[read.currency, default: Sums()].grossDebits -= gross
        }
        guard let fee = read.fee else { return }
        if fee.kept > 0 {
            sums[fee.currency, default: Sums()].feeDebits += Int128(fee.kept)
        } else {
            sums[fee.currency, default: Sums()].feeCredits -= Int128(fee.kept)
        }
    }
}

/// A footer (`SF`, `RF`): a currency, four sums, and pairs of balances before and after, each with its sign.
struct PayPalFooter {
    let currency: Currency
    let grossCredits, grossDebits, feeCredits, feeDebits: Int64
    private(set) var opening: Int64?
    private(set) var closing: Int64?
    private(set) var payableOpening: Int64?
    private(set) var payableClosing: Int64?

    init(_ record: CSVRecord, _ decoder: TextDecoder) throws(FieldProblem) {
        func amount(_ place: Int, _ currency: Currency) throws(FieldProblem) -> Int64 {
            guard place < record.count else { throw FieldProblem("is missing", field: "field \(place + 1)") }
            let bytes = record.bytes(place)
            if bytes.isEmpty { return 0 }
            do {
                return try PayPalText.minor(bytes, currency)
            } catch {
                throw FieldProblem(error.reason, field: "field \(place + 1)")
            }
        }
        guard record.count >= 6 else { throw FieldProblem("has fewer than six fields") }
        currency = try FieldText.currency(record.bytes(1))
        grossCredits = try amount(2, currency)
        grossDebits = try amount(3, currency)
        feeCredits = try amount(4, currency)
        feeDebits = try amount(5, currency)
        var balances: [Int64] = []
        var place = 6
        while place + 1 < record.count, balances.count < 4 {
            guard let isCredit = PayPalText.isCredit(record.bytes(place)) else { break }
            let minor = try amount(place + 1, currency)
            balances.append(isCredit ? minor : -minor)
            place += 2
        }
        if balances.count >= 2 { (opening, closing) = (balances[0], balances[1]) }
        if balances.count == 4 { (payableOpening, payableClosing) = (balances[2], balances[3]) }
    }

    func stated(_ account: String) -> [StatedBalance] {
        let pairs: [(StatedBalance.Kind, Int64?)] = [(.availableOpening, opening), (.availableClosing, closing)]
        return pairs.compactMap { kind, minor in
            minor.map { StatedBalance(account: account, kind: kind, currency: currency, minor: $0) }
        }
    }
}

/// The columns of a section by their names. Version 4 wrote them without spaces, one variant with two.
struct PayPalColumns {
    /// One transaction: its rows, and its gross amount and fee as the footers count them.
    struct Transaction {
        var rows: [StatementRow]
        var currency: Currency
        var gross: Int64
        var fee: (kept: Int64, currency: Currency)?
    }

    private let names: [String]
    private let places: [String: Int]

    init(_ record: CSVRecord, _ decoder: TextDecoder) throws(FieldProblem) {
        var names: [String] = []
        var places: [String: Int] = [:]
        for index in 0..<record.count {
            let name = try decoder.string(record.bytes(index))
            names.append(name)
            if index > 0 { places[Self.key(name)] = index }
        }
        self.names = names
        self.places = places
        for required in Self.required where places[Self.key(required)] == nil {
            throw FieldProblem("the column names have no \(required)")
        }
    }

    private static let required = [
        "Transaction ID", "Transaction Event Code", "Transaction Debit or Credit", "Gross Transaction Amount",
        "Gross Transaction Currency"
    ]

    private static func key(_ name: String) -> String {
        String(String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic }))
    }

    func read(_ record: CSVRecord, _ decoder: TextDecoder, account: String) throws(FieldProblem) -> Transaction {
        guard record.count >= names.count else {
            throw FieldProblem("has \(record.count) fields, the column names are \(names.count)")
        }
        for surplus in names.count..<max(names.count, record.count) where !record.bytes(surplus).isEmpty {
            throw FieldProblem("has \(record.count) fields, the column names are \(names.count)")
        }
        func text(_ name: String) throws(FieldProblem) -> String {
            guard let place = places[Self.key(name)] else { return "" }
            return try decoder.string(record.bytes(place))
        }
        func signed(_ sign: String, _ amount: String, _ currency: Currency) throws(FieldProblem) -> Int64? {
            guard let place = places[Self.key(amount)], !record.bytes(place).isEmpty else { return nil }
            let minor = try naming(amount) { () throws(FieldProblem) in
                try PayPalText.minor(record.bytes(place), currency)
            }
            let word = try text(sign)
            // A zero needs no direction.
            guard let isCredit = PayPalText.isCredit(FieldText.bytes(word)) ?? (minor == 0 ? true : nil) else {
                throw FieldProblem("is neither CR nor DR: \(word)", field: sign)
            }
            return isCredit ? minor : -minor
        }
        let currency = try naming("Gross Transaction Currency") { () throws(FieldProblem) in
            try FieldText.currency(try text("Gross Transaction Currency"))
        }
        guard let gross = try signed("Transaction Debit or Credit", "Gross Transaction Amount", currency) else {
            throw FieldProblem("is empty", field: "Gross Transaction Amount")
        }
        var fee: (kept: Int64, currency: Currency)?
        if try !text("Fee Amount").isEmpty {
            let word = try text("Fee Currency")
            let feeCurrency = word.isEmpty ? currency : try FieldText.currency(word)
            if let minor = try signed("Fee Debit or Credit", "Fee Amount", feeCurrency), minor != 0 {
                fee = (-minor, feeCurrency)
            }
        }
        let code = try text("Transaction Event Code")
        let kind = PayPalText.kind(code, isCredit: gross >= 0)
        let referenceType = try text("PayPal Reference ID Type")
        var merchant = ""
        for name in ["Invoice ID", "Custom Field", "Payment Tracking ID"] where merchant.isEmpty {
            merchant = try text(name)
        }
        var time: StatementTime?
        for name in ["Transaction Completion Date", "Transaction Initiation Date"] where time == nil {
            if let place = places[Self.key(name)], !record.bytes(place).isEmpty {
                time = try naming(name) { () throws(FieldProblem) in try PayPalText.time(record.bytes(place)) }
            }
        }
        let row = StatementRow(
            channel: "paypal", kind: kind, currency: currency, amountMinor: gross,
            feeMinor: fee?.currency == currency ? fee?.kept ?? 0 : 0, channelReference: try text("Transaction ID"),
            merchantReference: merchant,
            originalReference: referenceType.isEmpty || referenceType == "TXN" ? try text("PayPal Reference ID") : "",
            account: account, status: .succeeded, rawStatus: code, time: time, line: record.line, offset: record.offset)
        var rows = [row]
        if let fee, fee.currency != currency {
            // A fee in another currency is money of another account, so it is a row of its own.
            var charged = row
            charged.kind = .fee
            charged.currency = fee.currency
            charged.amountMinor = -fee.kept
            charged.feeMinor = 0
            rows.append(charged)
        }
        return Transaction(rows: rows, currency: currency, gross: gross, fee: fee)
    }

    private func naming<Value>(
        _ field: String, _ read: () throws(FieldProblem) -> Value
    ) throws(FieldProblem) -> Value {
        do {
            return try read()
        } catch {
            throw FieldProblem(error.reason, field: field)
        }
    }
}
