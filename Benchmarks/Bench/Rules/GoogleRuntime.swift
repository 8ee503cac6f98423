import Foundation

/// Google's C++ runtime behind its Python wrapper (PyPI: cel-expr-python), in a process that answers one line for each
/// expression.
final class GoogleRuntime {
    struct Answer: Decodable {
        var call_ns: Double
        var overhead_ns: Double
        var compile_ns: Double

        func best(_ other: Answer?) -> Answer {
            guard let other else { return self }
            return Answer(
                call_ns: min(call_ns, other.call_ns), overhead_ns: min(overhead_ns, other.overhead_ns),
                compile_ns: min(compile_ns, other.compile_ns))
        }
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffered = Data()
    private(set) var description: String
    private var isRunning = false

    init(python: String) {
        description = "not measured: \(python) has no cel-expr-python"
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", Self.program]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let version = line() else { return }
        description = version
        isRunning = true
    }

    deinit {
        try? input.fileHandleForWriting.close()
        if process.isRunning { process.waitUntilExit() }
    }

    /// What the expression takes there; nil when it is not installed.
    func measure(_ expression: String) -> Answer? {
        guard isRunning else { return nil }
        let encoded = (try? JSONEncoder().encode([expression])) ?? Data()
        try? input.fileHandleForWriting.write(contentsOf: encoded + Data("\n".utf8))
        return line().flatMap { try? JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
    }

    private func line() -> String? {
        while !buffered.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            buffered += more
        }
        let end = buffered.firstIndex(of: UInt8(ascii: "\n")) ?? buffered.endIndex
        let text = String(decoding: buffered[..<end], as: UTF8.self)
        buffered = Data(buffered[end...].dropFirst())
        return text
    }

    /// The same cart as ``Workload``, as the wrapper takes it: dictionaries.
    private static let program = """
        json, sys, time, metadata = (__import__(name) for name in ("json", "sys", "time", "importlib.metadata"))
        cel = __import__("cel_expr_python.cel", fromlist=["cel"])

        def tell(text):
            sys.stdout.write(text + "\\n")
            sys.stdout.flush()

        types = {"cart": "dyn", "customer": "dyn", "total": "int", "limit": "int", "tier": "string"}
        environment = cel.NewEnv(variables={name: cel.Type(text) for name, text in types.items()})
        line = {"category": "books", "quantity": 1}
        cart = {"subtotal": 25000, "lines": [line] * 19 + [{"category": "shoes", "quantity": 2}]}
        data = {"cart": cart, "customer": {"tier": "gold"}, "total": 25000, "limit": 20000, "tier": "gold"}
        activation = environment.Activation(data)
        constant = environment.compile("true")

        def took(body):
            count = 1
            windows = 0
            best = float("inf")
            while windows < 50:
                start = time.perf_counter_ns()
                for _ in range(count):
                    body()
                spent = time.perf_counter_ns() - start
                if spent < 500_000:
                    count *= 2
                else:
                    best = min(best, spent / count)
                    windows += 1
            return best

        tell("cel-expr-python " + metadata.metadata.version("cel-expr-python"))
        for text in sys.stdin:
            source = json.loads(text)[0]
            expression = environment.compile(source)
            assert expression.eval(activation).value() is True
            tell(json.dumps({
                "call_ns": took(lambda: expression.eval(activation)),
                "overhead_ns": took(lambda: constant.eval(activation)),
                "compile_ns": took(lambda: environment.compile(source)),
            }))
        """
}
