// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Every target is declared in one line: its wing (the folder), its name and what it stands on.
// `KONTOR_ONLY=Ledger swift test` narrows the package to those targets, their tests and what they
// import, because SwiftPM otherwise compiles every test target before it runs the first test.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault")
]

let products: [String: Target.Dependency] = [
    "ArgumentParser": .product(name: "ArgumentParser", package: "swift-argument-parser"),
    "AsyncHTTPClient": .product(name: "AsyncHTTPClient", package: "async-http-client"),
    "Collections": .product(name: "Collections", package: "swift-collections"),
    "Configuration": .product(name: "Configuration", package: "swift-configuration"),
    "Crypto": .product(name: "Crypto", package: "swift-crypto"),
    "GRDB": .product(name: "GRDB", package: "GRDB.swift"),
    "GRDBSQLite": .product(name: "GRDBSQLite", package: "GRDB.swift"),
    "HTTPTypes": .product(name: "HTTPTypes", package: "swift-http-types"),
    "Hummingbird": .product(name: "Hummingbird", package: "hummingbird"),
    "HummingbirdCore": .product(name: "HummingbirdCore", package: "hummingbird"),
    "HummingbirdTesting": .product(name: "HummingbirdTesting", package: "hummingbird"),
    "JWTKit": .product(name: "JWTKit", package: "jwt-kit"),
    "Logging": .product(name: "Logging", package: "swift-log"),
    "Metrics": .product(name: "Metrics", package: "swift-metrics"),
    "CoreMetrics": .product(name: "CoreMetrics", package: "swift-metrics"),
    "Mustache": .product(name: "Mustache", package: "swift-mustache"),
    "NIOCore": .product(name: "NIOCore", package: "swift-nio"),
    "NIOHTTP1": .product(name: "NIOHTTP1", package: "swift-nio"),
    "NIOHTTPTypes": .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    "NIOPosix": .product(name: "NIOPosix", package: "swift-nio"),
    "ServiceLifecycle": .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    "SwiftProtobuf": .product(name: "SwiftProtobuf", package: "swift-protobuf"),
    "SwiftProtobufPluginLibrary": .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf"),
    "UnixSignals": .product(name: "UnixSignals", package: "swift-service-lifecycle"),
    "Tracing": .product(name: "Tracing", package: "swift-distributed-tracing"),
    "Yams": .product(name: "Yams", package: "Yams")
]

enum Kind { case library, executable, test, system }

struct Part {
    var kind: Kind
    var path: String
    var name: String
    var uses: [String]
    var resources: [Resource]
    var pkgConfig: String?
    var debian: String?
}

func room(_ wing: String, _ name: String, _ uses: [String] = [], resources: [Resource] = []) -> Part {
    Part(kind: .library, path: "Sources/\(wing)/\(name)", name: name, uses: uses, resources: resources)
}

/// A C library of the system, found by pkg-config; `package` is what Debian calls its headers.
func system(_ name: String, pkgConfig: String, package: String) -> Part {
    Part(
        kind: .system, path: "Sources/0-C/\(name)", name: name, uses: [], resources: [], pkgConfig: pkgConfig,
        debian: package)
}

func program(_ path: String, _ name: String, _ uses: [String]) -> Part {
    Part(kind: .executable, path: path, name: name, uses: uses, resources: [])
}

func tests(_ name: String, _ uses: [String]) -> Part {
    Part(kind: .test, path: "Tests/\(name)", name: name + "Tests", uses: uses, resources: [])
}

let kernel = ["Money", "Runtime", "Store", "Journal", "Contract"]

let capabilities = [
    "Tenancy", "Identity", "Vault", "Ledger", "Payments", "Reconciliation", "Catalog", "Inventory", "Orders"
]

let parts: [Part] = [
    // 0-C
    system("Clibpq", pkgConfig: "libpq", package: "libpq-dev"),
    system("Clibxml2", pkgConfig: "libxml-2.0", package: "libxml2-dev"),
    system("Clibzip", pkgConfig: "libzip", package: "libzip-dev"),
    system("Czlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    Part(kind: .library, path: "Sources/0-C/CScan", name: "CScan", uses: [], resources: []),
    // 1-Kernel
    room("1-Kernel", "Money"),
    room("1-Kernel", "Rules"),
    room("1-Kernel", "RulesProtobuf", ["Rules", "SwiftProtobuf"]),
    room("1-Kernel", "Runtime", ["Logging", "Metrics", "CoreMetrics", "Tracing", "Configuration", "ServiceLifecycle"]),
    room("1-Kernel", "Store", ["Runtime", "Logging", "Metrics", "Tracing", "Crypto"]),
    room("1-Kernel", "Journal", ["Runtime", "Store", "Crypto", "Logging", "Metrics"]),
    room("1-Kernel", "Contract", ["Money", "Runtime", "Store", "Journal", "SwiftProtobuf"]),
    // 2-Platform
    room("2-Platform", "Tenancy", kernel + ["SwiftProtobuf", "Crypto", "Logging", "Collections"]),
    room("2-Platform", "Identity", kernel + ["SwiftProtobuf", "Crypto", "JWTKit"]),
    room("2-Platform", "Vault", kernel + ["SwiftProtobuf", "Crypto"]),
    // 3-Funds
    room("3-Funds", "Ledger", kernel + ["SwiftProtobuf", "Collections"]),
    room("3-Funds", "Payments", kernel + ["SwiftProtobuf", "Crypto", "Logging", "Ledger"]),
    // The statements' formats, the matcher and the anomaly scores are pure: others may use them alone.
    room("3-Funds", "Statements", ["Money", "Clibxml2", "Clibzip", "Czlib", "Yams"]),
    room("3-Funds", "Matching", ["Money", "CScan"]),
    room("3-Funds", "Anomaly"),
    room(
        "3-Funds", "Reconciliation",
        kernel + [
            "Rules", "SwiftProtobuf", "Crypto", "Logging", "Metrics", "Ledger", "Payments", "Statements", "Matching",
            "Anomaly", "Czlib", "Yams"
        ]),
    // 4-Commerce
    room("4-Commerce", "Catalog", kernel + ["SwiftProtobuf"]),
    room("4-Commerce", "Inventory", kernel + ["SwiftProtobuf"]),
    room(
        "4-Commerce", "Orders",
        kernel + ["SwiftProtobuf", "Catalog", "Inventory", "Ledger", "Payments", "Vault"]),
    // 6-Adapters
    room("6-Adapters", "StoreSQLite", ["Runtime", "Store", "GRDB", "GRDBSQLite", "Logging"]),
    room("6-Adapters", "StorePostgreSQL", ["Clibpq", "Runtime", "Store", "Crypto", "Logging", "Metrics"]),
    room(
        "6-Adapters", "Channels",
        [
            "Money", "Runtime", "Payments", "Crypto", "AsyncHTTPClient", "Hummingbird", "HTTPTypes", "NIOCore",
            "NIOPosix", "NIOHTTP1", "Logging", "ServiceLifecycle", "Yams"
        ]),
    // 7-Edge, with the benchmarks beside it
    room(
        "7-Edge", "Assembly",
        kernel + capabilities + [
            "StoreSQLite", "StorePostgreSQL", "Channels", "Gateway", "Console", "Crypto", "Logging", "Metrics",
            "ServiceLifecycle"
        ]),
    room(
        "7-Edge", "Demo",
        kernel + [
            "Ledger", "Reconciliation", "Catalog", "Inventory", "Orders", "AsyncHTTPClient", "NIOCore", "NIOHTTP1",
            "SwiftProtobuf"
        ]),
    Part(
        kind: .library, path: "Benchmarks/Bench", name: "Bench",
        uses: kernel + [
            "Rules", "Tenancy", "Identity", "Ledger", "Matching", "Payments", "Reconciliation", "Catalog",
            "Inventory", "StoreSQLite", "StorePostgreSQL", "Gateway", "Assembly", "Crypto", "NIOCore", "NIOPosix",
            "GRDBSQLite", "Logging", "ServiceLifecycle"
        ],
        resources: []),
    room(
        "7-Edge", "Console",
        kernel + [
            "Rules", "RulesProtobuf", "Ledger", "Payments", "Reconciliation", "Catalog", "Inventory", "Orders",
            "SwiftProtobuf", "Mustache"
        ]),
    room(
        "7-Edge", "Gateway",
        [
            "Contract", "Runtime", "Store", "HummingbirdCore", "HTTPTypes", "Logging", "Metrics", "Tracing", "NIOCore",
            "NIOPosix", "NIOHTTP1", "NIOHTTPTypes", "ServiceLifecycle"
        ])
]

// The programs and the tests stand apart so that the list above reads as the tree of the design.
let programs: [Part] = [
    program(
        "Sources/7-Edge/kontor", "kontor",
        kernel + capabilities + [
            "Assembly", "Bench", "Channels", "Demo", "Gateway", "ArgumentParser", "AsyncHTTPClient", "Configuration",
            "CoreMetrics", "Crypto", "Logging", "Matching", "Metrics", "NIOCore", "Rules", "RulesProtobuf",
            "ServiceLifecycle",
            "Statements", "StorePostgreSQL", "SwiftProtobuf", "Tracing", "UnixSignals"
        ]),
    program("Tools/protoc-gen-kontor", "protoc-gen-kontor", ["SwiftProtobuf", "SwiftProtobufPluginLibrary"]),
    // What suites share: each of their tests runs on every store.
    Part(
        kind: .library, path: "Tests/TestStores", name: "TestStores",
        uses: ["Runtime", "Store", "StoreSQLite", "StorePostgreSQL"], resources: [])
]

let suites: [Part] = [
    tests(
        "Gateway",
        [
            "Gateway", "Contract", "Runtime", "Store", "TestStores",
            "Logging", "ServiceLifecycle"
        ]),
    tests(
        "Assembly",
        kernel + [
            "Assembly", "Channels", "Ledger", "Payments", "Reconciliation", "Tenancy", "TestStores", "CoreMetrics",
            "HTTPTypes", "Hummingbird", "NIOCore", "SwiftProtobuf"
        ]),
    tests(
        "Catalog",
        ["Catalog", "Contract", "Inventory", "Journal", "Money", "Runtime", "Store", "TestStores", "SwiftProtobuf"]),
    tests(
        "Console",
        kernel + [
            "Console", "Ledger", "Payments", "Reconciliation", "Catalog", "Inventory", "Orders", "Vault", "TestStores",
            "SwiftProtobuf", "Crypto"
        ]),
    tests("Inventory", ["Inventory", "Contract", "Journal", "Runtime", "Store", "TestStores", "SwiftProtobuf"]),
    tests("Ledger", ["Ledger", "Contract", "Journal", "Money", "Runtime", "Store", "TestStores", "SwiftProtobuf"]),
    tests("Payments", kernel + ["Payments", "Ledger", "Channels", "TestStores", "SwiftProtobuf"]),
    tests("Statements", ["Statements", "Money"]),
    tests("Matching", ["Matching"]),
    tests("Bench", ["Bench", "Runtime", "TestStores"]),
    tests("Anomaly", ["Anomaly"]),
    tests(
        "Reconciliation",
        kernel + [
            "Reconciliation", "Rules", "Ledger", "Payments", "Statements", "Matching", "Channels", "TestStores",
            "SwiftProtobuf", "Crypto"
        ]),
    tests(
        "Channels",
        [
            "Money", "Runtime", "Payments", "Channels", "Hummingbird", "HTTPTypes", "AsyncHTTPClient", "NIOCore",
            "Crypto"
        ]),
    tests("Money", ["Money"]),
    tests("Rules", ["Rules"]),
    tests("RulesProtobuf", ["Rules", "RulesProtobuf", "SwiftProtobuf"]),
    tests(
        "Orders",
        kernel + [
            "Orders", "Catalog", "Inventory", "Ledger", "Payments", "Vault", "TestStores", "SwiftProtobuf", "Crypto"
        ]),
    tests(
        "Model",
        kernel + [
            "Orders", "Catalog", "Inventory", "Ledger", "Payments", "Vault", "TestStores", "SwiftProtobuf", "Crypto"
        ]),
    tests(
        "Tenancy",
        ["Tenancy", "Contract", "Money", "Runtime", "SwiftProtobuf", "Store", "StoreSQLite", "TestStores", "Journal"]),
    tests(
        "Identity",
        ["Identity", "Contract", "Runtime", "SwiftProtobuf", "Store", "TestStores", "Journal", "JWTKit", "Crypto"]),
    tests(
        "Contract",
        ["Contract", "Money", "Runtime", "Store", "Journal", "TestStores", "SwiftProtobuf"]),
    tests("ProtocGenKontor", ["protoc-gen-kontor", "SwiftProtobuf", "SwiftProtobufPluginLibrary"]),
    tests("Vault", ["Vault", "Contract", "Runtime", "SwiftProtobuf", "Store", "TestStores", "Journal", "Crypto"]),
    tests("Runtime", ["Runtime"]),
    tests("Store", ["Runtime", "Store", "StoreSQLite", "TestStores"]),
    tests("StoreSQLite", ["Runtime", "Store", "StoreSQLite", "TestStores"]),
    tests("StorePostgreSQL", ["Runtime", "Store", "StorePostgreSQL", "TestStores"]),
    tests("Journal", ["Runtime", "Store", "Journal", "TestStores", "Crypto", "Logging"]),
    tests("Kontor", ["kontor", "Statements", "TestStores", "ArgumentParser"]),
    tests("Tidy", []),
    tests(
        "Scenarios",
        kernel + capabilities + [
            "Assembly", "Channels", "Gateway", "AsyncHTTPClient", "Logging", "NIOCore", "NIOHTTP1", "ServiceLifecycle"
        ])
]

// Fuzzers need a compiler flag of their own, so they are built only when they are asked for.
let fuzzers: [Part] =
    Context.environment["KONTOR_FUZZ"] == nil
    ? []
    : [
        program("Tests/Fuzz/Rules", "rules-fuzz", ["Rules"]),
        program("Tests/Fuzz/Statements", "statements-fuzz", ["Statements", "Money"])
    ]

let all = parts + programs + suites + fuzzers
let known = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

/// The parts named in KONTOR_ONLY with their tests and everything they stand on; all of them when it is not set.
func selected() -> [Part] {
    guard let only = Context.environment["KONTOR_ONLY"], !only.isEmpty else { return all }
    var wanted: Set<String> = []
    var queue = only.split(separator: ",").map(String.init).flatMap { [$0, $0 + "Tests"] }
    while let name = queue.popLast() {
        guard let part = known[name], wanted.insert(name).inserted else { continue }
        queue.append(contentsOf: part.uses)
    }
    return all.filter { wanted.contains($0.name) }
}

/// A room's README stands beside its sources and is no source itself.
func readme(_ part: Part) -> [String] {
    FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(part.path)/README.md") ? ["README.md"] : []
}

let targets: [Target] = selected().map { part in
    let dependencies = part.uses.map { products[$0] ?? .byName(name: $0) }
    switch part.kind {
    case .library:
        return .target(
            name: part.name, dependencies: dependencies, path: part.path, exclude: readme(part),
            resources: part.resources, swiftSettings: settings)
    case .executable:
        return .executableTarget(
            name: part.name, dependencies: dependencies, path: part.path, swiftSettings: settings)
    case .system:
        return .systemLibrary(
            name: part.name, path: part.path, pkgConfig: part.pkgConfig,
            providers: [.apt([part.debian ?? part.name])])
    case .test:
        return .testTarget(name: part.name, dependencies: dependencies, path: part.path, swiftSettings: settings)
    }
}

/// What other packages may use of this one.
let libraries = ["Money", "Rules", "RulesProtobuf", "Statements", "Matching"].filter { name in
    targets.contains { $0.name == name }
}

let package = Package(
    name: "kontor",
    platforms: [.macOS(.v15)],
    products: libraries.map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["Logging"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0")
    ],
    targets: targets,
    swiftLanguageModes: [.v6]
)
