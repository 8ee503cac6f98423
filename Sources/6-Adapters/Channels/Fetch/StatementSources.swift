internal import Foundation
public import Runtime
internal import Yams

/// The operator's list of sources, in YAML. It names folders and addresses of this installation's network, so it is a
/// file of the operator and no call of the API: a tenant that could write it could read the machine's files.
///
///     sources:
///       - tenant: atelier
///         channel: netsunion
///         http: https://bank.example/statements/{yyyy}{MM}{dd}.csv.gz
///         header: Authorization
///         secret_file: /run/secrets/netsunion
///         digest: https://bank.example/statements/{yyyy}{MM}{dd}.csv.gz.sha256
///         name: netsunion-{yyyyMMdd}.csv.gz
///         patience_minutes: 180
///       - tenant: atelier
///         channel: unionpay
///         folder: /srv/sftp/unionpay/incoming
///         files: IND{yyMMdd}01ACOM
///         offset_days: -1
///         marker: true
public enum StatementSources {
    public struct Refusal: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    static let sourceLimit = 10_000

    public static func read(file path: String, clock: any WallClock = SystemClock()) throws -> [StatementSource] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Refusal(description: "\(path) cannot be read")
        }
        do { return try read(String(decoding: data, as: UTF8.self), clock: clock) } catch let refusal as Refusal {
            throw Refusal(description: "\(path): \(refusal.description)")
        }
    }

    public static func read(_ yaml: String, clock: any WallClock = SystemClock()) throws -> [StatementSource] {
        let loaded: Any?
        do { loaded = try Yams.load(yaml: yaml) } catch { throw Refusal(description: "no YAML: \(error)") }
        guard let root = loaded as? [String: Any], root.keys.allSatisfy({ $0 == "sources" }),
            let list = root["sources"] as? [Any]
        else { throw Refusal(description: "holds `sources:` with a list and nothing else") }
        guard list.count <= sourceLimit else { throw Refusal(description: "has more than \(sourceLimit) sources") }
        return try list.enumerated().map { number, item in
            guard let fields = item as? [String: Any] else {
                throw Refusal(description: "source \(number + 1) is no mapping")
            }
            do { return try SourceFields(fields).source(clock) } catch let refusal as Refusal {
                throw Refusal(description: "source \(number + 1): \(refusal.description)")
            } catch let refusal as FileNamePattern.Refusal {
                throw Refusal(description: "source \(number + 1): \(refusal.description)")
            }
        }
    }
}

/// One source's fields, checked: what is not understood is refused, never passed over.
private struct SourceFields {
    private let fields: [String: Any]
    private static let known: Set<String> = [
        "tenant", "channel", "patience_minutes", "limit_mb", "offset_days",
        "folder", "files", "marker", "settle_seconds",
        "http", "header", "secret_file", "secret_env", "digest", "name"
    ]

    init(_ fields: [String: Any]) throws {
        self.fields = fields
        let strange = fields.keys.filter { !Self.known.contains($0) }.sorted()
        guard strange.isEmpty else { throw refusal("unknown: \(strange.joined(separator: ", "))") }
    }

    func source(_ clock: any WallClock) throws -> StatementSource {
        let tenant = try required("tenant")
        let channel = try required("channel")
        guard channel.wholeMatch(of: /[a-z0-9_-]{1,40}/) != nil else {
            throw refusal("channel \"\(channel)\" has other characters than a–z, 0–9, _ and -")
        }
        let patience = Duration.seconds(60 * (try number("patience_minutes", in: 1...10_080) ?? 240))
        let limit = Int64(try number("limit_mb", in: 1...65_536) ?? 16_384) << 20
        let offset = try number("offset_days", in: -31...31) ?? 0
        switch (try text("folder"), try text("http")) {
        case (let folder?, nil):
            try onlyFor("folder", without: ["header", "secret_file", "secret_env", "digest", "name"])
            let pattern = try text("files").map { try FileNamePattern($0, offsetDays: offset) }
            let source = FolderSource(
                path: folder, pattern: pattern, wantsMarker: try flag("marker"), limitBytes: limit,
                settles: .seconds(try number("settle_seconds", in: 0...3_600) ?? 30), clock: clock)
            return StatementSource(tenant: tenant, channel: channel, place: .folder(source), patience: patience)
        case (nil, let address?):
            try onlyFor("http", without: ["files", "marker", "settle_seconds"])
            let name = try text("name").map { try FileNamePattern($0, offsetDays: offset) }
            var source = HTTPSource(address: address, authorisation: try authorisation())
            guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
                throw refusal("http is an address that begins with https:// or http://")
            }
            source.digestAddress = try text("digest")
            source.limitBytes = limit
            return StatementSource(
                tenant: tenant, channel: channel, place: .http(source), name: name, patience: patience)
        default: throw refusal("names either `folder` or `http`")
        }
    }

    private func authorisation() throws -> HTTPSource.Authorisation {
        let secret: HiddenText?
        switch (try text("secret_file"), try text("secret_env")) {
        case (nil, nil): secret = nil
        case (let file?, nil): secret = .file(file)
        case (nil, let name?): secret = .environment(name)
        default: throw refusal("names either `secret_file` or `secret_env`")
        }
        switch (try text("header"), secret) {
        case (nil, nil): return .none
        case (let header, let secret?): return .header(header ?? "Authorization", secret)
        default: throw refusal("`header` has no `secret_file` or `secret_env`")
        }
    }

    private func onlyFor(_ kind: String, without others: [String]) throws {
        let strange = others.filter { fields[$0] != nil }
        guard strange.isEmpty else { throw refusal("\(strange.joined(separator: ", ")) is not for a \(kind) source") }
    }

    private func required(_ name: String) throws -> String {
        guard let text = try text(name) else { throw refusal("`\(name)` is missing") }
        return text
    }

    private func text(_ name: String) throws -> String? {
        guard let value = fields[name] else { return nil }
        guard let text = value as? String, !text.isEmpty, text.utf8.count <= 2_000 else {
            throw refusal("`\(name)` is no text")
        }
        return text
    }

    private func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = fields[name] else { return nil }
        guard let number = value as? Int, range.contains(number) else {
            throw refusal("`\(name)` is no number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func flag(_ name: String) throws -> Bool {
        guard let value = fields[name] else { return false }
        guard let flag = value as? Bool else { throw refusal("`\(name)` is neither true nor false") }
        return flag
    }

    private func refusal(_ text: String) -> StatementSources.Refusal { StatementSources.Refusal(description: text) }
}
