package import Testing

/// Runs each test of a suite once for each store, in the order of the list; a failure names the store.
///
/// The trait that stands nearest to a test is the one that counts, so a test of a suite on both stores can stay on one.
package struct OnStores: SuiteTrait, TestTrait, TestScoping, Hashable {
    let stores: [TestStore]
    /// Why not on all of them; nil when it is on all.
    let reason: String?

    package var isRecursive: Bool { true }

    package var comments: [Comment] { reason.map { [Comment(rawValue: $0)] } ?? [] }

    @concurrent
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        // A suite's traits come before its tests' own.
        guard test.traits.compactMap({ $0 as? OnStores }).last == self else { return try await function() }
        for store in stores where TestStore.chosen.contains(store) {
            await run(store, test, testCase, function)
        }
    }

    @concurrent
    private func run(
        _ store: TestStore, _ test: Test, _ testCase: Test.Case?,
        _ function: @concurrent @Sendable () async throws -> Void
    ) async {
        let naming = IssueHandlingTrait.compactMapIssues { issue in
            var issue = issue
            issue.comments.append("on \(store.title)")
            return issue
        }
        // All tests of a run start at once. A server has a bounded number of connections, and a machine of cores: a
        // test that waits for its turn waits here, and not inside where something may run out of time.
        await Turnstile.tests.enter()
        let scope = TestScope(store)
        try? await naming.provideScope(for: test, testCase: testCase) {
            await TestScope.$current.withValue(scope) {
                do {
                    try await function()
                } catch is ExpectationFailedError {
                    // It was recorded where it failed.
                } catch {
                    Issue.record(error, sourceLocation: test.sourceLocation)
                }
            }
        }
        await scope.end()
        await Turnstile.tests.leave()
    }
}

extension Trait where Self == OnStores {
    /// Once on SQLite, once on PostgreSQL.
    package static var onBothStores: Self { OnStores(stores: TestStore.allCases, reason: nil) }

    /// For what only SQLite has, such as a file that the test looks into; says why.
    package static func onSQLite(because reason: String) -> Self { OnStores(stores: [.sqlite], reason: reason) }

    /// For what only PostgreSQL has; says why.
    package static func onPostgreSQL(because reason: String) -> Self { OnStores(stores: [.postgres], reason: reason) }
}

/// Lets a bounded number of tests pass at a time, in the order of their coming.
actor Turnstile {
    static let tests = Turnstile(places: 8)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { self.places = places }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
