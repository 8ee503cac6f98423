import Store

/// The tables of the catalogue. Nobody else reads them.
enum CatalogTables {
    static let textIndex = "catalog_search"

    static let migrations = [
        Migration(
            capability: "catalog", version: 1, name: "products, variants and their surroundings",
            statements: [
                // `number` is the product's key in the text index, which takes only integers.
                """
                CREATE TABLE catalog_products (
                    id BYTEA PRIMARY KEY,
                    number BIGINT NOT NULL UNIQUE,
                    handle TEXT NOT NULL UNIQUE,
                    title TEXT NOT NULL,
                    description TEXT NOT NULL,
                    vendor TEXT NOT NULL,
                    category TEXT NOT NULL,
                    status TEXT NOT NULL,
                    tax_category TEXT NOT NULL,
                    gift_card BIGINT NOT NULL,
                    seo_title TEXT NOT NULL,
                    seo_description TEXT NOT NULL,
                    option1 TEXT NOT NULL,
                    option2 TEXT NOT NULL,
                    option3 TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL
                )
                """,
                // A retired variant stays, because orders remember it; its SKU is free again.
                """
                CREATE TABLE catalog_variants (
                    id BYTEA PRIMARY KEY,
                    product BYTEA NOT NULL,
                    position BIGINT NOT NULL,
                    sku TEXT NOT NULL,
                    value1 TEXT NOT NULL,
                    value2 TEXT NOT NULL,
                    value3 TEXT NOT NULL,
                    price BIGINT NOT NULL CHECK (price >= 0),
                    currency TEXT NOT NULL,
                    compare_at_price BIGINT,
                    cost_price BIGINT,
                    barcode TEXT NOT NULL,
                    weight_grams BIGINT NOT NULL,
                    requires_shipping BIGINT NOT NULL,
                    taxable BIGINT NOT NULL,
                    tracked BIGINT NOT NULL,
                    backorder BIGINT NOT NULL,
                    image_url TEXT NOT NULL,
                    tax_category TEXT NOT NULL,
                    retired BIGINT NOT NULL,
                    imported_quantity BIGINT
                )
                """,
                "CREATE INDEX catalog_variants_product ON catalog_variants (product, position)",
                "CREATE UNIQUE INDEX catalog_variants_sku ON catalog_variants (sku) WHERE sku <> '' AND retired = 0",
                """
                CREATE TABLE catalog_images (
                    product BYTEA NOT NULL,
                    position BIGINT NOT NULL,
                    url TEXT NOT NULL,
                    alt TEXT NOT NULL,
                    PRIMARY KEY (product, position)
                ) /* clustered */
                """,
                """
                CREATE TABLE catalog_tags (
                    product BYTEA NOT NULL,
                    position BIGINT NOT NULL,
                    tag TEXT NOT NULL,
                    PRIMARY KEY (product, position)
                ) /* clustered */
                """,
                "CREATE INDEX catalog_tags_tag ON catalog_tags (tag, product)",
                """
                CREATE TABLE catalog_collections (
                    handle TEXT PRIMARY KEY,
                    title TEXT NOT NULL,
                    description TEXT NOT NULL,
                    created_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE catalog_memberships (
                    product BYTEA NOT NULL,
                    collection TEXT NOT NULL,
                    PRIMARY KEY (product, collection)
                ) /* clustered */
                """,
                "CREATE INDEX catalog_memberships_collection ON catalog_memberships (collection, product)",
                // Of a product or of a variant.
                """
                CREATE TABLE catalog_attributes (
                    owner BYTEA NOT NULL,
                    name TEXT NOT NULL,
                    value TEXT NOT NULL,
                    PRIMARY KEY (owner, name)
                ) /* clustered */
                """
            ],
            textIndexes: [textIndex])
    ]
}
