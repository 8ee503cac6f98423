public import Contract
public import Runtime
public import Store

/// The open books: one per tenant, at most `maximumOpen`, the least recently used closed first.
///
/// Ten thousand tenants cost disk, not memory. A book inside `withBook`, or for which a `BookHold` lives, is never
/// closed. A book that was handed out by `book(for:)` alone is closed only when nobody else refers to it or its `grace`
/// has passed, which is longer than any operation may take; while all are in use the registry goes up to twice its
/// limit, then asks callers to come back.
public actor BookRegistry {
    /// Opens one tenant's book; called once at a time for a tenant.
    public typealias Opening = @Sendable (TenantID) async throws -> Book
    public typealias Closing = @Sendable (TenantID, Book) async -> Void

    private struct Entry {
        var book: Book
        var leases = 0
        let holds = BookHold.Count()
        /// Hand-outs that no hold has followed.
        var loose = 0
        var handedOutAt: Timestamp?
        /// Position in the order of use: larger is later.
        var usedAt: UInt64
    }

    private enum Transit {
        case opening(Task<Book, any Error>)
        case closing(Task<Void, Never>)
    }

    private let maximumOpen: Int
    private let grace: Duration
    private let clock: any WallClock
    private let open: Opening
    private let close: Closing
    private var entries: [TenantID: Entry] = [:]
    private var transits: [TenantID: Transit] = [:]
    private var uses: UInt64 = 0
    private var isShutDown = false

    public init(
        maximumOpen: Int = 256, grace: Duration = .seconds(60), clock: any WallClock, open: @escaping Opening,
        close: @escaping Closing
    ) {
        precondition(maximumOpen > 0, "a registry holds at least one book")
        self.maximumOpen = maximumOpen
        self.grace = grace
        self.clock = clock
        self.open = open
        self.close = close
    }

    /// How many books are open now, and the most there ever were.
    public var openCount: Int { entries.count }
    public private(set) var highestOpenCount = 0

    /// Runs `body` with the tenant's book, which stays open until it returns.
    public func withBook<Answer: Sendable>(
        _ tenant: TenantID, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        let book = try await found(tenant, leased: true)
        defer { release(tenant, book) }
        return try await body(book)
    }

    /// The tenant's open book, for a caller who lets go of it within `grace`.
    public func book(for tenant: TenantID) async throws -> Book {
        try await found(tenant, leased: false)
    }

    /// Follows a `book(for:)`: the book stays open for as long as the answer lives, and no longer on that account.
    /// Nil when the book has been closed meanwhile.
    public func hold(_ tenant: TenantID, _ book: Book) -> BookHold? {
        guard let index = entries.index(forKey: tenant), entries.values[index].book === book else { return nil }
        entries.values[index].loose = max(0, entries.values[index].loose - 1)
        return BookHold(entries.values[index].holds)
    }

    /// Closes a tenant's book, in use or not: a suspended tenant's calls end here.
    public func evict(_ tenant: TenantID) async {
        if case .opening(let task)? = transits[tenant] { _ = try? await task.value }
        await shut(tenant)
    }

    /// Closes a tenant's book unless the house itself is working with it.
    func retire(_ tenant: TenantID) async {
        guard let entry = entries[tenant], entry.leases == 0 else { return }
        await shut(tenant)
    }

    /// Closes every book that nobody uses; for a timer of the wiring, which says whose own jobs are at work.
    public func closeIdle(unless isBusy: @Sendable (Book) -> Bool = { _ in false }) async {
        for tenant in entries.keys.filter({ isEvictable($0) }) where isEvictable(tenant) {
            if let book = entries[tenant]?.book, isBusy(book) { continue }
            await shut(tenant)
        }
    }

    /// Takes no new callers and closes all books; acknowledged work is on disk.
    public func shutDown() async {
        isShutDown = true
        for transit in transits.values {
            switch transit {
            case .opening(let task): _ = try? await task.value
            case .closing(let task): await task.value
            }
        }
        for tenant in entries.keys.sorted() { await shut(tenant) }
    }

    // ---- One book per tenant ----

    private func found(_ tenant: TenantID, leased: Bool) async throws -> Book {
        while true {
            if isShutDown { throw StoreError(.closed, "the books are closing") }
            if let book = take(tenant, leased: leased) { return book }
            switch transits[tenant] {
            case .opening(let task):
                _ = try await task.value
            case .closing(let task):
                await task.value
            case nil:
                try await makeRoom()
                // Others may have begun while a book was closed to make room.
                guard entries[tenant] == nil, transits[tenant] == nil else { continue }
                _ = try await begin(tenant).value
            }
        }
    }

    private func take(_ tenant: TenantID, leased: Bool) -> Book? {
        guard let index = entries.index(forKey: tenant) else { return nil }
        uses += 1
        entries.values[index].usedAt = uses
        if leased {
            entries.values[index].leases += 1
        } else {
            entries.values[index].handedOutAt = clock.now()
            entries.values[index].loose += 1
        }
        return entries.values[index].book
    }

    /// A book that was evicted under its user may have a successor by now, which owes this user nothing.
    private func release(_ tenant: TenantID, _ book: Book) {
        if entries[tenant]?.book === book { entries[tenant]?.leases -= 1 }
    }

    private func begin(_ tenant: TenantID) -> Task<Book, any Error> {
        let task = Task {
            do {
                let book = try await open(tenant)
                settle(tenant, book)
                return book
            } catch {
                transits[tenant] = nil
                throw error
            }
        }
        transits[tenant] = .opening(task)
        return task
    }

    private func settle(_ tenant: TenantID, _ book: Book) {
        transits[tenant] = nil
        uses += 1
        entries[tenant] = Entry(book: book, usedAt: uses)
        highestOpenCount = max(highestOpenCount, entries.count)
    }

    // ---- The bound ----

    /// Books that are open, opening or closing all count: each holds files and memory.
    private func makeRoom() async throws {
        while entries.count + transits.count >= maximumOpen {
            let idle = entries.keys.filter { isEvictable($0) }
            if let oldest = idle.min(by: { (entries[$0]?.usedAt ?? 0) < (entries[$1]?.usedAt ?? 0) }) {
                await shut(oldest)
            } else if let transit = transits.values.first {
                // An opening that ends makes an entry, a closing that ends makes room: either way look again.
                switch transit {
                case .opening(let task): _ = try? await task.value
                case .closing(let task): await task.value
                }
            } else if entries.count >= 2 * maximumOpen {
                throw TenancyError(.tooManyOpen, "\(entries.count) books are in use")
            } else {
                return
            }
        }
    }

    private func isEvictable(_ tenant: TenantID) -> Bool {
        guard let index = entries.index(forKey: tenant), entries.values[index].leases == 0,
            entries.values[index].holds.isZero
        else { return false }
        guard entries.values[index].loose > 0, let handedOutAt = entries.values[index].handedOutAt else { return true }
        if clock.now() - handedOutAt > grace { return true }
        return isKnownUniquelyReferenced(&entries.values[index].book)
    }

    private func shut(_ tenant: TenantID) async {
        if case .closing(let task)? = transits[tenant] { return await task.value }
        guard let entry = entries.removeValue(forKey: tenant) else { return }
        let task = Task {
            await close(tenant, entry.book)
            transits[tenant] = nil
        }
        transits[tenant] = .closing(task)
        await task.value
    }
}
