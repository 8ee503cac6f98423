/// The pages of reconciliation: the overview and the parts that they share.
enum ReconciliationTemplates {
    static let overview = """
        <div class="head"><div><h1>{{t.reconciliationTitle}}</h1><p class="sub">{{t.reconciliationLead}} · {{period}}</p>\
        </div><p class="links"><a href="{{casesHref}}">{{t.caseList}}</a> \
        <a href="{{reportHref}}">{{t.dailyReport}} {{reportDay}}</a></p></div>
        {{#isEmpty}}<section class="notice"><h2>{{t.noRuns}}</h2><p>{{t.noRunsLead}}</p></section>{{/isEmpty}}
        <section class="tiles levels" aria-label="{{t.objective}}">
        {{#tiles}}
        <div class="tile {{tone}}"><h2>{{label}}</h2><p class="figure">{{figure}}</p>\
        <p class="note">{{goal}}{{#.verdict}} · <b>{{verdict}}</b>{{/.verdict}}</p><p class="note">{{note}}</p></div>
        {{/tiles}}
        </section>
        {{#hasWaiting}}
        <section>
        <div class="head"><h2>{{t.awaitedTitle}}</h2></div>
        <div class="scroll" role="region" aria-label="{{t.awaitedTitle}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.channelDay}}</th><th scope="col" class="wide">{{t.businessDay}}</th>\
        <th scope="col">{{t.state}}</th><th scope="col" class="num wide">{{t.tries}}</th><th scope="col">{{t.lastAnswer}}\
        </th><th scope="col" class="wide">{{t.nextTry}}</th></tr></thead>
        <tbody>
        {{#waiting}}
        <tr><th scope="row">{{channel}}<span class="sku phone">{{day}}</span></th><td class="day wide">{{day}}</td>\
        <td>{{#state}}{{>badge}}{{/state}}</td><td class="num wide">{{tries}}</td><td class="answer">{{problem}}</td><td class="wide">{{#.next}}{{>moment}}{{/.next}}</td></tr>
        {{/waiting}}
        </tbody>
        </table>
        </div>
        </section>
        {{/hasWaiting}}
        {{^isEmpty}}
        {{#nights}}{{>nights}}{{/nights}}
        <section class="charts pictures">
        {{#trend}}{{>trend}}{{/trend}}
        {{#caseAges}}{{>ages}}{{/caseAges}}
        {{#itemAges}}{{>ages}}{{/itemAges}}
        </section>
        {{#heatmap}}{{>heatmap}}{{/heatmap}}
        <section>
        <div class="head"><h2>{{t.runsTitle}}</h2></div>
        <div class="scroll" role="region" aria-label="{{t.runsTitle}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.channelDay}}</th><th scope="col" class="wide">{{t.businessDay}}</th>\
        <th scope="col">{{t.state}}</th><th scope="col" class="num wide">{{t.linesRead}}</th>\
        <th scope="col" class="num wide">{{t.matchedWord}}</th><th scope="col" class="num">{{t.differences}}</th>\
        <th scope="col" class="wide">{{t.settledAt}}</th><th scope="col" class="num">{{t.runWord}}</th></tr></thead>
        <tbody>
        {{#runs}}
        <tr data-key="{{link.full}}"><th scope="row">{{channel}}<span class="sku phone">{{day}}</span></th>\
        <td class="day wide">{{day}}</td>\
        <td>{{#state}}{{>badge}}{{/state}}{{#.progress}} <progress value="{{done}}" max="{{all}}">{{text}}</progress>\
        {{/.progress}}</td><td class="num wide">{{lines}}</td><td class="num wide">{{matched}}</td>\
        <td class="num">{{#hasDifferences}}<a href="{{link.href}}">{{differences}}</a>{{/hasDifferences}}\
        {{^hasDifferences}}{{differences}}{{/hasDifferences}}</td>\
        <td class="wide">{{#.settled}}{{>moment}}{{/.settled}}</td>\
        <td class="num"><a class="id" href="{{link.href}}" title="{{link.full}}">{{link.text}}</a></td></tr>
        {{/runs}}
        {{^runs}}<tr><td colspan="8" class="empty">{{t.noRuns}}</td></tr>{{/runs}}
        </tbody>
        </table>
        </div>
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        {{#hasClasses}}
        <section>
        <div class="head"><h2>{{t.classesTitle}}</h2></div>
        <div class="scroll" role="region" aria-label="{{t.classesTitle}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.classWord}}</th><th scope="col" class="num">{{t.found}}</th>\
        <th scope="col" class="num">{{t.stillOpen}}</th><th scope="col" class="num wide">{{t.endedAlone}}</th>\
        <th scope="col" class="num wide">{{t.endedByPerson}}</th><th scope="col" class="num wide">{{t.timeToDetect}}</th>\
        <th scope="col" class="num">{{t.timeToRepair}}</th></tr></thead>
        <tbody>
        {{#classes}}
        <tr><th scope="row"><a class="bare" href="{{href}}">{{#badge}}{{>badge}}{{/badge}}</a></th>\
        <td class="num">{{found}}</td><td class="num">{{open}}</td><td class="num wide">{{alone}}</td>\
        <td class="num wide">{{byPerson}}</td><td class="num wide">{{detect}}</td><td class="num">{{repair}}</td></tr>
        {{/classes}}
        </tbody>
        </table>
        </div>
        </section>
        {{/hasClasses}}
        {{/isEmpty}}
        """

    static let nights = """
        {{^isEmpty}}
        <section>
        <div class="head"><h2>{{t.nightsTitle}}</h2><p class="sub">{{t.nightsLead}}</p></div>
        <div class="scroll" role="region" aria-label="{{t.nightsTitle}}" tabindex="0">
        <table class="nights">
        <thead><tr><th scope="col">{{t.channelDay}}</th>\
        {{#heads}}<th scope="col" title="{{full}}">{{text}}</th>{{/heads}}</tr></thead>
        <tbody>
        {{#lines}}
        <tr><th scope="row">{{channel}}</th>{{#cells}}<td title="{{hint}}">{{#.href}}\
        <a class="cell {{tone}}" href="{{.}}" aria-label="{{hint}}">{{text}}</a>{{/.href}}\
        {{^.href}}<span class="cell none"></span>{{/.href}}</td>{{/cells}}</tr>
        {{/lines}}
        </tbody>
        </table>
        </div>
        </section>
        {{/isEmpty}}
        """

    static let heatmap = """
        <section>
        <div class="head"><h2>{{t.heatTitle}}</h2><p class="sub">{{t.heatLead}} {{zone}}</p></div>
        {{#isEmpty}}<p class="empty">{{t.noHeat}}</p>{{/isEmpty}}
        {{^isEmpty}}
        <div class="scroll" role="region" aria-label="{{t.heatTitle}}" tabindex="0">
        <table class="heat">
        <thead><tr><th scope="col">{{t.channelDay}}</th>{{#hours}}<th scope="col">{{.}}</th>{{/hours}}\
        <th scope="col" class="num">{{t.found}}</th></tr></thead>
        <tbody>
        {{#lines}}
        <tr><th scope="row">{{channel}}</th>{{#cells}}<td class="heat{{shade}}" title="{{hint}}">{{text}}</td>{{/cells}}\
        <td class="num sum">{{total}}</td></tr>
        {{/lines}}
        </tbody>
        </table>
        </div>
        {{/isEmpty}}
        </section>
        """

    static let trend = """
        <figure class="chart two">
        <figcaption><span>{{title}} <span class="key dark">{{t.trendLead}}</span></span>\
        <span class="peak">{{t.peak}} {{peak}}</span></figcaption>
        {{#isEmpty}}<p class="empty">{{t.noRuns}}</p>{{/isEmpty}}
        {{^isEmpty}}
        <svg viewBox="0 0 {{width}} 1000" preserveAspectRatio="none" role="img" aria-label="{{title}}, {{t.peak}} {{peak}}">
        <path class="grid" d="M0 1H{{width}}M0 500H{{width}}"/><path class="base" d="M0 999H{{width}}"/>
        {{#bars}}<g><title>{{hint}}</title><rect class="slot" x="{{x}}" y="0" width="8" height="1000"/>\
        <rect class="value pale" x="{{x}}" y="{{y}}" width="8" height="{{height}}"/>\
        <rect class="value" x="{{x}}" y="{{openY}}" width="8" height="{{openHeight}}"/></g>
        {{/bars}}
        </svg>
        <div class="hours" aria-hidden="true"><span>{{first}}</span><span>{{last}}</span></div>
        {{/isEmpty}}
        </figure>
        """

    static let ages = """
        <figure class="chart ages">
        <figcaption><span>{{title}}</span></figcaption>
        {{#isEmpty}}<p class="empty">{{t.nothingOpen}}</p>{{/isEmpty}}
        {{^isEmpty}}
        {{#bars}}
        <div class="age"><a href="{{href}}">{{channel}}</a><span class="num">{{count}}\
        {{#.sum}} <span class="sub">· {{>money}}</span>{{/.sum}}</span>\
        <svg viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{{channel}} {{count}}">\
        {{#pieces}}<rect class="age{{bucket}}" x="{{x}}" y="0" width="{{width}}" height="10"><title>{{hint}}</title>\
        </rect>{{/pieces}}</svg></div>
        {{/bars}}
        <p class="legend">{{#keys}}<span><svg viewBox="0 0 10 10" aria-hidden="true">\
        <rect class="age{{bucket}}" width="10" height="10" rx="2"/></svg>{{text}}</span>{{/keys}}</p>
        {{/isEmpty}}
        </figure>
        """

    static let caseTable = """
        <div class="scroll" role="region" aria-label="{{t.casesTitle}}" tabindex="0">
        <table class="cases">
        <thead><tr><th scope="col">{{t.caseWord}}</th><th scope="col" class="wide">{{t.channelDay}}</th>\
        <th scope="col">{{t.classWord}}</th><th scope="col">{{t.causeWord}}</th>\
        <th scope="col">{{t.state}}</th><th scope="col" class="num wide">{{t.ourSide}}</th>\
        <th scope="col" class="num wide">{{t.theirSide}}</th><th scope="col" class="num">{{t.openAmount}}</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr data-key="{{link.full}}"><th scope="row"><a class="id" href="{{link.href}}" title="{{link.full}}">\
        {{link.text}}</a>{{#.severity}}<span class="sku">{{>badge}}</span>{{/.severity}}</th>\
        <td class="wide where">{{channel}}<span class="sku">{{day}}</span></td>\
        <td class="what">{{#badge}}{{>badge}}{{/badge}}</td>\
        <td class="why"><a class="bare{{^hasCause}} sub{{/hasCause}}" href="{{link.href}}">{{cause}}</a>\
        {{#hasCause}} <span class="sub">{{confidence}}</span>{{/hasCause}}</td>\
        <td class="how">{{#state}}{{>badge}}{{/state}}{{#isOverdue}}<span class="sku bad">{{t.overdue}}</span>{{/isOverdue}}\
        {{#.owner}}<span class="sku">{{owner}}</span>{{/.owner}}</td>\
        <td class="num wide">{{#.ours}}{{>money}}{{/.ours}}</td>\
        <td class="num wide">{{#.theirs}}{{>money}}{{/.theirs}}</td>\
        <td class="num sum">{{#.open}}{{>money}}{{/.open}}</td></tr>
        {{/rows}}
        {{#isEmpty}}<tr><td colspan="8" class="empty">{{emptyText}}</td></tr>{{/isEmpty}}
        </tbody>
        </table>
        </div>
        """

    static let run = """
        <div class="head"><div><p class="crumb"><a href="{{back}}">{{t.reconciliationTitle}}</a></p>
        <h1>{{channel}} {{day}} <code class="id">{{id}}</code></h1>
        <p class="sub">{{#state}}{{>badge}}{{/state}}{{#.progress}} <progress value="{{done}}" max="{{all}}">{{text}}\
        </progress> {{text}}{{/.progress}}{{#hasReason}} {{reason}}{{/hasReason}}</p></div>
        <p class="links"><a href="{{openItemsHref}}">{{t.openItemsOf}}</a> <a href="{{reportHref}}">{{t.dailyReport}}\
        </a></p></div>
        <section class="chain run">
        <dl class="facts">
        {{#facts}}<div><dt>{{label}}</dt><dd class="figure small">{{text}}</dd></div>
        {{/facts}}
        {{#.settledNet}}<div><dt>{{t.settledNet}}</dt><dd class="figure small">{{>money}}</dd></div>{{/.settledNet}}
        {{#.settledFees}}<div><dt>{{t.settledFees}}</dt><dd class="figure small">{{>money}}</dd></div>{{/.settledFees}}
        {{#.differenceSum}}<div><dt>{{t.differenceSum}}</dt><dd class="figure small">{{>money}}</dd></div>\
        {{/.differenceSum}}
        </dl>
        {{#canConfirm}}<form action="{{confirmPath}}" method="post">\
        <input type="hidden" name="version" value="{{version}}"><button class="primary">{{t.confirmRun}}</button></form>\
        {{/canConfirm}}
        {{#canRetry}}<form action="{{retryPath}}" method="post">\
        <input type="hidden" name="version" value="{{version}}"><button class="primary">{{t.retryRun}}</button></form>\
        {{/canRetry}}
        {{#canAbort}}<form action="{{abortPath}}" method="post" class="line">\
        <input type="hidden" name="version" value="{{version}}">\
        <label class="unseen" for="reason">{{t.abortReason}}</label>\
        <input id="reason" name="reason" maxlength="200" placeholder="{{t.abortReason}}"><button>{{t.abortRun}}</button>\
        </form>{{/canAbort}}
        </section>
        {{#.file}}
        <section class="card"><h3>{{t.statementFile}} {{name}} <span class="sub">{{state}} · {{size}} · \
        {{t.revision}} {{revision}}{{#.received}} · {{>moment}}{{/.received}}</span></h3>\
        <dl class="facts"><div class="grow"><dt>SHA-256</dt><dd><code class="hash">{{sha}}</code></dd></div></dl>\
        {{#.refusal}}<p class="refusal">{{refusal}}</p>{{/.refusal}}</section>
        {{/.file}}
        {{#hasTasks}}
        <section>
        <div class="head"><h2>{{t.tasksTitle}}</h2></div>
        <div class="scroll" role="region" aria-label="{{t.tasksTitle}}" tabindex="0">
        <table class="tight"><thead><tr><th scope="col">{{t.taskWord}}</th><th scope="col" class="num">{{t.shard}}</th>\
        <th scope="col">{{t.state}}</th><th scope="col" class="num">{{t.tries}}</th><th scope="col">{{t.problem}}</th>\
        </tr></thead><tbody>
        {{#tasks}}<tr><th scope="row">{{kind}}</th><td class="num">{{shard}}</td>\
        <td><span class="badge {{tone}}">{{state}}</span></td><td class="num">{{attempts}}</td><td>{{problem}}</td></tr>
        {{/tasks}}
        </tbody></table></div>
        </section>
        {{/hasTasks}}
        <section>
        <div class="head"><h2>{{t.runDifferences}}</h2></div>
        <nav class="filters" aria-label="{{t.classWord}}">
        {{#classes}}<a href="{{href}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>{{badge.text}} <b>{{count}}</b></a>
        {{/classes}}
        </nav>
        {{#cases}}{{>caseTable}}{{/cases}}
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        {{#suggestions}}{{>suggestionTable}}{{/suggestions}}
        """

    static let suggestionTable = """
        {{^isEmpty}}
        <section>
        <div class="head"><h2>{{t.suggestionsTitle}}</h2><p class="sub">{{t.suggestionsLead}}\
        {{#.found}} {{.}} {{t.moreSuggestions}}.{{/.found}}</p></div>
        <div class="scroll" role="region" aria-label="{{t.suggestionsTitle}}" tabindex="0">
        <table class="tight"><thead><tr><th scope="col">{{t.caseWord}}</th><th scope="col" class="num">{{t.confidence}}</th>\
        <th scope="col">{{t.ourSide}}</th><th scope="col" class="num">{{t.amount}}</th>\
        <th scope="col">{{t.theirSide}}</th><th scope="col" class="num">{{t.amount}}</th>\
        <th scope="col" class="wide">{{t.why}}</th></tr></thead><tbody>
        {{#rows}}<tr><td>{{#.link}}<a class="id" href="{{href}}" title="{{full}}">{{text}}</a>{{/.link}}</td>\
        <td class="num">{{confidence}}</td><td class="id">{{ours}}</td>\
        <td class="num">{{#.oursSum}}{{>money}}{{/.oursSum}}</td><td class="id">{{theirs}}</td>\
        <td class="num">{{#.theirsSum}}{{>money}}{{/.theirsSum}}</td><td class="wide">{{reason}}</td></tr>
        {{/rows}}
        </tbody></table></div>
        </section>
        {{/isEmpty}}
        """

    static let caseList = """
        <div class="head"><div><p class="crumb"><a href="/console/reconciliation">{{t.reconciliationTitle}}</a></p>
        <h1>{{t.casesTitle}}</h1></div>
        <form class="search" action="{{action}}" method="get" role="search">
        {{#hidden}}<input type="hidden" name="{{name}}" value="{{value}}">{{/hidden}}
        {{#fields}}<label class="unseen" for="f-{{name}}">{{label}}</label>\
        <input class="short" id="f-{{name}}" name="{{name}}" value="{{value}}" placeholder="{{label}}" maxlength="80">
        {{/fields}}
        <button>{{t.search}}</button>{{#isFiltered}}<a class="quiet" href="{{action}}">{{t.clear}}</a>{{/isFiltered}}
        </form></div>
        <section>
        <nav class="filters" aria-label="{{t.state}}">
        {{#states}}<a href="{{href}}" class="{{tone}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>{{text}}</a>
        {{/states}}
        </nav>
        <nav class="filters" aria-label="{{t.classWord}}">
        {{#classes}}<a href="{{href}}" class="{{tone}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>{{text}}</a>
        {{/classes}}
        </nav>
        {{#cases}}{{>caseTable}}{{/cases}}
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        """

    static let openItems = """
        <div class="head"><div><p class="crumb"><a href="{{back}}">{{t.reconciliationTitle}}</a></p>
        <h1>{{t.openItemsTitle}} {{channel}} <code class="id">clearing:{{channel}}</code></h1>
        <p class="sub">{{count}} {{t.itemsOpen}} · {{currency}} · <a href="{{accountHref}}">{{t.statement}}</a></p></div>
        {{#.balance}}<p class="grand">{{>money}}<span class="sub">{{t.balance}}</span></p>{{/.balance}}</div>
        <section class="verdict {{#adds}}good{{/adds}}{{^adds}}bad{{/adds}}"><p><b>{{verdict}}</b>\
        {{#.total}} {{>money}}{{/.total}}</p></section>
        <section>
        <div class="scroll" role="region" aria-label="{{t.openItemsTitle}}" tabindex="0">
        <table class="accounts">
        <thead><tr><th scope="col">{{t.reference}}</th><th scope="col" class="wide">{{t.openedAt}}</th>\
        <th scope="col" class="wide">{{t.transfer}}</th><th scope="col">{{t.caseWord}}</th>\
        <th scope="col" class="num">{{t.openAmount}}</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr data-key="{{id}}"><th scope="row">{{#.reference}}<a class="id" href="{{href}}" title="{{full}}">{{text}}</a>\
        {{/.reference}}{{#.at}}<span class="sku phone">{{>moment}}</span>{{/.at}}</th>\
        <td class="wide">{{#.at}}{{>moment}}{{/.at}}</td>\
        <td class="wide"><a href="{{transfer.href}}">{{transfer.text}}</a></td>\
        <td>{{#.item}}<a class="id" href="{{href}}" title="{{full}}">{{text}}</a>{{/.item}}</td>\
        <td class="num">{{#.open}}{{>money}}{{/.open}}</td></tr>
        {{/rows}}
        {{#isEmpty}}<tr><td colspan="5" class="empty">{{t.noOpenItems}}</td></tr>{{/isEmpty}}
        </tbody>
        </table>
        </div>
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        """
}
