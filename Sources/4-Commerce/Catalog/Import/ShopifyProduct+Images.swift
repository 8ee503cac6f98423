// What the rows say of the product's images.

extension ShopifyProduct {
    mutating func readImages() {
        guard header.has(.imageSource) else { return }
        var found: [(position: Int, image: ImageDraft)] = []
        for row in group.rows {
            let url = header.text(.imageSource, row)
            guard !url.isEmpty else {
                if !isVariant(row, first: row == group.rows[0]) {
                    note(row, "the row carries neither a variant nor an image")
                }
                continue
            }
            let image = ImageDraft(url: url, alt: header.text(.imageAlt, row))
            do throws(CatalogError) {
                try ProductRules.url(url, field: "")
            } catch {
                refuse(row, .imageSource, url, error.rule)
            }
            if found.contains(where: { $0.image.url == url }) {
                note(row, "the image \(url) stands twice; it is kept once")
                continue
            }
            found.append((position(row), image))
        }
        fileImages = found.count
        // Sorting is stable by the order in the file where positions are equal or missing.
        let sorted = found.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
        var images = sorted.map(\.element.image)
        for old in existing?.images ?? [] where !images.contains(where: { $0.url == old.url }) {
            note(group.rows[0], "the image \(old.url) is not in the file; it stays")
            images.append(old)
        }
        draft.images = images
    }

    mutating func position(_ row: CSVRecord) -> Int {
        let text = header.text(.imagePosition, row)
        if text.isEmpty { return .max }
        guard let position = Int(text), position >= 0 else {
            refuse(row, .imagePosition, text, "must be a whole number from 1")
            return .max
        }
        return position
    }
}
