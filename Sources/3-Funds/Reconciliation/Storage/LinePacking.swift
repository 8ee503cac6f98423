import Matching
import Runtime
import Store

extension RunLine {
    /// The line as another line's twin.
    var asTwin: [UInt8] {
        var line = self
        line.twin = []
        var packer = Packer()
        line.pack(into: &packer)
        return packer.bytes
    }

    func unpackedTwin() throws -> RunLine? {
        guard !twin.isEmpty else { return nil }
        var packed = Unpacker(twin)
        return try RunLine(from: &packed)
    }

    func pack(into packer: inout Packer) {
        packer.integer(id)
        packer.unsigned(UInt64(kind.rawValue))
        packer.unsigned(UInt64(status.rawValue))
        packer.text(currency)
        packer.integer(amountMinor)
        packer.optional(feeMinor)
        for text in [merchantReference, channelReference, originalReference, reference, paymentID, account, rawStatus] {
            packer.text(text)
        }
        packer.optional(timeUs)
        packer.optional(day.map(Int64.init))
        packer.integer(line)
        packer.integer(Int64(occurrence))
        packer.text(note)
        packer.raw(twin)
        packer.unsigned(carried == nil ? 0 : 1)
        if let carried {
            packer.integer(carried.day.number)
            packer.raw(carried.difference.uuid.bytes)
            packer.unsigned(carried.isLate ? 1 : 0)
            packer.integer(carried.lastDay.number)
            packer.text(carried.bookedReference)
            packer.integer(carried.bookedMinor)
        }
    }

    init(from packed: inout Unpacker) throws {
        let id = try packed.integer()
        guard let kind = MatchKind(rawValue: UInt8(clamping: try packed.unsigned())),
            let status = MatchStatus(rawValue: UInt8(clamping: try packed.unsigned()))
        else { throw StoreError(.unexpectedValue, "a packed line is of no known kind or status") }
        self.init(
            id: id, kind: kind, status: status, currency: try packed.text(), amountMinor: try packed.integer(),
            feeMinor: try packed.optional())
        merchantReference = try packed.text()
        channelReference = try packed.text()
        originalReference = try packed.text()
        reference = try packed.text()
        paymentID = try packed.text()
        account = try packed.text()
        rawStatus = try packed.text()
        timeUs = try packed.optional()
        day = try packed.optional().map { Int32(clamping: $0) }
        line = try packed.integer()
        occurrence = Int32(clamping: try packed.integer())
        note = try packed.text()
        twin = try packed.raw()
        guard try packed.unsigned() == 1 else { return }
        let origin = BusinessDay(number: try packed.integer())
        guard let difference = UUIDv7(bytes: try packed.raw()) else {
            throw StoreError(.unexpectedValue, "a carried line names no difference")
        }
        carried = Carried(
            day: origin, difference: DifferenceID(difference), isLate: try packed.unsigned() == 1,
            lastDay: BusinessDay(number: try packed.integer()), bookedReference: try packed.text(),
            bookedMinor: try packed.integer())
    }
}
