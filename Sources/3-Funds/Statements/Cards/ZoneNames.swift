import Synchronization

/// Zones as statements name them: abbreviations, offsets, and names of the IANA data base.
///
/// The named zones are those of the system's data base (Debian: tzdata). Where it is missing, a line with such a name
/// is rejected and says so.
enum ZoneNames {
    /// Hours and minutes east of UTC. Abbreviations that several countries use (IST, CST) are read as the payment
    /// companies write them: in American and European reports.
    private static let abbreviations: [String: Int32] = [
        "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 100, "WEST": 100, "CET": 100, "MEZ": 100, "CEST": 200, "MESZ": 200,
        "EET": 200, "EEST": 300, "MSK": 300, "EST": -500, "EDT": -400, "CST": -600, "CDT": -500, "MST": -700,
        "MDT": -600, "PST": -800, "PDT": -700, "AKST": -900, "AKDT": -800, "HST": -1000, "BRT": -300, "HKT": 800,
        "SGT": 800, "JST": 900, "KST": 900, "AWST": 800, "ACST": 930, "AEST": 1000, "AEDT": 1100, "NZST": 1200,
        "NZDT": 1300
    ]

    /// The same time of day in a zone; nil for a zone that is not known.
    static func place(_ time: StatementTime, in name: String) -> StatementTime? {
        guard let offset = offset(of: name, at: time) else { return nil }
        return StatementTime(date: time.date, secondOfDay: time.secondOfDay, offsetSeconds: offset)
    }

    /// Seconds east of UTC of a zone at a local time.
    static func offset(of name: String, at time: StatementTime) -> Int32? {
        if let known = abbreviations[name.uppercased()] { return known / 100 * 3_600 + known % 100 * 60 }
        if let fixed = fixed(name) { return fixed }
        guard let zone = named(name) else { return nil }
        // The offset depends on the moment and the moment on the offset: two steps settle it but for the hour that a
        // change of the clock repeats, where the first of both is taken.
        let local = time.date.daysSinceEpoch * 86_400 + Int64(time.secondOfDay ?? 43_200)
        return zone.offset(at: local - Int64(zone.offset(at: local)))
    }

    /// `+08:00`, `-0500`, `GMT+8`, `UTC-03:30`.
    private static func fixed(_ name: String) -> Int32? {
        var text = name[...]
        for prefix in ["GMT", "UTC"] where text.uppercased().hasPrefix(prefix) { text = text.dropFirst(3) }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard (1...4).contains(digits.count), let number = Int32(digits), digits.allSatisfy(\.isASCII) else {
            return nil
        }
        let hours = digits.count <= 2 ? number : number / 100
        let minutes = digits.count <= 2 ? 0 : number % 100
        guard hours < 24, minutes < 60 else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private static let cache = Mutex<[String: ZoneFile]>([:])

    private static func named(_ identifier: String) -> ZoneFile? {
        if let known = cache.withLock({ $0[identifier] }) { return known }
        guard identifier.contains("/"), identifier.utf8.count <= 64, let zone = ZoneFile(named: identifier) else {
            return nil
        }
        cache.withLock { if $0.count < 64 { $0[identifier] = zone } }
        return zone
    }
}
