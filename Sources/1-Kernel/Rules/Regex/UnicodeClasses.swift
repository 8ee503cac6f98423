/// The classes that a pattern can name: `\d`, `[:alpha:]`, `\p{Lu}`, `\p{Greek}`.
enum UnicodeClasses {
    static let digit = ScalarSet(0x30, 0x39)
    static let word = ScalarSet([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
    /// RE2's `\s` has no vertical tab; `[[:space:]]` does.
    static let space = ScalarSet([(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)])

    static let posix: [String: ScalarSet] = [
        "alnum": ScalarSet([(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)]),
        "alpha": ScalarSet([(0x41, 0x5A), (0x61, 0x7A)]),
        "ascii": ScalarSet(0, 0x7F),
        "blank": ScalarSet([(0x09, 0x09), (0x20, 0x20)]),
        "cntrl": ScalarSet([(0x00, 0x1F), (0x7F, 0x7F)]),
        "digit": digit,
        "graph": ScalarSet(0x21, 0x7E),
        "lower": ScalarSet(0x61, 0x7A),
        "print": ScalarSet(0x20, 0x7E),
        "punct": ScalarSet([(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)]),
        "space": ScalarSet([(0x09, 0x0D), (0x20, 0x20)]),
        "upper": ScalarSet(0x41, 0x5A),
        "word": word,
        "xdigit": ScalarSet([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)])
    ]

    /// A general category (`L`, `Lu`), a script by its full name (`Greek`) or `Any`; nil for another name.
    static func named(_ name: String) -> ScalarSet? {
        if name == "Any" { return .everything }
        if let exact = categories[name] { return exact }
        guard let text = scripts[name] else { return nil }
        return ScalarSet(
            text.split(separator: " ").map { part in
                let ends = part.split(separator: "-").map { UInt32($0, radix: 16) ?? 0 }
                return ScalarSet.Range(low: ends[0], high: ends[ends.count - 1])
            })
    }

    /// The general categories by their short names, and the groups of them by their first letter. Reads all of
    /// Unicode once, when the first pattern asks for a category.
    private static let categories: [String: ScalarSet] = {
        var ranges: [String: [ScalarSet.Range]] = [:]
        var open: (name: String, low: UInt32)?
        for number in UInt32(0)...ScalarSet.highest {
            let name = Unicode.Scalar(number).map { code($0.properties.generalCategory) } ?? "Cs"
            if open?.name == name { continue }
            if let last = open {
                ranges[last.name, default: []].append(ScalarSet.Range(low: last.low, high: number - 1))
            }
            open = (name, number)
        }
        if let last = open {
            ranges[last.name, default: []].append(ScalarSet.Range(low: last.low, high: ScalarSet.highest))
        }
        // Scalars without an assignment are in no class, not even in C, as in RE2.
        ranges["Cn"] = nil
        var sets: [String: ScalarSet] = [:]
        for (name, parts) in ranges {
            sets[name] = ScalarSet(parts)
            sets[String(name.prefix(1)), default: .empty] = sets[String(name.prefix(1)), default: .empty]
                .union(ScalarSet(parts))
        }
        return sets
    }()

    private static func code(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
