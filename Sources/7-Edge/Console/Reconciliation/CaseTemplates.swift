/// One case, and the day on paper.
enum CaseTemplates {
    static let item = """
        <div class="head"><div><p class="crumb"><a href="{{back}}">{{t.casesTitle}}</a> \
        <a href="{{runHref}}">{{channel}} {{day}}</a></p>
        <h1 class="named">{{#badge}}{{text}}{{/badge}} <code class="id">{{id}}</code></h1>
        <p class="sub">{{#state}}{{>badge}}{{/state}} {{#severity}}{{>badge}}{{/severity}}\
        {{#isOverdue}} <span class="badge bad">{{t.overdue}}</span>{{/isOverdue}}\
        {{#.owner}} {{t.owner}} {{owner}} ·{{/.owner}}{{#.deadline}} {{t.deadlineAt}} {{>moment}}{{/.deadline}}</p></div>
        {{#.open}}<p class="grand">{{>money}}<span class="sub">{{t.openAmount}}</span></p>{{/.open}}</div>
        {{#.refusal}}<div class="refusal" role="alert"><b>{{t.notDone}}.</b> {{text}}\
        {{#.detail}} <span class="small">{{.}}</span>{{/.detail}}</div>{{/.refusal}}
        <div class="columns">
        <div>
        <section>
        <div class="scroll" role="region" aria-label="{{t.ourSide}}, {{t.theirSide}}" tabindex="0">
        <table class="sides narrow">
        <thead><tr><th scope="col"></th><th scope="col">{{t.ourSide}}</th><th scope="col">{{t.theirSide}}</th></tr></thead>
        <tbody>
        {{^hasOurs}}<tr class="gone"><th></th><td>{{t.weHaveNone}}</td><td></td></tr>{{/hasOurs}}
        {{^hasTheirs}}<tr class="gone"><th></th><td></td><td>{{t.theyHaveNone}}</td></tr>{{/hasTheirs}}
        {{#lines}}
        <tr{{#differs}} class="differs"{{/differs}}><th scope="row">{{label}}</th>\
        <td{{#isID}} class="id"{{/isID}}>{{#.oursSum}}{{>money}}{{/.oursSum}}{{#.href}}<a href="{{.}}">{{ours}}</a>\
        {{/.href}}{{^.href}}{{ours}}{{/.href}}</td>\
        <td{{#isID}} class="id"{{/isID}}>{{#.theirsSum}}{{>money}}{{/.theirsSum}}{{theirs}}</td></tr>
        {{/lines}}
        </tbody>
        </table>
        </div>
        </section>
        <section class="card cause"><h3>{{t.why}}: {{#hasCause}}{{cause}} <span class="badge busy">{{confidence}} \
        {{t.confidence}}</span>{{/hasCause}}{{^hasCause}}{{t.noCauseYet}}{{/hasCause}}</h3>
        <dl class="facts"><div class="grow"><dt>{{t.matcherSays}}</dt><dd>{{reason}}</dd></div>
        {{#hasCause}}<div><dt>{{t.causeCode}}</dt><dd><code>{{causeCode}}</code></dd></div>\
        <div><dt>{{t.ruleVersion}}</dt><dd>{{rules}}</dd></div>{{/hasCause}}
        {{#hasOthers}}<div><dt>{{t.otherCauses}}</dt><dd><code>{{others}}</code></dd></div>{{/hasOthers}}
        {{#isOdd}}<div><dt>{{t.unusual}}</dt><dd>{{oddity}}</dd></div>{{/isOdd}}
        {{#.outcome}}<div class="grow"><dt>{{t.outcome}}</dt><dd>{{outcome}}</dd></div>{{/.outcome}}
        {{#.carriedTo}}<div><dt>{{t.carriedTo}}</dt><dd>{{carriedTo}}</dd></div>{{/.carriedTo}}
        </dl></section>
        {{#hasSuggestions}}
        <section>
        <div class="head"><h2>{{t.suggestionsTitle}}</h2><p class="sub">{{t.suggestionsLead}}</p></div>
        {{#suggestions}}{{>suggestion}}{{/suggestions}}
        </section>
        {{/hasSuggestions}}
        <section>
        <div class="head"><h2>{{t.repairTitle}}</h2></div>
        {{^hasRepairs}}<p class="empty">{{t.noRepair}}</p>{{/hasRepairs}}
        {{#repairs}}{{>repair}}{{/repairs}}
        {{#canPropose}}
        <form class="card propose" action="{{proposePath}}" method="post">
        <input type="hidden" name="key" value="{{key}}">
        <label>{{t.repairKindLabel}} <select name="kind" required>\
        {{#choices}}<option value="{{value}}"{{#isSuggested}} selected{{/isSuggested}}>{{text}}\
        {{#isSuggested}} ({{t.suggested}}){{/isSuggested}}</option>{{/choices}}</select></label>
        <label>{{t.amountMinorLabel}} <input name="amount" inputmode="numeric" pattern="[0-9]{1,18}" \
        placeholder="{{t.amountMinorNote}}"></label>
        <label>{{t.targetReference}} <input name="target" maxlength="128" placeholder="ord_…"></label>
        <label>{{t.carryToLabel}} <input name="carry" pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}" placeholder="2026-11-22"></label>
        <label class="all">{{t.reasonLabel}} <input name="reason" maxlength="200"></label>
        <button class="primary">{{t.proposeRepair}}</button>
        </form>
        {{/canPropose}}
        </section>
        <section>
        <div class="head"><h2>{{t.notesTitle}}</h2><p class="sub">{{t.noteHint}}</p></div>
        {{^hasNotes}}<p class="empty">{{t.noNotes}}</p>{{/hasNotes}}
        {{#notes}}<article class="card said"><h3><code>{{author}}</code> <span class="sub">{{#.at}}{{>moment}}{{/.at}}\
        </span></h3><p>{{text}}</p></article>{{/notes}}
        {{#canWrite}}
        <form class="card said" action="{{notePath}}" method="post">
        <label for="text">{{t.noteLabel}}</label><textarea id="text" name="text" rows="3" maxlength="4000" required>\
        {{draft.note}}</textarea><button>{{t.addNote}}</button></form>
        {{/canWrite}}
        </section>
        <section>
        <div class="head"><h2>{{t.filesTitle}}</h2></div>
        {{^hasFiles}}<p class="empty">{{t.noFiles}}</p>{{/hasFiles}}
        {{#hasFiles}}<ul class="card files">
        {{#files}}<li><a href="{{href}}" download>{{name}}</a> <span class="sub">{{size}} · <code>{{author}}</code>\
        {{#.at}} {{>moment}}{{/.at}}</span></li>
        {{/files}}
        </ul>{{/hasFiles}}
        {{#canWrite}}
        <form class="card said" action="{{filesPath}}" method="post" enctype="multipart/form-data">
        <label for="file">{{t.fileLabel}}</label><input id="file" name="file" type="file" required>\
        <button>{{t.attach}}</button></form>
        {{/canWrite}}
        </section>
        </div>
        <aside>
        {{#canAssign}}
        <section class="moves">
        <h2>{{t.assignTitle}}</h2>
        <form action="{{ownerPath}}" method="post"><input type="hidden" name="version" value="{{version}}">
        <label for="owner">{{t.ownerLabel}}</label><input id="owner" name="owner" value="{{draft.owner}}" maxlength="80" \
        pattern="[A-Za-z0-9._:\\-]+" title="{{t.refused_owner}}" list="owners" autocomplete="off" required>
        <datalist id="owners"><option value="{{subject}}"></datalist>
        <label for="deadline">{{t.deadlineLabel}}</label>\
        <input id="deadline" name="deadline" type="datetime-local" value="{{draft.deadline}}">
        <p class="row"><button>{{t.assign}}</button>\
        {{#.owner}}<button class="quiet" name="nobody" value="1" formnovalidate>{{t.nobody}}</button>{{/.owner}}</p></form>
        </section>
        {{/canAssign}}
        {{#canWrite}}
        <section class="moves">
        {{#canInvestigate}}<form action="{{movePath}}" method="post"><input type="hidden" name="version" value="{{version}}">\
        <button name="move" value="investigate">{{t.investigate}}</button></form>{{/canInvestigate}}
        {{#canResolve}}<form action="{{movePath}}" method="post"><input type="hidden" name="version" value="{{version}}">\
        <input name="reason" maxlength="200" required placeholder="{{t.reasonLabel}}" aria-label="{{t.reasonLabel}}">\
        <button name="move" value="resolve">{{t.resolve}}</button></form>{{/canResolve}}
        {{#canReopen}}<form action="{{movePath}}" method="post"><input type="hidden" name="version" value="{{version}}">\
        <input name="reason" maxlength="200" required placeholder="{{t.reasonLabel}}" aria-label="{{t.reasonLabel}}">\
        <button name="move" value="reopen">{{t.reopen}}</button></form>{{/canReopen}}
        </section>
        {{/canWrite}}
        <section>
        <h2>{{t.historyTitle}}</h2>
        <ol class="timeline">
        {{#steps}}<li class="{{tone}}"><b>{{text}}</b><div class="small sub">{{#.at}}{{>moment}}{{/.at}}\
        {{#.note}}<span>{{note}}</span>{{/.note}}</div></li>
        {{/steps}}
        </ol>
        </section>
        <section>
        <dl class="facts tall">
        <div><dt>{{t.reference2}}</dt><dd>{{#.referenceLink}}<a class="id" href="{{href}}">{{full}}</a>{{/.referenceLink}}</dd></div>
        {{#.openItemsHref}}<div><dt>{{t.account}}</dt><dd><a href="{{.}}"><code>clearing:{{channel}}</code></a></dd></div>\
        {{/.openItemsHref}}
        </dl>
        </section>
        </aside>
        </div>
        """

    static let suggestion = """
        <article class="card likely"><h3>{{#badge}}{{text}}{{/badge}} <span class="badge busy">{{confidence}} \
        {{t.confidence}}</span> <span class="sub">{{reason}}</span></h3>
        {{#others}}<div class="other"><span><a class="id" href="{{link.href}}" title="{{link.full}}">{{link.text}}</a> \
        {{#badge}}{{>badge}}{{/badge}} <code class="id">{{reference}}</code>{{#.at}} {{>moment}}{{/.at}}</span>\
        {{#.open}}<b>{{>money}}</b>{{/.open}}\
        {{#.proposal}}<form action="{{proposePath}}" method="post"><input type="hidden" name="key" value="{{key}}">\
        <input type="hidden" name="kind" value="reclassify"><input type="hidden" name="target" value="{{target}}">\
        <input type="hidden" name="amount" value="{{amount}}"><input type="hidden" name="reason" value="{{reason}}">\
        <button>{{t.proposeTogether}}</button></form>{{/.proposal}}</div>
        {{/others}}</article>
        """

    static let repair = """
        <article class="card repair" id="{{id}}"><h3>{{kind}} {{#state}}{{>badge}}{{/state}}\
        {{#isAutomatic}} <span class="badge quiet">{{t.automatic}}</span>{{/isAutomatic}}\
        <span class="sub">{{#.sum}}{{>money}}{{/.sum}}</span></h3>
        <dl class="facts">
        <div><dt>{{t.proposedBy}}</dt><dd><code>{{proposedBy}}</code>{{#.proposedAt}} {{>moment}}{{/.proposedAt}}</dd></div>
        {{#.decidedBy}}<div><dt>{{t.decidedBy}}</dt><dd><code>{{decidedBy}}</code> {{decisionReason}}</dd></div>{{/.decidedBy}}
        {{#.carryTo}}<div><dt>{{t.carriedTo}}</dt><dd>{{carryTo}}</dd></div>{{/.carryTo}}
        {{#.reason}}<div class="grow"><dt>{{t.reason}}</dt><dd>{{reason}}</dd></div>{{/.reason}}
        {{#.waits}}<div class="grow"><dt>{{t.waitsBecause}}</dt><dd>{{waits}}</dd></div>{{/.waits}}
        </dl>
        {{#hasEntries}}
        <div class="scroll" role="region" aria-label="{{t.entriesTitle}}" tabindex="0"><table class="tight">
        <thead><tr><th scope="col">{{t.debit}}</th><th scope="col">{{t.credit}}</th><th scope="col" class="wide">{{t.purpose}}</th>\
        <th scope="col" class="num">{{t.amount}}</th></tr></thead><tbody>
        {{#entries}}<tr><td>{{#debit}}<a href="{{href}}">{{name}}</a>{{/debit}}</td>\
        <td>{{#credit}}<a href="{{href}}">{{name}}</a>{{/credit}}</td><td class="wide">{{purpose}}</td>\
        <td class="num">{{#.sum}}{{>money}}{{/.sum}}</td></tr>{{/entries}}
        </tbody></table></div>
        {{/hasEntries}}
        {{#hasPreview}}
        <div class="scroll" role="region" aria-label="{{t.wouldChange}}" tabindex="0"><table class="tight dry">
        <caption>{{t.wouldChange}} <span class="sub">{{t.wouldChangeLead}}</span></caption>
        <thead><tr><th scope="col">{{t.account}}</th><th scope="col" class="num">{{t.before}}</th>\
        <th scope="col" class="num">{{t.after}}</th></tr></thead><tbody>
        {{#changes}}<tr><th scope="row">{{name}}</th><td class="num">{{#.before}}{{>money}}{{/.before}}</td>\
        <td class="num">{{#.after}}{{>money}}{{/.after}}</td></tr>{{/changes}}
        </tbody></table></div>
        {{/hasPreview}}
        {{#isOwn}}<p class="small own">{{t.ownRepair}}</p>{{/isOwn}}
        <form class="decide" action="{{path}}" method="post">
        <input type="hidden" name="version" value="{{version}}"><input type="hidden" name="case" value="{{caseID}}">
        {{#takesReason}}<input name="reason" maxlength="200" placeholder="{{t.reasonLabel}}" aria-label="{{t.reasonLabel}}">\
        {{/takesReason}}
        {{#canApprove}}<button class="primary" name="decision" value="approve">{{t.approve}}</button>{{/canApprove}}
        {{#canExecute}}<button class="primary" name="decision" value="execute">{{t.execute}}</button>{{/canExecute}}
        {{#canReject}}<button name="decision" value="reject">{{t.reject}}</button>{{/canReject}}
        {{#canWithdraw}}<button name="decision" value="withdraw">{{t.withdraw}}</button>{{/canWithdraw}}
        </form></article>
        """

    static let report = """
        <article class="report">
        <div class="head"><div><p class="crumb"><a href="{{back}}">{{t.reconciliationTitle}}</a></p>
        <h1>{{t.reportTitle}} {{day}}</h1><p class="sub">{{tenant}} · {{t.generatedAt}} {{#generated}}{{>moment}}\
        {{/generated}} UTC</p></div></div>
        <section class="tiles levels">
        {{#tiles}}<div class="tile {{tone}}"><h2>{{label}}</h2><p class="figure">{{figure}}</p>\
        <p class="note">{{goal}}{{#.verdict}} · <b>{{verdict}}</b>{{/.verdict}}</p><p class="note">{{note}}</p></div>{{/tiles}}
        </section>
        <section>
        <div class="head"><h2>{{t.reportRuns}}</h2></div>
        <div class="scroll"><table>
        <thead><tr><th scope="col">{{t.channelDay}}</th><th scope="col">{{t.state}}</th>\
        <th scope="col" class="num">{{t.linesRead}}</th><th scope="col" class="num">{{t.matchedWord}}</th>\
        <th scope="col" class="num">{{t.differences}}</th><th scope="col" class="num">{{t.stillOpen}}</th>\
        <th scope="col" class="num">{{t.settledNet}}</th><th scope="col" class="num">{{t.settledFees}}</th>\
        <th scope="col">{{t.settledAt}}</th></tr></thead><tbody>
        {{#runs}}<tr><th scope="row">{{channel}}</th><td>{{#state}}{{>badge}}{{/state}}</td><td class="num">{{lines}}</td>\
        <td class="num">{{matched}}</td><td class="num">{{differences}}</td><td class="num">{{open}}</td>\
        <td class="num">{{#.net}}{{>money}}{{/.net}}</td><td class="num">{{#.fees}}{{>money}}{{/.fees}}</td>\
        <td>{{settled}}</td></tr>{{/runs}}
        {{^hasRuns}}<tr><td colspan="9" class="empty">{{t.reportNoRuns}}</td></tr>{{/hasRuns}}
        </tbody></table></div>
        {{#hasWaiting}}<p><b>{{t.awaitedTitle}}</b></p><ul>{{#waiting}}<li>{{.}}</li>{{/waiting}}</ul>{{/hasWaiting}}
        </section>
        <section>
        <div class="head"><h2>{{t.reportOpen}}</h2></div>
        <div class="scroll"><table>
        <thead><tr><th scope="col">{{t.channelDay}}</th>{{#ages}}<th scope="col" class="num">{{.}}</th>{{/ages}}\
        <th scope="col" class="num">{{t.itemsOpen}}</th><th scope="col" class="num">{{t.openAmount}}</th></tr></thead><tbody>
        {{#items}}<tr><th scope="row">{{channel}}</th>{{#ages}}<td class="num">{{.}}</td>{{/ages}}\
        <td class="num">{{count}}</td><td class="num">{{#.sum}}{{>money}}{{/.sum}}</td></tr>{{/items}}
        {{^hasItems}}<tr><td colspan="8" class="empty">{{t.nothingOpen}}</td></tr>{{/hasItems}}
        </tbody></table></div>
        </section>
        {{#heatmap}}{{>heatmap}}{{/heatmap}}
        <section>
        <div class="head"><h2>{{t.reportCases}}</h2></div>
        {{#cases}}{{>caseTable}}{{/cases}}
        {{#hasMore}}<p class="small">{{t.reportMoreCases}}</p>{{/hasMore}}
        </section>
        <section class="signed"><div><span>{{t.preparedBy}}</span></div><div><span>{{t.checkedBy}}</span></div></section>
        </article>
        """
}
