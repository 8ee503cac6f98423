internal import Runtime

/// Where one channel's files of one tenant come from, as the operator of the installation set it.
public struct StatementSource: Sendable {
    public enum Place: Sendable {
        case folder(FolderSource)
        case http(HTTPSource)
    }

    /// Identifier or slug of the tenant.
    public let tenant: String
    public let channel: String
    public let place: Place
    /// The name under which a fetched file is kept, with the day in it.
    public let name: FileNamePattern?
    /// For how long after the file is due it is waited for before people are told.
    public let patience: Duration

    public static let usualPatience = Duration.seconds(4 * 3_600)

    public init(
        tenant: String, channel: String, place: Place, name: FileNamePattern? = nil,
        patience: Duration = StatementSource.usualPatience
    ) {
        self.tenant = tenant
        self.channel = channel
        self.place = place
        self.name = name
        self.patience = patience
    }

    /// The name of the file of a day.
    public func fileName(of day: String) -> String { name?.name(of: day) ?? "\(channel)-\(day).csv" }
}
