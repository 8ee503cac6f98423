import Foundation
import Money
import Testing

@testable import Console

@Suite("Texts and figures")
struct TextTests {
    @Test("every text says something in every language", arguments: Text.allCases)
    func complete(text: Text) {
        for language in Language.allCases { #expect(!text.said(in: language).isEmpty) }
    }

    @Test("templates name only texts that exist, and write nothing unescaped", arguments: Template.allCases)
    func known(template: Template) throws {
        let source = template.source
        for match in source.matches(of: try Regex<(Substring, Substring)>(#"\{\{t\.([A-Za-z_]+)\}\}"#)) {
            let name = String(match.output.1)
            #expect(Text(rawValue: name) != nil || ReconciliationText(rawValue: name) != nil, "\(name)")
        }
        #expect(!source.contains("{{{"))
        #expect(!source.contains("{{&"))
        // An attribute without quotes could be left by a space in a title.
        #expect(try !source.contains(Regex(#"=\{\{"#)))
    }

    @Test("amounts are exact, grouped, and negative in parentheses")
    func sums() throws {
        #expect(Sum(Amount(minor: 123_456_789, .eur)).figure == "1,234,567.89")
        #expect(Sum(Amount(minor: -123_456, .eur)).figure == "(1,234.56)")
        #expect(Sum(Amount(minor: -5, .eur)).figure == "(0.05)")
        #expect(Sum(Amount(minor: 1_234, .jpy)).figure == "1,234")
        #expect(Sum(Amount(minor: 999, .jpy)).figure == "999")
        #expect(Sum(Amount(minor: 1_234_567, .kwd)).figure == "1,234.567")
        #expect(Sum(Amount(minor: .min, .eur)).figure == "(92,233,720,368,547,758.08)")
        #expect(Sum(Amount(minor: .max, .eur)).figure == "92,233,720,368,547,758.07")
    }

    @Test("the language is that of the address, of the cookie, of the browser, in this order")
    func languages() {
        func wanted(_ query: String?, _ cookie: String?, _ header: String) -> Language {
            var request = ConsoleRequest(path: "/console")
            if let query { request.query = [("lang", query)] }
            if let cookie { request.headers.append(("cookie", "a=b; kontor_lang=\(cookie)")) }
            request.headers.append(("accept-language", header))
            return Language.wanted(by: request)
        }
        #expect(wanted("zh", "en", "en") == .zh)
        #expect(wanted("xx", "zh", "en") == .zh)
        #expect(wanted(nil, nil, "zh-CN,zh;q=0.9,en;q=0.8") == .zh)
        #expect(wanted(nil, nil, "de,en;q=0.7,zh;q=0.3") == .en)
        #expect(wanted(nil, nil, "de") == .en)
        #expect(wanted(nil, nil, "en;q=0,zh-TW;q=0.1") == .zh)
        #expect(wanted(nil, nil, "en;q=0.5, zh;q=0.51") == .zh)
    }

    @Test("a chart's highest bar is as high as the chart, the largest amounts included")
    func chart() {
        let texts = Texts(language: .en)
        let hours = [
            HourFact(hour: 0, count: 1, total: Amount(minor: 1, .eur)),
            HourFact(hour: 23, count: 7, total: Amount(minor: .max, .eur))
        ]
        let charts = HourChart.charts(hours, texts)
        #expect(charts.count == 2)
        for chart in charts {
            #expect(chart.bars.count == 24)
            #expect(chart.bars[23].height == 1_000)
            #expect(chart.bars[0].height > 0)
            #expect(chart.bars[12].height == 0)
        }
        #expect(HourChart.charts([], texts).isEmpty)
    }

    @Test("addresses carry any reference unharmed")
    func addresses() {
        for text in ["ord_1", "a/b?c#d", "龙井 & co", "%2f", ""] {
            #expect(URLText.decode(URLText.encode(text)[...]) == text)
        }
        #expect(URLText.decode("%f0%28") == nil)
        #expect(Place.reference("batch 7/3") == "/console/references/batch%207%2F3")
    }
}
