extension Value {
    // The evaluator chooses an overload by the outer types of its arguments, so these fail only for the elements of
    // a list or for a caller that goes past the evaluator.

    var asString: String {
        get throws {
            guard case .string(let text) = self else { throw Value.noOverload(self, "string") }
            return text
        }
    }

    var asInt: Int64 {
        get throws {
            guard case .int(let number) = self else { throw Value.noOverload(self, "int") }
            return number
        }
    }

    var asList: ListValue {
        get throws {
            guard case .list(let list) = self else { throw Value.noOverload(self, "list") }
            return list
        }
    }

    var asBytes: [UInt8] {
        get throws {
            guard case .bytes(let bytes) = self else { throw Value.noOverload(self, "bytes") }
            return bytes
        }
    }

    var asTimestamp: Timestamp {
        get throws {
            guard case .timestamp(let time) = self else { throw Value.noOverload(self, "timestamp") }
            return time
        }
    }

    var asDuration: Duration {
        get throws {
            guard case .duration(let span) = self else { throw Value.noOverload(self, "duration") }
            return span
        }
    }

    var asOptional: OptionalValue {
        get throws {
            guard case .optional(let optional) = self else { throw Value.noOverload(self, "optional_type") }
            return optional
        }
    }

    static func noOverload(_ value: Value, _ wanted: String) -> EvaluationError {
        EvaluationError(.noSuchOverload, "no such overload: a \(wanted) is needed here, not a \(value.typeName)")
    }
}
