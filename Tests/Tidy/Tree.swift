import Foundation

/// The repository as files: what the tests of this folder read.
enum Tree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Folders that hold code of ours which ends up in a program.
    static let code = ["Sources", "Benchmarks", "Tools"]

    /// Every file below `folders`, by its path from the root, sorted. Dot folders and build products are no part of it.
    static func files(_ folders: [String], ending: String = "") -> [SourceFile] {
        folders.flatMap { folder -> [SourceFile] in
            guard let walker = FileManager.default.enumerator(atPath: root + "/" + folder) else { return [] }
            return walker.compactMap { $0 as? String }
                .filter { $0.hasSuffix(ending) && !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
                .sorted()
                .compactMap { SourceFile(path: folder + "/" + $0) }
        }
    }

    /// The files that stand in the root itself.
    static func rootFiles() -> [SourceFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().compactMap { SourceFile(path: $0) }
    }

    static func text(_ path: String) -> String {
        (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? ""
    }
}

/// One text file.
struct SourceFile {
    let path: String
    let text: String

    /// Nil for folders and for what is no UTF-8.
    init?(path: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: Tree.root + "/" + path, isDirectory: &isFolder),
            !isFolder.boolValue,
            let text = try? String(contentsOfFile: Tree.root + "/" + path, encoding: .utf8)
        else { return nil }
        self.path = path
        self.text = text
    }

    var isGenerated: Bool { path.contains("/Generated/") }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The room that the file stands in: `Ledger` for Sources/3-Funds/Ledger/…, `Bench` for Benchmarks/Bench/….
    var room: String {
        let parts = path.split(separator: "/").map(String.init)
        return parts[0] == "Sources" ? parts[2] : parts[1]
    }

    /// Lines of code with their numbers, without comments and without what stands in one-line string literals.
    var code: [(number: Int, text: String)] {
        lines.enumerated().compactMap { index, line in
            let bare = SourceFile.bare(line)
            return bare.allSatisfy(\.isWhitespace) ? nil : (index + 1, bare)
        }
    }

    private static func bare(_ line: Substring) -> String {
        var result = ""
        var inString = false
        var previous: Character = " "
        for character in line {
            if character == "\"", previous != "\\" { inString.toggle() }
            if !inString, character == "/", previous == "/" {
                result.removeLast()
                break
            }
            if !inString || character == "\"" { result.append(character) }
            previous = character
        }
        return result
    }
}

extension String {
    /// The identifiers in a line of code.
    var words: Set<String> {
        Set(split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    }
}
