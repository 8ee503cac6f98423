/// What an attachment is called: a plain file name, whatever a browser, a program or a person sent.
///
/// It is shown beside a link and becomes a name in somebody's download folder, so it is no path, hides nothing and has
/// no character that a file system or a terminal takes for something else.
public enum CaseFileName {
    /// Characters of a name, as the contract has them.
    public static let limit = 120
    /// Where no name is left.
    static let fallback = "attachment"
    /// An ending is kept when a name is cut; a longer one is no ending.
    private static let endingLimit = 16

    /// What of a sent name is kept: its last segment, printable, at most `limit` characters with the ending.
    public static func plain(_ sent: String) -> String {
        let segments = sent.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
        var name = String.UnicodeScalarView()
        for scalar in segments.last ?? sent.unicodeScalars[...] where isPrintable(scalar) {
            name.append(reserved.contains(scalar) ? "_" : scalar)
        }
        let trimmed = trim(name[...])
        guard !trimmed.isEmpty else { return fallback }
        return String(cut(trimmed))
    }

    /// What Windows refuses in a name.
    private static let reserved: Set<Unicode.Scalar> = ["<", ">", ":", "\"", "|", "?", "*"]

    /// Neither control characters nor those that only format, such as the one that writes "fdp.exe" as "exe.pdf".
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    /// A dot in front hides a file, and dots or spaces at the end are dropped by some systems.
    private static func trim(_ name: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        func isEdge(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar.properties.isWhitespace }
        var name = name.drop(while: isEdge)
        while let last = name.last, isEdge(last) { name.removeLast() }
        return name
    }

    private static func cut(_ name: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        guard name.count > limit else { return name }
        guard let dot = name.lastIndex(of: "."), name[dot...].count <= endingLimit else {
            return trim(name.prefix(limit))
        }
        let ending = name[dot...]
        var kept = trim(name[..<dot].prefix(limit - ending.count))
        kept.append(contentsOf: ending)
        return kept
    }
}
