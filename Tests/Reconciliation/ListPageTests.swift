import Contract
import Runtime
import Store
import Testing

@testable import Reconciliation

@Suite("Pages of the room's lists")
struct ListPageTests {
    @Test("a list that ends with a full page has no further page")
    func last() throws {
        let page = try ListPage(3, "")
        #expect(page.limit == 4)
        let full = page.cut([1, 2, 3]) { [.integer(Int64($0))] }
        #expect(Array(full.rows) == [1, 2, 3] && full.next.isEmpty)
        let more = page.cut([1, 2, 3, 4]) { [.integer(Int64($0))] }
        #expect(Array(more.rows) == [1, 2, 3])
        #expect(try ListPage(3, more.next).after() == Int64(3))
        let none: Int64? = try page.after()
        #expect(none == nil)
    }

    @Test("a page has 50 rows unless told otherwise, and 200 at most")
    func sizes() throws {
        #expect(try ListPage(0, "").size == 50)
        #expect(try ListPage(200, "").size == 200)
        for size: Int32 in [-1, 201] {
            let problem = #expect(throws: Problem.self) { try ListPage(size, "") }
            #expect(problem?.status == 400)
        }
    }

    @Test("a token of another list is refused, whatever it holds", arguments: ["case_1", "!", "AQ", "ord_1"])
    func foreign(token: String) throws {
        let problem = #expect(throws: Problem.self) { try ListPage(1, token) }
        #expect(problem?.status == 400)
        let number = PageToken([.integer(7)]).text
        let wrongKind = #expect(throws: Problem.self) {
            let _: CaseID? = try ListPage(1, number).after()
        }
        #expect(wrongKind?.status == 400 && wrongKind?.field == "page_token")
        #expect(throws: Problem.self) { try ListPage(1, number, kinds: 2) }
    }
}
