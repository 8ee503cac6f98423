internal import Money

/// The values of OFX: names, escapes, amounts and times.
enum OfxText {
    /// The name of a tag with its slash, in capitals, without attributes; nil when it cannot be one.
    static func name(_ bytes: [UInt8]) -> String? {
        let isEnd = bytes.first == UInt8(ascii: "/")
        let rest = isEnd ? bytes.dropFirst() : bytes[...]
        let name = rest.prefix { !FieldText.isBlank($0) }
        guard (1...64).contains(name.count), let first = name.first, SwiftLine.isLetter(first & 0xDF),
            name.allSatisfy({ byte in
                SwiftLine.isLetter(byte & 0xDF) || FieldText.digitValue(byte) != nil || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
            })
        else { return nil }
        return (isEnd ? "/" : "") + String(decoding: name, as: UTF8.self).uppercased()
    }

    /// The four escapes of OFX 1, and what else banks write.
    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...]
            if let (escape, character) = escapes.first(where: { rest.hasPrefix($0.0) }) {
                result += character
                rest = rest.dropFirst(escape.count)
            } else {
                result += "&"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static let escapes = [
        ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&nbsp;", " "), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'")
    ]

    /// An amount with a point or a comma before the decimals and no groups, as the specification has it. With both
    /// characters the last is the decimal mark.
    static func decimal(_ text: String) throws(FieldProblem) -> ExactDecimal {
        let bytes = try plain(text)
        guard let comma = bytes.lastIndex(of: UInt8(ascii: ",")) else {
            return try FieldText.decimal(bytes, bytes.last == UInt8(ascii: ".") ? .bare : .point)
        }
        guard let point = bytes.lastIndex(of: UInt8(ascii: ".")) else {
            let decimal = try FieldText.decimal(bytes, .swift)
            // "1,234" is one and a bit by the specification, and a thousand to whoever wrote it: nobody may guess.
            guard decimal.scale != 3 else { throw FieldProblem("may have a group or three decimals: \(text)") }
            return decimal
        }
        return try FieldText.decimal(bytes, comma > point ? .comma : .point)
    }

    /// Without what banks write beside the specification and nobody can misread: `-.50` is `-0.50`, and `1 006,60` has
    /// blanks between groups of three digits.
    private static func plain(_ text: String) throws(FieldProblem) -> ArraySlice<UInt8> {
        let blanks = text.unicodeScalars.map { $0 == "\u{A0}" || $0 == "\u{202F}" ? " " : $0 }
        var bytes = FieldText.trimmed(FieldText.bytes(String(String.UnicodeScalarView(blanks))))
        if bytes.contains(0x20) {
            let groups = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
            let areGroups = groups.dropFirst().allSatisfy { group in
                let digits = group.prefix { FieldText.digitValue($0) != nil }
                let isLast = group.endIndex == bytes.endIndex
                return digits.count == 3 && (isLast || group.count == 3)
            }
            let head = groups[0].drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
            guard areGroups, (1...3).contains(head.count) else {
                throw FieldProblem("is not an amount: \(FieldText.shown(bytes))")
            }
            bytes = Array(groups.joined())[...]
        }
        let sign = bytes.prefix { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let rest = bytes.dropFirst(sign.count)
        guard rest.count > 1, rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") else { return bytes }
        return (sign + [UInt8(ascii: "0")] + rest)[...]
    }

    /// `20090401122017.000[-5:EST]`: a day, a time of day, a fraction that is dropped, and hours east of UTC.
    static func time(_ text: String, _ options: ReadOptions) throws(FieldProblem) -> StatementTime {
        var rest = FieldText.trimmed(FieldText.bytes(text))
        var offset = options.offsetSeconds
        if let open = rest.firstIndex(of: UInt8(ascii: "[")) {
            guard rest.last == UInt8(ascii: "]") else { throw problem(text) }
            guard let zone = zone(rest[(open + 1)...].dropLast()) else { throw problem(text) }
            offset = zone.seconds ?? offset
            rest = FieldText.trimmed(rest[..<open])
        }
        if let point = rest.firstIndex(of: UInt8(ascii: ".")) {
            guard rest[(point + 1)...].allSatisfy({ FieldText.digitValue($0) != nil }) else { throw problem(text) }
            rest = rest[..<point]
        }
        // Some banks write dates as everybody else does.
        if rest.count > 4, rest[rest.startIndex + 4] == UInt8(ascii: "-") {
            do {
                return try FieldText.iso8601(rest, defaultOffset: offset)
            } catch {
                throw problem(text)
            }
        }
        switch rest.count {
        case 8: return try FieldText.time(rest, "yyyyMMdd", offsetSeconds: nil)
        case 10: return try FieldText.time(rest, "yyyyMMddHH", offsetSeconds: offset)
        case 12: return try FieldText.time(rest, "yyyyMMddHHmm", offsetSeconds: offset)
        case 14: return try FieldText.time(rest, "yyyyMMddHHmmss", offsetSeconds: offset)
        default: throw problem(text)
        }
    }

    private static func problem(_ text: String) -> FieldProblem {
        FieldProblem("is not a time of OFX: \"\(text.prefix(40))\"")
    }

    /// `-5:EST`, `+5.5`, `5.30:IST`, `+5:30:IST`, `:EST`, `EST`, `GMT`; hours may have a part: one digit is tenths, two
    /// digits are minutes. The outer nil is text that is no zone, the inner one a zone without a number.
    private static func zone(_ bytes: ArraySlice<UInt8>) -> (seconds: Int32?, Void)? {
        var number = bytes.prefix { $0 != UInt8(ascii: ":") }
        if (3...5).contains(number.count), number.allSatisfy({ SwiftLine.isLetter($0 & 0xDF) }) {
            return (["GMT", "UTC"].contains(String(decoding: number, as: UTF8.self)) ? 0 : nil, ())
        }
        // A second number of two digits is minutes and no name.
        let part = bytes.dropFirst(number.count + 1).prefix { $0 != UInt8(ascii: ":") }
        if !number.isEmpty, part.count == 2, small(part) != nil, !number.contains(UInt8(ascii: ".")) {
            number = (number + [UInt8(ascii: ".")] + part)[...]
        }
        let isNegative = number.first == UInt8(ascii: "-")
        let digits = isNegative || number.first == UInt8(ascii: "+") ? number.dropFirst() : number
        if digits.isEmpty { return (nil, ()) }
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let hours = small(parts[0]), hours <= 14 else { return nil }
        var minutes: Int32 = 0
        if parts.count == 2 {
            guard let part = small(parts[1]) else { return nil }
            minutes = parts[1].count == 1 ? part * 6 : part
            guard minutes < 60 else { return nil }
        }
        let seconds = hours * 3600 + minutes * 60
        return (isNegative ? -seconds : seconds, ())
    }

    private static func small(_ digits: ArraySlice<UInt8>) -> Int32? {
        guard (1...2).contains(digits.count) else { return nil }
        var value: Int32 = 0
        for byte in digits {
            guard let digit = FieldText.digitValue(byte) else { return nil }
            value = value * 10 + Int32(digit)
        }
        return value
    }
}

extension String {
    /// Without the white space around.
    func trimmingSpace() -> String {
        var slice = self[...]
        while let first = slice.first, first.isWhitespace { slice.removeFirst() }
        while let last = slice.last, last.isWhitespace { slice.removeLast() }
        return String(slice)
    }
}

extension OfxScanner {
    /// The aggregates that matter here (OFX 1.6, OFX 2.2). One that is not listed is taken for an empty element, and
    /// its elements for those of the aggregate around it.
    static let aggregates: Set<String> = [
        "OFX", "SIGNONMSGSRSV1", "SONRS", "STATUS", "FI", "SIGNUPMSGSRSV1", "ACCTINFOTRNRS", "ACCTINFORS", "ACCTINFO",
        "BANKACCTINFO", "CCACCTINFO", "INVACCTINFO", "LOANACCTINFO", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1",
        "INVSTMTMSGSRSV1", "STMTTRNRS", "CCSTMTTRNRS", "INVSTMTTRNRS", "STMTRS", "CCSTMTRS", "INVSTMTRS",
        "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LOANACCTFROM", "BANKACCTTO", "CCACCTTO", "BANKTRANLIST",
        "BANKTRANLISTP", "INVTRANLIST", "STMTTRN", "STMTTRNP", "INVBANKTRAN", "INVTRAN", "CURRENCY", "ORIGCURRENCY",
        "PAYEE", "EXTDPAYEE", "LEDGERBAL", "AVAILBAL", "INVBAL", "BALLIST", "BAL", "IMAGEDATA", "SECID", "INVPOSLIST",
        "INVPOS", "SECLISTMSGSRSV1", "SECLIST", "SECINFO", "INVOOLIST", "INVBUY", "INVSELL", "INV401KBAL", "INV401K",
        "BUYDEBT", "BUYMF", "BUYOPT", "BUYOTHER", "BUYSTOCK", "SELLDEBT", "SELLMF", "SELLOPT", "SELLOTHER",
        "SELLSTOCK", "INCOME", "REINVEST", "TRANSFER", "RETOFCAP", "SPLIT", "INVEXPENSE", "MARGININTEREST",
        "JRNLFUND", "JRNLSEC", "CLOSUREOPT", "POSSTOCK", "POSMF", "POSDEBT", "POSOPT", "POSOTHER", "CASHADVBALAMT",
        "REWARDINFO", "CLOSING"
    ]
}
