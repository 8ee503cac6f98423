public import Store

extension Payments {
    /// The tables of a tenant's book.
    public static let migrations: [Migration] = [
        Migration(
            capability: "payments", version: 1, name: "payments",
            statements: [
                """
                CREATE TABLE payments (
                    id BYTEA NOT NULL PRIMARY KEY,
                    reference TEXT NOT NULL,
                    channel TEXT NOT NULL,
                    currency TEXT NOT NULL,
                    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
                    captured_minor BIGINT NOT NULL,
                    refunded_minor BIGINT NOT NULL,
                    refund_reserved_minor BIGINT NOT NULL,
                    channel_fee_minor BIGINT NOT NULL,
                    platform_fee_minor BIGINT NOT NULL,
                    platform_fee_returned_minor BIGINT NOT NULL,
                    capture_mode TEXT NOT NULL,
                    state TEXT NOT NULL,
                    attempts BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    CHECK (captured_minor <= amount_minor),
                    CHECK (refunded_minor >= 0 AND refund_reserved_minor >= 0),
                    CHECK (refunded_minor + refund_reserved_minor <= captured_minor)
                ) /* clustered */
                """,
                "CREATE INDEX payments_by_reference ON payments (reference, id)",
                """
                CREATE TABLE payment_attempts (
                    payment_id BYTEA NOT NULL,
                    number BIGINT NOT NULL,
                    state TEXT NOT NULL,
                    wish TEXT NOT NULL,
                    operation BIGINT NOT NULL,
                    capture_operation BIGINT,
                    capture_minor BIGINT,
                    captured_minor BIGINT NOT NULL,
                    hold BIGINT,
                    fee_minor BIGINT NOT NULL,
                    channel_reference TEXT NOT NULL,
                    refusal TEXT NOT NULL,
                    questions BIGINT NOT NULL,
                    next_action_at BIGINT,
                    sent_at BIGINT,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (payment_id, number)
                ) /* clustered */
                """,
                """
                CREATE INDEX payment_attempts_due ON payment_attempts (next_action_at)
                WHERE next_action_at IS NOT NULL
                """,
                """
                CREATE TABLE payment_refunds (
                    payment_id BYTEA NOT NULL,
                    id BYTEA NOT NULL,
                    attempt BIGINT NOT NULL,
                    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
                    currency TEXT NOT NULL,
                    state TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    refusal TEXT NOT NULL,
                    questions BIGINT NOT NULL,
                    next_action_at BIGINT,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (payment_id, id)
                ) /* clustered */
                """,
                """
                CREATE INDEX payment_refunds_due ON payment_refunds (next_action_at)
                WHERE next_action_at IS NOT NULL
                """,
                """
                CREATE TABLE payment_notices (
                    channel TEXT NOT NULL,
                    notice_id TEXT NOT NULL,
                    received_at BIGINT NOT NULL,
                    PRIMARY KEY (channel, notice_id)
                ) /* clustered */
                """
            ]),
        Migration(
            capability: "payments", version: 2, name: "the time by which channels' statements are compared",
            statements: [
                "ALTER TABLE payment_attempts ADD COLUMN clearing_at BIGINT",
                "ALTER TABLE payment_refunds ADD COLUMN clearing_at BIGINT",
                // The last change is the capture, unless a fee was named later; nothing better is known.
                "UPDATE payment_attempts SET clearing_at = updated_at WHERE state <> 'created'",
                "UPDATE payment_refunds SET clearing_at = updated_at",
                "CREATE INDEX payment_attempts_clearing ON payment_attempts (clearing_at)",
                "CREATE INDEX payment_refunds_clearing ON payment_refunds (clearing_at)"
            ])
    ]

    /// The table of the platform's book that tells whose callback it is.
    public static let platformMigrations: [Migration] = [
        Migration(
            capability: "payments-platform", version: 1, name: "channel accounts",
            statements: [
                """
                CREATE TABLE channel_accounts (
                    token TEXT NOT NULL PRIMARY KEY,
                    channel TEXT NOT NULL,
                    tenant TEXT NOT NULL,
                    secret BYTEA NOT NULL,
                    created_at BIGINT NOT NULL,
                    UNIQUE (tenant, channel)
                ) /* clustered */
                """
            ])
    ]
}
