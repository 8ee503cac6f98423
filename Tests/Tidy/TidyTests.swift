import Testing

/// Tidiness that matters: what a reader may rely on in every file.
@Suite("Tidiness") struct TidyTests {
    private func faults(_ files: [SourceFile], _ isFault: (String) -> Bool) -> [String] {
        files.flatMap { file in
            file.code.filter { isFault($0.text) }.map { "\(file.path):\($0.number)" }
        }
    }

    @Test("only the command prints")
    func onlyTheCommandPrints() {
        let files = Tree.files(Tree.code, ending: ".swift").filter { $0.room != "kontor" }
        #expect(faults(files) { $0.contains("print(") && !$0.words.isDisjoint(with: ["print", "debugPrint"]) } == [])
    }

    @Test("nothing is left for later")
    func nothingLeftForLater() {
        // Spelled in halves, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME"]
        let files = Tree.files(Tree.code + ["Tests", "Contracts", "Scripts"]).filter { !$0.isGenerated }
        for file in files {
            for (index, line) in file.lines.enumerated() {
                #expect(
                    String(line).words.isDisjoint(with: marks), "\(file.path):\(index + 1) is left for later: \(line)")
            }
        }
    }

    @Test("what can end the process says why")
    func trapsSayWhy() {
        for file in Tree.files(Tree.code, ending: ".swift") where !file.isGenerated {
            let lines = file.lines
            for (number, text) in file.code {
                let around = lines[max(0, number - 4)..<min(lines.count, number + 1)].joined(separator: "\n")
                if text.contains("try!") || text.contains("as!") {
                    #expect(around.lowercased().contains("because"), "\(file.path):\(number) forces without a because")
                }
                for trap in ["fatalError(", "preconditionFailure("] where text.contains(trap) {
                    let argument = lines[number - 1].components(after: trap)
                    #expect(argument.hasPrefix("\""), "\(file.path):\(number) ends the process without a message")
                }
            }
        }
    }

    @Test("no floating point and no Decimal near money")
    func noFloatingPointNearMoney() {
        let banned: Set<String> = ["Double", "Float", "Float16", "Float80", "CGFloat", "Decimal", "NSDecimalNumber"]
        // Anomaly is no such room: its scores say how odd a line is, and no money is made of them.
        let rooms: Set<String> = [
            "Money", "Ledger", "Payments", "Statements", "Matching", "Reconciliation", "Orders", "Inventory", "Catalog"
        ]
        let files = Tree.files(["Sources"], ending: ".swift").filter { rooms.contains($0.room) && !$0.isGenerated }
        #expect(files.count > 100, "the rooms of money were not found")
        #expect(faults(files) { !$0.words.isDisjoint(with: banned) } == [])
    }

    @Test("a contract carries money and shares as whole numbers")
    func noFloatingPointInContracts() {
        for file in Tree.files(["Contracts"], ending: ".proto") {
            for (number, text) in file.code {
                let type = text.split(separator: " ").first.map(String.init) ?? ""
                #expect(type != "double" && type != "float", "\(file.path):\(number) is a field of floating point")
            }
        }
    }

    @Test("every room has a page that says what it is for")
    func everyRoomHasAPage() {
        let rooms = Set(
            Tree.files(["Sources"], ending: ".swift").map {
                $0.path.split(separator: "/").prefix(3).joined(separator: "/")
            })
        for room in rooms.sorted() {
            let page = Tree.text(room + "/README.md").split(separator: "\n")
            #expect(page.count >= 3, "\(room) has no README.md of a few lines")
        }
    }

    @Test("no file is too long to read at one sitting")
    func filesAreShort() {
        for file in Tree.files(Tree.code + ["Tests"], ending: ".swift") where !file.isGenerated {
            #expect(file.lines.count <= 450, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("no file names a place of the machine it was written on")
    func noPathsOfAMachine() {
        let places = ["/wo" + "rk/", "/tmp/" + "bash", "/tmp/" + "brief", "/ho" + "me/", "/ro" + "ot/"]
        let files =
            Tree.files(Tree.code + ["Contracts", "Examples", "Scripts", "docs", "deploy"]) + Tree.rootFiles()
        for file in files {
            for (index, line) in file.lines.enumerated() {
                for place in places where line.startsPath(place) {
                    Issue.record("\(file.path):\(index + 1) names a place of a machine: \(line)")
                }
            }
        }
    }
}

extension StringProtocol {
    /// What follows the first `mark`.
    fileprivate func components(after mark: String) -> Substring {
        let text = Substring(String(self))
        guard let start = text.firstRange(of: mark) else { return "" }
        return text[start.upperBound...]
    }

    /// True when `place` begins a path here, and is not the middle of an address.
    fileprivate func startsPath(_ place: String) -> Bool {
        let text = String(self)
        return text.ranges(of: place).contains { range in
            guard range.lowerBound > text.startIndex else { return true }
            let before = text[text.index(before: range.lowerBound)]
            return !(before.isLetter || before.isNumber || "./-_}~$".contains(before))
        }
    }
}
