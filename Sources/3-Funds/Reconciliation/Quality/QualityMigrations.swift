import Store

/// The tables of quality figures. Capability "reconciliation-quality", versions from 1.
enum QualityMigrations {
    static let all: [Migration] = [figures, settings, fetches]

    /// Derived from the journal: may be emptied and derived again.
    private static let figures = Migration(
        capability: "reconciliation-quality", version: 1, name: "figures of runs and cases",
        statements: [
            """
            CREATE TABLE recon_quality_runs (day BIGINT NOT NULL, channel TEXT NOT NULL, number BIGINT NOT NULL,
            run_id TEXT NOT NULL, state TEXT NOT NULL, lines BIGINT NOT NULL, matched BIGINT NOT NULL,
            settled_at BIGINT, PRIMARY KEY (day, channel, number)) /* clustered */
            """,
            "CREATE UNIQUE INDEX recon_quality_runs_by_id ON recon_quality_runs (run_id)",
            """
            CREATE TABLE recon_quality_cases (case_id TEXT PRIMARY KEY, day BIGINT NOT NULL, channel TEXT NOT NULL,
            class TEXT NOT NULL, currency TEXT NOT NULL, amount_minor BIGINT NOT NULL, opened_at BIGINT NOT NULL,
            ended_at BIGINT, ending TEXT NOT NULL) /* clustered */
            """,
            "CREATE INDEX recon_quality_cases_live ON recon_quality_cases (day, channel) WHERE ended_at IS NULL",
            // One row for each day, channel and class: how many cases, how they ended, and how long that took.
            """
            CREATE TABLE recon_quality_classes (day BIGINT NOT NULL, channel TEXT NOT NULL, class TEXT NOT NULL,
            found BIGINT NOT NULL, live BIGINT NOT NULL, by_policy BIGINT NOT NULL, by_match BIGINT NOT NULL,
            by_person BIGINT NOT NULL, detected BIGINT NOT NULL, detect_seconds BIGINT NOT NULL,
            repair_seconds BIGINT NOT NULL, PRIMARY KEY (day, channel, class)) /* clustered */
            """,
            // Half hours since 1970, because some zones are not whole hours away from UTC.
            """
            CREATE TABLE recon_quality_slots (slot BIGINT NOT NULL, channel TEXT NOT NULL, found BIGINT NOT NULL,
            PRIMARY KEY (slot, channel)) /* clustered */
            """
        ])

    private static let settings = Migration(
        capability: "reconciliation-quality", version: 2, name: "objectives",
        statements: [
            """
            CREATE TABLE recon_quality_objectives (id BIGINT PRIMARY KEY, zone TEXT NOT NULL,
            finish_by BIGINT NOT NULL, wrong_ppm BIGINT NOT NULL, on_time_ppm BIGINT NOT NULL,
            automatic_ppm BIGINT NOT NULL) /* clustered */
            """
        ])

    private static let fetches = Migration(
        capability: "reconciliation-quality", version: 3, name: "statements that are fetched",
        statements: [
            """
            CREATE TABLE recon_fetches (channel TEXT NOT NULL, day BIGINT NOT NULL, state TEXT NOT NULL,
            tries BIGINT NOT NULL, tag TEXT NOT NULL, problem TEXT NOT NULL, due_at BIGINT NOT NULL,
            deadline_at BIGINT NOT NULL, next_at BIGINT, told BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            PRIMARY KEY (channel, day)) /* clustered */
            """,
            "CREATE INDEX recon_fetches_awaited ON recon_fetches (day, channel) WHERE state <> 'done'"
        ])
}
