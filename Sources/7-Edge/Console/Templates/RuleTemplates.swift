/// The page on which a rule is tried.
enum RuleTemplates {
    static let rules = """
        <div class="head"><div><h1>{{t.rulesTitle}}</h1><p class="lead">{{t.rulesLead}}</p></div></div>
        <form class="workbench" action="{{action}}" method="post">
        <section class="columns">
        <div class="main">
        <label for="expression">{{t.ruleExpression}}</label>
        <textarea id="expression" name="expression" rows="4" maxlength="{{expressionLength}}" spellcheck="false" \
        autocapitalize="off" autocomplete="off" autofocus{{#.fault}} aria-invalid="true" \
        aria-describedby="outcome"{{/.fault}}>
        {{expression}}</textarea>
        <p><button class="primary">{{t.ruleTry}}</button></p>
        <div id="outcome" aria-live="polite">
        {{#.answer}}
        <dl class="outcome"><div><dt>{{t.ruleResult}}</dt><dd><code>{{value}}</code></dd></div>\
        <div><dt>{{t.ruleType}}</dt><dd><code>{{type}}</code></dd></div>\
        <div><dt>{{t.ruleCost}}</dt><dd>{{cost}} <span class="sub">{{t.ruleCostMost}} {{most}}</span></dd></div></dl>
        {{/.answer}}
        {{#.fault}}<pre class="refusal" role="alert">{{.}}</pre>{{/.fault}}
        </div>
        <label for="sample">{{t.ruleSample}}</label>
        {{#.sampleFault}}<p class="refusal" role="alert" id="sample-fault">{{.}}</p>{{/.sampleFault}}
        <textarea id="sample" name="sample" rows="20" maxlength="{{sampleLength}}" spellcheck="false" \
        autocapitalize="off" autocomplete="off"{{#.sampleFault}} aria-invalid="true" \
        aria-describedby="sample-fault"{{/.sampleFault}}>
        {{sample}}</textarea>
        </div>
        <aside class="side">
        <h2>{{t.ruleVariables}}</h2>
        <div class="scroll" role="region" aria-label="{{t.ruleVariables}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.ruleName}}</th><th scope="col">{{t.ruleType}}</th></tr></thead>
        <tbody>
        {{#variables}}
        <tr><th scope="row"><code>{{path}}</code></th><td><code>{{type}}</code></td></tr>
        {{/variables}}
        {{^variables}}<tr><td colspan="2" class="empty">{{t.ruleNoVariables}}</td></tr>{{/variables}}
        </tbody>
        </table>
        </div>
        <h2>{{t.ruleExamples}}</h2>
        <ul class="examples">
        {{#examples}}
        <li><a href="{{href}}"><code>{{text}}</code></a></li>
        {{/examples}}
        </ul>
        </aside>
        </section>
        </form>
        """
}
