/// What a file was found to be.
public struct Detection: Sendable {
    public let reader: any StatementReader
    /// Which file of an archive, or sheet of a workbook, holds the rows; nil for a plain file.
    public let entry: String?
    public let encoding: TextEncoding

    public var format: StatementFormat { reader.format }

    /// A part of the source that a reader would take.
    private struct Candidate {
        let detection: Detection
        let fileName: String
        let needs: String?

        var words: String {
            let place = detection.entry.map { " (--entry \"\($0)\")" } ?? ""
            return "--format \(detection.format.id)\(place)\(needs.map { ": \($0)" } ?? "")"
        }
    }

    /// The one reader and part that fit together.
    static func find(
        in parts: StatementParts, readers: [any StatementReader], options: ReadOptions
    ) throws -> Detection {
        var sure: [Candidate] = []
        var possible: [Candidate] = []
        var packed: [String] = []
        for part in try chosen(parts, options) {
            let probe = try Self.probe(part, options)
            // An archive that only stores its files shows their text, which is no reason to read it as such.
            if isPacked(probe.head) {
                packed.append(part.entry ?? part.fileName)
                continue
            }
            for reader in readers {
                let detection = Detection(reader: reader, entry: part.entry, encoding: probe.encoding)
                switch reader.recognise(probe) {
                case .no, .companion: continue
                case .yes: sure.append(Candidate(detection: detection, fileName: part.fileName, needs: nil))
                case .maybe(let needs):
                    possible.append(Candidate(detection: detection, fileName: part.fileName, needs: needs))
                }
            }
        }
        // A workbook says itself which of its sheets is meant.
        if sure.count > 1, let preferred = parts.preferred, options.entry == nil {
            let shown = sure.filter { $0.detection.entry == preferred }
            if shown.count == 1 { return shown[0].detection }
        }
        if sure.count == 1 { return sure[0].detection }
        throw sure.isEmpty ? unknown(possible, parts, packed: packed) : ambiguous(sure)
    }

    /// The part that a named reader is to read: the only one, the named one, or the only one it recognises.
    static func choose(
        in parts: StatementParts, reader: any StatementReader, options: ReadOptions
    ) throws -> Detection {
        let offered = try chosen(parts, options)
        var candidates: [Candidate] = []
        for part in offered {
            let probe = try Self.probe(part, options)
            let detection = Detection(reader: reader, entry: part.entry, encoding: probe.encoding)
            if offered.count == 1 { return detection }
            switch reader.recognise(probe) {
            case .no, .companion: continue
            case .yes, .maybe: candidates.append(Candidate(detection: detection, fileName: part.fileName, needs: nil))
            }
        }
        if candidates.count > 1, let shown = candidates.first(where: { $0.detection.entry == parts.preferred }) {
            return shown.detection
        }
        if candidates.count == 1 { return candidates[0].detection }
        throw candidates.isEmpty ? noEntry(offered) : ambiguous(candidates)
    }

    /// The other files of the source that belong to the one that is read. An archive may hold several pairs; then
    /// the names decide: a summary's name begins as its details' does.
    static func companions(
        of detection: Detection, in parts: StatementParts, options: ReadOptions
    ) throws -> [StatementParts.Part] {
        guard let entry = detection.entry else { return [] }
        let found = try parts.parts.filter {
            try $0.entry != entry && detection.reader.recognise(probe($0, options)) == .companion
        }
        guard found.count > 1 else { return found }
        let stem = entry.prefix { $0 != "." }
        return found.filter { ($0.entry ?? "").hasPrefix(stem) }
    }

    private static func chosen(_ parts: StatementParts, _ options: ReadOptions) throws -> [StatementParts.Part] {
        let all = parts.parts
        guard let wanted = options.entry else { return all }
        let found = all.filter { $0.entry == wanted || ($0.entry != nil && $0.fileName == wanted) }
        guard found.count == 1 else {
            throw StatementError(
                .unknownEntry, "there is no single file \"\(wanted)\" in it; there are: \(names(all))",
                candidates: all.compactMap(\.entry))
        }
        return found
    }

    private static func probe(_ part: StatementParts.Part, _ options: ReadOptions) throws -> Probe {
        try StatementInput(try part.open(), fileName: part.fileName, options: options).probe
    }

    private static func names(_ parts: [StatementParts.Part]) -> String {
        parts.isEmpty ? "none" : parts.map { $0.entry ?? $0.fileName }.joined(separator: ", ")
    }

    private static func ambiguous(_ candidates: [Candidate]) -> StatementError {
        let words = candidates.map(\.words)
        return StatementError(
            .ambiguousFormat, "more than one reading fits; name one: \(words.joined(separator: "; "))",
            candidates: words)
    }

    /// What is unpacked is looked into once: archives within archives are how bombs are built.
    private static func isPacked(_ head: [UInt8]) -> Bool {
        head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: GzipStream.mark)
    }

    private static func unknown(
        _ possible: [Candidate], _ parts: StatementParts, packed: [String]
    ) -> StatementError {
        if possible.isEmpty, !packed.isEmpty {
            return StatementError(
                .unknownFormat,
                "\(packed.joined(separator: ", ")) is packed once more, and archives within archives are not looked "
                    + "into: unpack the outer one", candidates: packed)
        }
        guard !possible.isEmpty else {
            return StatementError(
                .unknownFormat,
                "no format is recognised in \(names(parts.parts)); name one with --format, or describe it in a profile")
        }
        let words = possible.map(\.words)
        return StatementError(
            .ambiguousFormat, "the file does not prove what it is; it may be: \(words.joined(separator: "; "))",
            candidates: words)
    }

    private static func noEntry(_ parts: [StatementParts.Part]) -> StatementError {
        StatementError(
            .unknownEntry, "none of its files is of that format; name one with --entry: \(names(parts))",
            candidates: parts.compactMap(\.entry))
    }
}
