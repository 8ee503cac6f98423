extension StatementProfile {
    /// The same profile with a place for every column, so that no name is looked up while rows are read. Columns of
    /// trailers that are not there stay names: a trailer cut in its own way has places of its own.
    func resolved(
        _ find: (ProfileColumn) throws(StatementError) -> Int
    ) throws(StatementError) -> StatementProfile {
        func place(_ column: ProfileColumn) throws(StatementError) -> ProfileColumn { .place(try find(column)) }
        func place(_ amount: ProfileAmount) throws(StatementError) -> ProfileAmount {
            var amount = amount
            amount.column = try place(amount.column)
            if let debit = amount.debit { amount.debit = try place(debit) }
            if case .column(let column, let credit, let debit) = amount.sign {
                amount.sign = .column(try place(column), credit: credit, debit: debit)
            }
            return amount
        }
        func place(_ time: ProfileTime) throws(StatementError) -> ProfileTime {
            var time = time
            for index in time.columns.indices { time.columns[index] = try place(time.columns[index]) }
            if case .column(let column) = time.zone { time.zone = .column(try place(column)) }
            return time
        }
        var resolved = self
        for (reference, column) in references { resolved.references[reference] = try place(column) }
        resolved.amount = try place(amount)
        if let fee { resolved.fee = try place(fee) }
        if let net { resolved.net = try place(net) }
        if case .column(let column, let codes) = currency {
            resolved.currency = .column(try place(column), codes: codes)
        }
        if let column = kind.column { resolved.kind.column = try place(column) }
        if let column = status.column { resolved.status.column = try place(column) }
        if let time { resolved.time = try place(time) }
        if let valueDate { resolved.valueDate = try place(valueDate) }
        for index in passed.indices { resolved.passed[index].column = try place(passed[index].column) }
        for index in trailers.indices {
            guard case .matching(var match) = trailers[index].place, trailers[index].layout == nil else { continue }
            if let found = try? place(match.column) { match.column = found }
            resolved.trailers[index].place = .matching(match)
        }
        return resolved
    }
}
