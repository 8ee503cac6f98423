import Runtime
import Testing

private enum ThingTag: IdentifierTag { static let prefix = "thing" }

@Suite("Time, identifiers and randomness")
struct RuntimeTests {
    @Test("a moment is written in RFC 3339 and read back, across centuries and leap days")
    func rfc3339() {
        #expect(Timestamp(microseconds: 0).rfc3339 == "1970-01-01T00:00:00.000000Z")
        #expect(Timestamp(microseconds: 951_782_400_000_001).rfc3339 == "2000-02-29T00:00:00.000001Z")
        #expect(Timestamp(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
        let random = RandomSource(seed: 11)
        for _ in 0..<5_000 {
            let moment = Timestamp(
                microseconds: Int64(random.integer(in: -4_000_000_000_000_000..<9_000_000_000_000_000)))
            #expect(Timestamp(rfc3339: moment.rfc3339) == moment)
        }
    }

    @Test("offsets and fractions are understood")
    func offsets() {
        #expect(Timestamp(rfc3339: "2026-11-21T12:00:00+08:00") == Timestamp(rfc3339: "2026-11-21T04:00:00Z"))
        #expect(Timestamp(rfc3339: "2026-11-21T12:00:00.5Z")?.rfc3339 == "2026-11-21T12:00:00.500000Z")
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026-11-21", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z",
            "2026-11-21T00:00:00", "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00+8:00", "2026-11-21T00:00:00Zx"
        ])
    func refused(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test("an identifier's text is a TypeID: the specification's example reads as its UUID")
    func typeID() throws {
        // github.com/jetify-com/typeid, spec/valid.yml: "prefix_01h455vb4pex5vsknk084sn02q".
        let id = try #require(Identifier<ThingTag>("thing_01h455vb4pex5vsknk084sn02q"))
        #expect(id.uuid.description == "01890a5d-ac96-774b-bcce-b302099a8057")
        #expect(id.description == "thing_01h455vb4pex5vsknk084sn02q")
        #expect(Identifier<ThingTag>("other_01h455vb4pex5vsknk084sn02q") == nil)
        #expect(Identifier<ThingTag>("thing_81h455vb4pex5vsknk084sn02q") == nil)
        #expect(Identifier<ThingTag>("thing_01H455VB4PEX5VSKNK084SN02Q") == nil)
    }

    @Test("identifiers rise, even when the clock stands still or goes back")
    func rising() {
        let world = World.simulated(seed: 3)
        var last = world.newUUID()
        for step in 0..<20_000 {
            if step == 10_000 { world.manualClock?.advance(by: .seconds(-60)) }
            let next = world.newUUID()
            #expect(last < next)
            last = next
        }
    }

    @Test("two worlds of one seed are the same world")
    func seeded() {
        let left = World.simulated(seed: 5)
        let right = World.simulated(seed: 5)
        for _ in 0..<100 { #expect(left.newUUID() == right.newUUID()) }
        #expect(World.simulated(seed: 6).newUUID() != World.simulated(seed: 5).newUUID())
    }

    @Test("a trace context is carried as W3C writes it")
    func traceParent() {
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        #expect(TraceParent(header: header)?.header == header)
        #expect(TraceParent(header: "00-00000000000000000000000000000000-b7ad6b7169203331-01") == nil)
        #expect(TraceParent(header: "nonsense") == nil)
    }
}
