/// Small parts that pages share.
enum PartTemplates {
    /// The class keeps figures with and without parentheses in one column.
    static let money = """
        <span class="money{{#isNegative}} negative{{/isNegative}}{{#isZero}} zero{{/isZero}}">{{figure}}</span>\
        <abbr class="cur">{{code}}</abbr>
        """

    static let moment = """
        <time datetime="{{machine}}">{{text}}</time>
        """

    static let badge = """
        <span class="badge {{tone}}">{{text}}</span>
        """

    static let search = """
        <form class="search" action="{{action}}" method="get" role="search">
        <label class="unseen" for="q">{{label}}</label>
        <input id="q" name="q" type="search" value="{{words}}" placeholder="{{label}}" maxlength="200" \
        autocomplete="off">
        <button>{{t.search}}</button>
        {{#isSet}}<a class="quiet" href="{{action}}">{{t.clear}}</a>{{/isSet}}
        </form>
        """

    static let pager = """
        <nav class="pager" aria-label="{{t.next}}">
        {{#.first}}<a href="{{.}}">← {{t.first}}</a>{{/.first}}
        {{#.next}}<a href="{{.}}" rel="next">{{t.next}} →</a>{{/.next}}
        </nav>
        """
}
