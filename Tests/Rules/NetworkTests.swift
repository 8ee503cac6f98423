import Testing

@testable import Rules

@Suite("Addresses of networks") struct NetworkTests {
    @Test(
        "an address is written in its canonical form",
        arguments: [
            ("192.168.0.1", "192.168.0.1"), ("2001:DB8::68", "2001:db8::68"), ("::", "::"), ("::1", "::1"),
            ("1::", "1::"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("0:0:0:1:0:0:0:0", "0:0:0:1::"),
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("::ffff:c0a8:1", "192.168.0.1"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("0001:0002::", "1:2::")
        ])
    func canonical(_ text: String, _ written: String) {
        #expect(IPAddress(text)?.text == written)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "192.168.0", "192.168.0.1.0", "256.0.0.1", "1.2.3.04", "1.2.3.", "2001:db8:::68", "fe80::1%en0",
            "::ffff:192.168.0.1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", ":1", "1:", "::1::", "12345::", "g::",
            "1.2.3.4:80",
            "+1.2.3.4", "1:2:3:4:5:6:7:8::", ":::"
        ])
    func refused(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("a network contains what its prefix covers")
    func containment() throws {
        let network = try #require(IPNetwork("192.168.0.0/24"))
        #expect(network.contains(try #require(IPAddress("192.168.0.255"))))
        #expect(!network.contains(try #require(IPAddress("192.168.1.0"))))
        #expect(!network.contains(try #require(IPAddress("2001:db8::1"))))
        #expect(network.contains(try #require(IPNetwork("192.168.0.128/25"))))
        #expect(!network.contains(try #require(IPNetwork("192.168.0.0/23"))))
        #expect(IPNetwork("10.1.2.3/9")?.masked.text == "10.0.0.0/9")
        #expect(IPNetwork("2001:db8:ffff::/33")?.masked.text == "2001:db8:8000::/33")
        #expect(IPNetwork("1.2.3.4/0")?.contains(try #require(IPAddress("250.0.0.1"))) == true)
        for text in [
            "192.168.0.0/", "192.168.0.0/33", "192.168.0.0", "::/129", "fe80::1%en0/24", "1.2.3.4/+8", "1.2.3.4/08",
            "/8"
        ] {
            #expect(IPNetwork(text) == nil, "\(text)")
        }
    }

    @Test("base64 reads what it writes, with and without padding")
    func base64() {
        for text in ["", "f", "fo", "foo", "foob", "hello", "Hello World!"] {
            let encoded = Base64.encode(Array(text.utf8))
            #expect(Base64.decode(encoded) == Array(text.utf8))
            #expect(Base64.decode(encoded.filter { $0 != "=" }) == Array(text.utf8))
        }
        #expect(Base64.encode(Array("hello".utf8)) == "aGVsbG8=")
        for text in ["a", "aGVs bG8=", "-_-_", "====", "aGVsbG8==", "a===", "aGVsbG=8"] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
    }
}
