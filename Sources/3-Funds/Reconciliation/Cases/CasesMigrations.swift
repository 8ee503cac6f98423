import Store

/// The tables of cases and repairs. Capability "reconciliation-cases", versions from 1.
enum CasesMigrations {
    static let all: [Migration] = []
}
