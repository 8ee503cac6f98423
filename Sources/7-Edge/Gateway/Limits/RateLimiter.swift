import Synchronization

/// Token buckets of who calls what, at most `capacity` of them: the least recently used makes room.
///
/// An evicted bucket starts full again, so a bound on memory can only be too kind, never too strict.
final class RateLimiter: Sendable {
    struct Key: Hashable, Sendable {
        let operation: Int
        let holder: String
    }

    private struct Slot {
        var key: Key
        var bucket: TokenBucket
        var newer: Int
        var older: Int
    }

    /// A list of slots by last use inside one array; −1 ends it.
    private struct State {
        var places: [Key: Int] = [:]
        var slots: [Slot] = []
        var newest = -1
        var oldest = -1
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        precondition(capacity > 0, "a rate limiter without room limits nothing")
        self.capacity = capacity
    }

    func take(_ key: Key, _ limit: TokenBucket.Limit, now: Int64) -> TokenBucket.Verdict {
        state.withLock { state in
            let place = slot(for: key, &state)
            return state.slots[place].bucket.take(limit, now: now)
        }
    }

    var count: Int { state.withLock { $0.slots.count } }

    private func slot(for key: Key, _ state: inout State) -> Int {
        if let place = state.places[key] {
            if state.newest != place {
                unlink(place, &state)
                linkNewest(place, &state)
            }
            return place
        }
        let fresh = Slot(key: key, bucket: TokenBucket(), newer: -1, older: -1)
        let place: Int
        if state.slots.count < capacity {
            place = state.slots.count
            state.slots.append(fresh)
        } else {
            place = state.oldest
            unlink(place, &state)
            state.places[state.slots[place].key] = nil
            state.slots[place] = fresh
        }
        state.places[key] = place
        linkNewest(place, &state)
        return place
    }

    private func unlink(_ place: Int, _ state: inout State) {
        let (newer, older) = (state.slots[place].newer, state.slots[place].older)
        if newer >= 0 { state.slots[newer].older = older } else { state.newest = older }
        if older >= 0 { state.slots[older].newer = newer } else { state.oldest = newer }
    }

    private func linkNewest(_ place: Int, _ state: inout State) {
        state.slots[place].newer = -1
        state.slots[place].older = state.newest
        if state.newest >= 0 { state.slots[state.newest].newer = place }
        state.newest = place
        if state.oldest < 0 { state.oldest = place }
    }
}
