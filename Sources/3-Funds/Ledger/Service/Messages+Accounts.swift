import Contract
import Money
import Runtime

extension AccountSpec {
    init(_ request: V1OpenLedgerAccountRequest) throws {
        let side: NormalSide? =
            switch request.normalSide {
            case .debit: .debit
            case .credit: .credit
            default: nil
            }
        let limit: AccountLimit? =
            switch request.limit {
            case .noLimit: AccountLimit.none
            case .debitsMustNotExceedCredits: .debitsMustNotExceedCredits
            case .creditsMustNotExceedDebits: .creditsMustNotExceedDebits
            case .UNRECOGNIZED: nil
            }
        guard let side else {
            throw Problem.invalid(
                field: "normal_side", value: "\(request.normalSide)", rule: "must be DEBIT or CREDIT")
        }
        guard let limit else {
            throw Problem.invalid(field: "limit", value: "\(request.limit)", rule: "is no limit of the contract")
        }
        self.init(
            code: request.code, currency: try Currency(request.currency, field: "currency"), normalSide: side,
            limit: limit)
    }
}

extension V1LedgerSide {
    init(_ side: NormalSide) { self = side == .debit ? .debit : .credit }
}

extension V1LedgerAccount {
    init(_ account: Account) {
        self.init()
        key = account.key.number
        code = account.code
        currency = account.currency.code
        normalSide = V1LedgerSide(account.normalSide)
        limit =
            switch account.limit {
            case .none: .noLimit
            case .debitsMustNotExceedCredits: .debitsMustNotExceedCredits
            case .creditsMustNotExceedDebits: .creditsMustNotExceedDebits
            }
        openedAt = account.openedAt.rfc3339
    }
}

extension V1LedgerBalance {
    init(_ balance: AccountBalance) {
        self.init()
        let unit = balance.account.currency
        code = balance.account.code
        currency = unit.code
        debitsPosted = V1Amount(Amount(minor: balance.totals.debitsPosted, unit))
        debitsPending = V1Amount(Amount(minor: balance.totals.debitsPending, unit))
        creditsPosted = V1Amount(Amount(minor: balance.totals.creditsPosted, unit))
        creditsPending = V1Amount(Amount(minor: balance.totals.creditsPending, unit))
        posted = V1Amount(balance.posted)
        available = V1Amount(balance.available)
    }
}
