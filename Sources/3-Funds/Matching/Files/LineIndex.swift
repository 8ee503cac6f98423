internal import CScan

/// Finds the number of a line from where it starts.
struct LineIndex {
    private var offsets: [UInt64] = []
    private var lines: [UInt64] = []
    /// Lines of data that chunks have been added for.
    private(set) var total = 0

    /// - Parameter first: The number of the first line of data.
    mutating func add(_ record: ChunkRecord, first: Int) {
        for mark in record.marks {
            offsets.append(mark.offset)
            lines.append(UInt64(first + total) + mark.line)
        }
        total += record.lines
    }

    /// Counts newlines from the last mark before the line, or from a line before it that was asked for last.
    func line(at offset: UInt64, in file: MappedFile) -> Int {
        var low = 0
        var high = offsets.count
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 1 }
        return Int(lines[low - 1] + cscan_newlines(file.data, offsets[low - 1], offset))
    }
}
