import Store

/// The schema of the capability.
///
/// Placing an order writes one row, at the end of `orders`, because ids rise with time. Its unchanging part (lines,
/// totals, tokens) is one packed column, the very bytes of the `OrderPlaced` event: encoding it twice or scattering it
/// over four tables would cost more than all the rest of placing. What lists and searches need follows the journal in
/// `order_states`, `order_people`, `order_lines` and `order_days`; those can be dropped and derived again.
enum OrdersTables {
    static let migrations = [
        Migration(
            capability: "orders", version: 1, name: "orders and carts",
            statements: [
                """
                CREATE TABLE orders (id BYTEA PRIMARY KEY, version BIGINT NOT NULL, state BIGINT NOT NULL,
                payment_state BIGINT NOT NULL, currency TEXT NOT NULL, total BIGINT NOT NULL,
                captured BIGINT NOT NULL DEFAULT 0, refunded BIGINT NOT NULL DEFAULT 0,
                refunding BIGINT NOT NULL DEFAULT 0, corrected_revenue BIGINT NOT NULL DEFAULT 0,
                corrected_tax BIGINT NOT NULL DEFAULT 0, person BYTEA, line_count BIGINT NOT NULL,
                reserved_until BIGINT, updated_at BIGINT NOT NULL, cancel_reason TEXT NOT NULL DEFAULT '',
                progress BYTEA, fact BYTEA NOT NULL) /* clustered */
                """,
                """
                CREATE TABLE order_payments (payment BYTEA PRIMARY KEY, order_id BYTEA NOT NULL, channel TEXT NOT NULL,
                state BIGINT NOT NULL, amount BIGINT NOT NULL, captured BIGINT NOT NULL DEFAULT 0,
                refunded BIGINT NOT NULL DEFAULT 0, counted BIGINT NOT NULL DEFAULT 0, at BIGINT NOT NULL)
                /* clustered */
                """,
                "CREATE INDEX order_payments_by_order ON order_payments (order_id)",
                """
                CREATE TABLE order_fulfilments (order_id BYTEA NOT NULL, number BIGINT NOT NULL, lines BYTEA NOT NULL,
                carrier TEXT NOT NULL, tracking_number TEXT NOT NULL, at BIGINT NOT NULL,
                PRIMARY KEY (order_id, number)) /* clustered */
                """,
                """
                CREATE TABLE order_returns (order_id BYTEA NOT NULL, number BIGINT NOT NULL, lines BYTEA NOT NULL,
                restocked BIGINT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL,
                PRIMARY KEY (order_id, number)) /* clustered */
                """,
                """
                CREATE TABLE order_refunds (order_id BYTEA NOT NULL, number BIGINT NOT NULL, payment BYTEA NOT NULL,
                refund BYTEA NOT NULL, amount BIGINT NOT NULL, state BIGINT NOT NULL, counted BIGINT NOT NULL,
                reason TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (order_id, number)) /* clustered */
                """,
                """
                CREATE TABLE carts (id BYTEA PRIMARY KEY, version BIGINT NOT NULL, state BIGINT NOT NULL,
                expires_at BIGINT NOT NULL, order_id BYTEA, content BYTEA NOT NULL) /* clustered */
                """,
                "CREATE INDEX carts_by_expiry ON carts (expires_at) WHERE state = 0"
            ]),
        Migration(
            capability: "orders", version: 2, name: "tables of rates, methods and codes",
            statements: [
                """
                CREATE TABLE shipping_methods (code TEXT PRIMARY KEY, name TEXT NOT NULL, currency TEXT NOT NULL,
                price BIGINT NOT NULL, free_from BIGINT, tax_category TEXT NOT NULL, active BIGINT NOT NULL)
                /* clustered */
                """,
                """
                CREATE TABLE tax_rates (country TEXT NOT NULL, region TEXT NOT NULL, category TEXT NOT NULL,
                name TEXT NOT NULL, rate TEXT NOT NULL, included BIGINT NOT NULL,
                PRIMARY KEY (country, region, category)) /* clustered */
                """,
                """
                CREATE TABLE discounts (code TEXT PRIMARY KEY, basis_points BIGINT NOT NULL, currency TEXT NOT NULL,
                amount BIGINT NOT NULL, minimum BIGINT NOT NULL, valid_from BIGINT, valid_until BIGINT,
                active BIGINT NOT NULL) /* clustered */
                """
            ]),
        Migration(
            capability: "orders", version: 3, name: "what lists and days need",
            statements: [
                """
                CREATE TABLE order_states (state BIGINT NOT NULL, order_id BYTEA NOT NULL,
                PRIMARY KEY (state, order_id)) /* clustered */
                """,
                """
                CREATE TABLE order_people (person BYTEA NOT NULL, order_id BYTEA NOT NULL,
                PRIMARY KEY (person, order_id)) /* clustered */
                """,
                """
                CREATE TABLE order_lines (order_id BYTEA NOT NULL, line BIGINT NOT NULL, variant BYTEA NOT NULL,
                quantity BIGINT NOT NULL, total BIGINT NOT NULL, PRIMARY KEY (order_id, line)) /* clustered */
                """,
                """
                CREATE TABLE order_days (day TEXT NOT NULL, currency TEXT NOT NULL, figure TEXT NOT NULL,
                count BIGINT NOT NULL, amount BIGINT NOT NULL, PRIMARY KEY (day, currency, figure)) /* clustered */
                """
            ])
    ]
}
