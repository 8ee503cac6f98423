import Synchronization

/// A reference that is set at most once, from any thread, and read without a lock.
///
/// The standard library's `AtomicLazyReference` does the same but is not inlined, and a rule reads this for every
/// field that is a list.
struct Once<Instance: AnyObject & Sendable>: ~Copyable, Sendable {
    /// The retained instance's bits; 0 before it is set.
    private let bits = Atomic<UInt>(0)

    deinit {
        if let pointer = UnsafeRawPointer(bitPattern: bits.load(ordering: .acquiring)) {
            Unmanaged<Instance>.fromOpaque(pointer).release()
        }
    }

    @inline(__always)
    func load() -> Instance? {
        UnsafeRawPointer(bitPattern: bits.load(ordering: .acquiring)).map {
            Unmanaged<Instance>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Sets the instance unless another was set before; gives the one that is set.
    func storeIfNil(_ instance: Instance) -> Instance {
        let retained = Unmanaged.passRetained(instance)
        let desired = UInt(bitPattern: retained.toOpaque())
        let (exchanged, original) = bits.compareExchange(
            expected: 0, desired: desired, ordering: .acquiringAndReleasing)
        if exchanged { return instance }
        retained.release()
        guard let pointer = UnsafeRawPointer(bitPattern: original) else { return instance }
        return Unmanaged<Instance>.fromOpaque(pointer).takeUnretainedValue()
    }
}
