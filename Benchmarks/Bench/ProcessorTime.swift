import Foundation

/// What this process has used of processors, on all cores together.
enum ProcessorTime {
    /// Since it began.
    static func seconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
