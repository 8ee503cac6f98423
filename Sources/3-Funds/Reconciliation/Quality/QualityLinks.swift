import Store

/// From what stands open in the ledger to the case that explains it.
enum QualityLinks {
    /// The newest live case under each reference.
    static func cases(of references: [String], in reader: any SQLReader) throws -> [String: String] {
        guard !references.isEmpty else { return [:] }
        var found: [String: String] = [:]
        try reader.forEach(
            """
            SELECT reference, id FROM recon_cases WHERE reference IN (\(list: references)) AND ended_at IS NULL
            ORDER BY id
            """
        ) { row in
            let id: CaseID = try row.get(1)
            found[row.text(0)] = "\(id)"
        }
        return found
    }
}
