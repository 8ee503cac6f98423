import Matching
import Runtime

/// What a finding means in money: what is to be booked for it, and what it leaves open.
struct Conclusion: Hashable, Sendable {
    var postings: [Posting] = []
    /// What stays open in the ledger: plus when money is lacking, minus when there is too much.
    var openMinor: Int64 = 0
    var currency: String
    /// The reference under which it stands open.
    var reference: String
}

/// Decides what is booked. Pure.
///
/// Money that the channel says it paid is booked whatever we think of the line: what then remains on the clearing
/// account is exactly what is not explained.
struct Concluding {
    let channel: String
    let day: BusinessDay
    /// The day as keys have it; written once, because each line has a key.
    private let dayText: String

    init(channel: String, day: BusinessDay) {
        self.channel = channel
        self.day = day
        dayText = "\(day)"
    }

    func conclude(_ finding: RunFinding) -> Conclusion {
        var conclusion = Conclusion(
            currency: finding.ours.first?.currency ?? finding.theirs.first?.currency ?? "",
            reference: finding.ours.first?.reference ?? finding.theirs.first.map(ownReference) ?? "")
        let expected = finding.ours.reduce(Int64(0)) { $0 &+ $1.openMinor }
        switch finding.matchClass {
        case .missingTheirs, .duplicateOurs: break
        case .late where finding.theirs.isEmpty: break
        // It is booked when its counterpart comes, or when it is missing.
        case .late: return conclusion
        case .duplicateTheirs where finding.theirs.allSatisfy(isRepetition): return conclusion
        case .missingOurs, .duplicateTheirs:
            conclusion.postings = finding.theirs.flatMap(unknownMoney)
        case .matched, .amount, .status, .currency, .fee:
            conclusion.postings = settle(finding, expected)
        }
        let booked = conclusion.postings.reduce(Int64(0)) { sum, posting in
            posting.currency == conclusion.currency && posting.kind == .settlement
                ? sum &+ posting.netMinor &+ posting.feeMinor : sum
        }
        conclusion.openMinor = expected &- booked
        // What is taken back stood open under another reference, which another day has told of.
        conclusion.postings += finding.ours.isEmpty ? [] : rebooked(finding.theirs)
        return conclusion
    }

    /// A fee or a payout on a line of its own: the channel's account moves, and no sale is concerned.
    func bookOther(_ line: RunLine) -> Posting? {
        guard line.status == .succeeded else { return nil }
        return Posting(
            key: key(line), kind: line.kind == .payout ? .payout : .ownFee, reference: ownReference(line),
            currency: line.currency, netMinor: line.netMinor, feeMinor: 0)
    }

    /// What names a line of theirs: the same in a corrected file.
    func key(_ line: RunLine) -> Posting.Key {
        Posting.Key([
            channel, dayText(of: line), line.kind.code, line.channelReference, line.merchantReference,
            line.originalReference, line.account, line.currency, line.occurrence == 0 ? "0" : "\(line.occurrence)"
        ])
    }

    /// What names a line of ours.
    func ourKey(_ line: RunLine) -> Posting.Key {
        Posting.Key([channel, dayText(of: line), line.kind.code, line.merchantReference, line.reference])
    }

    private func dayText(of line: RunLine) -> String { line.carried.map { "\($0.day)" } ?? dayText }

    /// The same difference of a corrected file has the same identifier.
    func identifier(_ finding: RunFinding) -> DifferenceID {
        var parts = [channel, dayText, finding.matchClass.code]
        for line in finding.ours { parts.append("ours \(ourKey(line).high) \(ourKey(line).low)") }
        for line in finding.theirs { parts.append("theirs \(key(line).high) \(key(line).low)") }
        let key = Posting.Key(parts)
        // The bits of RFC 9562 that say what kind of identifier it is.
        return DifferenceID(
            UUIDv7(high: key.high & ~0xF000 | 0x7000, low: key.low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000))
    }

    // MARK: what is booked

    /// The file has this very line twice: that is no second payment.
    private func isRepetition(_ line: RunLine) -> Bool { line.occurrence > 0 && !line.channelReference.isEmpty }

    private func unknownMoney(_ line: RunLine) -> [Posting] {
        guard line.movesMoney else { return [] }
        return [
            Posting(
                key: key(line), kind: .settlement, reference: ownReference(line), currency: line.currency,
                netMinor: line.netMinor, feeMinor: 0)
        ]
    }

    private func settle(_ finding: RunFinding, _ expected: Int64) -> [Posting] {
        let paid = finding.theirs.filter(\.movesMoney)
        guard let first = finding.ours.first, !paid.isEmpty else { return [] }
        var postings = paid.map { line in
            Posting(
                key: key(line), kind: .settlement, reference: first.reference, currency: line.currency,
                netMinor: line.netMinor, feeMinor: 0)
        }
        let net = paid.reduce(Int64(0)) { $0 &+ $1.netMinor }
        switch finding.matchClass {
        case .matched:
            // What the rules tolerate is a cost of the channel, so that nothing of a matched line stays open.
            postings[0].feeMinor = expected &- net
        case .amount:
            let fees = paid.reduce(Int64(0)) { $0 &+ ($1.feeMinor ?? 0) }
            let known = finding.ours.reduce(Int64(0)) { $0 &+ ($1.feeMinor ?? 0) }
            postings[0].feeMinor = fees &- known
        default: break
        }
        return finding.ours.count > 1 ? spread(postings, over: finding.ours) : postings
    }

    /// One payout for many orders: each closes with its own amount, and what remains is the last one's.
    private func spread(_ postings: [Posting], over ours: [RunLine]) -> [Posting] {
        guard postings.count == 1, let whole = postings.first else { return postings }
        var rest = whole
        var spread: [Posting] = []
        for line in ours.dropLast() {
            spread.append(
                Posting(
                    key: whole.key, kind: .settlement, reference: line.reference, currency: whole.currency,
                    netMinor: line.openMinor, feeMinor: 0))
            rest.netMinor &-= line.openMinor
        }
        guard let last = ours.last else { return postings }
        return spread + [
            Posting(
                key: whole.key, kind: .settlement, reference: last.reference, currency: whole.currency,
                netMinor: rest.netMinor, feeMinor: rest.feeMinor)
        ]
    }

    /// Money of an earlier day that was booked as unknown is known now: that booking is taken back.
    private func rebooked(_ lines: [RunLine]) -> [Posting] {
        lines.compactMap { line in
            guard let carried = line.carried, carried.bookedMinor != 0 else { return nil }
            return Posting(
                key: key(line), kind: .settlement, reference: carried.bookedReference, currency: line.currency,
                netMinor: 0 &- carried.bookedMinor, feeMinor: 0)
        }
    }

    /// The reference of money that nobody knows: the channel's own.
    func ownReference(_ line: RunLine) -> String {
        let name = line.channelReference.isEmpty ? line.merchantReference : line.channelReference
        // The ledger takes 128 bytes; what is longer, or nothing, is named by what tells it apart.
        guard name.isEmpty || name.utf8.count > 120 else { return name }
        let key = key(line)
        return "line:\(channel):\(String(key.high, radix: 16))\(String(key.low, radix: 16))"
    }
}
