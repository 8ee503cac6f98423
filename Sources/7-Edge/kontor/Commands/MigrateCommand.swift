import ArgumentParser
import Assembly

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring every tenant's book to this version's schema now, instead of when it is first opened.",
        discussion: "A tenant that fails is named and does not stop the others; exit code 1 then.")

    @OptionGroup var options: HouseOptions
    @Flag(help: "One JSON document instead of lines.") var json = false

    struct Shown: Encodable {
        let books, ready: Int
        let failures: [String]
    }

    func run() async throws {
        try await options.withHouse(.commanding) { house in
            let books = try await AuditedBook.all(house)
            var bar = ProgressBar("migrating", total: books.count)
            var failures: [String] = []
            for (index, book) in books.enumerated() {
                do {
                    try await book.read { _ in }
                } catch {
                    failures.append("\(book.label): \(error)")
                }
                bar.update(index + 1)
            }
            for failure in failures { Terminal.error(failure) }
            if json {
                try Terminal.json(Shown(books: books.count, ready: books.count - failures.count, failures: failures))
            } else {
                Terminal.line("\(books.count - failures.count) of \(books.count) books are at this version's schema")
            }
            if !failures.isEmpty { throw ExitCode(1) }
        }
    }
}
