// DO NOT EDIT: written by `make contract`.

public import Contract

public protocol LedgerService: Sendable {
    func submitTransfers(_ request: V1SubmitTransfersRequest, _ context: CallContext) async throws -> V1SubmitTransfersReply
    func getTransfer(_ request: V1GetTransferRequest, _ context: CallContext) async throws -> V1LedgerTransfer
    func listTransfers(_ request: V1ListTransfersRequest, _ context: CallContext) async throws -> V1ListTransfersReply
    func openLedgerAccount(_ request: V1OpenLedgerAccountRequest, _ context: CallContext) async throws -> V1LedgerAccount
    func installLedgerChart(_ request: V1InstallLedgerChartRequest, _ context: CallContext) async throws -> V1ListLedgerAccountsReply
    func listLedgerAccounts(_ request: V1ListLedgerAccountsRequest, _ context: CallContext) async throws -> V1ListLedgerAccountsReply
    func getLedgerAccount(_ request: V1GetLedgerAccountRequest, _ context: CallContext) async throws -> V1LedgerAccount
    func getLedgerBalance(_ request: V1GetLedgerBalanceRequest, _ context: CallContext) async throws -> V1LedgerBalance
    func getLedgerStatement(_ request: V1GetLedgerStatementRequest, _ context: CallContext) async throws -> V1LedgerStatement
    func exportLedgerStatement(_ request: V1ExportLedgerStatementRequest, _ context: CallContext) async throws -> V1LedgerStatementFile
    func getTrialBalance(_ request: V1GetTrialBalanceRequest, _ context: CallContext) async throws -> V1TrialBalanceReply
}
