import Ledger
import Money
import Runtime

/// The ledger again, as simply as it can be said: a list of transfers, and sums over all of it for every question.
struct LedgerModel {
    struct Line {
        let debit: Int
        let credit: Int
        let amount: Int64
        let held: Int64
        let time: Timestamp
    }

    struct Hold {
        let debit: Int
        let credit: Int
        let amount: Int64
        let expiresAt: Timestamp?
        var end: LedgerError.Code?
    }

    let limits: [AccountLimit]
    var lines: [Line] = []
    var holds: [Int: Hold] = [:]

    func balance(_ account: Int, asOf moment: Timestamp? = nil) -> [Int64] {
        var sums: [Int64] = [0, 0, 0, 0]
        for line in lines where moment.map({ line.time <= $0 }) ?? true {
            if line.debit == account {
                sums[0] += line.amount
                sums[1] += line.held
            }
            if line.credit == account {
                sums[2] += line.amount
                sums[3] += line.held
            }
        }
        return sums
    }

    mutating func expire(at now: Timestamp) {
        let oldestFirst = holds.sorted { ($0.value.expiresAt ?? now, $0.key) < ($1.value.expiresAt ?? now, $1.key) }
        for (number, hold) in oldestFirst {
            guard hold.end == nil, let expiresAt = hold.expiresAt, expiresAt <= now else { continue }
            end(number, .pendingExpired, amount: 0, now)
        }
    }

    mutating func move(
        _ debit: Int, _ credit: Int, _ amount: Int64, pending: Bool, expiresAt: Timestamp?, _ now: Timestamp
    ) -> LedgerError.Code? {
        if let expiresAt, pending, expiresAt <= now { return .expiryNotInFuture }
        if amount <= 0 { return .amountNotPositive }
        if debit == credit { return .sameAccount }
        let from = balance(debit)
        let to = balance(credit)
        if limits[debit] == .debitsMustNotExceedCredits, from[0] + from[1] + amount > from[2] {
            return .debitsExceedCredits
        }
        if limits[credit] == .creditsMustNotExceedDebits, to[2] + to[3] + amount > to[0] {
            return .creditsExceedDebits
        }
        lines.append(
            Line(debit: debit, credit: credit, amount: pending ? 0 : amount, held: pending ? amount : 0, time: now))
        if pending {
            holds[lines.count] = Hold(debit: debit, credit: credit, amount: amount, expiresAt: expiresAt)
        }
        return nil
    }

    /// Posts `amount` of a pending transfer (nil: all), or voids it.
    mutating func resolve(_ number: Int, posts: Bool, amount: Int64?, _ now: Timestamp) -> LedgerError.Code? {
        guard let hold = holds[number] else { return .pendingUnknown }
        if let end = hold.end { return end }
        if posts, let amount, amount <= 0 { return .amountNotPositive }
        if posts, let amount, amount > hold.amount { return .exceedsPendingAmount }
        end(
            number, posts ? .pendingAlreadyPosted : .pendingAlreadyVoided,
            amount: posts ? amount ?? hold.amount : 0, now)
        return nil
    }

    private mutating func end(_ number: Int, _ reason: LedgerError.Code, amount: Int64, _ now: Timestamp) {
        guard let hold = holds[number] else { return }
        holds[number]?.end = reason
        lines.append(Line(debit: hold.debit, credit: hold.credit, amount: amount, held: -hold.amount, time: now))
    }
}

extension Balance {
    var columns: [Int64] { [debitsPosted, debitsPending, creditsPosted, creditsPending] }
}
