import Testing

/// Imports point down: from a wing to a lower one, or inside a wing along an arrow that docs/flow.md draws.
@Suite("Imports") struct ImportTests {
    struct Import {
        var file: SourceFile
        var line: Int
        var module: String
    }

    let blueprint = Blueprint()

    private func imports(_ files: [SourceFile]) -> [Import] {
        files.flatMap { file in
            file.code.compactMap { number, text in
                let words = text.split(separator: " ").map(String.init)
                guard let position = words.firstIndex(of: "import"), position <= 2,
                    words[..<position].allSatisfy({
                        ["public", "package", "internal", "private", "fileprivate"].contains($0) || $0.hasPrefix("@")
                    }), words.count > position + 1
                else { return nil }
                let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let rest = words[(position + 1)...].filter { !kinds.contains($0) }
                guard let module = rest.first?.split(separator: ".").first else { return nil }
                return Import(file: file, line: number, module: String(module))
            }
        }
    }

    @Test("the manifest and the page of arrows were read")
    func blueprintIsRead() {
        #expect(blueprint.modules["Orders"]?.wing == 4)
        #expect(blueprint.modules["Orders"]?.uses.contains("Contract") == true)
        #expect(blueprint.modules["Bench"]?.wing == 7)
        #expect(blueprint.arrows["Orders"]?.contains("Catalog") == true)
        #expect(blueprint.products.contains("SwiftProtobuf"))
    }

    @Test("every import of ours points to a lower wing, or along an arrow of docs/flow.md")
    func directionOfImports() {
        for found in imports(Tree.files(["Sources", "Benchmarks"], ending: ".swift")) {
            guard let from = blueprint.modules[found.file.room], let to = blueprint.modules[found.module],
                from.name != to.name
            else { continue }
            let drawn = blueprint.arrows[from.name]?.contains(to.name) == true
            #expect(
                to.wing < from.wing || (to.wing == from.wing && drawn),
                "\(found.file.path):\(found.line) imports \(to.name): no lower wing, and no arrow is drawn")
        }
    }

    @Test("every import is declared as a dependency in Package.swift")
    func declaredImports() {
        for found in imports(Tree.files(Tree.code, ending: ".swift")) {
            guard let from = blueprint.modules[found.file.room], found.module != from.name,
                !Blueprint.toolchain.contains(found.module)
            else { continue }
            #expect(
                from.uses.contains(found.module),
                "\(found.file.path):\(found.line) imports \(found.module), which Package.swift gives no \(from.name)"
            )
        }
    }

    @Test("every folder of sources is a module of the manifest, and every module has its folder")
    func modulesAndFolders() {
        let rooms = Set(Tree.files(Tree.code, ending: ".swift").map(\.room))
        for room in rooms.sorted() {
            #expect(blueprint.modules[room] != nil, "\(room) holds sources and stands in no line of Package.swift")
        }
        for module in blueprint.modules.values {
            #expect(
                [".swift", ".c"].contains { !Tree.files([module.folder], ending: $0).isEmpty },
                "Package.swift names \(module.name), and \(module.folder) holds no source")
        }
    }

    @Test("every arrow of docs/flow.md joins rooms that exist")
    func arrowsJoinRooms() {
        for (from, targets) in blueprint.arrows {
            for to in targets where from != "OrderLists" && to != "OrderLists" {
                #expect(
                    blueprint.modules[from] != nil && blueprint.modules[to] != nil,
                    "docs/flow.md draws \(from) --> \(to), and one of them is no module")
            }
        }
    }

    @Test("no capability knows a web server, a database driver or an HTTP client")
    func capabilitiesStandAlone() {
        let adapters: Set<String> = [
            "Hummingbird", "HummingbirdCore", "GRDB", "GRDBSQLite", "AsyncHTTPClient", "NIOCore", "NIOPosix",
            "NIOHTTP1"
        ]
        for found in imports(Tree.files(["Sources"], ending: ".swift")) {
            guard let wing = blueprint.modules[found.file.room]?.wing, (1...5).contains(wing) else { continue }
            #expect(
                !adapters.contains(found.module),
                "\(found.file.path):\(found.line) imports \(found.module); that belongs in 6-Adapters or 7-Edge")
        }
    }
}
