import Store

/// The ledger's tables. Only `ledger_accounts`, `ledger_transfers` and the cursors are the truth; the others are
/// derived from the transfers and can be dropped and derived again.
enum LedgerMigrations {
    static let all = [
        Migration(
            capability: "ledger", version: 1, name: "accounts, transfers and what is derived from them",
            statements: [
                """
                CREATE TABLE ledger_accounts (key BIGINT PRIMARY KEY, code TEXT NOT NULL, currency TEXT NOT NULL,
                side BIGINT NOT NULL, limits BIGINT NOT NULL, opened_at BIGINT NOT NULL) /* clustered */
                """,
                "CREATE UNIQUE INDEX ledger_accounts_code ON ledger_accounts (code, currency)",
                // No index beside the key: each would cost the synchronous path more than the row itself.
                """
                CREATE TABLE ledger_transfers (sequence BIGINT PRIMARY KEY, debit BIGINT NOT NULL,
                credit BIGINT NOT NULL, amount BIGINT NOT NULL, held BIGINT NOT NULL, code BIGINT NOT NULL,
                kind BIGINT NOT NULL, pending BIGINT, expires_at BIGINT, reference TEXT, time BIGINT NOT NULL)
                /* clustered */
                """,
                """
                CREATE TABLE ledger_balances (account BIGINT PRIMARY KEY, debits_posted BIGINT NOT NULL,
                debits_pending BIGINT NOT NULL, credits_posted BIGINT NOT NULL, credits_pending BIGINT NOT NULL)
                /* clustered */
                """,
                """
                CREATE TABLE ledger_holds (sequence BIGINT PRIMARY KEY, debit BIGINT NOT NULL, credit BIGINT NOT NULL,
                amount BIGINT NOT NULL, expires_at BIGINT, state BIGINT NOT NULL, resolved_by BIGINT) /* clustered */
                """,
                "CREATE INDEX ledger_holds_due ON ledger_holds (expires_at, sequence) WHERE state = 0",
                """
                CREATE TABLE ledger_entries (account BIGINT NOT NULL, sequence BIGINT NOT NULL, side BIGINT NOT NULL,
                amount BIGINT NOT NULL, held BIGINT NOT NULL, debits_posted BIGINT NOT NULL,
                debits_pending BIGINT NOT NULL, credits_posted BIGINT NOT NULL, credits_pending BIGINT NOT NULL,
                PRIMARY KEY (account, sequence)) /* clustered */
                """,
                """
                CREATE TABLE ledger_references (reference TEXT NOT NULL, sequence BIGINT NOT NULL,
                PRIMARY KEY (reference, sequence)) /* clustered */
                """,
                "CREATE TABLE ledger_cursors (name TEXT PRIMARY KEY, sequence BIGINT NOT NULL) /* clustered */"
            ]),
        Migration(
            capability: "ledger", version: 2, name: "open items of clearing accounts",
            statements: [
                """
                CREATE TABLE ledger_open_items (account BIGINT NOT NULL, reference TEXT NOT NULL,
                open_minor BIGINT NOT NULL, opened BIGINT NOT NULL, opened_at BIGINT NOT NULL, moved BIGINT NOT NULL,
                PRIMARY KEY (account, reference)) /* clustered */
                """,
                // People work through what is open from its oldest end.
                "CREATE UNIQUE INDEX ledger_open_items_by_age ON ledger_open_items (account, opened)",
                OpenItemRows.derive
            ])
    ]
}
