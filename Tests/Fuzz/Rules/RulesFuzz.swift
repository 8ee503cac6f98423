import Rules

/// libFuzzer feeds bytes to the parser, the checker and the evaluator: none of them may trap, hang or exhaust the stack.
///
///     KONTOR_FUZZ=1 KONTOR_ONLY=rules-fuzz swift build --product rules-fuzz --scratch-path .build/fuzz \
///         -c release -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
///     SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 .build/fuzz/release/rules-fuzz -max_total_time=600 corpus
///
/// Leaks are not looked for, because globals of Swift are only reached by tagged pointers. A corpus of the suite's
/// expressions, one a file, finds ten times as much as an empty one.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
enum RulesFuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runDriver(&count, &arguments) { bytes, length in
            RulesFuzz.check(UnsafeBufferPointer(start: bytes, count: length))
            return 0
        }
    }

    private static let environment: Rules.Environment = {
        var limits = Limits()
        limits.cost = 20_000
        return Rules.Environment(
            variables: ["a": .int, "s": .string, "l": .list(.dynamic), "m": .map(.string, .dynamic), "x": .dynamic],
            limits: limits)
    }()

    private static func check(_ bytes: UnsafeBufferPointer<UInt8>) {
        let source = String(decoding: bytes, as: UTF8.self)
        guard let tree = try? environment.parse(source) else { return }
        precondition(tree.root.id > 0, "a tree has a root")
        let bindings: Bindings = ["a": 3, "s": "text", "l": [1, "b"], "x": 2.5]
        // Checked and unchecked: what the checker accepts must not fail for want of an overload that it promised.
        for isChecked in [true, false] {
            guard let program = try? environment.compile(source, isChecked: isChecked) else { continue }
            _ = try? program.evaluate(bindings)
        }
    }
}
