/// Parses a source by recursive descent; chains of operators and selections are loops, not recursion.
struct Parser {
    private let source: SourceText
    private let limits: Limits
    private let macros: [String: [Macro]]
    private var lexer: Lexer
    private var nodes: NodeTable
    private var token: Token
    private var depth = 0

    /// Names that the language keeps for itself; they may still be fields.
    static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while"
    ]

    static func parse(
        _ text: String, macros: [String: [Macro]], limits: Limits
    ) throws(CompileError) -> SyntaxTree {
        if text.utf8.count > limits.sourceBytes {
            let start = SourceLocation(line: 1, column: 1, excerpt: "")
            let message = "the source has \(text.utf8.count) bytes; the limit is \(limits.sourceBytes)"
            throw CompileError(issues: [Issue(message: message, location: start)])
        }
        let source = SourceText(text)
        do throws(SyntaxError) {
            var parser = try Parser(source, macros: macros, limits: limits)
            let root = try parser.expression()
            guard parser.token.kind == .end else { throw parser.unexpected("an operator or the end") }
            return SyntaxTree(root: root, source: source, offsets: parser.nodes.offsets)
        } catch {
            throw CompileError(issues: [Issue(message: error.message, location: source.location(at: error.offset))])
        }
    }

    private init(_ source: SourceText, macros: [String: [Macro]], limits: Limits) throws(SyntaxError) {
        self.source = source
        self.limits = limits
        self.macros = macros
        lexer = Lexer(source)
        nodes = NodeTable(limits: limits)
        token = try lexer.next()
    }
}

// MARK: - Operators

extension Parser {
    /// `a ? b : c`, or anything that binds tighter.
    private mutating func expression() throws(SyntaxError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        if depth > limits.depth {
            throw SyntaxError(
                message: "the expression is nested more than \(limits.depth) levels deep", offset: token.start)
        }
        let condition = try binary(1)
        guard token.kind == .question else { return condition }
        let offset = token.start
        try advance()
        let first = try binary(1)
        try expect(.colon, "':'")
        let second = try expression()
        return try make(
            .call(function: Operator.conditional, target: nil, arguments: [condition, first, second]), offset)
    }

    private struct Infix {
        let function: String
        let level: Int
    }

    private static func infix(_ kind: Token.Kind) -> Infix? {
        switch kind {
        case .or: Infix(function: Operator.or, level: 1)
        case .and: Infix(function: Operator.and, level: 2)
        case .equal: Infix(function: Operator.equals, level: 3)
        case .notEqual: Infix(function: Operator.notEquals, level: 3)
        case .less: Infix(function: Operator.less, level: 3)
        case .lessOrEqual: Infix(function: Operator.lessOrEqual, level: 3)
        case .greater: Infix(function: Operator.greater, level: 3)
        case .greaterOrEqual: Infix(function: Operator.greaterOrEqual, level: 3)
        case .in: Infix(function: Operator.contained, level: 3)
        case .plus: Infix(function: Operator.add, level: 4)
        case .minus: Infix(function: Operator.subtract, level: 4)
        case .star: Infix(function: Operator.multiply, level: 5)
        case .slash: Infix(function: Operator.divide, level: 5)
        case .percent: Infix(function: Operator.modulo, level: 5)
        default: nil
        }
    }

    /// Operators of a level and above, left to right.
    private mutating func binary(_ level: Int) throws(SyntaxError) -> Expression {
        var left = try unary()
        while let infix = Parser.infix(token.kind), infix.level >= level {
            let offset = token.start
            if infix.level <= 2 {
                left = try logical(left, infix, token.kind)
                continue
            }
            try advance()
            let right = try binary(infix.level + 1)
            left = try make(.call(function: infix.function, target: nil, arguments: [left, right]), offset)
        }
        return left
    }

    /// A chain of `&&` or of `||` becomes a balanced tree, so that a long one is not a deep one.
    private mutating func logical(
        _ first: Expression, _ infix: Infix, _ kind: Token.Kind
    ) throws(SyntaxError) -> Expression {
        var terms = [first]
        var offsets: [Int] = []
        while token.kind == kind {
            offsets.append(token.start)
            try advance()
            terms.append(try binary(infix.level + 1))
        }
        return try balanced(infix.function, terms[...], offsets[...])
    }

    private mutating func balanced(
        _ function: String, _ terms: ArraySlice<Expression>, _ offsets: ArraySlice<Int>
    ) throws(SyntaxError) -> Expression {
        if terms.count == 1 { return terms[terms.startIndex] }
        let middle = terms.startIndex + (terms.count + 1) / 2
        let operation = offsets.startIndex + (terms.count + 1) / 2 - 1
        let left = try balanced(function, terms[..<middle], offsets[..<operation])
        let right = try balanced(function, terms[middle...], offsets[(operation + 1)...])
        return try make(.call(function: function, target: nil, arguments: [left, right]), offsets[operation])
    }

    /// `!` or `-`, any number of them: two cancel each other out.
    private mutating func unary() throws(SyntaxError) -> Expression {
        token.kind == .bang || token.kind == .minus ? try prefixed() : try member(isNegative: false)
    }

    // Apart from `unary`, so that its locals take no room on the stack of every level of nesting.
    @inline(never)
    private mutating func prefixed() throws(SyntaxError) -> Expression {
        let kind = token.kind
        let offset = token.start
        var count = 0
        while token.kind == kind {
            count += 1
            try advance()
        }
        switch (kind, token.kind) {
        case (.minus, .int), (.minus, .hexInt), (.minus, .double):
            let operand = try member(isNegative: true)
            return count % 2 == 1 ? operand : try make(call(Operator.negate, operand), offset)
        default:
            let operand = try member(isNegative: false)
            if count % 2 == 0 { return operand }
            return try make(call(kind == .bang ? Operator.not : Operator.negate, operand), offset)
        }
    }

    private func call(_ function: String, _ arguments: Expression...) -> Expression.Kind {
        .call(function: function, target: nil, arguments: arguments)
    }
}

// MARK: - Selections, calls and literals

extension Parser {
    private mutating func member(isNegative: Bool) throws(SyntaxError) -> Expression {
        var operand = try primary(isNegative: isNegative)
        while true {
            switch token.kind {
            case .dot: operand = try selection(from: operand)
            case .leftBracket: operand = try index(into: operand)
            case .leftBrace:
                guard let name = Parser.qualifiedName(operand) else {
                    throw unexpected("an operator; only the name of a type goes before '{'")
                }
                operand = try message(name)
            default: return operand
            }
        }
    }

    private mutating func selection(from operand: Expression) throws(SyntaxError) -> Expression {
        let offset = token.start
        try advance()
        let isOptional = try accept(.question)
        let isQuoted = token.kind == .quotedIdentifier
        let nameOffset = token.start
        let name = try selector()
        if isOptional {
            let field = try make(.literal(.string(name)), nameOffset)
            return try make(call(Operator.optionalSelect, operand, field), offset)
        }
        if !isQuoted, token.kind == .leftParen {
            let arguments = try self.arguments()
            return try invoke(name, target: operand, arguments, nameOffset)
        }
        return try make(.select(operand: operand, field: name, isTest: false), offset)
    }

    private mutating func index(into operand: Expression) throws(SyntaxError) -> Expression {
        let offset = token.start
        try advance()
        let isOptional = try accept(.question)
        let key = try expression()
        try expect(.rightBracket, "']'")
        return try make(call(isOptional ? Operator.optionalIndex : Operator.index, operand, key), offset)
    }

    private mutating func primary(isNegative: Bool) throws(SyntaxError) -> Expression {
        let start = token
        switch token.kind {
        case .identifier: return try name(isAbsolute: false)
        case .dot:
            try advance()
            return try name(isAbsolute: true)
        case .leftParen:
            try advance()
            let inner = try expression()
            try expect(.rightParen, "')'")
            return inner
        case .leftBracket: return try list()
        case .leftBrace: return try map()
        default:
            guard let value = try literal(isNegative: isNegative) else { throw unexpected("an expression") }
            try advance()
            return try make(.literal(value), start.start)
        }
    }

    private mutating func name(isAbsolute: Bool) throws(SyntaxError) -> Expression {
        let start = token
        guard token.kind == .identifier else { throw unexpected("a name") }
        let name = (isAbsolute ? "." : "") + text(of: token)
        let isReserved = Parser.reserved.contains(text(of: token))
        try advance()
        if isReserved {
            throw SyntaxError(message: "'\(text(of: start))' is a reserved word", offset: start.start)
        }
        if token.kind == .leftParen {
            let arguments = try self.arguments()
            return try invoke(name, target: nil, arguments, start.start)
        }
        return try make(.identifier(name), start.start)
    }

    /// A call, or what its macro makes of it.
    private mutating func invoke(
        _ name: String, target: Expression?, _ arguments: [Expression], _ offset: Int
    ) throws(SyntaxError) -> Expression {
        if let candidates = macros[name] {
            let match = candidates.first {
                $0.isMember == (target != nil) && ($0.arity == nil || $0.arity == arguments.count)
            }
            if let match, let expansion = try expand(match, target, arguments, offset) { return expansion }
        }
        return try make(.call(function: name, target: target, arguments: arguments), offset)
    }

    private mutating func expand(
        _ macro: Macro, _ target: Expression?, _ arguments: [Expression], _ offset: Int
    ) throws(SyntaxError) -> Expression? {
        let id = nodes.freshID(at: Int32(offset))
        var context = MacroContext(nodes: nodes, offset: Int32(offset))
        // The table is lent, not copied: with two owners every macro would copy it whole.
        nodes = NodeTable(limits: limits)
        defer { nodes = context.nodes }
        do {
            let call = Macro.Call(id: id, target: target, arguments: arguments)
            let expansion = try macro.expand(&context, call)
            if let excess = context.nodes.excess { throw excess }
            return expansion
        } catch let error as SyntaxError {
            throw error
        } catch let error as MacroError {
            throw SyntaxError(message: error.message, offset: Int(context.nodes.offsets[error.id]))
        } catch {
            throw SyntaxError(message: "\(macro.name): \(error)", offset: offset)
        }
    }

    private mutating func arguments() throws(SyntaxError) -> [Expression] {
        try expect(.leftParen, "'('")
        var arguments: [Expression] = []
        if try accept(.rightParen) { return arguments }
        repeat { arguments.append(try expression()) } while try accept(.comma)
        try expect(.rightParen, "',' or ')'")
        return arguments
    }

    private mutating func list() throws(SyntaxError) -> Expression {
        let offset = token.start
        try advance()
        var elements: [Expression] = []
        var optionals: [Int] = []
        while token.kind != .rightBracket {
            if try accept(.question) { optionals.append(elements.count) }
            elements.append(try expression())
            guard try accept(.comma) else { break }
        }
        try expect(.rightBracket, "',' or ']'")
        return try make(.list(elements: elements, optionals: optionals), offset)
    }

    private mutating func map() throws(SyntaxError) -> Expression {
        let offset = token.start
        try advance()
        var entries: [Expression.MapEntry] = []
        while token.kind != .rightBrace {
            let isOptional = try accept(.question)
            let start = token.start
            let key = try expression()
            try expect(.colon, "':'")
            let value = try expression()
            entries.append(
                Expression.MapEntry(
                    id: nodes.freshID(at: Int32(start)), key: key, value: value, isOptional: isOptional))
            guard try accept(.comma) else { break }
        }
        try expect(.rightBrace, "',' or '}'")
        return try make(.map(entries), offset)
    }

    private mutating func message(_ name: String) throws(SyntaxError) -> Expression {
        let offset = token.start
        try advance()
        var fields: [Expression.FieldEntry] = []
        while token.kind != .rightBrace {
            let isOptional = try accept(.question)
            let start = token.start
            let field = try selector()
            try expect(.colon, "':'")
            let value = try expression()
            fields.append(
                Expression.FieldEntry(
                    id: nodes.freshID(at: Int32(start)), name: field, value: value, isOptional: isOptional))
            guard try accept(.comma) else { break }
        }
        try expect(.rightBrace, "',' or '}'")
        return try make(.message(name: name, fields: fields), offset)
    }

    /// The dotted name that an expression writes, or nil when it is no name.
    static func qualifiedName(_ expression: Expression) -> String? {
        var parts: [String] = []
        var current = expression
        while case .select(let operand, let field, false) = current.kind {
            parts.append(field)
            current = operand
        }
        guard case .identifier(let root) = current.kind else { return nil }
        return parts.isEmpty ? root : ([root] + parts.reversed()).joined(separator: ".")
    }
}

// MARK: - Tokens

extension Parser {
    private mutating func advance() throws(SyntaxError) { token = try lexer.next() }

    private mutating func accept(_ kind: Token.Kind) throws(SyntaxError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    private mutating func expect(_ kind: Token.Kind, _ what: String) throws(SyntaxError) {
        guard token.kind == kind else { throw unexpected(what) }
        try advance()
    }

    private func unexpected(_ wanted: String) -> SyntaxError {
        let found = token.kind == .end ? "the end" : "'\(text(of: token))'"
        return SyntaxError(message: "expected \(wanted), found \(found)", offset: token.start)
    }

    private func text(of token: Token) -> String {
        String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
    }

    private mutating func make(_ kind: Expression.Kind, _ offset: Int) throws(SyntaxError) -> Expression {
        let expression = nodes.make(kind, at: Int32(offset))
        if let excess = nodes.excess { throw excess }
        return expression
    }

    /// The name after a dot or in a message; reserved words are allowed there.
    private mutating func selector() throws(SyntaxError) -> String {
        let name: String
        switch token.kind {
        case .identifier: name = text(of: token)
        case .quotedIdentifier:
            name = String(decoding: source.bytes[(token.start + 1)..<(token.end - 1)], as: UTF8.self)
        default: throw unexpected("a field's name")
        }
        try advance()
        return name
    }

    private func literal(isNegative: Bool) throws(SyntaxError) -> Value? {
        let sign = isNegative ? "-" : ""
        switch token.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .string(let form): return try StringLiteral.value(of: token, form: form, in: source.bytes)
        case .int: return try number(Int64(sign + text(of: token)).map(Value.int), "an int has 64 bits")
        case .hexInt:
            return try number(
                Int64(sign + text(of: token).dropFirst(2), radix: 16).map(Value.int), "an int has 64 bits")
        case .uint: return try number(UInt64(text(of: token).dropLast()).map(Value.uint), "a uint has 64 bits")
        case .hexUint:
            return try number(
                UInt64(text(of: token).dropFirst(2).dropLast(), radix: 16).map(Value.uint), "a uint has 64 bits")
        case .double:
            let written = text(of: token)
            let value = Double(sign + (written.hasPrefix(".") ? "0" : "") + written)
            return try number(value.flatMap { $0.isFinite ? .double($0) : nil }, "a double ends at about 1.8e308")
        default: return nil
        }
    }

    private func number(_ value: Value?, _ range: String) throws(SyntaxError) -> Value {
        guard let value else {
            throw SyntaxError(message: "'\(text(of: token))' is out of range: \(range)", offset: token.start)
        }
        return value
    }
}
