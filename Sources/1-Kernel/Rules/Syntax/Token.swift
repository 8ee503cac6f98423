/// The smallest part of a source that means something.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        case end
        case identifier
        /// `` `name-with.other characters` ``
        case quotedIdentifier
        case int, hexInt, uint, hexUint, double
        case string(StringForm)
        case `true`, `false`, null, `in`
        case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace
        case dot, comma, colon, question
        case plus, minus, star, slash, percent, bang
        case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, and, or
    }

    /// How a string or bytes literal is written.
    struct StringForm: Sendable, Equatable {
        var isRaw = false
        var isBytes = false
        /// 1 or 3 quotes.
        var quotes = 1
        /// Letters before the first quote.
        var prefix = 0
    }

    let kind: Kind
    let start: Int
    let end: Int
}

/// What stops the lexer or the parser: a message at a byte offset.
struct SyntaxError: Error {
    let message: String
    let offset: Int
}
