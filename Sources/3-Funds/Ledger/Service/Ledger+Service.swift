public import Contract
import Foundation
import Money
import Runtime
import Store

/// The calls of the contract: each decodes, calls the façade and encodes.
extension Ledger: LedgerService {
    public func submitTransfers(
        _ request: V1SubmitTransfersRequest, _ context: CallContext
    ) async throws -> V1SubmitTransfersReply {
        guard !request.transfers.isEmpty else {
            throw Problem.invalid(field: "transfers", value: "", rule: "must hold at least one transfer")
        }
        let transfers = try request.transfers.enumerated().map { index, transfer in
            try Transfer(transfer, field: "transfers[\(index)]")
        }
        return try await context.book.perform(context, request) { tx in
            var reply = V1SubmitTransfersReply()
            reply.results = try submit(transfers, in: tx).map(V1TransferResult.init)
            return reply
        }
    }

    public func getTransfer(
        _ request: V1GetTransferRequest, _ context: CallContext
    ) async throws -> V1LedgerTransfer {
        try await context.book.read { reader in
            let transfer = try transfer(TransferID(request.transferID), in: reader)
            return try TransferEncoder(self, reader).encode(transfer)
        }
    }

    public func listTransfers(
        _ request: V1ListTransfersRequest, _ context: CallContext
    ) async throws -> V1ListTransfersReply {
        let size = LedgerPage.size(request.pageSize)
        let cursor = TransferID(try LedgerPage.cursor(request.pageToken))
        return try await context.book.read { reader in
            let found =
                request.reference.isEmpty
                ? try transfers(after: cursor, limit: size + 1, in: reader)
                : try transfers(reference: request.reference, after: cursor, limit: size + 1, in: reader)
            let encoder = TransferEncoder(self, reader)
            var reply = V1ListTransfersReply()
            reply.transfers = try found.prefix(size).map(encoder.encode)
            if found.count > size { reply.nextPageToken = LedgerPage.token(found[size - 1].id.sequence) }
            return reply
        }
    }

    public func openLedgerAccount(
        _ request: V1OpenLedgerAccountRequest, _ context: CallContext
    ) async throws -> V1LedgerAccount {
        let spec = try AccountSpec(request)
        return try await context.book.perform(context, request) { tx in
            V1LedgerAccount(try openAccount(spec, in: tx))
        }
    }

    public func installLedgerChart(
        _ request: V1InstallLedgerChartRequest, _ context: CallContext
    ) async throws -> V1ListLedgerAccountsReply {
        let currency = try Currency(request.currency, field: "currency")
        return try await context.book.perform(context, request) { tx in
            try installChart(currency: currency, in: tx)
            var reply = V1ListLedgerAccountsReply()
            reply.accounts = try ChartAccount.standard.compactMap { chart in
                try account(chart.code, currency: currency, in: tx).map(V1LedgerAccount.init)
            }
            return reply
        }
    }

    public func listLedgerAccounts(
        _ request: V1ListLedgerAccountsRequest, _ context: CallContext
    ) async throws -> V1ListLedgerAccountsReply {
        let size = LedgerPage.size(request.pageSize)
        let cursor = AccountKey(try LedgerPage.cursor(request.pageToken))
        let currency = try Currency(optional: request.currency, field: "currency")
        return try await context.book.read { reader in
            let found = try accounts(after: cursor, currency: currency, limit: size + 1, in: reader)
            var reply = V1ListLedgerAccountsReply()
            reply.accounts = found.prefix(size).map(V1LedgerAccount.init)
            if found.count > size { reply.nextPageToken = LedgerPage.token(found[size - 1].key.number) }
            return reply
        }
    }

    public func getLedgerAccount(
        _ request: V1GetLedgerAccountRequest, _ context: CallContext
    ) async throws -> V1LedgerAccount {
        let currency = try Currency(request.currency, field: "currency")
        return try await context.book.read { reader in
            guard let account = try account(request.code, currency: currency, in: reader) else {
                throw LedgerError(.accountUnknown, account: request.code, currency: currency)
            }
            return V1LedgerAccount(account)
        }
    }

    public func getLedgerBalance(
        _ request: V1GetLedgerBalanceRequest, _ context: CallContext
    ) async throws -> V1LedgerBalance {
        let currency = try Currency(request.currency, field: "currency")
        let moment = try Timestamp(optional: request.at, field: "at")
        return try await context.book.read { reader in
            guard let moment else {
                return V1LedgerBalance(try balance(of: request.code, currency: currency, in: reader))
            }
            return V1LedgerBalance(try balance(of: request.code, currency: currency, asOf: moment, in: reader))
        }
    }

    public func listOpenItems(
        _ request: V1ListOpenItemsRequest, _ context: CallContext
    ) async throws -> V1ListOpenItemsReply {
        let currency = try Currency(request.currency, field: "currency")
        let size = LedgerPage.size(request.pageSize)
        let cursor = TransferID(try LedgerPage.cursor(request.pageToken))
        return try await context.book.read { reader in
            let found = try openItems(
                account: request.code, currency: currency, after: cursor, limit: size + 1, in: reader)
            let (total, count) = try openTotal(account: request.code, currency: currency, in: reader)
            var reply = V1ListOpenItemsReply()
            reply.items = found.prefix(size).map(V1OpenItem.init)
            if found.count > size { reply.nextPageToken = LedgerPage.token(found[size - 1].opened.sequence) }
            reply.total = V1Amount(total)
            reply.count = count
            return reply
        }
    }

    public func getTrialBalance(
        _ request: V1GetTrialBalanceRequest, _ context: CallContext
    ) async throws -> V1TrialBalanceReply {
        let currency = try Currency(optional: request.currency, field: "currency")
        return try await context.book.read { reader in
            var reply = V1TrialBalanceReply()
            reply.currencies = try trialBalance(currency: currency, in: reader).map(V1CurrencyTrialBalance.init)
            return reply
        }
    }
}

// MARK: statements

extension Ledger {
    /// Lines of a statement that one export may hold.
    static let exportLimit = 100_000

    public func getLedgerStatement(
        _ request: V1GetLedgerStatementRequest, _ context: CallContext
    ) async throws -> V1LedgerStatement {
        let currency = try Currency(request.currency, field: "currency")
        let from = try Timestamp(optional: request.from, field: "from")
        let to = try Timestamp(optional: request.to, field: "to")
        let size = LedgerPage.size(request.pageSize)
        let cursor = TransferID(try LedgerPage.cursor(request.pageToken))
        return try await context.book.read { reader in
            V1LedgerStatement(
                try statement(
                    of: request.code, currency: currency, from: from, to: to, after: cursor, limit: size, in: reader))
        }
    }

    public func exportLedgerStatement(
        _ request: V1ExportLedgerStatementRequest, _ context: CallContext
    ) async throws -> V1LedgerStatementFile {
        let currency = try Currency(request.currency, field: "currency")
        let from = try Timestamp(optional: request.from, field: "from")
        let to = try Timestamp(optional: request.to, field: "to")
        return try await context.book.read { reader in
            let statement = try statement(
                of: request.code, currency: currency, from: from, to: to, limit: Ledger.exportLimit, in: reader)
            guard statement.next == nil else {
                throw Problem.invalid(
                    field: "to", value: request.to,
                    rule: "must end the period so that it has no more than \(Ledger.exportLimit) entries")
            }
            var file = V1LedgerStatementFile()
            file.content = Data(statement.csv.utf8)
            return file
        }
    }
}
