import Store

/// The tables of the stock room. Nobody else reads them.
enum InventoryTables {
    static let migrations = [
        Migration(
            capability: "inventory", version: 1, name: "stock, reservations and movements",
            statements: [
                """
                CREATE TABLE inventory_locations (
                    id BYTEA PRIMARY KEY,
                    code TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    priority BIGINT NOT NULL,
                    active BIGINT NOT NULL
                )
                """,
                // Keyed by variant first: an order asks for few variants, each in few places.
                """
                CREATE TABLE inventory_stock (
                    variant BYTEA NOT NULL,
                    location BYTEA NOT NULL,
                    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
                    reserved BIGINT NOT NULL CHECK (reserved >= 0),
                    PRIMARY KEY (variant, location)
                ) /* clustered */
                """,
                // One row an order, its lines packed (PackedStockLines): a row a line costs three times the writes.
                // References are order and cart ids, which rise with time, so rows are appended.
                """
                CREATE TABLE inventory_reservations (
                    reference TEXT PRIMARY KEY,
                    state BIGINT NOT NULL,
                    lines BYTEA NOT NULL,
                    created_at BIGINT NOT NULL,
                    expires_at BIGINT
                ) /* clustered */
                """,
                // Only what can still expire is in the index, so it stays as small as the open carts.
                """
                CREATE INDEX inventory_reservations_expiry ON inventory_reservations (expires_at)
                    WHERE state = 0 AND expires_at IS NOT NULL
                """,
                """
                CREATE TABLE inventory_movements (
                    id BYTEA PRIMARY KEY,
                    variant BYTEA NOT NULL,
                    location BYTEA NOT NULL,
                    quantity BIGINT NOT NULL,
                    reason TEXT NOT NULL,
                    reference TEXT NOT NULL,
                    at BIGINT NOT NULL
                ) /* clustered */
                """,
                "CREATE INDEX inventory_movements_variant ON inventory_movements (variant, id)",
                // What was done under a reference, so that doing it again does nothing.
                """
                CREATE TABLE inventory_deeds (
                    deed TEXT PRIMARY KEY,
                    content BYTEA NOT NULL
                ) /* clustered */
                """
            ])
    ]
}
