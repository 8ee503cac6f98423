import Store

/// The tables of cases, repairs, rule sets and what runs beside the live rules. Capability "reconciliation-cases".
enum CasesMigrations {
    static let all: [Migration] = [cases, repairs, rules, orders]

    private static let cases = Migration(
        capability: "reconciliation-cases", version: 1, name: "cases",
        statements: [
            """
            CREATE TABLE recon_cases (id BYTEA PRIMARY KEY, difference_id BYTEA NOT NULL, run_id BYTEA NOT NULL,
            channel TEXT NOT NULL, day BIGINT NOT NULL, class TEXT NOT NULL, state TEXT NOT NULL,
            severity BIGINT NOT NULL, reason TEXT NOT NULL, ours BYTEA, theirs BYTEA, currency TEXT NOT NULL,
            open_minor BIGINT NOT NULL, reference TEXT NOT NULL, side_currency TEXT NOT NULL,
            side_minor BIGINT, cause TEXT NOT NULL, confidence BIGINT NOT NULL, rules BIGINT NOT NULL,
            repair TEXT NOT NULL, other_causes TEXT NOT NULL, oddity BIGINT NOT NULL, odd_feature TEXT NOT NULL,
            owner TEXT NOT NULL, deadline_at BIGINT NOT NULL, carried_to TEXT NOT NULL, outcome TEXT NOT NULL,
            version BIGINT NOT NULL, opened_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, ended_at BIGINT)
            /* clustered */
            """,
            "CREATE UNIQUE INDEX recon_cases_by_difference ON recon_cases (difference_id)",
            "CREATE INDEX recon_cases_by_run ON recon_cases (run_id, id)",
            "CREATE INDEX recon_cases_by_reference ON recon_cases (reference)",
            "CREATE INDEX recon_cases_by_deadline ON recon_cases (deadline_at, id) WHERE ended_at IS NULL",
            // What a line may be mistaken for is looked up by amount among the one-sided cases of its channel.
            """
            CREATE INDEX recon_cases_one_sided ON recon_cases (channel, side_currency, side_minor)
            WHERE side_minor IS NOT NULL
            """,
            """
            CREATE TABLE recon_case_notes (case_id BYTEA NOT NULL, id BYTEA NOT NULL, author TEXT NOT NULL,
            body TEXT NOT NULL, erased BIGINT NOT NULL, written_at BIGINT NOT NULL, PRIMARY KEY (case_id, id))
            /* clustered */
            """,
            """
            CREATE TABLE recon_case_files (case_id BYTEA NOT NULL, sha256 BYTEA NOT NULL, name TEXT NOT NULL,
            size BIGINT NOT NULL, attached_by TEXT NOT NULL, attached_at BIGINT NOT NULL,
            PRIMARY KEY (case_id, sha256)) /* clustered */
            """,
            // Runs whose cases are to be explained anew, because the whole run is known by now.
            """
            CREATE TABLE recon_case_work (run_id BYTEA PRIMARY KEY, stage BIGINT NOT NULL, after_case BYTEA NOT NULL)
            /* clustered */
            """
        ])

    private static let repairs = Migration(
        capability: "reconciliation-cases", version: 2, name: "repairs",
        statements: [
            """
            CREATE TABLE recon_repairs (id BYTEA PRIMARY KEY, case_id BYTEA NOT NULL, kind TEXT NOT NULL,
            state TEXT NOT NULL, entries BYTEA NOT NULL, currency TEXT NOT NULL, amount_minor BIGINT NOT NULL,
            item_reference TEXT NOT NULL, expected_open BIGINT NOT NULL, carry_to TEXT NOT NULL, reason TEXT NOT NULL,
            maker TEXT NOT NULL, maker_person TEXT NOT NULL, checker TEXT NOT NULL, executor TEXT NOT NULL,
            decision TEXT NOT NULL, automatic BIGINT NOT NULL, waits TEXT NOT NULL, reverses BYTEA, reversed_by BYTEA,
            version BIGINT NOT NULL, proposed_at BIGINT NOT NULL, decided_at BIGINT, executed_at BIGINT)
            /* clustered */
            """,
            "CREATE INDEX recon_repairs_by_case ON recon_repairs (case_id, id)",
            "CREATE INDEX recon_repairs_by_state ON recon_repairs (state, id)",
            // What repaired itself on a day (UTC), against the policy's daily cap.
            """
            CREATE TABLE recon_repair_days (day BIGINT NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL,
            amount_minor BIGINT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (day, kind, currency)) /* clustered */
            """
        ])

    private static let rules = Migration(
        capability: "reconciliation-cases", version: 3, name: "rule sets and comparisons",
        statements: [
            """
            CREATE TABLE recon_rule_sets (kind TEXT NOT NULL, number BIGINT NOT NULL, state TEXT NOT NULL,
            source TEXT NOT NULL, sha256 BYTEA NOT NULL, maker TEXT NOT NULL, maker_person TEXT NOT NULL,
            checker TEXT NOT NULL, put_at BIGINT NOT NULL, activated_at BIGINT, PRIMARY KEY (kind, number))
            /* clustered */
            """,
            """
            CREATE TABLE recon_shadows (id BYTEA PRIMARY KEY, kind TEXT NOT NULL, number BIGINT NOT NULL,
            run_id BYTEA NOT NULL, report BYTEA NOT NULL, run_at BIGINT NOT NULL) /* clustered */
            """,
            "CREATE INDEX recon_shadows_by_set ON recon_shadows (kind, number, id)"
        ])

    private static let orders = Migration(
        capability: "reconciliation-cases", version: 4, name: "orders as far as they are checked",
        statements: [
            """
            CREATE TABLE recon_orders (reference TEXT PRIMARY KEY, state TEXT NOT NULL, currency TEXT NOT NULL,
            total_minor BIGINT NOT NULL, captured_minor BIGINT NOT NULL, refunded_minor BIGINT NOT NULL,
            fee_minor BIGINT NOT NULL, placed_at BIGINT NOT NULL) /* clustered */
            """,
            "CREATE INDEX recon_orders_by_day ON recon_orders (placed_at, reference)"
        ])
}
