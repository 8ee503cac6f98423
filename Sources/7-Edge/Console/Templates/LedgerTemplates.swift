/// The ledger: postings, the trial balance, an account's statement.
enum LedgerTemplates {
    /// Two lines a transfer: debit first, credit indented, as in every journal since Pacioli.
    static let postings = """
        {{#isEmpty}}<p class="empty">{{t.noPostings}}</p>{{/isEmpty}}
        {{^isEmpty}}
        <div class="scroll" role="region" aria-label="{{t.postings}}" tabindex="0">
        <table class="book{{^isMixed}} accounts{{/isMixed}}">
        <thead><tr><th scope="col">{{t.transfer}}</th><th scope="col">{{t.time}}</th><th scope="col">{{t.purpose}}</th>\
        <th scope="col">{{t.account}}</th><th scope="col" class="num">{{t.debit}}</th>\
        <th scope="col" class="num">{{t.credit}}</th></tr></thead>
        {{#rows}}
        <tbody{{#isHold}} class="hold"{{/isHold}}>
        <tr class="pair"><th scope="rowgroup" rowspan="2"><a href="{{href}}">{{id}}</a></th>\
        <td rowspan="2">{{#at}}{{>moment}}{{/at}}</td>\
        <td rowspan="2">{{purpose}}{{#.kind}}<span class="sku">{{.}}</span>{{/.kind}}\
        {{#.reference}}<a class="sku id" href="{{href}}" title="{{full}}">{{text}}</a>{{/.reference}}</td>\
        <td>{{#debtor}}<a href="{{href}}">{{name}}</a> <code>{{code}}</code>{{/debtor}}</td>\
        <td class="num">{{#sum}}{{>money}}{{/sum}}</td><td></td></tr>
        <tr><td class="credit">{{#creditor}}<a href="{{href}}">{{name}}</a> <code>{{code}}</code>{{/creditor}}</td>\
        <td></td><td class="num">{{#sum}}{{>money}}{{/sum}}</td></tr>
        </tbody>
        {{/rows}}
        <tfoot>
        {{#sums}}
        <tr><th scope="row" colspan="4">{{t.sumOfPostings}} {{currency}} \
        <span class="badge {{#isZero}}good{{/isZero}}{{^isZero}}bad{{/isZero}}">{{verdict}}</span></th>\
        <td class="num">{{#debits}}{{>money}}{{/debits}}</td><td class="num">{{#credits}}{{>money}}{{/credits}}\
        </td></tr>
        {{/sums}}
        </tfoot>
        </table>
        </div>
        <h3>{{t.netByAccount}}</h3>
        <div class="scroll" role="region" aria-label="{{t.netByAccount}}" tabindex="0">
        <table class="book{{^isMixed}} accounts{{/isMixed}}">
        <thead><tr><th scope="col">{{t.account}}</th><th scope="col" class="num">{{t.debit}}</th>\
        <th scope="col" class="num">{{t.credit}}</th></tr></thead>
        <tbody>
        {{#effects}}
        <tr><td>{{#account}}<a href="{{href}}">{{name}}</a> <code>{{code}}</code>{{/account}}</td>\
        <td class="num">{{#.debits}}{{>money}}{{/.debits}}</td>\
        <td class="num">{{#.credits}}{{>money}}{{/.credits}}</td></tr>
        {{/effects}}
        </tbody>
        </table>
        </div>
        {{/isEmpty}}
        """

    static let postingsPage = """
        <div class="head"><div><p class="crumb"><a href="{{back}}">{{t.navTrial}}</a></p>
        <h1>{{heading}} <code class="id">{{subject}}</code></h1></div><p class="sub">{{postings.code}}</p></div>
        <section>
        {{#postings}}{{>postings}}{{/postings}}
        </section>
        """

    static let trial = """
        <div class="head"><h1>{{t.trialTitle}}</h1><p class="sub">{{t.asOf}} {{#at}}{{>moment}}{{/at}}</p></div>
        {{#isEmpty}}<p class="empty">{{t.noAccounts}}</p>{{/isEmpty}}
        {{#tables}}
        <section class="sheet">
        <div class="head"><h2>{{currency}}</h2>\
        <span class="badge {{#isBalanced}}good{{/isBalanced}}{{^isBalanced}}bad{{/isBalanced}}">{{verdict}}</span></div>
        <div class="scroll" role="region" aria-label="{{t.trialTitle}} {{currency}}" tabindex="0">
        <table class="book trial accounts">
        <thead><tr><th scope="col">{{t.accountName}}</th><th scope="col" class="wide">{{t.accountCode}}</th>\
        <th scope="col" class="num">{{t.debit}}</th><th scope="col" class="num">{{t.credit}}</th></tr></thead>
        <tbody>
        {{#lines}}
        <tr><th scope="row">{{#account}}<a href="{{href}}">{{name}}</a>{{/account}}</th>\
        <td class="wide"><code>{{account.code}}</code></td><td class="num">{{#.debits}}{{>money}}{{/.debits}}</td>\
        <td class="num">{{#.credits}}{{>money}}{{/.credits}}</td></tr>
        {{/lines}}
        </tbody>
        <tfoot>
        <tr><th scope="row">{{t.totals}}</th><td class="wide"></td>\
        <td class="num">{{#debitTotal}}{{>money}}{{/debitTotal}}</td>\
        <td class="num">{{#creditTotal}}{{>money}}{{/creditTotal}}</td></tr>
        {{#.gap}}<tr class="bad"><th scope="row">{{t.difference}}</th><td class="wide"></td>\
        <td class="num">{{>money}}</td>\
        <td></td></tr>{{/.gap}}
        </tfoot>
        </table>
        </div>
        {{#isTruncated}}<p class="small">{{t.truncatedNote}}</p>{{/isTruncated}}
        </section>
        {{/tables}}
        """

    static let statement = """
        <div class="head"><div><p class="crumb"><a href="{{back}}">{{t.navTrial}}</a></p>
        <h1>{{name}} <code class="id">{{code}}</code></h1><p class="sub">{{t.statement}} · {{currency}}</p></div>
        <p class="grand">{{#nowSum}}{{>money}}{{/nowSum}}<span class="sub">{{t.balance}}</span></p></div>
        <section>
        <div class="scroll" role="region" aria-label="{{t.statement}}" tabindex="0">
        <table class="book accounts">
        <thead><tr><th scope="col">{{t.transfer}}</th><th scope="col">{{t.time}}</th><th scope="col">{{t.purpose}}</th>\
        <th scope="col">{{t.reference}}</th><th scope="col">{{t.counterAccount}}</th>\
        <th scope="col" class="num">{{t.debit}}</th>\
        <th scope="col" class="num">{{t.credit}}</th><th scope="col" class="num">{{t.balance}}</th></tr></thead>
        <tbody>
        <tr class="carried"><th scope="row" colspan="7">{{openingWord}}</th>\
        <td class="num">{{#openingSum}}{{>money}}{{/openingSum}}</td></tr>
        {{#rows}}
        <tr{{#.heldSum}} class="hold"{{/.heldSum}}><th scope="row"><a href="{{href}}">{{id}}</a></th>\
        <td>{{#at}}{{>moment}}{{/at}}</td>\
        <td>{{purpose}}{{#.kind}}<span class="sku">{{.}}</span>{{/.kind}}</td>\
        <td>{{#.reference}}<a class="id" href="{{href}}" title="{{full}}">{{text}}</a>{{/.reference}}</td>\
        <td>{{#counter}}<a href="{{href}}">{{name}}</a>{{/counter}}</td>\
        <td class="num">{{#.debits}}{{>money}}{{/.debits}}</td><td class="num">{{#.credits}}{{>money}}{{/.credits}}\
        {{#.heldSum}}<span class="tag">{{heldWord}}</span> {{>money}}{{/.heldSum}}</td>\
        <td class="num">{{#running}}{{>money}}{{/running}}</td></tr>
        {{/rows}}
        {{#isEmpty}}<tr><td colspan="8" class="empty">{{t.noEntries}}</td></tr>{{/isEmpty}}
        </tbody>
        <tfoot><tr><th scope="row" colspan="7">{{closingWord}}</th>\
        <td class="num">{{#closingSum}}{{>money}}{{/closingSum}}</td></tr></tfoot>
        </table>
        </div>
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        """
}
