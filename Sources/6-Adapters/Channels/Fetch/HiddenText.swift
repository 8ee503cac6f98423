internal import Foundation

/// A credential. It is read from a file or the environment each time it is needed, so that it can be changed while the
/// house runs, and it describes itself as dots.
public struct HiddenText: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    enum Place: Sendable, Hashable {
        case file(String)
        case environment(String)
    }

    private let place: Place
    private static let lengthLimit = 16_384

    public static func file(_ path: String) -> HiddenText { HiddenText(place: .file(path)) }
    public static func environment(_ name: String) -> HiddenText { HiddenText(place: .environment(name)) }

    private init(place: Place) { self.place = place }

    /// Without the line end that editors leave.
    func text() throws(FetchFailure) -> String {
        switch place {
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
                throw FetchFailure(.refused, "the environment has no \(name)")
            }
            return value
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path), data.count <= Self.lengthLimit else {
                throw FetchFailure(.refused, "the credential's file cannot be read: \(path)")
            }
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            // A line end inside would begin another header.
            guard !text.isEmpty, !text.contains(where: \.isNewline) else {
                throw FetchFailure(.refused, "the credential's file has not one line: \(path)")
            }
            return text
        }
    }

    public var description: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
