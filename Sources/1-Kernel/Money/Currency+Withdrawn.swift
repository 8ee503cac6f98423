extension Currency {
    /// Finds a currency that was withdrawn, for reading what was written while it was in use: a statement in DEM.
    ///
    /// No new money is made in one: `init(code:)` goes on refusing it, and so does decoding. Throws `unknownCurrency`
    /// for currencies in use and for those that are not listed here.
    public init(withdrawnCode code: String) throws(MoneyError) {
        let found = Self.withdrawn.first { $0.code == code }
        guard let found else {
            throw MoneyError(
                .unknownCurrency, value: code, rule: "must be the three capital letters of a withdrawn currency")
        }
        self = found
    }

    /// ISO 4217 table A.3 (historic denominations) as far as the euro and changes since 2000 reach. The table has no
    /// minor units; they are those that payments were made in.
    private static let withdrawn: [Currency] = [
        ("ATS", 40, 2), ("BEF", 56, 0), ("BGN", 975, 2), ("BYR", 974, 0), ("CYP", 196, 2), ("DEM", 276, 2),
        ("EEK", 233, 2), ("ESP", 724, 0), ("FIM", 246, 2), ("FRF", 250, 2), ("GRD", 300, 0), ("HRK", 191, 2),
        ("IEP", 372, 2), ("ITL", 380, 0), ("LTL", 440, 2), ("LUF", 442, 0), ("LVL", 428, 2), ("MRO", 478, 2),
        ("MTL", 470, 2), ("NLG", 528, 2), ("PTE", 620, 0), ("ROL", 642, 0), ("SIT", 705, 2), ("SKK", 703, 2),
        ("SLL", 694, 2), ("STD", 678, 2), ("TRL", 792, 0), ("VEF", 937, 2), ("ZWL", 932, 2), ("ANG", 532, 2)
    ].compactMap { code, number, digits in
        letterKey(code.utf8).map { Currency(key: $0, number: number, minorUnits: digits) }
    }
}
