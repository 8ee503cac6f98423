import Contract
import Runtime
import Synchronization

/// The main job's shoppers: many at once, each with its own plan, over HTTP.
package struct Demo: Sendable {
    package struct Outcome: Sendable {
        package var visits = 0
        package var seconds = 0.0
        /// How long each visit took.
        package var visiting = Latencies()
        /// How long the one call took that places an order: a checkout, or an order without a cart.
        package var placing = Latencies()
        package var failures: [String] = []
        package var soldOut = 0
        package var orders: [String] = []

    }

    /// Durations in microseconds.
    package struct Latencies: Sendable {
        var all: [Int64] = []

        mutating func add(_ duration: Duration) { all.append(duration.wholeMicroseconds) }

        package func percentileMs(_ percent: Int) -> Double {
            guard !all.isEmpty else { return 0 }
            let sorted = all.sorted()
            return Double(sorted[min(sorted.count - 1, sorted.count * percent / 100)]) / 1_000
        }
    }

    let shops: [(shop: Shop, api: ApiClient)]
    let orders: Int
    let concurrency: Int
    let seed: UInt64

    package init(shops: [(shop: Shop, api: ApiClient)], orders: Int, concurrency: Int = 32, seed: UInt64 = 1) {
        self.shops = shops
        self.orders = orders
        self.concurrency = concurrency
        self.seed = seed
    }

    package func run(progress: @escaping @Sendable (Int) -> Void) async -> Outcome {
        let random = RandomSource(seed: seed)
        let plans = (0..<orders).map { ShopperPlan(number: $0, tenants: shops.count, random: random) }
        let tally = Tally()
        let started = ContinuousClock.now
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<min(concurrency, orders) {
                tasks.addTask {
                    while !Task.isCancelled {
                        let index = tally.next.add(1, ordering: .relaxed).oldValue
                        guard index < plans.count else { return }
                        await visit(plans[index], tally)
                        progress(tally.outcome.withLock { $0.visits })
                    }
                }
            }
        }
        return tally.outcome.withLock { outcome in
            outcome.seconds = Double((ContinuousClock.now - started).wholeMicroseconds) / 1e6
            return outcome
        }
    }

    private func visit(_ plan: ShopperPlan, _ tally: Tally) async {
        let (shop, api) = shops[plan.tenant]
        let started = ContinuousClock.now
        do {
            let shopper = Shopper(plan: plan, api: api, shop: shop, run: "demo-\(seed)") { took in
                tally.outcome.withLock { $0.placing.add(took) }
            }
            let order = try await shopper.visit()
            tally.outcome.withLock { outcome in
                if let order { outcome.orders.append(order) } else { outcome.soldOut += 1 }
            }
        } catch {
            // Who is sent home when the house closes has met no fault.
            guard !Task.isCancelled else { return }
            tally.outcome.withLock { $0.failures.append("shopper \(plan.number): \(error)") }
        }
        tally.outcome.withLock { outcome in
            outcome.visits += 1
            outcome.visiting.add(ContinuousClock.now - started)
        }
    }

    /// What all shoppers share.
    private final class Tally: Sendable {
        let next = Atomic(0)
        let outcome = Mutex(Outcome())
    }
}
