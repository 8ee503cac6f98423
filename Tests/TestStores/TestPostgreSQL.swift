import Foundation
import Store
import StorePostgreSQL

/// The PostgreSQL server of this run: the one that KONTOR_TEST_DATABASE names, else a private one that lives as long as
/// this process.
package enum TestPostgreSQL {
    /// Its address, `postgres:///…`.
    package static func url() async throws -> String { try await address.value }

    /// The address of another private server, which takes encrypted connections only and is verified by its certificate.
    package static func encryptedURL() async throws -> String {
        try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread { done.resume(with: Result { try PrivateServer.start(["--tls"]) }) }
        }
    }

    static func driver() async throws -> any StoreDriver { try await shared.value }

    /// A private server that nobody else uses, for a test of a whole installation; it lives as long as this process.
    package static func another() async throws -> String {
        try await withCheckedThrowingContinuation { done in
            // Waiting for a server takes a second or two, which belongs on a thread of its own.
            Thread.detachNewThread { done.resume(with: Result { try PrivateServer.start() }) }
        }
    }

    private static let address = Task<String, any Error> {
        if let given = ProcessInfo.processInfo.environment["KONTOR_TEST_DATABASE"], !given.isEmpty { return given }
        return try await another()
    }

    private static let shared = Task<any StoreDriver, any Error> {
        var options = PostgreSQLOptions()
        options.writers = 8
        options.readers = 8
        return try PostgreSQLDriver(url: try await url(), options: options)
    }
}
