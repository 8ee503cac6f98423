public import AsyncHTTPClient

/// The HTTP client that all channels of the process share; it lives as long as the process.
public enum ChannelClient {
    /// Calls that may be under way to one provider. The client's own default of 8 would let a few time-outs keep every
    /// other shopper waiting.
    public static let connectionsPerHost = 256

    public static let shared: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        return HTTPClient(configuration: configuration)
    }()
}
