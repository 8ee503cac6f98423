import Runtime
import Store

/// What a block of packed lines holds.
enum BlockKind: Int64, Sendable, CaseIterable {
    case ours = 1
    case theirs = 2
    case postings = 3
    /// Lines that the exact stage left, for the rest.
    case oursLeft = 4
    case theirsLeft = 5
    /// Carried lines that this run has taken, with what became of them.
    case taken = 6

    fileprivate var place: Int { Int(rawValue) - 1 }
}

/// A packed block that waits to be written.
struct Block: Sendable {
    let kind: BlockKind
    let shard: Int
    let number: Int
    let lines: Int
    let content: [UInt8]
}

/// Cuts a stream of lines into blocks, one open block for each kind and shard. Memory is bounded by the number of shards.
struct BlockWriter {
    /// Bytes of a block before it is packed.
    static let size = 128 << 10

    private struct Open {
        var packer = Packer()
        var lines = 0
        var number = 0
    }

    /// By kind and shard; found by its place, because every line looks one up.
    private var open: [[Open]]
    private let onBlock: (Block) throws -> Void

    /// `onBlock` is given each block that is full, and the others at `finish`.
    init(_ onBlock: @escaping (Block) throws -> Void) {
        open = BlockKind.allCases.map { _ in [] }
        self.onBlock = onBlock
    }

    mutating func add(_ kind: BlockKind, shard: Int, _ pack: (inout Packer) -> Void) throws {
        let place = kind.place
        while open[place].count <= shard { open[place].append(Open()) }
        pack(&open[place][shard].packer)
        open[place][shard].lines += 1
        if open[place][shard].packer.count >= BlockWriter.size { try close(kind, shard) }
    }

    mutating func finish() throws {
        for kind in BlockKind.allCases {
            for shard in open[kind.place].indices { try close(kind, shard) }
        }
    }

    private mutating func close(_ kind: BlockKind, _ shard: Int) throws {
        let block = open[kind.place][shard]
        guard block.lines > 0 else { return }
        var header = Packer()
        header.unsigned(UInt64(block.packer.count))
        try onBlock(
            Block(
                kind: kind, shard: shard, number: block.number, lines: block.lines,
                content: header.bytes + Deflate.pack(block.packer.bytes, .lines)))
        open[kind.place][shard].packer.clear()
        open[kind.place][shard].lines = 0
        open[kind.place][shard].number += 1
    }
}

/// The rows of `recon_blocks`.
enum BlockRows {
    private static let insert = Prepared(
        """
        INSERT INTO recon_blocks (run_id, kind, shard, source, number, lines, content) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run_id, kind, shard, source, number) DO UPDATE SET lines = excluded.lines,
        content = excluded.content
        """)

    static func write(_ blocks: ArraySlice<Block>, run: RunID, source: Int, in tx: Transaction) throws {
        let blocks = Array(blocks)
        try tx.execute(each: insert, count: blocks.count) { index, row in
            let block = blocks[index]
            row.bytes(run.uuid.bytes)
            row.integer(block.kind.rawValue)
            row.integer(Int64(block.shard))
            row.integer(Int64(source))
            row.integer(Int64(block.number))
            row.integer(Int64(block.lines))
            row.bytes(block.content)
        }
    }

    /// What a task wrote before it was interrupted.
    static func clear(run: RunID, source: Int, in tx: Transaction) throws {
        try tx.execute("DELETE FROM recon_blocks WHERE run_id = \(run) AND source = \(source)")
    }

    static func clear(run: RunID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM recon_blocks WHERE run_id = \(run)")
    }

    /// Hands on each packed item of a kind, of one shard or of all; blocks in the order of shard, source and number.
    static func forEach(
        _ kind: BlockKind, run: RunID, shard: Int? = nil, _ reader: any SQLReader,
        _ body: (inout Unpacker) throws -> Void
    ) throws {
        let filter: SQL = shard.map { "AND shard = \($0)" } ?? ""
        try reader.forEach(
            """
            SELECT content FROM recon_blocks WHERE run_id = \(run) AND kind = \(kind.rawValue) \(filter)
            ORDER BY shard, source, number
            """
        ) { row in
            let content = row.bytes(0)
            let headerSize = (content.firstIndex { $0 < 0x80 } ?? 0) + 1
            var header = Unpacker(Array(content.prefix(headerSize)))
            let size = Int(clamping: try header.unsigned())
            guard size <= BlockWriter.size + (1 << 20) else {
                throw StoreError(.unexpectedValue, "a packed block says that it is \(size) bytes long")
            }
            var items = Unpacker(try Deflate.unpack(Array(content.dropFirst(headerSize)), size: size))
            while !items.isAtEnd { try body(&items) }
        }
    }

    static func lines(_ kind: BlockKind, run: RunID, shard: Int? = nil, _ reader: any SQLReader) throws -> [RunLine] {
        var lines: [RunLine] = []
        try forEach(kind, run: run, shard: shard, reader) { lines.append(try RunLine(from: &$0)) }
        return lines
    }

    static func postings(run: RunID, shard: Int, _ reader: any SQLReader) throws -> [Posting] {
        var postings: [Posting] = []
        try forEach(.postings, run: run, shard: shard, reader) { postings.append(try Posting(from: &$0)) }
        return postings
    }
}
