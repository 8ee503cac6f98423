extension Library {
    /// `getHours("Europe/Berlin")` and its kin, on timestamps and durations.
    static let timeFunctions: [Function] = [
        timeFunction("getFullYear", "year") { $0.date.year },
        timeFunction("getMonth", "month") { $0.date.month - 1 },
        timeFunction("getDate", "day_of_month_1_based") { $0.date.day },
        timeFunction("getDayOfMonth", "day_of_month") { $0.date.day - 1 },
        timeFunction("getDayOfWeek", "day_of_week") { $0.date.dayOfWeek },
        timeFunction("getDayOfYear", "day_of_year") { $0.date.dayOfYear },
        timeFunction("getHours", "hours", ofDuration: { $0.seconds / 3_600 }) { $0.hour },
        timeFunction("getMinutes", "minutes", ofDuration: { $0.seconds / 60 }) { $0.minute },
        timeFunction("getSeconds", "seconds", ofDuration: { $0.seconds }) { $0.second },
        milliseconds
    ]

    private static func timeFunction(
        _ name: String, _ id: String, ofDuration total: (@Sendable (Duration) -> Int64)? = nil,
        _ part: @escaping @Sendable (ClockReading) -> Int64
    ) -> Function {
        var function = Function(
            name,
            Overload("timestamp_to_\(id)", on: .timestamp, .int) { time in
                .int(part(ClockReading(seconds: try time.asTimestamp.seconds)))
            },
            Overload("timestamp_to_\(id)_with_tz", on: .timestamp, .string, .int) { time, zone in
                let seconds = try time.asTimestamp.seconds
                let offset = try TimeZones.offset(of: try zone.asString, at: seconds)
                return .int(part(ClockReading(seconds: seconds + offset)))
            })
        if let total {
            function.overloads.append(
                Overload("duration_to_\(id)", on: .duration, .int) { .int(total(try $0.asDuration)) })
        }
        return function
    }

    /// The milliseconds within the second; a zone is checked although it changes nothing.
    private static let milliseconds = Function(
        "getMilliseconds",
        Overload("timestamp_to_milliseconds", on: .timestamp, .int) {
            .int(Int64(try $0.asTimestamp.nanos / 1_000_000))
        },
        Overload("timestamp_to_milliseconds_with_tz", on: .timestamp, .string, .int) { time, zone in
            _ = try TimeZones.offset(of: try zone.asString, at: try time.asTimestamp.seconds)
            return .int(Int64(try time.asTimestamp.nanos / 1_000_000))
        },
        Overload("duration_to_milliseconds", on: .duration, .int) { .int(Int64(try $0.asDuration.nanos / 1_000_000)) })
}
