import Runtime
import Store

/// What cases need to know of a run.
enum RunEnd {
    /// The end of its business day in microseconds since 1970; nil when there is no such run.
    static func read(_ run: RunID, _ reader: any SQLReader) throws -> Int64? {
        try RunRows.find(run, reader)?.until.microseconds
    }

    /// How many lines their side has.
    static func lines(_ run: RunID, _ reader: any SQLReader) throws -> Int64 {
        try RunRows.find(run, reader)?.counts.theirs ?? 0
    }
}
