package import Store

/// Breaks one thing on purpose, as a fire drill: a report that never fails proves nothing.
package enum Drill: String, CaseIterable, Sendable {
    case journal, ledger, stock

    /// Changes rows behind the capabilities' backs, as a bug or an intruder would.
    package func run(_ tx: Transaction) throws {
        switch self {
        case .journal: try tx.execute("UPDATE journal SET time = time + 1 WHERE sequence = 10")
        case .ledger:
            // Of an account that nothing has moved: the balance of any other is written anew from memory.
            try tx.execute(
                """
                INSERT INTO ledger_balances SELECT MIN(key), 1, 0, 0, 0 FROM ledger_accounts
                WHERE key NOT IN (SELECT debit FROM ledger_transfers UNION SELECT credit FROM ledger_transfers)
                """)
        case .stock:
            try tx.execute(
                """
                UPDATE inventory_stock SET on_hand = on_hand + 1
                WHERE variant = (SELECT variant FROM inventory_stock ORDER BY variant LIMIT 1)
                """)
        }
    }
}
