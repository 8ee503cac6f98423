import Foundation
import Synchronization

/// What the command writes for people and for programs.
enum Terminal {
    static func line(_ text: String = "") { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    static func error(_ text: String) { FileHandle.standardError.write(Data(("kontor: " + text + "\n").utf8)) }

    /// A line for people that programs need not skip: it goes to standard error.
    static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// One JSON document for programs.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Columns as wide as their widest cell; `right` are the columns of figures.
    static func table(_ header: [String], _ rows: [[String]], right: Set<Int> = []) {
        let widths = header.indices.map { column in
            ([header] + rows).map { width($0[column]) }.max() ?? 0
        }
        func formatted(_ row: [String]) -> String {
            row.enumerated().map { column, cell in
                let pad = String(repeating: " ", count: widths[column] - width(cell))
                return right.contains(column) ? pad + cell : cell + pad
            }.joined(separator: "  ")
        }
        line(bold(formatted(header)))
        line(dim(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")))
        for row in rows {
            let text = formatted(row)
            line(String(text.reversed().drop { $0 == " " }.reversed()))
        }
    }

    // Colours only where somebody looks, and nobody asked for none (https://no-color.org).
    private static let isColoured = isatty(1) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

    static func bold(_ text: String) -> String { styled(text, "1") }
    static func dim(_ text: String) -> String { styled(text, "2") }
    static func green(_ text: String) -> String { styled(text, "32") }
    static func red(_ text: String) -> String { styled(text, "31") }

    private static func styled(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Ideographs take two columns.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ((0x2E80...0xFF60).contains($1.value) ? 2 : 1) }
    }
}

/// A line on standard error that is drawn over itself; nothing is drawn when nobody looks.
struct ProgressBar {
    private let label: String
    private let total: Int
    private let isShown = isatty(2) == 1
    private var drawn = -1

    init(_ label: String, total: Int) {
        self.label = label
        self.total = max(total, 1)
    }

    mutating func update(_ done: Int) {
        let percent = min(100, done * 100 / total)
        guard percent != drawn else { return }
        drawn = percent
        guard isShown else {
            if percent == 100 { FileHandle.standardError.write(Data("\(label) \(done)/\(total)\n".utf8)) }
            return
        }
        let filled = percent * 40 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 40 - filled)
        let end = percent == 100 ? "\n" : ""
        FileHandle.standardError.write(Data("\r\(label) \(bar) \(done)/\(total)\(end)".utf8))
    }
}

/// A progress bar that several tasks move.
final class SharedProgress: Sendable {
    private let bar: Mutex<ProgressBar>

    init(_ label: String, total: Int) { bar = Mutex(ProgressBar(label, total: total)) }

    func update(_ done: Int) { bar.withLock { $0.update(done) } }
}

/// Progress bars of steps that follow one another, moved by several threads.
final class SharedBars: Sendable {
    private let bars = Mutex<[String: ProgressBar]>([:])

    func update(_ label: String, _ done: Int, _ total: Int) {
        bars.withLock { bars in
            var bar = bars[label] ?? ProgressBar(label, total: total)
            bar.update(done)
            bars[label] = bar
        }
    }
}
