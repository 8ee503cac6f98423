extension Library {
    /// IP addresses and networks: `cidr("10.0.0.0/8").containsIP(request.ip)`.
    public static let network = Library(
        "network",
        functions: [
            Function(
                "ip",
                Overload("string_to_ip", .string, addressType) { .object(AddressValue(try address($0))) },
                Overload("cidr_ip", on: networkType, addressType) { .object(AddressValue(try network($0).address)) }),
            Function(
                "cidr", Overload("string_to_cidr", .string, networkType) { .object(NetworkValue(try network($0))) }),
            Function("isIP", Overload("is_ip", .string, .bool) { .bool(IPAddress(try $0.asString) != nil) }),
            Function("isCIDR", Overload("is_cidr", .string, .bool) { .bool(IPNetwork(try $0.asString) != nil) }),
            Function(
                "ip.isCanonical",
                Overload("ip_is_canonical", .string, .bool) { value in
                    let text = try value.asString
                    return .bool(try address(value).text.hasSameScalars(as: text))
                }),
            Function("family", Overload("ip_family", on: addressType, .int) { .int(Int64(try address($0).family)) }),
            asks("isUnspecified", "ip_is_unspecified") { $0.isUnspecified },
            asks("isLoopback", "ip_is_loopback") { $0.isLoopback },
            asks("isGlobalUnicast", "ip_is_global_unicast") { $0.isGlobalUnicast },
            asks("isLinkLocalMulticast", "ip_is_link_local_multicast") { $0.isLinkLocalMulticast },
            asks("isLinkLocalUnicast", "ip_is_link_local_unicast") { $0.isLinkLocalUnicast },
            Function(
                "containsIP",
                Overload("cidr_contains_ip", on: networkType, addressType, .bool) { network, address in
                    .bool(try Library.network(network).contains(try Library.address(address)))
                },
                Overload("cidr_contains_ip_string", on: networkType, .string, .bool) { network, address in
                    .bool(try Library.network(network).contains(try Library.address(address)))
                }),
            Function(
                "containsCIDR",
                Overload("cidr_contains_cidr", on: networkType, networkType, .bool) { network, other in
                    .bool(try Library.network(network).contains(try Library.network(other)))
                },
                Overload("cidr_contains_cidr_string", on: networkType, .string, .bool) { network, other in
                    .bool(try Library.network(network).contains(try Library.network(other)))
                }),
            Function(
                "masked",
                Overload("cidr_masked", on: networkType, networkType) { .object(NetworkValue(try network($0).masked)) }),
            Function(
                "prefixLength",
                Overload("cidr_prefix_length", on: networkType, .int) { .int(Int64(try network($0).prefixLength)) }),
            Function(
                "string",
                Overload("ip_to_string", addressType, .string) { .string(try address($0).text) },
                Overload("cidr_to_string", networkType, .string) { .string(try network($0).text) })
        ],
        constants: ["net.IP": .type(addressType), "net.CIDR": .type(networkType)])

    fileprivate static let addressType = Type.opaque("net.IP", [])
    fileprivate static let networkType = Type.opaque("net.CIDR", [])

    private static func asks(
        _ name: String, _ id: String, _ holds: @escaping @Sendable (IPAddress) -> Bool
    ) -> Function {
        Function(name, Overload(id, on: addressType, .bool) { .bool(holds(try address($0))) })
    }

    /// An address, from a value that is one or from its text.
    private static func address(_ value: Value) throws -> IPAddress {
        if case .object(let object) = value, let address = object as? AddressValue { return address.address }
        guard let address = IPAddress(try value.asString) else {
            throw EvaluationError(.invalidArgument, "\(value) is no IP address")
        }
        return address
    }

    private static func network(_ value: Value) throws -> IPNetwork {
        if case .object(let object) = value, let network = object as? NetworkValue { return network.network }
        guard let network = IPNetwork(try value.asString) else {
            throw EvaluationError(.invalidArgument, "\(value) is no network in CIDR notation")
        }
        return network
    }
}

private final class AddressValue: ObjectValue, CustomStringConvertible {
    let address: IPAddress
    init(_ address: IPAddress) { self.address = address }

    var type: Type { Library.addressType }
    var description: String { "ip(\"\(address.text)\")" }

    func isEqual(to other: any ObjectValue) -> Bool { (other as? AddressValue)?.address == address }
}

private final class NetworkValue: ObjectValue, CustomStringConvertible {
    let network: IPNetwork
    init(_ network: IPNetwork) { self.network = network }

    var type: Type { Library.networkType }
    var description: String { "cidr(\"\(network.text)\")" }

    func isEqual(to other: any ObjectValue) -> Bool { (other as? NetworkValue)?.network == network }
}
