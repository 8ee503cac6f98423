/// Finds a short sequence that still fails: first without whole pieces, then without single commands (Zeller's delta
/// debugging).
enum Shrinker {
    /// `fails` runs a sequence and says where it failed, nil when it did not. Returns the shortest that was found.
    static func shrink(
        _ steps: [NumberedStep], limit: Int = 400, fails: ([NumberedStep]) async -> Int?
    ) async -> [NumberedStep] {
        var kept = steps
        var runs = 0
        func attempt(_ candidate: [NumberedStep]) async -> [NumberedStep]? {
            guard !candidate.isEmpty, runs < limit else { return nil }
            runs += 1
            guard let place = await fails(candidate) else { return nil }
            return Array(candidate.prefix(place + 1))
        }
        guard let place = await fails(kept) else { return kept }
        kept = Array(kept.prefix(place + 1))
        var size = max(1, kept.count / 2)
        while true {
            var start = 0
            var isShorter = false
            while start < kept.count {
                let without = Array(kept[..<start] + kept[min(start + size, kept.count)...])
                if let shorter = await attempt(without) {
                    kept = shorter
                    isShorter = true
                } else {
                    start += size
                }
            }
            if size == 1, !isShorter || runs >= limit { return kept }
            if !isShorter { size = max(1, size / 2) }
        }
    }
}
