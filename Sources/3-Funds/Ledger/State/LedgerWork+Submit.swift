import Money
import Runtime
import Store

extension LedgerWork {
    /// Holds released in one call because their time was over; more wait for the next.
    static let expiryLimit = 1_000

    /// Submits transfers in order; each is written or refused by itself, linked chains as one.
    mutating func submit(_ transfers: [Transfer], in tx: Transaction) throws -> [TransferOutcome] {
        try expireDue(in: tx)
        var outcomes: [TransferOutcome] = []
        outcomes.reserveCapacity(transfers.count)
        var chain: Chain?
        for index in transfers.indices {
            if transfers[index].isLinked, chain == nil { chain = Chain(first: index, point: point) }
            if chain?.hasFailed == true {
                outcomes.append(.refused(LedgerError(.linkedTransferFailed)))
            } else {
                do {
                    outcomes.append(.written(try apply(transfers[index], in: tx)))
                } catch let error as LedgerError {
                    outcomes.append(.refused(error))
                    if let open = chain {
                        breakChain(open, &outcomes, before: index)
                        chain?.hasFailed = true
                    }
                }
            }
            if !transfers[index].isLinked { chain = nil }
        }
        if let chain, !chain.hasFailed {
            breakChain(chain, &outcomes, before: outcomes.count - 1)
            outcomes[outcomes.count - 1] = .refused(LedgerError(.linkedChainOpen))
        }
        return outcomes
    }

    /// Submits transfers that stand or fall together; throws the first refusal and leaves nothing.
    mutating func post(_ transfers: [Transfer], in tx: Transaction) throws -> [TransferID] {
        try expireDue(in: tx)
        let start = point
        do {
            return try transfers.map { try apply($0, in: tx) }
        } catch {
            undoTransfers(to: start)
            throw error
        }
    }

    /// Releases pending transfers whose time is over; returns how many.
    @discardableResult
    mutating func expireDue(in tx: Transaction) throws -> Int {
        guard let next = holds.nextExpiry, next <= time else { return 0 }
        let due = try holds.due(at: time, limit: LedgerWork.expiryLimit, tx)
        for (sequence, hold) in due {
            try resolve(
                sequence, hold, effect: hold.releasing, state: .expired, kind: .expirePending,
                code: .authorisation, reference: "", in: tx)
        }
        if due.count < LedgerWork.expiryLimit { try holds.findNextExpiry(after: time, tx) }
        return due.count
    }

    private struct Chain {
        let first: Int
        let point: Point
        var hasFailed = false
    }

    private mutating func breakChain(_ chain: Chain, _ outcomes: inout [TransferOutcome], before failed: Int) {
        undoTransfers(to: chain.point)
        for index in chain.first..<failed { outcomes[index] = .refused(LedgerError(.linkedTransferFailed)) }
    }

    // MARK: one transfer

    private mutating func apply(_ transfer: Transfer, in tx: Transaction) throws -> TransferID {
        guard transfer.reference.utf8.count <= Transfer.referenceLimit else { throw LedgerError(.referenceTooLong) }
        switch transfer.kind {
        case .posted:
            return try move(transfer, expiresAt: nil, isPending: false, in: tx)
        case .pending(let expiresAt):
            if let expiresAt, expiresAt.microseconds <= time { throw LedgerError(.expiryNotInFuture) }
            return try move(transfer, expiresAt: expiresAt?.microseconds, isPending: true, in: tx)
        case .postPending(let pending):
            let hold = try openHold(pending, transfer, in: tx)
            let amount = transfer.amount?.minor ?? hold.amount
            try requirePositive(transfer.amount)
            guard amount <= hold.amount else {
                throw LedgerError(
                    .exceedsPendingAmount, currency: transfer.amount?.currency, amountMinor: amount,
                    transfer: pending)
            }
            return try resolve(
                pending.sequence, hold, effect: hold.posting(amount), state: .posted, kind: .postPending,
                code: transfer.code, reference: transfer.reference, in: tx)
        case .voidPending(let pending):
            let hold = try openHold(pending, transfer, in: tx)
            return try resolve(
                pending.sequence, hold, effect: hold.releasing, state: .voided, kind: .voidPending,
                code: transfer.code, reference: transfer.reference, in: tx)
        }
    }

    /// Posts or holds an amount.
    private mutating func move(
        _ transfer: Transfer, expiresAt: Int64?, isPending: Bool, in tx: Transaction
    ) throws -> TransferID {
        guard let amount = transfer.amount else { throw LedgerError(.amountMissing) }
        try requirePositive(amount)
        let (debit, debitSlot) = try resolve(transfer.debit, amount.currency, in: tx)
        let (credit, creditSlot) = try resolve(transfer.credit, amount.currency, in: tx)
        guard debit != credit else { throw LedgerError(.sameAccount, account: name(transfer.debit)) }
        let refusal = Posting.refusal(
            amount: amount.minor, debit: accounts.slots[debitSlot].balance,
            debitLimit: accounts.slots[debitSlot].limit, credit: accounts.slots[creditSlot].balance,
            creditLimit: accounts.slots[creditSlot].limit)
        if let refusal {
            throw LedgerError(
                refusal.code, account: name(refusal.side == .debit ? transfer.debit : transfer.credit),
                currency: amount.currency, amountMinor: amount.minor)
        }
        let effect = isPending ? Effect(held: amount.minor) : Effect(amount: amount.minor)
        let id = stage(
            StagedTransfer(
                debit: debit, credit: credit, effect: effect, pending: 0, expiresAt: expiresAt, code: transfer.code,
                kind: isPending ? .pending : .posted, reference: transfer.reference),
            debitSlot: debitSlot, creditSlot: creditSlot)
        if isPending {
            holds.set(
                id.sequence, Hold(debit: debit, credit: credit, amount: amount.minor, expiresAt: expiresAt))
        }
        return id
    }

    /// Writes the transfer that ends a pending one.
    @discardableResult
    private mutating func resolve(
        _ pending: Int64, _ hold: Hold, effect: Effect, state: Hold.State, kind: PostedTransfer.Kind,
        code: TransferCode, reference: String, in tx: Transaction
    ) throws -> TransferID {
        guard let debitSlot = try accounts.slot(of: hold.debit, tx),
            let creditSlot = try accounts.slot(of: hold.credit, tx)
        else { throw StoreError(.unexpectedValue, "pending transfer \(pending) is of an account that is not there") }
        let id = stage(
            StagedTransfer(
                debit: hold.debit, credit: hold.credit, effect: effect, pending: pending, expiresAt: nil, code: code,
                kind: kind, reference: reference),
            debitSlot: debitSlot, creditSlot: creditSlot)
        var resolved = hold
        resolved.state = state
        resolved.resolvedBy = id.sequence
        holds.set(pending, resolved)
        return id
    }

    /// The pending transfer that is to be resolved, when it may be and the accounts named are its own.
    private mutating func openHold(_ pending: TransferID, _ transfer: Transfer, in tx: Transaction) throws -> Hold {
        guard let hold = try holds.find(pending.sequence, tx) else {
            throw LedgerError(.pendingUnknown, transfer: pending)
        }
        if let refusal = hold.refusal(now: time) { throw LedgerError(refusal, transfer: pending) }
        guard let slot = try accounts.slot(of: hold.debit, tx), let currency = accounts.slots[slot].currency else {
            throw StoreError(.unexpectedValue, "pending transfer \(pending.sequence) is of no account")
        }
        guard try matches(transfer.debit, hold.debit, currency, in: tx),
            try matches(transfer.credit, hold.credit, currency, in: tx),
            transfer.amount.map({ $0.currency == currency }) ?? true
        else { throw LedgerError(.pendingMismatch, transfer: pending) }
        return hold
    }

    private mutating func matches(
        _ ref: AccountRef, _ key: Int64, _ currency: Currency, in tx: Transaction
    ) throws -> Bool {
        switch ref {
        case .ofPending: true
        case .key(let named): named.number == key
        case .code(let code): try self.key(of: code, currency, tx) == key
        }
    }

    /// The key and slot of the account that a transfer names, in the currency of its amount.
    private mutating func resolve(
        _ ref: AccountRef, _ currency: Currency, in tx: Transaction
    ) throws -> (key: Int64, slot: Int) {
        switch ref {
        case .key(let key):
            guard let slot = try accounts.slot(of: key.number, tx) else {
                throw LedgerError(.accountUnknown, account: name(ref))
            }
            guard accounts.slots[slot].currency == currency else {
                throw LedgerError(.currencyMismatch, account: name(ref), currency: currency)
            }
            return (key.number, slot)
        case .code(let code):
            guard let key = try self.key(of: code, currency, tx), let slot = try accounts.slot(of: key, tx) else {
                throw LedgerError(.accountUnknown, account: code, currency: currency)
            }
            return (key, slot)
        case .ofPending:
            throw LedgerError(.accountUnknown, account: "", currency: currency)
        }
    }

    private func requirePositive(_ amount: Amount?) throws {
        if let amount, !amount.isPositive {
            throw LedgerError(.amountNotPositive, currency: amount.currency, amountMinor: amount.minor)
        }
    }

    private func name(_ ref: AccountRef) -> String {
        switch ref {
        case .code(let code): code
        case .key(let key): "#\(key.number)"
        case .ofPending: "of the pending transfer"
        }
    }
}
