/// Orders: the overview of a day and one order.
enum OrderTemplates {
    static let overview = """
        <div class="head"><h1>{{t.overviewTitle}}</h1><p class="sub">{{day}}</p></div>
        <section class="tiles" aria-label="{{t.overviewTitle}}">
        {{#tiles}}
        <div class="tile"><h2>{{label}}</h2>
        {{#.count}}<p class="figure">{{.}}</p>{{/.count}}
        {{#sums}}<p class="figure">{{>money}}</p>
        {{/sums}}
        {{#notes}}<p class="note">{{label}}{{#.sum}} {{>money}}{{/.sum}}</p>
        {{/notes}}
        </div>
        {{/tiles}}
        </section>
        <section class="charts">
        {{#charts}}
        <figure class="chart {{tone}}">
        <figcaption><span>{{title}}</span><span class="peak">{{t.peak}} {{peak}}</span></figcaption>
        <svg viewBox="0 0 240 1000" preserveAspectRatio="none" role="img" aria-label="{{title}}, {{t.peak}} {{peak}}">
        <path class="grid" d="M0 1H240M0 500H240"/><path class="base" d="M0 999H240"/>
        {{#bars}}<g><title>{{hint}}</title><rect class="slot" x="{{x}}" y="0" width="7" height="1000"/>\
        <rect class="value" x="{{x}}" y="{{y}}" width="7" height="{{height}}"/></g>
        {{/bars}}
        </svg>
        <div class="hours" aria-hidden="true"><span>00</span><span>06</span><span>12</span><span>18</span>\
        <span>24</span></div>
        </figure>
        {{/charts}}
        </section>
        <section>
        <div class="head"><h2>{{t.latestOrders}}</h2></div>
        <nav class="filters" aria-label="{{t.byState}}">
        {{#filters}}<a href="{{href}}" class="{{tone}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>{{text}}\
        {{#.count}} <b>{{.}}</b>{{/.count}}</a>
        {{/filters}}
        </nav>
        <div class="scroll" role="region" aria-label="{{t.latestOrders}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.order}}</th><th scope="col" class="wide">{{t.placedAt}}</th>\
        <th scope="col">{{t.state}}</th>\
        <th scope="col" class="wide">{{t.payment}}</th><th scope="col" class="num wide">{{t.linesWord}}</th>\
        <th scope="col" class="num">{{t.total}}</th><th scope="col" class="num wide">{{t.refunded}}</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr data-key="{{link.full}}"><th scope="row">\
        <a href="{{link.href}}" class="id" title="{{link.full}}">{{link.text}}</a>\
        <span class="sku phone">{{at.text}}</span></th><td class="wide">{{#at}}{{>moment}}{{/at}}</td>\
        <td>{{#state}}{{>badge}}{{/state}}<span class="phone">{{#payment}}{{>badge}}{{/payment}}</span></td>\
        <td class="wide">{{#payment}}{{>badge}}{{/payment}}</td><td class="num wide">{{lines}}</td>\
        <td class="num">{{#sum}}{{>money}}{{/sum}}</td>\
        <td class="num wide">{{#.refund}}{{>money}}{{/.refund}}</td></tr>
        {{/rows}}
        {{^rows}}<tr><td colspan="7" class="empty">{{emptyText}}</td></tr>{{/rows}}
        </tbody>
        </table>
        </div>
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        """

    static let order = """
        <div class="head"><div><p class="crumb"><a href="{{home}}">{{t.navOrders}}</a></p>
        <h1>{{t.order}} <code class="id">{{id}}</code></h1>
        <p class="sub">{{#state}}{{>badge}}{{/state}} {{#payment}}{{>badge}}{{/payment}} <span>{{t.placedOn}} \
        {{#at}}{{>moment}}{{/at}}</span></p></div>
        <p class="grand">{{#total}}{{>money}}{{/total}}</p></div>
        <div class="columns">
        <div class="main">
        <section>
        <h2>{{t.orderLines}} <span class="sub">{{total.code}}</span></h2>
        <div class="scroll" role="region" aria-label="{{t.orderLines}}" tabindex="0">
        <table class="accounts">
        <thead><tr><th scope="col">{{t.item}}</th><th scope="col" class="num">{{t.quantity}}</th>\
        <th scope="col" class="num">{{t.unitPrice}}</th><th scope="col" class="num">{{t.discount}}</th>\
        <th scope="col" class="num">{{t.tax}}</th><th scope="col" class="num">{{t.total}}</th>\
        <th scope="col" class="num">{{t.shipped}}</th><th scope="col" class="num">{{t.returned}}</th></tr></thead>
        <tbody>
        {{#lines}}
        <tr><th scope="row"><a href="{{href}}">{{title}}</a><span class="sku">{{sku}}</span></th>\
        <td class="num">{{quantity}}</td>\
        <td class="num">{{#unit}}{{>money}}{{/unit}}</td><td class="num">{{#.off}}{{>money}}{{/.off}}</td>\
        <td class="num">{{#.taxed}}{{>money}}{{/.taxed}}</td><td class="num">{{#sum}}{{>money}}{{/sum}}</td>\
        <td class="num">{{shipped}}</td><td class="num">{{cameBack}}</td></tr>
        {{/lines}}
        </tbody>
        </table>
        </div>
        <dl class="totals accounts">
        {{#totals}}<div{{#isGrand}} class="sum"{{/isGrand}}><dt>{{label}}{{#.note}} <span>{{.}}</span>{{/.note}}</dt>\
        <dd>{{#sum}}{{>money}}{{/sum}}</dd></div>
        {{/totals}}
        </dl>
        </section>
        <section>
        <h2>{{t.payments}} <span class="sub">{{total.code}}</span></h2>
        {{#.paymentsNote}}<p class="empty">{{.}}</p>{{/.paymentsNote}}
        {{#payments}}
        <article class="card" id="{{id}}">
        <h3><code class="id">{{id}}</code> {{#state}}{{>badge}}{{/state}} <span class="sub">{{channel}} · \
        {{#at}}{{>moment}}{{/at}}</span></h3>
        <dl class="facts accounts">
        {{#sums}}<div><dt>{{label}}</dt><dd>{{#sum}}{{>money}}{{/sum}}</dd></div>
        {{/sums}}
        </dl>
        <div class="scroll" role="region" aria-label="{{t.attempts}}" tabindex="0">
        <table class="tight">
        <thead><tr><th scope="col">{{t.attempt}}</th><th scope="col">{{t.state}}</th>\
        <th scope="col">{{t.reference}}</th>\
        <th scope="col">{{t.channelReference}}</th><th scope="col">{{t.refusal}}</th><th scope="col">{{t.time}}\
        </th></tr></thead>
        <tbody>
        {{#attempts}}
        <tr><th scope="row">{{number}}</th><td>{{#state}}{{>badge}}{{/state}}</td><td><code>{{merchantReference}}\
        </code></td>\
        <td><code>{{channelReference}}</code></td><td>{{#.refusal}}<code>{{.}}</code>{{/.refusal}}</td>\
        <td>{{#.at}}{{>moment}}{{/.at}}</td></tr>
        {{/attempts}}
        </tbody>
        </table>
        </div>
        </article>
        {{/payments}}
        </section>
        {{#hasRefunds}}
        <section>
        <h2>{{t.refunds}} <span class="sub">{{total.code}}</span></h2>
        <div class="scroll" role="region" aria-label="{{t.refunds}}" tabindex="0">
        <table class="accounts">
        <thead><tr><th scope="col">{{t.number}}</th><th scope="col">{{t.time}}</th><th scope="col">{{t.state}}</th>\
        <th scope="col">{{t.reason}}</th><th scope="col">{{t.payment}}</th>\
        <th scope="col" class="num">{{t.amount}}</th></tr></thead>
        <tbody>
        {{#refunds}}
        <tr><th scope="row">{{number}}</th><td>{{#at}}{{>moment}}{{/at}}</td><td>{{#state}}{{>badge}}{{/state}}\
        </td><td>{{why}}</td>\
        <td>{{#.link}}<a class="id" href="{{href}}" title="{{full}}">{{text}}</a>{{/.link}}</td>\
        <td class="num">{{#sum}}{{>money}}{{/sum}}</td></tr>
        {{/refunds}}
        </tbody>
        </table>
        </div>
        </section>
        {{/hasRefunds}}
        </div>
        <aside>
        <section>
        <h2>{{t.timeline}}</h2>
        <ol class="timeline">
        {{#timeline}}<li class="{{tone}}"><p><b>{{text}}</b>{{#.sum}} {{>money}}{{/.sum}}</p>\
        <p class="note">{{#.at}}{{>moment}}{{/.at}}{{#.note}}<span>{{.}}</span>{{/.note}}</p></li>
        {{/timeline}}
        </ol>
        </section>
        <section>
        <dl class="facts tall">
        {{#facts}}<div><dt>{{label}}</dt><dd>{{#isCode}}<code title="{{text}}">{{text}}</code>{{/isCode}}\
        {{^isCode}}{{text}}{{/isCode}}</dd></div>
        {{/facts}}
        </dl>
        <p class="small">{{t.tokenNote}}</p>
        </section>
        {{#hasParcels}}
        <section>
        <h2>{{t.fulfilments}}</h2>
        <ul class="parcels">
        {{#parcels}}<li><p><b>{{t.parcel}} {{number}}</b> <span class="sub">{{#at}}{{>moment}}{{/at}}</span></p>\
        <p>{{contents}}</p>\
        <p class="note">{{note}}</p></li>
        {{/parcels}}
        </ul>
        </section>
        {{/hasParcels}}
        {{#hasReturns}}
        <section>
        <h2>{{t.returnsWord}}</h2>
        <ul class="parcels">
        {{#cameBack}}<li><p><b>{{number}}</b> <span class="sub">{{#at}}{{>moment}}{{/at}}</span></p><p>{{contents}}</p>\
        <p class="note">{{note}}</p></li>
        {{/cameBack}}
        </ul>
        </section>
        {{/hasReturns}}
        </aside>
        </div>
        <section id="postings">
        <h2>{{t.postings}} <span class="sub">{{#.postings}}{{.code}}{{/.postings}}</span></h2>
        {{#.postingsNote}}<p class="empty">{{.}}</p>{{/.postingsNote}}
        {{#.postings}}{{>postings}}{{/.postings}}
        </section>
        """
}
