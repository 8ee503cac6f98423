public import Runtime
public import Store

/// Opens books at the places that the directory names. The wiring knows what stands behind each.
public protocol BookStores: Sendable {
    /// Where a new tenant's book is made when its draft names no place.
    var usualHome: BookHome { get }

    /// The store itself, for what concerns books as wholes: does one exist, remove one.
    func driver(_ home: BookHome) async throws -> any StoreDriver

    /// Opens a book and keeps its store open until `release`.
    func open(
        _ place: BookPlace, migrations: [Migration], world: World, options: BookOptions
    ) async throws -> Book

    /// A book that was opened here has been closed.
    func release(_ place: BookPlace) async
}

/// One store for all books.
struct SingleStore: BookStores {
    let store: any StoreDriver

    var usualHome: BookHome { BookHome(kind: store.kind, database: nil) }

    func driver(_ home: BookHome) async throws -> any StoreDriver {
        guard home == usualHome else {
            throw TenancyError(.noSuchPlace, "this installation keeps no books at \(home)")
        }
        return store
    }

    func open(
        _ place: BookPlace, migrations: [Migration], world: World, options: BookOptions
    ) async throws -> Book {
        try await driver(place.home).open(place.name, migrations: migrations, world: world, options: options)
    }

    func release(_ place: BookPlace) async {}
}
