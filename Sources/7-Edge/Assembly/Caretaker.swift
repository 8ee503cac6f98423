import Contract
import Logging
import Reconciliation
public import ServiceLifecycle
import Store
import Tenancy

/// Looks after the books that nobody uses at the moment: closes them, and opens each now and then so that its expiries
/// and unknown outcomes do not wait for the next caller.
public struct Caretaker: Service {
    static let closeEvery = Duration.seconds(60)
    /// Rounds of `closeEvery` between two visits to every tenant.
    static let roundsBetweenVisits = 5
    /// For how long what a process said of a book counts: two visits and a little.
    static let figuresCount = closeEvery * (2 * roundsBetweenVisits + 2)

    let house: House

    public func run() async throws {
        var round = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.closeEvery) } } catch { return }
            round += 1
            if round.isMultiple(of: Self.roundsBetweenVisits), await house.isCaretaker() { await house.visitBooks() }
            // A book whose run is being compared would begin the same task again minutes later.
            await house.tenancy.registry.closeIdle { [companions = house.companions] in companions.isBusy($0) }
            house.gauges.withdraw(olderThan: Self.figuresCount)
            Reconciliation.refreshMeasures(forgetting: Self.figuresCount)
        }
    }
}

extension House {
    /// To run beside the gateway for as long as the house serves.
    public var caretaker: Caretaker { Caretaker(house: self) }

    /// Whether this process goes the rounds: where several share the database, one does. Two that both believe it, while
    /// one takes over from the other, do no harm, because each book has a lease of its own.
    func isCaretaker() async -> Bool {
        guard let caretakersLease else { return true }
        return (try? await caretakersLease.hold()) != nil
    }

    /// Runs the jobs of every active tenant's book once, one after the other. A book that fails is logged and does not
    /// keep the others waiting.
    func visitBooks() async {
        var last: TenantID?
        repeat {
            guard let page = try? await tenancy.tenants(after: last, state: .active) else { return }
            for tenant in page where !Task.isShuttingDownGracefully {
                do {
                    try await withBook(of: tenant) { [companions] in await companions.visit($0) }
                } catch {
                    Logger(label: "kontor.jobs").error(
                        "a book cannot be visited",
                        metadata: ["tenant": "\(tenant.id)", "error": "\(type(of: error))"])
                }
            }
            last = page.last?.id
        } while last != nil && !Task.isShuttingDownGracefully
    }

    /// Opens the books whose jobs a dead process did, a few at a time, until there are none left or other survivors
    /// have them.
    static func adoptBooks(_ keeper: LeaseKeeper, _ tenancy: Tenancy, _ companions: Companions) async {
        while let books = try? await keeper.adopt(), !books.isEmpty {
            await withTaskGroup { group in
                for book in books {
                    group.addTask {
                        do {
                            await companions.visit(try await tenancy.openBook(book))
                        } catch {
                            Logger(label: "kontor.jobs").warning(
                                "a dead process's book is not adopted",
                                metadata: ["tenant": "\(book)", "error": "\(type(of: error))"])
                        }
                    }
                }
            }
        }
    }
}
