/// OFX, which banks and brokers let their customers download, also as .qfx: OFX 1 (SGML) and OFX 2 (XML).
///
/// Source: Open Financial Exchange, specifications 1.6 and 2.2 (banking, chapter 11; investments, chapter 13).
struct OfxReader: StatementReader {
    let format = StatementFormat(id: "ofx", name: "OFX download (also QFX)", channel: "bank")

    func recognise(_ probe: Probe) -> Recognition {
        guard let text = probe.text?.prefix(4_096).uppercased() else { return .no }
        if text.contains("<OFX>") || text.contains("<OFX ") { return .yes }
        return text.trimmingSpace().hasPrefix("OFXHEADER:") ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let isWide = input.encoding.isWide
        let head =
            isWide
            ? String((input.probe.text ?? "").prefix(16 << 10))
            : String(decoding: input.probe.head.prefix(16 << 10), as: UTF8.self)
        session.variant("OFX \(OfxHeader.value("VERSION", head) ?? "1")")
        if OfxHeader.isXML(head) {
            let stream = DocumentStream(try input.stream())
            try OfxReading(OfxXML(try XMLPull(stream), stream), session) { stream.lines }.read()
        } else {
            // What arrives as UTF-8 is UTF-8, whatever the header says that it once was.
            let text = try BankText(input, session.options, stated: isWide ? .utf8 : OfxHeader.encoding(head))
            let stream = isWide ? try NarrowingStream(try input.stream(), input.encoding) : try input.stream()
            let scanner = OfxScanner(stream, text)
            try OfxReading(scanner, session) { scanner.lines }.read()
        }
    }
}

/// The header before the document: lines of `NAME:VALUE` in OFX 1, attributes `NAME="VALUE"` in OFX 2.
enum OfxHeader {
    /// Some banks write the header of OFX 2 and then the SGML of OFX 1: an element that always stands at the beginning
    /// shows whether elements have ends.
    static func isXML(_ head: String) -> Bool {
        guard head.contains("<?xml") || head.contains("OFXHEADER=\"2") else { return false }
        return !head.contains("<CODE>") || head.contains("</CODE>")
    }

    static func value(_ name: String, _ head: String) -> String? {
        for (mark, ends) in [("\(name):", Set<Character>(["\r", "\n", "\r\n", " ", "<"])), ("\(name)=\"", ["\""])] {
            // OFXHEADER and the like end with other names: a name begins behind a blank or a line.
            for range in head.ranges(of: mark) {
                let before = range.lowerBound == head.startIndex ? nil : head[head.index(before: range.lowerBound)]
                guard before.map({ !$0.isLetter }) ?? true else { continue }
                let value = String(head[range.upperBound...].prefix { !ends.contains($0) }).trimmingSpace()
                if !value.isEmpty, value.count < 40 { return value }
            }
        }
        return nil
    }

    static func encoding(_ head: String) -> TextEncoding? {
        if let encoding = value("ENCODING", head), encoding.uppercased().hasPrefix("UTF") { return .utf8 }
        guard let charset = value("CHARSET", head) else { return nil }
        return TextEncoding(name: charset) ?? (charset.contains("8859-1") ? .latin1 : nil)
    }
}
