import Contract
import Runtime
import Store

/// Lists of products: by filter and page, by words, by category.
enum ProductQueries {
    struct Filter {
        var status: ProductStatus?
        var category = ""
        var collection = ""
        var tag = ""
        var vendor = ""
        var handle = ""
    }

    /// Ids after `last`; products are created in the order of their ids.
    static func ids(_ filter: Filter, after last: ProductID?, limit: Int, in reader: any SQLReader) throws
        -> [ProductID]
    {
        var sql: SQL = "SELECT p.id FROM catalog_products p WHERE p.id > \(last ?? ProductID(UUIDv7(high: 0, low: 0)))"
        if let status = filter.status {
            sql = sql + " AND p.status = \(status.rawValue)"
        } else {
            sql = sql + " AND p.status <> \(ProductStatus.archived.rawValue)"
        }
        if !filter.vendor.isEmpty { sql = sql + " AND p.vendor = \(filter.vendor)" }
        if !filter.handle.isEmpty { sql = sql + " AND p.handle = \(filter.handle)" }
        if !filter.category.isEmpty {
            let below = filter.category + "/"
            let inside: SQL = "SUBSTR(p.category, 1, \(below.unicodeScalars.count)) = \(below)"
            sql = sql + " AND (p.category = \(filter.category) OR \(inside))"
        }
        if !filter.tag.isEmpty {
            sql = sql + " AND EXISTS (SELECT 1 FROM catalog_tags t WHERE t.product = p.id AND t.tag = \(filter.tag))"
        }
        if !filter.collection.isEmpty {
            let member: SQL = "m.product = p.id AND m.collection = \(filter.collection)"
            sql = sql + " AND EXISTS (SELECT 1 FROM catalog_memberships m WHERE \(member))"
        }
        return try reader.query(sql + " ORDER BY p.id LIMIT \(limit)") { try $0.get(0) }
    }

    /// Published products that hold all the words, best first. Empty when the text holds no word.
    static func search(_ text: String, limit: Int, in reader: any SQLReader) throws -> [ProductID] {
        guard let query = TextQuery(text) else { return [] }
        let numbers = try reader.search(CatalogTables.textIndex, query, limit: limit, offset: 0)
        guard !numbers.isEmpty else { return [] }
        var ids: [Int64: ProductID] = [:]
        try reader.forEach(
            """
            SELECT number, id FROM catalog_products WHERE number IN (\(list: numbers))
            """
        ) { ids[$0.int64(0)] = try $0.get(1) }
        return numbers.compactMap { ids[$0] }
    }

    /// Every category with its ancestors, and how many products that are not archived stand in it and below.
    static func categories(in reader: any SQLReader) throws -> [(path: String, products: Int64)] {
        var counts: [String: Int64] = [:]
        try reader.forEach(
            """
            SELECT category, COUNT(*) FROM catalog_products
            WHERE category <> '' AND status <> \(ProductStatus.archived.rawValue) GROUP BY category
            """
        ) { row in
            var path = ""
            for name in row.text(0).split(separator: "/") {
                path += (path.isEmpty ? "" : "/") + name
                counts[path, default: 0] += row.int64(1)
            }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
