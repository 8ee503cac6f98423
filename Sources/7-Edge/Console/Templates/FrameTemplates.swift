/// What stands around a page, and the pages that belong to no capability.
enum FrameTemplates {
    static let layout = """
        <!doctype html>
        <html lang="{{lang}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>{{title}} · Kontor</title>
        <link rel="icon" href="{{mark}}" type="image/svg+xml">
        <link rel="stylesheet" href="{{stylesheet}}">
        <script src="{{script}}" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">{{t.skipToContent}}</a>
        <header class="bar">
        <a class="brand" href="{{home}}" aria-label="{{t.appName}}"><svg viewBox="0 0 24 24" aria-hidden="true">\
        <path d="M5 3v18M19 3 8 12l11 9M5 12h3"/></svg><span>Kontor</span></a>
        {{#isSignedIn}}
        <nav class="pages" aria-label="{{t.navigation}}">
        {{#nav}}<a href="{{href}}"{{#isCurrent}} aria-current="page"{{/isCurrent}}>{{text}}</a>
        {{/nav}}
        </nav>
        {{/isSignedIn}}
        <div class="aside">
        <span class="languages" role="group" aria-label="{{t.language}}">
        {{#languages}}<a href="{{href}}" hreflang="{{tag}}" \
        lang="{{tag}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>\
        {{text}}</a>
        {{/languages}}
        </span>
        {{#isSignedIn}}
        <span class="who" title="{{subject}}">{{tenant}}</span>
        <form action="{{signOutPath}}" method="post"><button class="plain">{{t.signOut}}</button></form>
        {{/isSignedIn}}
        </div>
        </header>
        <main id="main" tabindex="-1"{{#live}} data-live="{{live}}"{{/live}}>
        {{#body}}{{>*page}}{{/body}}
        </main>
        <footer class="foot">
        {{#live}}<span class="pulse" id="pulse" data-live="{{t.live}}" data-paused="{{t.livePaused}}" hidden>\
        </span>{{/live}}
        <span>{{t.timesAreUTC}}</span>
        </footer>
        </body>
        </html>

        """

    /// The main region alone, for the script that keeps a page live.
    static let fragment = """
        {{#body}}{{>*page}}{{/body}}
        """

    static let notice = """
        <section class="notice">
        <h1>{{heading}}</h1>
        <p>{{lead}}{{#.detail}} <code>{{.}}</code>{{/.detail}}</p>
        <p><a href="{{back}}">{{t.backHome}}</a></p>
        </section>
        """

    static let signIn = """
        <section class="door">
        <h1>{{t.signInTitle}}</h1>
        <p class="lead">{{t.signInLead}}</p>
        <form action="{{action}}" method="post">
        {{#.refusal}}<p class="refusal" role="alert" id="refusal">{{.}}</p>{{/.refusal}}
        <label for="credential">{{t.credential}}</label>
        <input id="credential" name="credential" type="password" required autofocus autocomplete="current-password" \
        spellcheck="false" placeholder="kontor_live_…"{{#.refusal}} aria-invalid="true" \
        aria-describedby="refusal"{{/.refusal}}>
        <button class="primary">{{t.signIn}}</button>
        </form>
        <p class="small">{{t.signInNote}}</p>
        </section>
        """
}
