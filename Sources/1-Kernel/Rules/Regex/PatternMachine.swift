/// Runs a program over texts, and remembers in a table where each step led, so that most scalars of a text cost one
/// look-up. The table is thrown away when it has grown too large; the work for a scalar never exceeds the size of the
/// program.
///
/// Because a machine is lent to one match at a time (`Pattern` keeps them behind a lock), it may cross threads.
final class PatternMachine: @unchecked Sendable {
    /// Bytes that the table and its states may take, about.
    static let memoryLimit = 512 * 1_024

    /// What stands before a place: nothing, a line's end, a word's scalar or another.
    private enum Before: UInt32 { case start, newline, word, other }

    private struct State {
        /// Instructions that wait: `take` and `check`.
        var waiting: [UInt32]
        var before: Before
    }

    private enum Step {
        static let unknown: Int32 = -1
        static let matched: Int32 = -2
        static let dead: Int32 = -3
    }

    private let program: PatternProgram
    private let width: Int
    private var states: [State] = []
    private var table: [Int32] = []
    private var numbers: [[UInt32]: Int32] = [:]
    private var memory = 0
    /// How often the table was thrown away.
    private var resets = 0
    /// Steps taken, counted in instructions and scalars.
    private(set) var work = 0

    private var current: PlaceSet
    private var following: PlaceSet
    private var pending: [Int] = []

    init(_ program: PatternProgram) {
        self.program = program
        width = program.classes.count + 1
        current = PlaceSet(capacity: program.instructions.count)
        following = PlaceSet(capacity: program.instructions.count)
    }

    /// Whether the pattern matches anywhere in the text; nil when that would take more than `limit` steps.
    func matches(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> Bool? {
        work = 0
        var index = 0
        defer { work += index }
        var state = start()
        if state == Step.matched { return true }
        let classes = program.classes
        while index < bytes.count {
            let byte = bytes[index]
            let kind: Int
            if byte < 0x80 {
                kind = Int(classes.ascii[Int(byte)])
                index += 1
            } else {
                kind = classes.beyondASCII(PatternMachine.scalar(bytes, &index))
            }
            var next = table[Int(state) * width + kind]
            if next < 0 {
                if next == Step.unknown {
                    next = step(from: state, over: kind)
                    if work > limit { return nil }
                }
                if next == Step.matched { return true }
                if next == Step.dead { return false }
            }
            state = next
        }
        let last = table[Int(state) * width + classes.end]
        return (last == Step.unknown ? step(from: state, over: classes.end) : last) == Step.matched
    }

    /// Reads a scalar of more than one byte. A `String` holds nothing but well-formed UTF-8.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
        let first = UInt32(bytes[index])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var scalar = first & (0xFF >> UInt32(length + 1))
        for offset in 1..<length where index + offset < bytes.count {
            scalar = scalar << 6 | UInt32(bytes[index + offset]) & 0x3F
        }
        index += length
        return scalar
    }

    // MARK: states

    private func start() -> Int32 {
        following.clear()
        if follow(0, into: \.following) { return Step.matched }
        return number(of: .start)
    }

    /// Where a state leads over a class: the number of a state, or `matched`, or `dead`.
    private func step(from state: Int32, over kind: Int) -> Int32 {
        let found = advance(states[Int(state)], over: kind)
        guard let found else { return remember(Step.matched, state, kind) }
        if following.isEmpty { return remember(Step.dead, state, kind) }
        let old = resets
        let next = number(of: found)
        return resets == old ? remember(next, state, kind) : next
    }

    private func remember(_ next: Int32, _ state: Int32, _ kind: Int) -> Int32 {
        table[Int(state) * width + kind] = next
        return next
    }

    /// Moves all places of a state over a class into `following`; nil when the pattern has matched.
    private func advance(_ state: State, over kind: Int) -> Before? {
        current.clear()
        following.clear()
        for place in state.waiting { current.insert(Int(place)) }
        var index = 0
        // Places that become reachable here stand at the end and are visited too.
        while index < current.count {
            let place = current[index]
            index += 1
            switch program.instructions[place] {
            case .check(let assertion):
                if holds(assertion, state.before, kind), follow(place + 1, into: \.current) { return nil }
            case .take(let row):
                if kind != program.classes.end, program.classes.contains(row: row, kind),
                    follow(place + 1, into: \.following)
                {
                    return nil
                }
            default: break
            }
        }
        work += current.count + following.count
        if kind == program.classes.end {
            following.clear()
            return .other
        }
        if !program.isAnchored, follow(0, into: \.following) { return nil }
        return before(kind)
    }

    private func before(_ kind: Int) -> Before {
        if program.checksWords, program.classes.isWord[kind] { return .word }
        if program.checksLines, program.classes.isNewline[kind] { return .newline }
        return .other
    }

    private func holds(_ assertion: PatternNode.Assertion, _ before: Before, _ next: Int) -> Bool {
        let isEnd = next == program.classes.end
        let isBoundary = (before == .word) != (!isEnd && program.classes.isWord[next])
        return switch assertion {
        case .textStart: before == .start
        case .textEnd: isEnd
        case .lineStart: before == .start || before == .newline
        case .lineEnd: isEnd || program.classes.isNewline[next]
        case .wordBoundary: isBoundary
        case .noWordBoundary: !isBoundary
        }
    }

    /// Adds a place and all that it leads to without taking a scalar. True when that is a match.
    private func follow(_ place: Int, into set: ReferenceWritableKeyPath<PatternMachine, PlaceSet>) -> Bool {
        pending.append(place)
        while let place = pending.popLast() {
            guard self[keyPath: set].insert(place) else { continue }
            switch program.instructions[place] {
            case .match:
                pending.removeAll(keepingCapacity: true)
                return true
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .take, .check: break
            }
        }
        return false
    }

    /// The number of the state that `following` makes, a new one when it was not seen before.
    private func number(of before: Before) -> Int32 {
        var key: [UInt32] = []
        for index in 0..<following.count {
            switch program.instructions[following[index]] {
            case .take, .check: key.append(UInt32(following[index]))
            default: break
            }
        }
        key.sort()
        let waiting = key
        key.append(before.rawValue)
        if let number = numbers[key] { return number }
        let size = width * 4 + key.count * 8 + 128
        if memory + size > PatternMachine.memoryLimit, !states.isEmpty { reset() }
        memory += size
        let number = Int32(states.count)
        states.append(State(waiting: waiting, before: before))
        table.append(contentsOf: repeatElement(Step.unknown, count: width))
        numbers[key] = number
        return number
    }

    private func reset() {
        states.removeAll(keepingCapacity: true)
        table.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        memory = 0
        resets += 1
    }
}

/// A set of places in a program that is emptied at once and keeps the order of insertion.
struct PlaceSet {
    private var places: [Int32]
    private var positions: [Int32]
    private(set) var count = 0

    init(capacity: Int) {
        places = [Int32](repeating: 0, count: capacity)
        positions = places
    }

    var isEmpty: Bool { count == 0 }

    subscript(index: Int) -> Int { Int(places[index]) }

    /// False when the place was there already.
    @discardableResult @inline(__always)
    mutating func insert(_ place: Int) -> Bool {
        let position = Int(positions[place])
        if position < count, places[position] == place { return false }
        places[count] = Int32(place)
        positions[place] = Int32(count)
        count += 1
        return true
    }

    mutating func clear() { count = 0 }
}
