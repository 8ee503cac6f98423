internal import CScan

/// A stretch of a file that one thread scans: the lines that start in it.
struct Chunk {
    var side: Int
    /// Its place among the chunks of its side.
    var index: Int
    /// Where its first line starts.
    var start: Int
    /// Lines that start here or later belong to the next one.
    var stop: Int
}

/// Cuts a file at lines.
///
/// Where a file has quotes, a line cannot be found by looking for a newline: first every chunk's quotes are read, for
/// both answers to whether it begins within one, then the answers are chained.
enum ChunkPlan {
    static let chunkBytes = 4 << 20

    static func chunks(of side: FileSide, number: Int, bytes: Int, threads: Int) -> [Chunk] {
        guard !side.isEmpty else { return [] }
        let borders = borders(side, bytes)
        let states = side.layout.quoted == 0 ? nil : states(side, borders, threads)
        var layout = side.layout
        var chunks: [Chunk] = []
        for (index, border) in borders.dropLast().enumerated() {
            let start =
                index == 0
                ? side.start
                : Int(
                    cscan_line_start(
                        side.file.data, UInt64(side.file.size), UInt64(border), &layout,
                        (states?[index] ?? false) ? 1 : 0))
            chunks.append(Chunk(side: number, index: index, start: start, stop: borders[index + 1] + 1))
        }
        return chunks
    }

    /// Borders stand behind a byte that is no quote, so that no doubled quote is cut in two.
    private static func borders(_ side: FileSide, _ bytes: Int) -> [Int] {
        var borders = [side.start]
        while let last = borders.last, last + bytes < side.file.size {
            var next = last + bytes
            while next < side.file.size, side.file.data[next - 1] == UInt8(ascii: "\"") { next += 1 }
            if next >= side.file.size { break }
            borders.append(next)
        }
        return borders + [side.file.size]
    }

    private final class Answers: @unchecked Sendable {
        // Because every thread writes the places of its own chunks only.
        let ends: UnsafeMutableBufferPointer<(Bool, Bool)>
        init(_ count: Int) {
            ends = .allocate(capacity: count)
            ends.initialize(repeating: (false, false))
        }
        deinit { ends.deallocate() }
    }

    /// Whether each border stands within quotes.
    private static func states(_ side: FileSide, _ borders: [Int], _ threads: Int) -> [Bool] {
        let answers = Answers(borders.count - 1)
        Parallel.ranges(borders.count - 1, threads) { range in
            for index in range {
                let (from, to) = (UInt64(borders[index]), UInt64(borders[index + 1]))
                let separator = side.layout.separator
                answers.ends[index] = (
                    cscan_quoting(side.file.data, from, to, separator, 0) != 0,
                    cscan_quoting(side.file.data, from, to, separator, 1) != 0
                )
                side.file.release(borders[index], borders[index + 1])
            }
        }
        var states = [false]
        for ends in answers.ends { states.append((states.last ?? false) ? ends.1 : ends.0) }
        return states
    }
}
