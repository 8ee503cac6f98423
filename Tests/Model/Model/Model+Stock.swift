/// What lies on the shelves and for whom.
extension Model {
    mutating func move(_ piece: Piece, deed: String) throws(Refusal) {
        guard piece.quantity != 0, !deed.hasPrefix("received") || piece.quantity > 0 else {
            throw Refusal("invalidLine")
        }
        if let done = deeds[deed] {
            guard done == piece else { throw Refusal("referenceReused") }
            return
        }
        guard shelves[piece.variant].onHand + piece.quantity >= 0 else { throw Refusal("notOnHand") }
        shelves[piece.variant].onHand += piece.quantity
        deeds[deed] = piece
    }

    mutating func reserve(_ pieces: [Piece], _ reference: String, expiresAt: Int64?) throws(Refusal) {
        let pieces = Model.merged(pieces)
        if let known = reservations[reference], known.isActive || known.state == .fulfilled {
            let held = known.lines.map { Piece(variant: $0.variant, quantity: $0.quantity) }
            guard Set(held) == Set(pieces) else { throw Refusal("referenceReused") }
            return
        }
        for piece in pieces where available(piece.variant) < piece.quantity { throw Refusal("insufficientStock") }
        for piece in pieces { shelves[piece.variant].reserved += piece.quantity }
        reservations[reference] = Reservation(
            state: .held, lines: pieces.map { .init(variant: $0.variant, quantity: $0.quantity) },
            expiresAt: expiresAt)
    }

    mutating func keep(_ reference: String) throws(Refusal) {
        switch try reservation(reference).state {
        case .held:
            reservations[reference]?.state = .kept
            reservations[reference]?.expiresAt = nil
        case .kept, .fulfilled: return
        case .expired where fault == .keepsExpired: return
        case .released, .expired: throw Refusal("reservationEnded")
        }
    }

    mutating func release(_ reference: String) throws(Refusal) {
        switch try reservation(reference).state {
        case .held, .kept: free(reference, .released)
        case .released, .expired: return
        case .fulfilled: throw Refusal("reservationEnded")
        }
    }

    mutating func ship(_ reference: String, _ pieces: [Piece]?) throws(Refusal) {
        let pieces = pieces.map(Model.merged)
        var found = try reservation(reference)
        if pieces == nil, found.state == .fulfilled { return }
        guard found.isActive else { throw Refusal("reservationEnded") }
        let open = found.lines.filter { $0.open > 0 }
        let wanted: [Piece] = pieces ?? open.map { Piece(variant: $0.variant, quantity: $0.open) }
        for piece in wanted {
            guard let index = found.lines.firstIndex(where: { $0.variant == piece.variant }),
                found.lines[index].open >= piece.quantity
            else { throw Refusal("tooMuchFulfilled") }
            found.lines[index].shipped += piece.quantity
        }
        for piece in wanted {
            guard shelves[piece.variant].onHand >= piece.quantity else { throw Refusal("notOnHand") }
            shelves[piece.variant].onHand -= piece.quantity
            shelves[piece.variant].reserved -= piece.quantity
        }
        if found.lines.allSatisfy({ $0.open == 0 }) {
            found.state = .fulfilled
            found.expiresAt = nil
        }
        reservations[reference] = found
    }

    /// Ends reservations whose time is over.
    mutating func sweepShelves() {
        for (reference, found) in reservations where found.state == .held {
            if let expiresAt = found.expiresAt, expiresAt <= now { free(reference, .expired) }
        }
    }

    func available(_ variant: Int) -> Int64 { shelves[variant].onHand - shelves[variant].reserved }

    /// Each variant once, in the order of its first mention.
    static func merged(_ pieces: [Piece]) -> [Piece] {
        var merged: [Piece] = []
        for piece in pieces {
            if let index = merged.firstIndex(where: { $0.variant == piece.variant }) {
                merged[index].quantity += piece.quantity
            } else {
                merged.append(piece)
            }
        }
        return merged
    }

    private mutating func free(_ reference: String, _ end: Reservation.State) {
        for line in reservations[reference]?.lines ?? [] { shelves[line.variant].reserved -= line.open }
        reservations[reference]?.state = end
        reservations[reference]?.expiresAt = nil
    }

    private func reservation(_ reference: String) throws(Refusal) -> Reservation {
        guard let found = reservations[reference] else { throw Refusal("unknownReservation") }
        return found
    }
}
