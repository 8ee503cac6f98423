import Glibc
import Statements

/// Real files that the project did not write: beside the checkout, or where KONTOR_CORPUS says. They may be absent.
enum Corpus {
    static let root: String? = {
        let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let named = getenv("KONTOR_CORPUS").map { String(cString: $0) }
        return (named.map { [$0] } ?? ["/\(here)/../shared/corpus"]).first { access("\($0)/payments", R_OK) == 0 }
    }()

    static var isThere: Bool { root != nil }

    /// The path of a payment file.
    static func file(_ path: String) -> String { "\(root ?? "")/payments/\(path)" }

    /// A payment file as a source.
    static func source(_ path: String) -> StatementSource { .file(file(path)) }
}
