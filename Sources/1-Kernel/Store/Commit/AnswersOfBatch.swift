internal import Runtime

/// The answers that one batch looks up and keeps: read together when it begins, written together before it commits.
final class AnswersOfBatch {
    private struct Seen {
        var fingerprint: [UInt8]
        var answer: [UInt8]
    }

    private var seen: [[UInt8]: Seen] = [:]
    private var kept: [[UInt8]] = []
    private var marked = 0

    /// Reads what was answered before, for all commands of the batch.
    func load(_ keys: [IdempotencyKey], _ reader: any SQLReader) throws {
        try reader.forEach(each: Idempotency.find, count: keys.count, values: { [.bytes(keys[$0].key)] }) {
            index, row in
            seen[keys[index].key] = Seen(fingerprint: row.bytes(0), answer: row.bytes(1))
        }
    }

    /// The first answer, or nil when the key is new. Throws `idempotencyKeyReused` when the request was another.
    func answer(_ key: IdempotencyKey) throws -> [UInt8]? {
        guard let found = seen[key.key] else { return nil }
        guard found.fingerprint == key.fingerprint else {
            throw StoreError(.idempotencyKeyReused, "this idempotency key was used before with another request")
        }
        return found.answer
    }

    func keep(_ key: IdempotencyKey, answer: [UInt8]) {
        seen[key.key] = Seen(fingerprint: key.fingerprint, answer: answer)
        kept.append(key.key)
    }

    func mark() { marked = kept.count }

    func undoToMark() {
        while kept.count > marked { seen[kept.removeLast()] = nil }
    }

    func flush(_ transaction: Transaction) throws {
        try transaction.execute(each: Idempotency.insert, count: kept.count) { index, row in
            let key = kept[index]
            guard let answer = seen[key] else { throw StoreError(.database, "a kept answer has no content") }
            row.bytes(key)
            row.bytes(answer.fingerprint)
            row.bytes(answer.answer)
            row.integer(transaction.now.microseconds)
        }
    }
}
