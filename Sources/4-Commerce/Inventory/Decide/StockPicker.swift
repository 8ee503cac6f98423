import Contract

/// Chooses the places an order's stock is drawn from. Pure and deterministic: the same shelves give the same choice.
///
/// One parcel is cheaper than two, so the first place (by priority, then id) that holds every line takes all. When none
/// does and splitting is allowed, each line takes the first place that holds it whole, and only then is a line spread.
struct StockPicker {
    /// What one place holds of one variant.
    struct Shelf: Hashable {
        var location: LocationID
        var available: Int64
    }

    /// Of each variant its shelves, in the order they are drawn from.
    var shelves: [VariantID: [Shelf]]
    /// Where a backorder waits when no place holds the variant yet.
    var fallback: LocationID?
    var maySplit: Bool

    /// Where each line comes from. Throws with every shortage when the shelves do not hold them.
    /// Each variant stands in one line only.
    func pick(_ lines: [StockLine]) throws(InventoryError) -> [Reservation.Portion] {
        let counted = lines.filter(\.tracked)
        let free = lines.filter { !$0.tracked }.map {
            Reservation.Portion(variant: $0.variant, location: nil, quantity: $0.quantity)
        }
        if counted.isEmpty { return free }
        if let location = onePlace(for: counted) {
            return counted.map { .init(variant: $0.variant, location: location, quantity: $0.quantity) } + free
        }
        var portions: [Reservation.Portion] = []
        var shortages: [InventoryError.Shortage] = []
        for line in counted {
            if let found = place(line) {
                portions.append(contentsOf: found)
            } else {
                shortages.append(
                    .init(variant: line.variant, wanted: line.quantity, available: reachable(line.variant)))
            }
        }
        guard shortages.isEmpty else { throw .insufficient(shortages) }
        if !maySplit, Set(portions.map(\.location)).count > 1 {
            throw InventoryError(
                .insufficientStock, "No single location holds all lines, and splitting is not allowed.")
        }
        return portions + free
    }

    private func onePlace(for lines: [StockLine]) -> LocationID? {
        // The first line's shelves are all the candidates, because the place must hold that line too.
        (shelves[lines[0].variant] ?? []).first { candidate in
            lines.allSatisfy { line in
                (shelves[line.variant] ?? []).contains {
                    $0.location == candidate.location && $0.available >= line.quantity
                }
            }
        }?.location
    }

    private func place(_ line: StockLine) -> [Reservation.Portion]? {
        let candidates = shelves[line.variant] ?? []
        if let whole = candidates.first(where: { $0.available >= line.quantity }) {
            return [.init(variant: line.variant, location: whole.location, quantity: line.quantity)]
        }
        if maySplit, let spread = spread(line, over: candidates) { return spread }
        guard line.backorder, let location = candidates.first?.location ?? fallback else { return nil }
        return [.init(variant: line.variant, location: location, quantity: line.quantity)]
    }

    private func spread(_ line: StockLine, over candidates: [Shelf]) -> [Reservation.Portion]? {
        var left = line.quantity
        var portions: [Reservation.Portion] = []
        for shelf in candidates where shelf.available > 0 && left > 0 {
            let part = min(left, shelf.available)
            portions.append(.init(variant: line.variant, location: shelf.location, quantity: part))
            left -= part
        }
        return left == 0 ? portions : nil
    }

    /// The most that one caller could get: all shelves together, or the fullest one.
    private func reachable(_ variant: VariantID) -> Int64 {
        let amounts = (shelves[variant] ?? []).map { max(0, $0.available) }
        return maySplit ? amounts.reduce(0, +) : amounts.max() ?? 0
    }
}
