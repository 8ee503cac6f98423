public import Rules

/// What an enum is to a rule.
public enum EnumSemantics: Sendable, Hashable {
    /// An `int`, as all of Google's runtimes have it.
    case integers
    /// A type of its own for each enum, as the language's definition foresees: comparable with its own constants only,
    /// made with `shop.State(2)` or `shop.State("SHIPPED")` and turned into a number with `int(…)`.
    case distinct
}

/// A constant of an enum where enums are types of their own.
final class EnumValue: ObjectValue {
    let enumeration: EnumDescriptor
    let number: Int32

    init(_ enumeration: EnumDescriptor, _ number: Int32) {
        self.enumeration = enumeration
        self.number = number
    }

    var type: Type { .opaque(enumeration.name, []) }

    func isEqual(to other: any ObjectValue) throws -> Bool {
        guard let other = other as? EnumValue else { return false }
        return enumeration.name == other.enumeration.name && number == other.number
    }

    var isZero: Bool { number == 0 }
}

extension EnumValue: CustomStringConvertible {
    var description: String { "\(enumeration.name).\(enumeration.constant(numbered: number) ?? "\(number)")" }
}

extension ProtobufTypes {
    /// The functions that distinct enums need: from a number, from a name, to a number. None for integers.
    public var enumFunctions: [Function] {
        guard enums == .distinct else { return [] }
        var toInt = Function("int", overloads: [])
        var functions: [Function] = []
        for enumeration in schema.enumerations where !enumeration.isNullValue {
            let type = Type.opaque(enumeration.name, [])
            functions.append(
                Function(
                    enumeration.name,
                    Overload("\(enumeration.name)_int", .int, type) { value in
                        guard case .int(let number) = value, let narrow = Int32(exactly: number) else {
                            throw EvaluationError(.overflow, "an enum's number must fit 32 bits, \(value) does not")
                        }
                        return .object(EnumValue(enumeration, narrow))
                    },
                    Overload("\(enumeration.name)_string", .string, type) { value in
                        guard case .string(let name) = value, let number = enumeration.number(of: name) else {
                            throw EvaluationError(.invalidArgument, "\(enumeration.name) has no constant \(value)")
                        }
                        return .object(EnumValue(enumeration, number))
                    }))
            toInt.overloads.append(
                Overload("\(enumeration.name)_to_int", type, .int) { value in
                    guard case .object(let object) = value, let constant = object as? EnumValue else {
                        throw EvaluationError(.noSuchOverload, "int() of \(value.typeName)")
                    }
                    return .int(Int64(constant.number))
                })
        }
        return functions + [toInt]
    }
}
