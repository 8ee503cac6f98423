internal import Synchronization

/// Keeps a book open while it lives: what a call holds until it is answered.
///
/// Counting references to the book itself would not do, because what lives beside an open book refers to it as well.
public final class BookHold: Sendable {
    /// How many hold one book.
    final class Count: Sendable {
        private let number = Atomic(0)

        var isZero: Bool { number.load(ordering: .acquiring) == 0 }

        fileprivate func change(by difference: Int) {
            number.add(difference, ordering: .acquiringAndReleasing)
        }
    }

    private let count: Count

    init(_ count: Count) {
        self.count = count
        count.change(by: 1)
    }

    deinit { count.change(by: -1) }
}
