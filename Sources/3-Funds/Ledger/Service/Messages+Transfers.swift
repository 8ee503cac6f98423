import Contract
import Money
import Runtime
import Store

extension Transfer {
    /// Reads a transfer of a request; `field` says which, for the refusal.
    init(_ request: V1TransferRequest, field: String) throws {
        guard let code = UInt16(exactly: request.transferCode) else {
            throw Problem.invalid(
                field: field + ".transfer_code", value: "\(request.transferCode)", rule: "must be 0 to 65535")
        }
        let kind: TransferKind =
            switch request.kind {
            case .posted: .posted
            case .pending:
                .pending(expiresAt: try Timestamp(optional: request.expiresAt, field: field + ".expires_at"))
            case .postPending: .postPending(TransferID(request.pendingID))
            case .voidPending: .voidPending(TransferID(request.pendingID))
            case .expirePending, .UNRECOGNIZED:
                throw Problem.invalid(
                    field: field + ".kind", value: "\(request.kind)",
                    rule: "must be POSTED, PENDING, POST_PENDING or VOID_PENDING")
            }
        let resolves = request.kind == .postPending || request.kind == .voidPending
        self.init(
            debit: request.debit.isEmpty && resolves ? .ofPending : .code(request.debit),
            credit: request.credit.isEmpty && resolves ? .ofPending : .code(request.credit),
            amount: request.hasAmount ? try Amount(request.amount, field: field + ".amount") : nil,
            code: TransferCode(code), reference: request.reference, kind: kind, isLinked: request.linked)
    }
}

extension V1TransferResult {
    init(_ outcome: TransferOutcome) {
        self.init()
        switch outcome {
        case .written(let id): transferID = id.sequence
        case .refused(let refusal):
            error = refusal.code.description
            detail = refusal.description
        }
    }
}

extension V1LedgerTransferKind {
    init(_ kind: PostedTransfer.Kind) {
        self =
            switch kind {
            case .posted: .posted
            case .pending: .pending
            case .postPending: .postPending
            case .voidPending: .voidPending
            case .expirePending: .expirePending
            }
    }
}

/// Writes transfers as messages, with the codes of their accounts; each account is looked up once.
final class TransferEncoder {
    private let ledger: Ledger
    private let reader: any SQLReader
    private var accounts: [AccountKey: Account] = [:]

    init(_ ledger: Ledger, _ reader: any SQLReader) {
        self.ledger = ledger
        self.reader = reader
    }

    func encode(_ transfer: PostedTransfer) throws -> V1LedgerTransfer {
        let debit = try account(transfer.debit)
        var message = V1LedgerTransfer()
        message.transferID = transfer.id.sequence
        message.debit = debit.code
        message.credit = try account(transfer.credit).code
        message.amount = V1Amount(Amount(minor: transfer.amountMinor, debit.currency))
        message.held = V1Amount(Amount(minor: transfer.heldMinor, debit.currency))
        message.transferCode = UInt32(transfer.code.number)
        message.kind = V1LedgerTransferKind(transfer.kind)
        message.pendingID = transfer.pending?.sequence ?? 0
        message.expiresAt = transfer.expiresAt?.rfc3339 ?? ""
        message.reference = transfer.reference
        message.time = transfer.time.rfc3339
        return message
    }

    private func account(_ key: AccountKey) throws -> Account {
        if let known = accounts[key] { return known }
        guard let account = try ledger.account(key, in: reader) else {
            throw LedgerError(.accountUnknown, account: "#\(key.number)")
        }
        accounts[key] = account
        return account
    }
}
