internal import Money
import Yams

/// A format that is described and not programmed: any table of separated fields or fixed widths.
///
/// The schema is documented in docs/guides/statement-profiles.md. Decoding is strict: an unknown key, an unknown word
/// or a rule that leaves something open is an error that names its place, because a profile that is read half would
/// read money wrongly.
public struct StatementProfile: Sendable, Hashable {
    /// The longest profile; it is a page of text.
    public static let maximumBytes = 256 << 10

    /// The id of its format: `kontor`.
    public var id: String
    public var name: String
    /// The channel of its rows.
    public var channel: String

    var fileNames: [String] = []
    var headerColumns: [String] = []
    var encoding: TextEncoding?
    var layout: ProfileLayout
    var skippedLines = 0
    var hasHeader = true
    var comment: String?

    var references: [ProfileReference: ProfileColumn] = [:]
    var amount: ProfileAmount
    var fee: ProfileAmount?
    /// What amount less fee has to be, where the file states it.
    var net: ProfileAmount?
    var currency: ProfileCurrency
    var kind: ProfileWords<RowKind>
    var status: ProfileWords<RowStatus>
    var time: ProfileTime?
    var valueDate: ProfileTime?
    var passed: [ProfileMatch] = []
    var trailers: [ProfileTrailer] = []

    /// Reads a profile of YAML. Throws `malformed` with the line and the key at fault.
    public static func load(yaml: String) throws(StatementError) -> StatementProfile {
        guard yaml.utf8.count <= maximumBytes else {
            throw StatementError(.limit, "a profile has at most \(maximumBytes) bytes")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch {
            throw StatementError.malformed("the profile is no YAML: \(error)")
        }
        guard let node else { throw StatementError.malformed("the profile is empty") }
        return try ProfileDecoding.profile(node)
    }

    /// Reads a profile from a file.
    public static func load(path: String) throws -> StatementProfile {
        let stream = try FileStream(path: path)
        let bytes = try stream.head(maximumBytes + 1)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StatementError(.encoding, "\(path) is not UTF-8")
        }
        return try load(yaml: text)
    }

    /// The profile as a reader, for `Statements.read(reader:)`.
    public var reader: any StatementReader { ProfileReader(self) }
}

/// A column by its names, any of which may be there, or by its place from 0.
enum ProfileColumn: Hashable, Sendable {
    case named([String])
    case place(Int)
}

/// The fields of a row that are texts.
enum ProfileReference: String, Hashable, Sendable, CaseIterable {
    case channel = "channel_reference"
    case merchant = "merchant_reference"
    case refund = "merchant_refund_reference"
    case original = "original_reference"
    case account
    case description
}

/// How a line becomes fields.
enum ProfileLayout: Hashable, Sendable {
    case separated(CSVDialect)
    /// Widths in bytes, `gap` bytes between two fields; a line of another length is refused.
    case fixed(FixedLayout)
}

struct FixedLayout: Hashable, Sendable {
    var names: [String]
    var widths: [Int]
    var gap: Int
    /// Bytes that belong to no field may follow the last one.
    var allowsTail: Bool

    var length: Int { widths.reduce(0, +) + gap * max(0, widths.count - 1) }
}

/// Where an amount stands, in which unit, and what its sign means.
struct ProfileAmount: Hashable, Sendable {
    enum Sign: Hashable, Sendable {
        /// The number's own sign; `isReversed` where minus is money to us (or a fee that is kept).
        case own(isReversed: Bool)
        /// Another column says it.
        case column(ProfileColumn, credit: [String], debit: [String])
        /// The field begins with a mark, as in `D000000000060`.
        case prefix(credit: String, debit: String)
        /// The row's kind says it: payments come in; refunds, fees, payouts and chargebacks go out.
        case kind
    }

    var column: ProfileColumn
    /// The column of what goes out, where there are two.
    var debit: ProfileColumn?
    var isMinor: Bool
    var isComma: Bool
    var sign: Sign
}

enum ProfileCurrency: Hashable, Sendable {
    case constant(Currency)
    /// Codes that are none of ISO 4217 are translated: `156: CNY`.
    case column(ProfileColumn, codes: [String: Currency])
}

/// A word of the file and what it stands for.
struct ProfileWords<Value: Hashable & Sendable>: Hashable, Sendable {
    var column: ProfileColumn?
    var values: [String: Value] = [:]
    /// For words that are not listed; without it they are refused.
    var otherwise: Value?
    /// Where the sign decides: for money that comes in, and for money that goes out.
    var bySign: [Bool: Value] = [:]
}

struct ProfileTime: Hashable, Sendable {
    enum Zone: Hashable, Sendable {
        case named(String)
        case column(ProfileColumn)
    }

    /// Written one after another with a space between, as a day and a time of day are.
    var columns: [ProfileColumn]
    /// Nil for ISO 8601.
    var pattern: String?
    var zone: Zone?
    /// The pattern has no year; it is that of a day in the file's name, read by this pattern of the name.
    var dayInName: String?
}

/// A condition on one column.
struct ProfileMatch: Hashable, Sendable {
    var column: ProfileColumn
    let words: [String]
    let isPrefix: Bool
    /// The words as bytes where all of them are ASCII: then a field need not be decoded to be compared.
    private let plain: [[UInt8]]?

    init(column: ProfileColumn, words: [String], isPrefix: Bool) {
        self.column = column
        self.words = words
        self.isPrefix = isPrefix
        let bytes = words.map { Array($0.utf8) }
        plain = bytes.allSatisfy { $0.allSatisfy { $0 < 0x80 } } ? bytes : nil
    }

    func holds(_ field: ArraySlice<UInt8>, _ decoder: TextDecoder) -> Bool {
        if let plain {
            return plain.contains { isPrefix ? field.starts(with: $0) : field.elementsEqual($0) }
        }
        guard let text = try? decoder.string(field) else { return false }
        return words.contains { isPrefix ? text.hasPrefix($0) : text == $0 }
    }
}

/// A line that says something about all others.
struct ProfileTrailer: Hashable, Sendable {
    enum Place: Hashable, Sendable { case first, last, matching(ProfileMatch) }
    enum Part: String, Hashable, Sendable, CaseIterable { case all, credits, debits }
    struct Sum: Hashable, Sendable {
        var column: ProfileColumn
        var part: Part
        var isMinor: Bool
        var isComma: Bool
    }

    var place: Place
    /// A file without the line is cut short.
    var isRequired = true
    /// Where the line is cut otherwise than the rows.
    var layout: ProfileLayout?
    var count: ProfileColumn?
    var amounts: [Sum] = []
    var fee: Sum?
    var currency: ProfileColumn?
}
