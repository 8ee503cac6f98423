import Foundation

/// One line that tells a reader of the log how much was tried.
enum Report {
    static func say(_ line: String) { FileHandle.standardError.write(Data(("report: " + line + "\n").utf8)) }
}

/// How often faults are repeated: a few times with every change, as often as promised with KONTOR_FAULTS=full.
enum Faults {
    static let isFull = ProcessInfo.processInfo.environment["KONTOR_FAULTS"] == "full"

    static func count(full: Int, usual: Int) -> Int { isFull ? full : usual }
}
