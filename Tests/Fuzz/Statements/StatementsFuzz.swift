import Foundation
import Money
import Statements

/// libFuzzer feeds bytes to every reader: none of them may trap, hang, take memory without bound or lose a line.
///
/// The first byte picks the reader (the one after the last is detection), the second how strict reading is. Run it by
/// `Scripts/fuzz.sh statements`, which makes seeds of the corpus:
///
///     statements-fuzz formats               prints the readers in the order of the first byte
///     statements-fuzz seeds CORPUS FOLDER   writes each file of the corpus once for each reader that reads it
///
/// KONTOR_FUZZ_READER=bai2 gives every input to that reader, whatever its first byte says. The profiles of the folder
/// that KONTOR_FUZZ_PROFILES names are readers, too.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
enum StatementsFuzz {
    static let readers: [any StatementReader] = StatementFormats.all + profiles

    private static let profiles: [any StatementReader] = {
        guard let folder = ProcessInfo.processInfo.environment["KONTOR_FUZZ_PROFILES"],
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else { return [] }
        return names.sorted().filter { $0.hasSuffix(".yaml") }.map { name in
            do {
                return try StatementProfile.load(path: "\(folder)/\(name)").reader
            } catch {
                fatalError("\(name) is no profile: \(error)")
            }
        }
    }()

    static func main() throws {
        let words = CommandLine.arguments
        if words.count == 2, words[1] == "formats" {
            for reader in readers { print(reader.format.id) }
            return
        }
        if words.count == 4, words[1] == "seeds" { return try Seeds.write(from: words[2], to: words[3]) }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runDriver(&count, &arguments) { bytes, length in
            StatementsFuzz.check(Array(UnsafeBufferPointer(start: bytes, count: length)))
            return 0
        }
    }

    private static let fixed: Int? = {
        guard let id = ProcessInfo.processInfo.environment["KONTOR_FUZZ_READER"] else { return nil }
        guard let place = readers.firstIndex(where: { $0.format.id == id }) else {
            fatalError("there is no reader \(id)")
        }
        return place
    }()

    private static func check(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let pick = fixed ?? Int(input[0]) % (readers.count + 1)
        let file = Array(input[2...])
        let reader = pick < readers.count ? readers[pick] : nil
        let source = StatementSource.bytes(file, name: "statement.txt")
        if reader == nil { _ = try? Statements.detect(source) }
        var options = ReadOptions()
        // A small file may not unpack to a large one in a test that runs thousands of times a second.
        options.limits.maxUnpackedBytes = 1 << 20
        options.limits.maxLineBytes = 1 << 16
        if input[1] & 1 == 0 { options.limits.maxRejected = .max }
        options.refusesContradictions = input[1] & 2 != 0
        if input[1] & 4 != 0 { options.currency = try? FieldText.currency("EUR") }
        Account(file).hold(source, reader, options)
    }
}

/// The oracle: rows, rejects and structural lines account for every line, and totals for every row.
private struct Account {
    let lines: Int
    let bytes: Int
    /// Packed and two-byte text has lines that cannot be counted from outside.
    let isPlain: Bool

    init(_ file: [UInt8]) {
        let isOld = !file.contains(0x0A) && file.contains(0x0D)
        let end: UInt8 = isOld ? 0x0D : 0x0A
        lines = file.count { $0 == end } + (file.last == end ? 0 : 1)
        bytes = file.count
        isPlain =
            !file.starts(with: [0x1F, 0x8B]) && !file.starts(with: Array("PK".utf8)) && !file.contains(0)
            && !file.starts(with: [0xFF, 0xFE]) && !file.starts(with: [0xFE, 0xFF])
    }

    func hold(_ source: StatementSource, _ reader: (any StatementReader)?, _ options: ReadOptions) {
        var rows = 0
        var sums: [String: Int128] = [:]
        let summary: StatementSummary
        do {
            summary = try Statements.read(source, reader: reader, options: options) { row in
                rows += 1
                sums[row.currency.code, default: 0] += Int128(row.amountMinor)
                guard isPlain else { return }
                require(row.line >= 1 && row.line <= lines, "a row stands on a line of the file")
                require(row.offset >= 0 && row.offset <= Int64(bytes), "a row begins within the file")
            }
        } catch {
            // Whatever is refused is refused with a reason that names what was wrong.
            require(error is StatementError, "a refusal is a StatementError: \(error)")
            return
        }
        require(summary.rows == rows, "the summary counts the rows that were delivered")
        require(summary.totals.reduce(0) { $0 + $1.rows } == rows, "the totals hold every row")
        for total in summary.totals {
            let stated = Int128(total.creditMinor) + Int128(total.debitMinor)
            require(stated == sums[total.currency.code], "the totals are those of the rows")
        }
        guard isPlain else { return }
        require(
            summary.lines.total == lines,
            "\(summary.format): \(summary.lines) are \(summary.lines.total) of \(lines) lines")
    }
}

/// A plain precondition loses its words in a release build.
private func require(_ holds: Bool, _ why: @autoclosure () -> String) {
    if !holds { fatalError(why()) }
}
