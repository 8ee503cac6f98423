internal import CScan

/// Reads the first lines of a file: what precedes the header, and the header.
struct HeadReader {
    private let file: MappedFile
    private var layout = cscan_layout()
    private(set) var at = 0
    private(set) var line = 1

    init(_ file: MappedFile, separator: UInt8, prefix: UInt8?) {
        self.file = file
        layout.separator = separator
        layout.quoted = 1
        layout.strip = prefix ?? 0
        if file.size >= 3, file.data[0] == 0xEF, file.data[1] == 0xBB, file.data[2] == 0xBF { at = 3 }
    }

    mutating func skip(_ lines: Int) {
        for _ in 0..<lines where at < file.size {
            while at < file.size, file.data[at] != UInt8(ascii: "\n") { at += 1 }
            at = min(at + 1, file.size)
            line += 1
        }
    }

    /// The texts of the line at hand; empty at the file's end.
    func fields() -> [String] {
        guard at < file.size else { return [] }
        return FieldReader.texts(file, at: at, layout: layout).fields
    }

    mutating func advance() {
        guard at < file.size else { return }
        let next = FieldReader.texts(file, at: at, layout: layout).next
        line += Int(cscan_newlines(file.data, UInt64(at), UInt64(next)))
        at = next
    }
}

/// The fields of single lines as text.
enum FieldReader {
    static func texts(_ file: MappedFile, at: Int, layout: cscan_layout) -> (fields: [String], next: Int) {
        var layout = layout
        let places = UnsafeMutableBufferPointer<cscan_field>.allocate(capacity: Int(CSCAN_FIELDS) + 1)
        defer { places.deallocate() }
        var next: UInt64 = 0
        let count = cscan_fields(
            file.data, UInt64(file.size), UInt64(at), &layout, places.baseAddress, UInt32(places.count), &next)
        let fields = places.prefix(Int(count)).map { place in
            bytes(file, place, strip: layout.strip) { String(decoding: $0, as: UTF8.self) }
        }
        return (fields, Int(next))
    }

    /// A field's text without quotes and what surrounds it.
    static func bytes<Result>(
        _ file: MappedFile, _ place: cscan_field, strip: UInt8, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var place = place
        guard place.quoted != 0 else {
            return body(UnsafeBufferPointer(start: file.data + Int(place.start), count: Int(place.end - place.start)))
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(place.end - place.start) + 16) { buffer in
            var text: UnsafePointer<UInt8>?
            let length = cscan_field_text(file.data, &place, strip, buffer.baseAddress, &text)
            return body(UnsafeBufferPointer(start: text, count: length))
        }
    }
}
