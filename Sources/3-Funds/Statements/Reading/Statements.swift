/// Reads the statements of payment channels and banks: what a file is, what it holds, and whether it is true to itself.
///
/// Reading blocks its thread and takes memory for a line, not for the file.
public enum Statements {
    /// Finds the one format that a file is of. Throws `unknownFormat`, or `ambiguousFormat` with the candidates: it
    /// never guesses between two.
    public static func detect(
        _ source: StatementSource, options: ReadOptions = ReadOptions()
    ) throws -> Detection {
        let parts = try source.parts(limits: options.limits)
        return try Detection.find(in: parts, readers: StatementFormats.all, options: options)
    }

    /// Reads a file to its end and hands its rows on in the order of the file.
    ///
    /// - Parameters:
    ///   - format: the id of a format, when it is not to be detected.
    ///   - reader: a reader that is not among the known ones, such as a profile's.
    ///   - onRow: called for each row; what it throws ends the reading and is passed on.
    /// - Throws: `StatementError`: the file is refused. Rows that were handed on before are void.
    /// - Returns: the totals and the checks that hold.
    @discardableResult
    public static func read(
        _ source: StatementSource, format: String? = nil, reader: (any StatementReader)? = nil,
        options: ReadOptions = ReadOptions(), onRow: (StatementRow) throws -> Void
    ) throws -> StatementSummary {
        let parts = try source.parts(limits: options.limits)
        var readers = StatementFormats.all
        if let reader {
            readers = [reader]
        } else if let format {
            readers = [try StatementFormats.reader(format)]
        }
        let isNamed = reader != nil || format != nil
        let detection =
            isNamed
            ? try Detection.choose(in: parts, reader: readers[0], options: options)
            : try Detection.find(in: parts, readers: readers, options: options)
        return try withoutActuallyEscaping(onRow) { onRow in
            try read(detection, in: parts, options: options, onRow: onRow)
        }
    }

    private static func read(
        _ detection: Detection, in parts: StatementParts, options: ReadOptions,
        onRow: @escaping (StatementRow) throws -> Void
    ) throws -> StatementSummary {
        guard let part = parts.parts.first(where: { $0.entry == detection.entry }) else {
            throw StatementError(.unknownEntry, "the file changed while it was read")
        }
        let companions = try Detection.companions(of: detection, in: parts, options: options)
        let input = try StatementInput(
            try part.open(), fileName: part.fileName, options: options, beside: companions)
        let session = ReadSession(options: options, onRow: onRow)
        session.begin(format: detection.format, entry: detection.entry, encoding: input.encoding)
        do {
            try detection.reader.read(input, session)
        } catch let problem as FieldProblem {
            // A problem outside of a row, in a header for one, is the file's.
            let place = problem.field.isEmpty ? "" : "\(problem.field) "
            throw StatementError.malformed(place + problem.reason)
        }
        return try session.finish(bytes: input.bytesRead)
    }
}
