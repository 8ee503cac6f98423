/// What an evaluation may still spend. Functions of a library charge it for work that grows with their arguments.
public struct Budget {
    public let limits: Limits
    @usableFromInline var remaining: Int
    @usableFromInline var iterationsLeft: Int

    public init(_ limits: Limits) {
        self.limits = limits
        remaining = limits.cost
        iterationsLeft = limits.iterations
    }

    /// What has been spent.
    public var spent: Int { limits.cost - remaining }

    /// Spends cost units.
    /// - Throws: `EvaluationError` of code `.costExceeded` when there are not so many left.
    @inlinable @inline(__always)
    public mutating func spend(_ units: Int) throws(EvaluationError) {
        remaining &-= units
        if remaining < 0 { throw exhausted() }
    }

    /// Spends what walking so many bytes or elements costs: one unit for every ten.
    @inlinable
    public mutating func walk(_ size: Int) throws(EvaluationError) { try spend(size / 10 + 1) }

    /// Counts one pass through a comprehension's body.
    @inlinable @inline(__always)
    mutating func iterate() throws(EvaluationError) {
        iterationsLeft &-= 1
        if iterationsLeft < 0 { throw tooManyIterations() }
    }

    /// Refuses to make a list or map of more elements than the limit.
    public func admit(elements: Int) throws(EvaluationError) {
        if elements > limits.elements {
            throw EvaluationError(.tooLarge, "a list or map of more than \(limits.elements) elements")
        }
    }

    /// Refuses to make a string or bytes of more bytes than the limit.
    public func admit(bytes: Int) throws(EvaluationError) {
        if bytes > limits.textBytes {
            throw EvaluationError(.tooLarge, "a string of more than \(limits.textBytes) bytes")
        }
    }

    @usableFromInline
    mutating func exhausted() -> EvaluationError {
        remaining = 0
        return EvaluationError(.costExceeded, "the rule costs more than \(limits.cost) units")
    }

    @usableFromInline
    func tooManyIterations() -> EvaluationError {
        EvaluationError(.tooManyIterations, "the rule passes through more than \(limits.iterations) elements")
    }
}
