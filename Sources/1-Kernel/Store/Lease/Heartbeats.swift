/// Judges which processes have died, from the heartbeats that one observer saw. Pure: it is told what was seen and how
/// much of the observer's own time has passed.
///
/// A heartbeat is a number that its process raises. Only whether it has changed counts, so clocks of different machines
/// are never compared. Time in which the observer itself could not look counts little: after a pause of its own, or of
/// the database, everybody else gets the chance to be seen again.
struct Heartbeats {
    /// Who has not been seen to change for so long is dead.
    static let silenceLimit = Duration.seconds(4)
    /// The most that one look may add to a silence.
    static let longestStep = Duration.milliseconds(1_500)

    private struct Seen {
        var beat: Int64
        var silence = Duration.zero
    }
    private var seen: [String: Seen] = [:]

    /// Takes in the heartbeats of all processes, `elapsed` after the look before. Returns those that are dead now, with
    /// the heartbeat that was their last.
    mutating func look(_ beats: [String: Int64], elapsed: Duration) -> [String: Int64] {
        var dead: [String: Int64] = [:]
        seen = seen.filter { beats[$0.key] != nil }
        for (process, beat) in beats {
            guard var known = seen[process], known.beat == beat else {
                seen[process] = Seen(beat: beat)
                continue
            }
            known.silence += min(elapsed, Heartbeats.longestStep)
            seen[process] = known
            if known.silence >= Heartbeats.silenceLimit { dead[process] = beat }
        }
        return dead
    }
}
