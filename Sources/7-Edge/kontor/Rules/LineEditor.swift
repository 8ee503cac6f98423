import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads lines from a terminal with editing and history on the arrow keys; from anything else line by line.
struct LineEditor {
    let isInteractive = isatty(0) == 1 && isatty(1) == 1
    private let prompt: String
    /// Lines read before, the newest last.
    private var history: [String] = []
    /// So many lines are remembered.
    private static let remembered = 500

    init(prompt: String) { self.prompt = prompt }

    /// The next line without its end; nil at the end of the input.
    mutating func readLine() -> String? {
        guard isInteractive else { return Swift.readLine() }
        var saved = termios()
        guard tcgetattr(0, &saved) == 0 else { return Swift.readLine() }
        var raw = saved
        // Keys come one by one and unechoed; Ctrl-C is a key as well, so that it clears the line and does not end the
        // program with the terminal in this state.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        guard tcsetattr(0, TCSAFLUSH, &raw) == 0 else { return Swift.readLine() }
        defer { tcsetattr(0, TCSAFLUSH, &saved) }
        guard let line = edit() else { return nil }
        if !line.isEmpty, line != history.last {
            history.append(line)
            history.removeFirst(max(0, history.count - Self.remembered))
        }
        return line
    }

    private func edit() -> String? {
        var line = EditedLine(history: history)
        draw(line)
        while true {
            let key = TerminalKey.read()
            switch line.press(key) {
            case .editing: draw(line)
            case .done(let text):
                write(key == .interrupt ? "^C\n" : "\n")
                return text
            case .ended:
                write("\n")
                return nil
            }
        }
    }

    /// Draws the line over itself: back to the first column, the text, erase what was longer, the cursor to its place.
    private func draw(_ line: EditedLine) {
        let before = Terminal.width(prompt + String(line.characters[..<line.cursor]))
        write("\r\(prompt)\(line.text)\u{1B}[K\r\u{1B}[\(before)C")
    }

    private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}

/// A line under the cursor and what each key makes of it; knows nothing of terminals.
struct EditedLine {
    enum State: Equatable { case editing, done(String), ended }

    private(set) var characters: [Character] = []
    private(set) var cursor = 0
    /// The lines of the history and, last, the one that is being written.
    private var lines: [String]
    private var position: Int

    init(history: [String] = []) {
        lines = history + [""]
        position = history.count
    }

    var text: String { String(characters) }

    mutating func press(_ key: TerminalKey) -> State {
        switch key {
        case .character(let character):
            characters.insert(character, at: cursor)
            cursor += 1
        case .backspace where cursor > 0:
            cursor -= 1
            characters.remove(at: cursor)
        case .delete where cursor < characters.count: characters.remove(at: cursor)
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .home: cursor = 0
        case .end: cursor = characters.count
        case .eraseToEnd: characters.removeSubrange(cursor...)
        case .eraseToStart:
            characters.removeSubrange(..<cursor)
            cursor = 0
        case .up where position > 0: go(to: position - 1)
        case .down where position < lines.count - 1: go(to: position + 1)
        case .enter: return .done(text)
        case .interrupt: return .done("")
        case .endOfInput where characters.isEmpty: return .ended
        case .closed: return .ended
        default: break
        }
        return .editing
    }

    private mutating func go(to line: Int) {
        lines[position] = text
        position = line
        characters = Array(lines[line])
        cursor = characters.count
    }
}

/// A key as a terminal sends it.
enum TerminalKey: Equatable {
    case character(Character)
    case up, down, left, right, home, end, delete, backspace, enter, interrupt, endOfInput, eraseToEnd, eraseToStart
    /// The terminal is gone.
    case closed
    case other

    static func read() -> TerminalKey {
        guard let byte = nextByte() else { return .closed }
        switch byte {
        case 1: return .home
        case 3: return .interrupt
        case 4: return .endOfInput
        case 5: return .end
        case 8, 127: return .backspace
        case 10, 13: return .enter
        case 11: return .eraseToEnd
        case 21: return .eraseToStart
        case 27: return escape()
        case 32...126: return .character(Character(UnicodeScalar(byte)))
        case 0xC2...0xF4: return unicode(byte)
        default: return .other
        }
    }

    /// `ESC [ A` and its kin: the arrows, Home, End and Delete.
    private static func escape() -> TerminalKey {
        guard let bracket = nextByte(), bracket == UInt8(ascii: "[") || bracket == UInt8(ascii: "O") else {
            return .other
        }
        switch nextByte() {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return .right
        case UInt8(ascii: "D"): return .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "1"), UInt8(ascii: "7"): return nextByte() == UInt8(ascii: "~") ? .home : .other
        case UInt8(ascii: "4"), UInt8(ascii: "8"): return nextByte() == UInt8(ascii: "~") ? .end : .other
        case UInt8(ascii: "3"): return nextByte() == UInt8(ascii: "~") ? .delete : .other
        default: return .other
        }
    }

    private static func unicode(_ first: UInt8) -> TerminalKey {
        var bytes = [first]
        for _ in 0..<(first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3) {
            guard let byte = nextByte() else { return .closed }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)?.first.map(TerminalKey.character) ?? .other
    }

    private static func nextByte() -> UInt8? {
        var byte: UInt8 = 0
        #if canImport(Glibc)
            return Glibc.read(0, &byte, 1) == 1 ? byte : nil
        #elseif canImport(Musl)
            return Musl.read(0, &byte, 1) == 1 ? byte : nil
        #else
            return Darwin.read(0, &byte, 1) == 1 ? byte : nil
        #endif
    }
}
