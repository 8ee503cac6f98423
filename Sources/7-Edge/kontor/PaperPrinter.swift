import ArgumentParser
import Foundation
import Glibc

/// Headless Chromium as a printer: a page goes in, a PDF comes out.
struct PaperPrinter {
    private let program: String
    /// A page of a few tables prints in a second or two; something is wrong after this.
    private static let patienceSeconds = 60

    /// Nil when no Chromium is installed.
    static func find() -> PaperPrinter? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        for name in ["chromium", "chromium-browser", "google-chrome"] {
            for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
                return PaperPrinter(program: "\(folder)/\(name)")
            }
        }
        return nil
    }

    func print(_ page: String, to path: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kontor-print-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "report.html")
        try page.write(to: source, atomically: true, encoding: .utf8)
        let target = folder.appending(path: "report.pdf")
        let chromium = Process()
        chromium.executableURL = URL(filePath: program)
        chromium.arguments =
            [
                "--headless=new", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir=\(folder.path)/profile",
                "--print-to-pdf=\(target.path)", source.absoluteString
            ]
            // Chromium refuses its own sandbox to root; the page holds no script and asks for nothing from elsewhere.
            + (geteuid() == 0 ? ["--no-sandbox"] : [])
        chromium.standardOutput = FileHandle.nullDevice
        chromium.standardError = FileHandle.nullDevice
        try chromium.run()
        let end = Date().addingTimeInterval(TimeInterval(Self.patienceSeconds))
        while chromium.isRunning, Date() < end { usleep(50_000) }
        if chromium.isRunning { chromium.terminate() }
        guard let made = FileManager.default.contents(atPath: target.path), made.starts(with: Data("%PDF".utf8)) else {
            Terminal.error("\(program) made no PDF")
            throw ExitCode(1)
        }
        guard FileManager.default.createFile(atPath: path, contents: made) else {
            throw ValidationError("--pdf \(path): cannot be written")
        }
    }
}
