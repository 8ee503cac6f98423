import Foundation

/// One line that tells a reader of the log how much was tried.
enum Report {
    static func say(_ line: String) { FileHandle.standardError.write(Data(("report: " + line + "\n").utf8)) }
}
