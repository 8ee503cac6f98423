import Contract
import Runtime
import Store

/// The shelves that batches touch, in memory: read when first asked for, written once before each commit.
///
/// A batch of a thousand orders asks for the same few variants over and over; without this each line would cost an
/// UPDATE of its own. They are kept for the next batch as long as no other process has changed any stock.
/// Inside a transaction every read of stock comes through here, so a command sees what its neighbours before it did.
final class StockState: BookState {
    struct Place: Hashable {
        let location: LocationID
        let priority: Int64
        let active: Bool
        var level: StockLevel
        var isDirty = false
    }

    /// Of each variant that was asked for, its places in the order they are drawn from.
    private var variants: [VariantID: [Place]] = [:]
    /// What each changed variant was before, the oldest first.
    private var undo: [(variant: VariantID, places: [Place])] = []
    private var marked = 0
    private var revision: Revision?
    private var isCurrent = false

    static let topic = "stock"
    /// Variants that are kept from one batch to the next.
    private static let limit = 10_000

    static func of(_ tx: Transaction) throws -> StockState {
        let state = tx.state { StockState() }
        if !state.isCurrent { try state.refresh(tx) }
        return state
    }

    /// Once a batch: what another process may have changed is forgotten, except that this batch will soon ask for what
    /// the one before it changed, which is read together.
    private func refresh(_ tx: Transaction) throws {
        isCurrent = true
        let current = try tx.revision(of: Self.topic)
        guard current != revision || variants.count > Self.limit else { return }
        variants.removeAll(keepingCapacity: true)
        revision = current
        try load(recent, in: tx)
    }

    /// What the last batch changed.
    private var recent: [VariantID] = []

    /// The places of a variant that hold, or held, something of it.
    func places(of variant: VariantID, in tx: Transaction) throws -> [Place] {
        if let known = variants[variant] { return known }
        try load([variant], in: tx)
        return variants[variant] ?? []
    }

    /// Reads what is not known yet: a few variants in one statement, many in statements of 64.
    func load(_ wanted: [VariantID], in tx: Transaction) throws {
        var missing = wanted.filter { variants[$0] == nil }[...]
        while !missing.isEmpty {
            let part = missing.prefix(Self.manyPlaces.count)
            missing = missing.dropFirst(part.count)
            for variant in part { variants[variant] = [] }
            let statement: Prepared
            var values = part.map(\.sqlValue)
            if part.count <= Self.placesOf.count {
                statement = Self.placesOf[part.count - 1]
            } else {
                statement = Self.manyPlaces.statement
                // The statement has a mark for each of 64, so the last one fills up the rest.
                values += Array(repeating: values[values.count - 1], count: Self.manyPlaces.count - values.count)
            }
            try tx.forEach(statement, values) { row in
                variants[try row.get(0), default: []].append(
                    Place(
                        location: try row.get(1), priority: row.int64(2), active: row.int64(3) == 1,
                        level: StockLevel(onHand: row.int64(4), reserved: row.int64(5))))
            }
        }
    }

    /// Changes what is in a place, adding the place when the variant was never there. Values never fall below zero.
    func change(
        _ variant: VariantID, at location: LocationID, onHand: Int64 = 0, reserved: Int64 = 0, in tx: Transaction
    ) throws {
        var places = try places(of: variant, in: tx)
        undo.append((variant, places))
        let index: Int
        if let known = places.firstIndex(where: { $0.location == location }) {
            index = known
        } else {
            let place = try newPlace(location, in: tx)
            index = places.firstIndex { (place.priority, location) < ($0.priority, $0.location) } ?? places.count
            places.insert(place, at: index)
        }
        places[index].level.onHand += onHand
        places[index].level.reserved += reserved
        places[index].isDirty = true
        precondition(
            places[index].level.onHand >= 0 && places[index].level.reserved >= 0,
            "every caller compared the quantities first, so stock never falls below zero")
        variants[variant] = places
    }

    private func newPlace(_ location: LocationID, in tx: Transaction) throws -> Place {
        let found = try tx.first("SELECT priority, active FROM inventory_locations WHERE id = \(location)") {
            ($0.int64(0), $0.int64(1) == 1)
        }
        guard let (priority, active) = found else {
            throw InventoryError(.unknownLocation, field: "location_id", "There is no location \(location).")
        }
        return Place(location: location, priority: priority, active: active, level: .none)
    }

    // MARK: The batch

    func mark() { marked = undo.count }

    func undoToMark() {
        while undo.count > marked {
            let (variant, places) = undo.removeLast()
            variants[variant] = places
        }
    }

    func undoAll() {
        variants.removeAll(keepingCapacity: true)
        undo.removeAll(keepingCapacity: true)
        marked = 0
        revision = nil
        isCurrent = false
    }

    /// In the order of the table's key, so that neighbouring rows are written together.
    func flush(_ tx: Transaction) throws {
        let changed = Set(undo.map(\.variant)).sorted()
        var rows: [[SQLValue]] = []
        for variant in changed {
            for place in (variants[variant] ?? []).filter(\.isDirty).sorted(by: { $0.location < $1.location }) {
                rows.append([
                    variant.sqlValue, place.location.sqlValue, .integer(place.level.onHand),
                    .integer(place.level.reserved)
                ])
            }
        }
        guard !rows.isEmpty else { return }
        try tx.execute(each: Self.writePlace, rows: rows)
        revision = try tx.changed(Self.topic)
        recent = Array(changed.prefix(512))
    }

    func committed() {
        for (variant, _) in undo {
            guard let index = variants.index(forKey: variant) else { continue }
            for place in variants.values[index].indices { variants.values[index][place].isDirty = false }
        }
        undo.removeAll(keepingCapacity: true)
        marked = 0
        isCurrent = false
    }

    /// One statement for each number of variants up to eight, because an order has few lines and this is its hot path.
    private static let placesOf: [Prepared] = (1...8).map(places)
    private static let manyPlaces = (count: 64, statement: places(64))

    private static func places(_ count: Int) -> Prepared {
        Prepared(
            """
            SELECT s.variant, s.location, l.priority, l.active, s.on_hand, s.reserved
            FROM inventory_stock s JOIN inventory_locations l ON l.id = s.location
            WHERE s.variant IN (\(Array(repeating: "?", count: count).joined(separator: ", ")))
            ORDER BY l.priority, l.id
            """)
    }

    private static let writePlace = Prepared(
        """
        INSERT INTO inventory_stock (variant, location, on_hand, reserved) VALUES (?, ?, ?, ?)
        ON CONFLICT (variant, location) DO UPDATE SET on_hand = excluded.on_hand, reserved = excluded.reserved
        """)
}
