import Channels
import Payments
import Runtime
import Testing

@Suite("Signed messages")
struct SignedMessageTests {
    let secret: [UInt8] = Array(0..<32)
    let body = Array("{\"id\":\"ntc-1\"}".utf8)
    let now = World.simulatedStart

    @Test("a message signed with the secret is believed within the tolerance, on both sides")
    func believed() throws {
        let signature = SignedMessage.sign(body, secret: secret, at: now)
        for seconds in [-300, 0, 300] {
            try SignedMessage.verify(signature, body, secret: secret, now: now.adding(.seconds(seconds)))
        }
    }

    @Test("another body, another secret, another time and a broken signature are forged")
    func forged() {
        let signature = SignedMessage.sign(body, secret: secret, at: now)
        let moved = signature.replacing("t=1767225600", with: "t=1767225601")
        for (text, bytes, key) in [
            (signature, body + [0], secret), (signature, body, [1] + secret.dropFirst()), (moved, body, secret),
            ("", body, secret), ("t=1,v1=zz", body, secret), ("v1=00,t=1", body, secret)
        ] {
            #expect(throws: CallbackRefusal.forged) {
                try SignedMessage.verify(text, bytes, secret: key, now: now)
            }
        }
        #expect(throws: CallbackRefusal.forged) { try SignedMessage.verify(nil, body, secret: secret, now: now) }
    }

    @Test("an old message that is played again is stale")
    func stale() {
        let signature = SignedMessage.sign(body, secret: secret, at: now)
        for seconds in [-301, 301, 86_400] {
            #expect(throws: CallbackRefusal.stale) {
                try SignedMessage.verify(signature, body, secret: secret, now: now.adding(.seconds(seconds)))
            }
        }
    }
}
