import Store

/// The tables of quality figures. Capability "reconciliation-quality", versions from 1.
enum QualityMigrations {
    static let all: [Migration] = []
}
