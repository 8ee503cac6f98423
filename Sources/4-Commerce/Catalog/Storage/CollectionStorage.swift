import Runtime
import Store

/// A set of products that a person put together.
struct StoredCollection: Hashable {
    var handle: String
    var title: String
    var descriptionHTML: String
    var createdAt: Timestamp
}

enum CollectionStorage {
    /// False when the handle is taken.
    static func insert(_ collection: StoredCollection, in tx: Transaction) throws -> Bool {
        try tx.executeCounted(
            """
            INSERT INTO catalog_collections (handle, title, description, created_at)
            VALUES (\(collection.handle), \(collection.title), \(collection.descriptionHTML), \(collection.createdAt))
            ON CONFLICT (handle) DO NOTHING
            """) == 1
    }

    static func list(after handle: String, limit: Int, in reader: any SQLReader) throws -> [StoredCollection] {
        try reader.query(
            """
            SELECT handle, title, description, created_at FROM catalog_collections
            WHERE handle > \(handle) ORDER BY handle LIMIT \(limit)
            """
        ) { row in
            StoredCollection(
                handle: row.text(0), title: row.text(1), descriptionHTML: row.text(2), createdAt: try row.get(3))
        }
    }
}
