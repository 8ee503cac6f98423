/// An expression, the sample it is tried on, the types of what it may use, and what came of it.
struct RulesView {
    struct Variable {
        let path: String
        let type: String
    }

    struct Example {
        let href: String
        let text: String
    }

    struct Answer {
        let value: String
        let type: String
        let cost: String
        let most: String
    }

    let action = Place.rules
    let expression: String
    let sample: String
    let expressionLength = RuleTrial.expressionLength
    let sampleLength = RuleTrial.sampleLength
    let variables: [Variable]
    let examples: [Example]
    let answer: Answer?
    let fault: String?
    /// What is wrong with the sample itself.
    let sampleFault: String?

    init(expression: String, sample: String, texts: Texts) {
        self.expression = expression
        self.sample = sample
        let (trial, read) = RuleTrial.run(expression, on: sample)
        variables = (read?.paths ?? []).map { Variable(path: $0.path, type: Self.plain($0.type)) }
        examples = RuleTrial.examples.map {
            Example(href: URLText.path(Place.rules, ["expression": $0]), text: $0)
        }
        switch trial {
        case .answer(let value, let type, let cost, let most)?:
            answer = Answer(
                value: value, type: type, cost: Sum.grouped("\(cost)"),
                most: most == .max ? "∞" : Sum.grouped("\(most)"))
            fault = nil
            sampleFault = nil
        case .refused(let text)?:
            answer = nil
            fault = text
            sampleFault = nil
        case .badSample(let text)?:
            answer = nil
            fault = nil
            sampleFault = texts[.ruleSampleFault] + (text.isEmpty ? "" : " " + text)
        case nil:
            answer = nil
            fault = nil
            sampleFault = nil
        }
    }

    /// A type's name as the page's readers call it.
    private static func plain(_ type: String) -> String {
        type.replacing("google.protobuf.Timestamp", with: "timestamp")
            .replacing("google.protobuf.Duration", with: "duration")
    }
}
