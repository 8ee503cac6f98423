/// An .xlsx file: a zip of XML (ECMA-376 part 1). Its sheets are read as CSV, so that every reader of CSV reads them.
///
/// The shared strings are kept in memory, the sheets are streamed.
final class Workbook {
    /// A sheet by the name that people see.
    struct Sheet {
        let name: String
        let path: String
    }

    private let archive: ZipArchive
    private let strings: [[UInt8]]
    private let longestRow: Int
    let sheets: [Sheet]
    /// The sheet that the workbook shows when it is opened: its own answer to which one is meant.
    let activeIndex: Int

    static func isWorkbook(_ archive: ZipArchive) -> Bool { archive.entries.contains { $0.name == "xl/workbook.xml" } }

    init(_ archive: ZipArchive, limits: ReadLimits) throws {
        self.archive = archive
        longestRow = limits.maxLineBytes
        let targets = try Self.targets(archive)
        var sheets: [Sheet] = []
        var active = 0
        try Self.each(archive, "xl/workbook.xml") { element, xml in
            if element == "workbookView", let text = xml.attribute("activeTab"), let tab = Int(text) { active = tab }
            guard element == "sheet", let name = xml.attribute("name"), let id = xml.attribute("r:id") else { return }
            guard sheets.count < limits.maxEntries, let path = targets[id] else { return }
            sheets.append(Sheet(name: name, path: path))
        }
        self.sheets = sheets
        activeIndex = sheets.indices.contains(active) ? active : 0
        strings = try Self.sharedStrings(archive, limits: limits)
    }

    func open(_ sheet: Sheet) throws -> any ByteStream {
        guard let entry = archive.entries.first(where: { $0.name == sheet.path }) else {
            throw StatementError(.unreadable, "the workbook has no \(sheet.path)")
        }
        return SheetStream(try Self.xml(archive, entry), strings: strings, longestRow: longestRow)
    }

    /// Where each relation points to, from the folder of the workbook.
    private static func targets(_ archive: ZipArchive) throws -> [String: String] {
        var targets: [String: String] = [:]
        try each(archive, "xl/_rels/workbook.xml.rels") { element, xml in
            guard element == "Relationship", targets.count < 100_000, let id = xml.attribute("Id"),
                let target = xml.attribute("Target")
            else { return }
            targets[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
        }
        return targets
    }

    private static func sharedStrings(_ archive: ZipArchive, limits: ReadLimits) throws -> [[UInt8]] {
        guard let entry = archive.entries.first(where: { $0.name == "xl/sharedStrings.xml" }) else { return [] }
        let xml = try xml(archive, entry)
        var strings: [[UInt8]] = []
        var current: [UInt8] = []
        var inText = false
        var phonetic = 0
        var size = 0
        while let event = try xml.next() {
            switch event {
            case .start("si"): current = []
            case .start("rPh"): phonetic += 1
            case .end("rPh"): phonetic -= 1
            case .start("t"): inText = true
            case .end("t"): inText = false
            case .text(let text) where inText && phonetic == 0:
                current.append(contentsOf: text.utf8)
                size += text.utf8.count
                try check(size, limits)
            case .end("si"):
                // An empty string takes room too.
                size += 32
                try check(size, limits)
                strings.append(current)
            default: break
            }
        }
        return strings
    }

    private static func check(_ size: Int, _ limits: ReadLimits) throws(StatementError) {
        guard size <= limits.maxWorkbookStringBytes else {
            throw StatementError(
                .limit, "the workbook's strings take more than \(limits.maxWorkbookStringBytes) bytes")
        }
    }

    private static func xml(_ archive: ZipArchive, _ entry: ZipArchive.Entry) throws -> XMLPull {
        try XMLPull(try archive.open(entry))
    }

    private static func each(_ archive: ZipArchive, _ path: String, _ visit: (String, XMLPull) -> Void) throws {
        guard let entry = archive.entries.first(where: { $0.name == path }) else {
            throw StatementError(.unreadable, "the workbook has no \(path)")
        }
        let xml = try xml(archive, entry)
        while let event = try xml.next() {
            if case .start(let name) = event { visit(name, xml) }
        }
    }
}
