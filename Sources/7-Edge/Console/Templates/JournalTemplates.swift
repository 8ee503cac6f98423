/// The journal of events.
enum JournalTemplates {
    static let journal = """
        <div class="head"><div><h1>{{t.journalTitle}}</h1><p class="sub">{{t.journalLead}}</p></div></div>
        <section class="chain">
        <dl class="facts">
        <div><dt>{{t.headSequence}}</dt><dd class="figure">{{count}}</dd></div>
        <div class="grow"><dt>{{t.headHash}}</dt><dd><code class="hash">{{head}}</code></dd></div>
        </dl>
        <form action="{{verifyPath}}" method="post"><button class="primary">{{t.verify}}</button>
        <p class="small">{{t.verifyNote}}</p></form>
        </section>
        {{#.verdict}}
        <section class="verdict {{#isGood}}good{{/isGood}}{{^isGood}}bad{{/isGood}}" role="status">
        <p><b>{{heading}}</b></p><p>{{text}}</p>
        {{#.detail}}<p><code>{{.}}</code></p>{{/.detail}}
        </section>
        {{/.verdict}}
        {{#busy}}<section class="verdict" role="status"><p>{{t.verifyBusy}}</p></section>{{/busy}}
        <section>
        <div class="head"><h2>{{t.latestEvents}}</h2></div>
        <div class="scroll" role="region" aria-label="{{t.latestEvents}}" tabindex="0">
        <table>
        <thead><tr><th scope="col" class="num key">{{t.sequence}}</th><th scope="col">{{t.time}}</th>\
        <th scope="col">{{t.eventType}}</th><th scope="col" class="num">{{t.size}}</th><th scope="col">{{t.hash}}\
        </th></tr></thead>
        <tbody>
        {{#rows}}
        <tr data-key="{{sequence}}"><th scope="row" class="num">{{sequence}}</th><td>{{#at}}{{>moment}}{{/at}}</td>\
        <td title="{{full}}"><span class="sub">{{capability}}</span> {{name}}</td><td class="num">{{bytes}}</td>\
        <td><code title="{{hashFull}}">{{hashStart}}</code></td></tr>
        {{/rows}}
        {{#isEmpty}}<tr><td colspan="5" class="empty">{{t.noEvents}}</td></tr>{{/isEmpty}}
        </tbody>
        </table>
        </div>
        <nav class="pager" aria-label="{{t.older}}">
        {{#.newestHref}}<a href="{{.}}">← {{t.newer}}</a>{{/.newestHref}}
        {{#.olderHref}}<a href="{{.}}" rel="next">{{t.older}} →</a>{{/.olderHref}}
        </nav>
        </section>
        """
}
