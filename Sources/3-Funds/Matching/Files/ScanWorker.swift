internal import CScan

/// What a chunk's scan told about its lines; line numbers count from the chunk's first.
struct ChunkRecord {
    var lines = 0
    var end = 0
    var marks: [cscan_mark] = []
    var rejects: [cscan_reject] = []
}

/// What becomes of the lines that a thread reads.
enum ScanPurpose {
    case entries(EntryStore)
    /// What is equal on both sides cancels.
    case sketch(LineSketch)
    /// Lines that were read before, of which those with some keys are wanted.
    case selection(KeySelection)
}

/// One thread's scan: scratch, words met, and lines without a key.
///
/// Unchecked, because one thread uses it at a time.
final class ScanWorker: @unchecked Sendable {
    /// Between marks a line's number is found by counting newlines: a page, so that no other is touched for it.
    static let markEvery = 4 << 10
    static let listRoom = 4096

    enum Outcome { case done, quotes, tooMany }

    let purpose: ScanPurpose
    /// Lines that were looked for, ours and theirs.
    private(set) var selected: [[cscan_selected]] = [[], []]
    /// Offsets of lines without a key, ours and theirs.
    private(set) var keyless: [[UInt64]] = [[], []]
    private(set) var rows = [0, 0]
    private(set) var leftOut = [0, 0]
    private(set) var rejected = [0, 0]
    private var lineCount = 0
    private let secret: UnsafePointer<cscan_secret>
    private let words: UnsafeMutablePointer<cscan_words>
    private let lists: UnsafeMutablePointer<UInt32>
    private let text: UnsafeMutablePointer<UInt8>
    private let rejects: UnsafeMutablePointer<cscan_reject>
    private let marks: UnsafeMutablePointer<cscan_mark>
    private let offsets: UnsafeMutablePointer<UInt64>
    private let found: UnsafeMutablePointer<cscan_selected>
    private let selectedLimit: Int

    /// - Parameter selectedLimit: of more lines than these that are looked for it says that they are too many.
    init(_ purpose: ScanPurpose, secret: UnsafePointer<cscan_secret>, selectedLimit: Int = 0) {
        self.purpose = purpose
        self.selectedLimit = selectedLimit
        self.secret = secret
        words = .allocate(capacity: 6)
        words.initialize(repeating: cscan_words(), count: 6)
        lists = .allocate(capacity: 3 * Int(CSCAN_LIST))
        text = .allocate(capacity: Int(CSCAN_WINDOW) + 16)
        rejects = .allocate(capacity: Self.listRoom)
        marks = .allocate(capacity: Self.listRoom)
        offsets = .allocate(capacity: Self.listRoom)
        found = .allocate(capacity: Self.listRoom)
    }

    var store: EntryStore? { if case .entries(let store) = purpose { store } else { nil } }

    deinit {
        words.deallocate()
        lists.deallocate()
        text.deallocate()
        rejects.deallocate()
        marks.deallocate()
        offsets.deallocate()
        found.deallocate()
    }

    /// Reads the lines of a chunk.
    func scan(
        _ chunk: Chunk, of side: FileSide, window: UInt32 = UInt32(CSCAN_WINDOW)
    ) throws(FileReconciliationError) -> (Outcome, ChunkRecord) {
        var record = ChunkRecord()
        record.end = max(chunk.start, min(chunk.stop, side.file.size))
        guard chunk.start < chunk.stop, chunk.start < side.file.size else { return (.done, record) }
        var layout = side.layout
        let known = words + 3 * chunk.side
        let list = Int(CSCAN_LIST)
        // The layout is copied to this frame, so its address is good until the loop ends.
        return try withUnsafePointer(to: &layout) { (layout) throws(FileReconciliationError) in
            var scan = cscan_scan()
            scan.data = side.file.data
            scan.size = UInt64(side.file.size)
            scan.at = UInt64(chunk.start)
            scan.stop = UInt64(chunk.stop)
            scan.window = window
            scan.layout = layout
            scan.secret = secret
            scan.currencies = known
            scan.statuses = known + 1
            scan.kinds = known + 2
            switch purpose {
            case .entries(let store): scan.sink = store.sinks + chunk.side
            case .sketch(let lines):
                scan.sketch = lines.sketch
                scan.times = chunk.side == 0 ? 1 : -1
            case .selection(let keys):
                scan.selection = UnsafePointer(keys.selection)
                scan.selected = found
                scan.selected_limit = UInt32(Self.listRoom)
            }
            scan.separators = lists
            scan.newlines = lists + list
            scan.inner = lists + 2 * list
            scan.text = text
            scan.rejects = rejects
            scan.reject_limit = UInt32(Self.listRoom)
            scan.marks = marks
            scan.mark_limit = UInt32(Self.listRoom)
            scan.mark_every = UInt64(Self.markEvery)
            scan.keyless = offsets
            scan.keyless_limit = UInt32(Self.listRoom)
            let outcome = try run(&scan, side, chunk.side, &record)
            rows[chunk.side] += Int(scan.rows)
            leftOut[chunk.side] += Int(scan.skipped)
            record.lines = Int(scan.line)
            record.end = Int(scan.at)
            return (outcome, record)
        }
    }

    /// Reads one line that has been read before.
    func scanLine(at offset: Int, side number: Int, of side: FileSide) throws(FileReconciliationError) {
        let chunk = Chunk(side: number, index: 0, start: offset, stop: offset + 1)
        _ = try scan(chunk, of: side, window: 1024)
        lineCount += 1
        if lineCount % 4096 == 0 { side.file.releaseAll() }
    }

    private func run(
        _ scan: inout cscan_scan, _ side: FileSide, _ number: Int, _ record: inout ChunkRecord
    ) throws(FileReconciliationError) -> Outcome {
        while true {
            let code = cscan_lines(&scan)
            if case .selection = purpose {
                guard take(&scan, number) else { return .tooMany }
            } else {
                empty(&scan, number, &record)
            }
            switch Int(code) {
            case CSCAN_DONE: return .done
            case CSCAN_QUOTE: return .quotes
            case CSCAN_FULL: if case .entries(let store) = purpose { try store.spill() }
            case CSCAN_LISTS_FULL: break
            default: learn(Int(code), scan, side, number)
            }
        }
    }

    private func empty(_ scan: inout cscan_scan, _ number: Int, _ record: inout ChunkRecord) {
        record.marks.append(contentsOf: UnsafeBufferPointer(start: marks, count: Int(scan.mark_count)))
        keyless[number].append(contentsOf: UnsafeBufferPointer(start: offsets, count: Int(scan.keyless_count)))
        rejected[number] += Int(scan.reject_count)
        let room = max(0, FileReconciliation.maximumRejectsKept - rejected[number])
        record.rejects.append(
            contentsOf: UnsafeBufferPointer(start: rejects, count: min(room, Int(scan.reject_count))))
        scan.mark_count = 0
        scan.keyless_count = 0
        scan.reject_count = 0
    }

    /// What else there was to tell was told when the lines were read first.
    private func take(_ scan: inout cscan_scan, _ number: Int) -> Bool {
        selected[number].append(contentsOf: UnsafeBufferPointer(start: found, count: Int(scan.selected_count)))
        scan.selected_count = 0
        scan.reject_count = 0
        return selected[0].count + selected[1].count <= selectedLimit
    }

    /// Adds a word to what this thread knows. A file with more words than there is room for forgets the oldest: it is
    /// slower then, and no less exact.
    private func learn(_ code: Int, _ scan: cscan_scan, _ side: FileSide, _ number: Int) {
        let text = Array(UnsafeBufferPointer(start: scan.word, count: Int(scan.word_length)))
        let word: cscan_word
        let table: UnsafeMutablePointer<cscan_words>
        switch code {
        case CSCAN_NEW_CURRENCY:
            word = side.words.currency(text, decimals: side.profile.decimals)
            table = words + 3 * number
        case CSCAN_NEW_STATUS:
            word = side.status(text)
            table = words + 3 * number + 1
        default:
            word = side.kind(text)
            table = words + 3 * number + 2
        }
        if table.pointee.count == UInt32(CSCAN_WORD_LIMIT) { table.pointee.count = 0 }
        let place = Int(table.pointee.count)
        withUnsafeMutableBytes(of: &table.pointee.words) { bytes in
            bytes.bindMemory(to: cscan_word.self)[place] = word
        }
        table.pointee.count += 1
    }
}
