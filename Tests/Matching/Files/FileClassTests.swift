import Matching
import Testing

@Suite("Files: every class")
struct FileClassTests {
    private let files: FileFixture
    init() throws { files = try FileFixture() }

    private func run(_ ours: [String], _ theirs: [String]) throws -> [String: Int] {
        try files.run(
            FileFixture.header + ours.map { $0 + "\n" }.joined(),
            FileFixture.header + theirs.map { $0 + "\n" }.joined()
        ).found
    }

    @Test("equal lines match, and each class is told with both lines")
    func classes() throws {
        let found = try run(
            ["A,1.00,CNY,paid", "B,2.00,CNY,paid", "C,3.00,CNY,paid", "D,4.00,CNY,paid", "E,5.00,CNY,paid"],
            ["E,5.00,USD,paid", "D,4.00,CNY,failed", "C,3.01,CNY,paid", "A,1.00,CNY,SUCCESS", "F,6.00,CNY,paid"])
        #expect(
            found == ["matched": 1, "missing_theirs": 1, "missing_ours": 1, "amount": 1, "status": 1, "currency": 1])
        let rows = try files.rows("differences")
        #expect(rows.map { $0[1] } == ["missing_theirs", "amount", "status", "currency", "missing_ours"])
        #expect(Array(rows[1][5...9]) == ["4", "C", "300", "CNY", "succeeded"])
        #expect(Array(rows[1][12...16]) == ["4", "C", "301", "CNY", "succeeded"])
        #expect(rows[0][5] == "3" && rows[0][12] == "")
        #expect(rows[4][5] == "" && rows[4][12] == "6")
    }

    @Test("a line is never used twice: the second one with its key is a duplicate")
    func duplicates() throws {
        #expect(
            try run(["A,1.00,CNY,paid", "A,1.00,CNY,paid"], ["A,1.00,CNY,paid"]) == ["matched": 1, "duplicate_ours": 1])
        #expect(
            try run(["A,1.00,CNY,paid"], ["A,1.00,CNY,paid", "A,1.00,CNY,paid", "A,1.00,CNY,paid"])
                == ["matched": 1, "duplicate_theirs": 2])
        #expect(
            try run(["A,1.00,CNY,paid", "A,1.00,CNY,paid"], []) == ["missing_theirs": 1, "duplicate_ours": 1])
    }

    @Test("a duplicate before the line that matches is found as well")
    func duplicatesInAnyOrder() throws {
        for ours in [["A,1.00,CNY,paid", "A,9.00,CNY,paid"], ["A,9.00,CNY,paid", "A,1.00,CNY,paid"]] {
            #expect(try run(ours, ["A,1.00,CNY,paid"]) == ["matched": 1, "duplicate_ours": 1])
            let rows = try files.rows("differences")
            #expect(rows.first?[7] == "900")
        }
    }

    @Test("a currency called MIXED equals no other one")
    func mixed() throws {
        #expect(try run(["A,1.00,MIXED,paid"], ["A,1.00,CNY,paid"]) == ["currency": 1])
    }

    @Test("fees are compared where both sides know them")
    func fees() throws {
        var profile = FileFixture.profile
        profile.fee = .name("fee")
        let header = "order_no,amount,currency,status,fee\n"
        let report = try files.run(
            header + "A,1.00,CNY,paid,0.01\nB,1.00,CNY,paid,0.01\nC,1.00,CNY,paid,\n",
            header + "A,1.00,CNY,paid,0.01\nB,1.00,CNY,paid,0.02\nC,1.00,CNY,paid,0.03\n", profile: profile)
        #expect(report.found == ["matched": 2, "fee": 1])
    }

    @Test("a refund does not match the payment of its order")
    func kinds() throws {
        var profile = FileFixture.profile
        profile.kind = .name("type")
        let header = "order_no,amount,currency,status,type\n"
        let report = try files.run(
            header + "A,1.00,CNY,paid,payment\nA,1.00,CNY,paid,refund\n", header + "A,1.00,CNY,paid,refund\n",
            profile: profile)
        #expect(report.found == ["matched": 1, "missing_theirs": 1])
    }

    @Test("what the first key does not find the second one does")
    func keysInOrderOfStrength() throws {
        var profile = FileFixture.profile
        profile.keys = [[.name("order_no")], [.name("channel_ref")]]
        let header = "order_no,channel_ref,amount,currency,status\n"
        let report = try files.run(
            header + "A,x,1.00,CNY,paid\n,y,2.00,CNY,paid\nC,z,3.00,CNY,paid\n",
            header + "A,q,1.00,CNY,paid\nB,y,2.00,CNY,paid\n,z,4.00,CNY,paid\n", profile: profile)
        #expect(report.found == ["matched": 2, "amount": 1])
    }

    @Test("a key of two columns is equal in both, and needs both")
    func compositeKeys() throws {
        var profile = FileFixture.profile
        profile.keys = [[.name("shop"), .name("order_no")]]
        let header = "shop,order_no,amount,currency,status\n"
        let report = try files.run(
            header + "s,A,1.00,CNY,paid\nt,A,1.00,CNY,paid\n,A,1.00,CNY,paid\n",
            header + "s,A,1.00,CNY,paid\nsA,,1.00,CNY,paid\n", profile: profile)
        #expect(report.found == ["matched": 1, "missing_theirs": 2, "missing_ours": 1])
    }

    @Test("words that stand for no reference are no keys")
    func placeholders() throws {
        #expect(try run(["N/A,1.00,CNY,paid"], ["N/A,1.00,CNY,paid"]) == ["missing_theirs": 1, "missing_ours": 1])
    }

    @Test("amounts within tolerance match, beyond it they do not")
    func tolerance() throws {
        var settings = FileFixture.settings
        settings.rules.amount.absoluteMinor = 1
        let report = try files.run(
            FileFixture.header + "A,1.00,CNY,paid\nB,1.00,CNY,paid\n",
            FileFixture.header + "A,1.01,CNY,paid\nB,1.02,CNY,paid\n", settings: settings)
        #expect(report.found == ["matched": 1, "amount": 1])
    }

    @Test("lines of statuses that are left out take no part and are counted")
    func leftOut() throws {
        var profile = FileFixture.profile
        profile.statuses["test"] = .leftOut
        let report = try files.run(
            FileFixture.header + "A,1.00,CNY,test\n", FileFixture.header + "B,1.00,CNY,paid\n", profile: profile)
        #expect(report.found == ["missing_ours": 1])
        #expect(report.ours.leftOut == 1 && report.ours.rows == 0)
    }
}
