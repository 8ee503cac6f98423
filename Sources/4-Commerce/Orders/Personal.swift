import Contract
import Store
import SwiftProtobuf
import Vault

/// What names the shopper, as tokens: the values themselves go into the vault in the same transaction.
struct Personal {
    var person: PersonID?
    var emailToken = ""
    var shipping: V1AddressTokens?
    var billing: V1AddressTokens?
}

extension Orders {
    /// Seals what was given into `personal`; what was not given stays as it is.
    ///
    /// An address without an e-mail is refused: it would belong to nobody, and could never be erased.
    func seal(
        email: String?, shipping: V1PostalAddress?, billing: V1PostalAddress?, into personal: inout Personal,
        in tx: Transaction
    ) throws {
        if let email, !email.isEmpty {
            try Self.checkEmail(email)
            let person = try vault.person(email: email, in: tx)
            personal.person = person
            personal.emailToken = try vault.seal(email, kind: .email, person: person, in: tx)
        }
        guard shipping != nil || billing != nil else { return }
        guard let person = personal.person else {
            throw OrdersError(
                .invalidField, field: "email", "email is missing: it says whose address this is.")
        }
        if let shipping {
            personal.shipping = try seal(shipping, field: "shipping_address", of: person, in: tx)
        }
        if let billing {
            personal.billing =
                billing == shipping
                ? personal.shipping : try seal(billing, field: "billing_address", of: person, in: tx)
        }
    }

    private func seal(
        _ address: V1PostalAddress, field: String, of person: PersonID, in tx: Transaction
    ) throws -> V1AddressTokens {
        guard address.country.utf8.count == 2, address.country.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw OrdersError.invalid("\(field).country", address.country, "must be two letters, as \"DE\"")
        }
        let parts = [
            ("name", address.name), ("line1", address.line1), ("line2", address.line2), ("city", address.city),
            ("postal_code", address.postalCode), ("phone", address.phone), ("region", address.region)
        ]
        for (name, text) in parts where text.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            throw OrdersError(
                .invalidField, field: "\(field).\(name)", "\(field).\(name) must not contain control characters.")
        }
        func token(_ value: String, _ kind: PrivacyKind) throws -> String {
            value.isEmpty ? "" : try vault.seal(value, kind: kind, person: person, in: tx)
        }
        let street = [address.line1, address.line2, address.city, address.postalCode]
        return try .with {
            $0.name = try token(address.name, .name)
            // One value: the parts mean nothing alone, and one encryption is a quarter of the work of four.
            $0.street = street.allSatisfy(\.isEmpty) ? "" : try token(street.joined(separator: "\n"), .address)
            $0.phone = try token(address.phone, .phone)
            $0.region = address.region
            $0.country = address.country
        }
    }

    private static func checkEmail(_ email: String) throws {
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = email.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), isPlain, email.utf8.count <= 254 else {
            // The value is personal, so the message does not repeat it.
            throw OrdersError(.invalidField, field: "email", "email must be an address like \"name@example.org\".")
        }
    }
}

extension V1AddressTokens {
    var tokens: [String] { [name, street, phone].filter { !$0.isEmpty } }

    /// The address as callers see it: tokens, or values where they were revealed. An erased value is empty.
    func address(_ revealed: [String: String]?) -> V1PostalAddress {
        .with {
            $0.country = country
            $0.region = region
            guard let revealed else {
                $0.name = name
                $0.line1 = street
                $0.phone = phone
                return
            }
            $0.name = revealed[name] ?? ""
            $0.phone = revealed[phone] ?? ""
            let parts = (revealed[street] ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(
                String.init)
            guard parts.count == 4 else { return }
            $0.line1 = parts[0]
            $0.line2 = parts[1]
            $0.city = parts[2]
            $0.postalCode = parts[3]
        }
    }
}
