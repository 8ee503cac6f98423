/// One stylesheet, no framework. Ink on ledger paper by day, the same ledger by lamplight at night.
enum Stylesheet {
    static let text = base + frame + figures + tables + pieces + small + print + ReconciliationStyle.text

    private static let base = """
        :root {
          --paper: #f6f5f1; --sheet: #fffefb; --ink: #1d1f1e; --soft: #5b615d; --rule: #e2e0d8; --rule-strong: #b9b7ac;
          --accent: #14604a; --accent-ink: #ffffff; --tint: #eef3ef; --hover: #f5f8f5;
          --good: #14603f; --good-bg: #e1f1e6; --wait: #7a4d00; --wait-bg: #fbeed2; --busy: #1d4f8c; --busy-bg: #e4eefa;
          --warn: #85420e; --warn-bg: #fbe8d9; --bad: #a11d26; --bad-bg: #fbe3e3; --quiet: #565c58; --quiet-bg: #ebebe6;
          --sans: "Inter", "SF Pro Text", "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial,
            "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
          --mono: "SF Mono", "JetBrains Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #131614; --sheet: #1a1e1b; --ink: #e7e9e4; --soft: #9da59f; --rule: #2b312d;
              --rule-strong: #4a524d;
            --accent: #6cc7a4; --accent-ink: #0d1b15; --tint: #1d2722; --hover: #1f2622;
            --good: #82d3a4; --good-bg: #17321f; --wait: #e8be6a; --wait-bg: #372b10; --busy: #93bff2;
              --busy-bg: #17293f;
            --warn: #f0ab78; --warn-bg: #3a2413; --bad: #f59a9a; --bad-bg: #401a1c; --quiet: #a9b0ab;
              --quiet-bg: #272c29;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); }
        h1, h2, h3, p, dl, dd, ol, ul, figure { margin: 0; padding: 0; }
        ol, ul { list-style: none; }
        h1 { font-size: 1.6rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; }
        h2 { font-size: 1rem; font-weight: 650; }
        h3 { font-size: .9rem; font-weight: 600; }
        a { color: inherit; text-decoration: underline; text-decoration-color: var(--rule-strong);
          text-underline-offset: .2em; text-decoration-thickness: 1px; }
        a:hover { color: var(--accent); text-decoration-color: currentColor; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
        main:focus { outline: none; }
        code, .id { font-family: var(--mono); font-size: .88em; font-variant-ligatures: none; }
        abbr { text-decoration: none; }
        button, input { font: inherit; color: inherit; }
        button { cursor: pointer; padding: .45rem .9rem; border: 1px solid var(--rule-strong); border-radius: 6px;
          background: var(--sheet); }
        button:hover { border-color: var(--accent); color: var(--accent); }
        button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink);
          font-weight: 600; }
        button.primary:hover { color: var(--accent-ink); filter: brightness(1.08); }
        button.plain { padding: .1rem 0; border: 0; background: none; color: var(--soft); text-decoration: underline;
          text-decoration-color: var(--rule-strong); text-underline-offset: .2em; }
        input { padding: .45rem .7rem; border: 1px solid var(--rule-strong); border-radius: 6px;
          background: var(--sheet);
          min-width: 0; }
        .unseen, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden;
          clip-path: inset(50%);
          white-space: nowrap; }
        .skip:focus { position: absolute; z-index: 2; top: .5rem; left: .5rem; padding: .4rem .8rem;
          background: var(--sheet); }
        .sub, .note, .small { color: var(--soft); }
        .small, .note { font-size: .85rem; }
        .lead { color: var(--soft); max-width: 46rem; }

        """

    private static let frame = """
        .bar { display: flex; align-items: center; gap: .5rem 1.75rem; flex-wrap: wrap; padding: .7rem clamp(1rem,
          3vw, 2rem);
          background: var(--sheet); border-bottom: 1px solid var(--rule); }
        .brand { display: inline-flex; align-items: center; gap: .5rem; font-weight: 700; letter-spacing: -.01em;
          text-decoration: none; }
        .brand svg { width: 1.35rem; height: 1.35rem; fill: none; stroke: var(--accent); stroke-width: 2.6;
          stroke-linecap: round; stroke-linejoin: round; }
        .pages { display: flex; gap: .15rem; flex-wrap: wrap; }
        .pages a { padding: .3rem .65rem; border-radius: 6px; color: var(--soft); text-decoration: none; }
        .pages a:hover { background: var(--hover); color: var(--ink); }
        .pages a[aria-current] { background: var(--tint); color: var(--accent); font-weight: 600; }
        .aside { display: flex; align-items: center; gap: 1rem; margin-left: auto; font-size: .88rem;
          color: var(--soft); }
        .languages { display: inline-flex; gap: .6rem; }
        .languages a { text-decoration: none; }
        .languages a[aria-current] { color: var(--ink); font-weight: 600; }
        .who { max-width: 14rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--ink);
          padding-left: 1rem; border-left: 1px solid var(--rule); }
        main { max-width: 82rem; margin: 0 auto; padding: 1.75rem clamp(1rem, 3vw, 2rem) 2.5rem; display: grid;
          gap: 1.6rem;
          grid-template-columns: minmax(0, 1fr); }
        section { display: grid; gap: .7rem; grid-template-columns: minmax(0, 1fr); align-content: start; }
        .head { display: flex; align-items: baseline; justify-content: space-between; gap: .4rem 1rem;
          flex-wrap: wrap; }
        .head .sub { display: inline-flex; gap: .5rem; align-items: center; flex-wrap: wrap; }
        .crumb { font-size: .85rem; color: var(--soft); margin-bottom: .15rem; }
        .crumb a::after { content: " ›"; display: inline-block; padding-left: .3em; }
        h1 code.id { font-size: .58em; font-weight: 400; color: var(--soft); letter-spacing: 0; }
        .head div > .sub { margin-top: .45rem; }
        .foot { display: flex; justify-content: flex-end; gap: 1.2rem; max-width: 82rem; margin: 0 auto;
          padding: 0 clamp(1rem, 3vw, 2rem) 2rem; font-size: .8rem; color: var(--soft); }
        .pulse::before { content: ""; display: inline-block; width: .5rem; height: .5rem; margin-right: .4rem;
          border-radius: 50%; background: var(--good); vertical-align: .05em; }
        .pulse.paused::before { background: var(--rule-strong); }

        """

    /// Figures line up: one width for every digit, and room for the closing parenthesis behind those without one.
    private static let figures = """
        .money, .num, .figure, .grand { font-variant-numeric: tabular-nums lining-nums; }
        .money { white-space: nowrap; }
        .cur { margin-left: .3em; font-size: .72em; letter-spacing: .04em; color: var(--soft); font-weight: 400; }
        .accounts .cur { display: none; }
        .accounts .money:not(.negative)::after { content: ")"; display: inline-block;
          visibility: hidden; }
        .negative { color: var(--bad); }
        td .zero, .facts .zero, .totals .zero { color: var(--soft); }
        .grand { font-size: 1.6rem; font-weight: 650; letter-spacing: -.015em; white-space: nowrap; }
        .grand .sub { display: block; font-size: .85rem; font-weight: 400; letter-spacing: 0; text-align: right; }
        .grand .cur { font-size: .5em; }
        .tiles { grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: 1px; background: var(--rule);
          border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
        .tile { padding: .9rem 1.1rem 1rem; background: var(--sheet); }
        .tile h2 { font-size: .8rem; font-weight: 500; color: var(--soft); margin-bottom: .25rem; }
        .tile .figure { font-size: 1.45rem; font-weight: 650; line-height: 1.25; letter-spacing: -.015em; }
        .tile .figure .cur { font-size: .5em; letter-spacing: .04em; }
        .tile .note { line-height: 1.5; font-variant-numeric: tabular-nums; }
        .tile .note .cur { display: none; }
        .tile .note .money { color: inherit; }
        .charts { grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem; }
        .charts:empty { display: none; }
        .chart { padding: .9rem 1.1rem .7rem; background: var(--sheet); border: 1px solid var(--rule);
          border-radius: 10px; }
        .chart figcaption { display: flex; justify-content: space-between; gap: 1rem; font-size: .8rem;
          color: var(--soft); }
        .chart .peak { font-variant-numeric: tabular-nums; }
        .chart svg { display: block; width: 100%; height: 7rem; margin-top: .7rem; }
        .chart path { fill: none; vector-effect: non-scaling-stroke; stroke-width: 1; }
        .chart .grid { stroke: var(--rule); stroke-dasharray: 2 3; }
        .chart .base { stroke: var(--rule-strong); }
        .chart .slot { fill: transparent; }
        .chart g:hover .slot { fill: var(--tint); }
        .chart .value { fill: var(--accent); }
        .chart.ink .value { fill: var(--soft); }
        .chart g:hover .value { fill: var(--ink); }
        .hours { display: flex; justify-content: space-between; font-size: .72rem; color: var(--soft);
          font-variant-numeric: tabular-nums; margin-top: .25rem; }

        """

    private static let tables = """
        .scroll { overflow-x: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; }
        table { width: 100%; border-collapse: collapse; font-size: .92rem; }
        th, td { padding: .42rem .8rem; text-align: left; vertical-align: baseline;
          border-bottom: 1px solid var(--rule);
          font-weight: 400; }
        th:first-child, td:first-child { padding-left: 1.1rem; }
        th:last-child, td:last-child { padding-right: 1.1rem; }
        thead th { padding-top: .6rem; font-size: .78rem; color: var(--soft); white-space: nowrap;
          border-bottom-color: var(--rule-strong); }
        tbody:last-child tr:last-child > *, tfoot tr:last-child > * { border-bottom: 0; }
        tbody tr:hover { background: var(--hover); }
        th.num, td.num { text-align: right; white-space: nowrap; }
        .accounts thead th.num { padding-right: 1.12rem; }
        .accounts thead th.num:last-child { padding-right: 1.42rem; }
        .accounts td.num:not(:has(.money)):not(:empty) { padding-right: 1.12rem; }
        .accounts td.num:last-child:not(:has(.money)):not(:empty) { padding-right: 1.42rem; }
        .key { width: 1%; }
        .id { white-space: nowrap; }
        h1 .id, h3 .id { white-space: normal; }
        td time { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--soft); }
        .phone, .sku.phone { display: none; }
        .sku { display: block; font-size: .8rem; color: var(--soft); }
        .empty { padding: 1.6rem 1.1rem; color: var(--soft); text-align: center; }
        p.empty { background: var(--sheet); border: 1px dashed var(--rule-strong); border-radius: 10px; }
        .book .pair > td:not([rowspan]) { border-bottom: 0; padding-bottom: .1rem; }
        .book .pair + tr > td { padding-top: .1rem; }
        .book .credit { padding-left: 2.6rem; }
        .book td code { color: var(--soft); font-size: .78em; }
        .book tfoot th, .book tfoot td { border-top: 1px solid var(--ink); font-weight: 650; }
        .book tfoot tr:not(.bad) .money { text-decoration: underline double; text-decoration-thickness: 1px;
          text-underline-offset: .22em; }
        .book tfoot .badge { margin-left: .5rem; }
        .book .hold td, .book .hold th { color: var(--soft); }
        .book .hold .money { font-style: italic; }
        .book .carried > * { color: var(--soft); background: var(--tint); }
        .narrow { max-width: none; }
        .trial th[scope="row"] { white-space: nowrap; }
        .trial td.num { width: 11rem; }
        .tag { font-size: .75rem; font-style: italic; }
        .short td:last-child { color: var(--bad); font-weight: 600; }
        tr.fresh > * { animation: fresh 2.4s ease-out; }
        @keyframes fresh { from { background: var(--good-bg); } }
        @media (prefers-reduced-motion: reduce) { tr.fresh > * { animation: none; } }

        """

    private static let pieces = """
        .badge { display: inline-flex; align-items: baseline; gap: .4em; padding: .05rem .55rem; border-radius: 99px;
          font-size: .8rem; line-height: 1.55; white-space: nowrap; font-weight: 500; background: var(--quiet-bg);
          color: var(--quiet); letter-spacing: 0; }
        .badge::before { content: ""; width: .42em; height: .42em; border-radius: 50%; background: currentColor;
          align-self: center; }
        .badge.good { background: var(--good-bg); color: var(--good); }
        .badge.wait { background: var(--wait-bg); color: var(--wait); }
        .badge.busy { background: var(--busy-bg); color: var(--busy); }
        .badge.warn { background: var(--warn-bg); color: var(--warn); }
        .badge.bad { background: var(--bad-bg); color: var(--bad); }
        .filters { display: flex; flex-wrap: wrap; gap: .4rem; }
        .filters a { padding: .15rem .7rem; border: 1px solid var(--rule); border-radius: 99px;
          background: var(--sheet);
          color: var(--soft); font-size: .86rem; text-decoration: none; }
        .filters a:hover { border-color: var(--accent); }
        .filters a[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
        .filters b { color: var(--ink); font-weight: 650; font-variant-numeric: tabular-nums; }
        .filters a[aria-current] b { color: inherit; }
        .pager { display: flex; gap: 1.2rem; justify-content: flex-end; font-size: .9rem; }
        .search { display: flex; gap: .5rem; align-items: center; }
        .search input { width: 16rem; }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; gap: 2rem; align-items: start; }
        .columns > * { display: grid; gap: 1.6rem; grid-template-columns: minmax(0, 1fr); }
        .totals { justify-self: end; width: min(100%, 23rem); padding: .2rem 1.1rem; }
        .totals div { display: flex; justify-content: space-between; gap: 1rem; padding: .22rem 0; }
        .totals dt { color: var(--soft); }
        .totals dt span { font-size: .82rem; }
        .totals .sum { border-top: 1px solid var(--ink); margin-top: .25rem; padding-top: .4rem; font-weight: 650; }
        .totals .sum dt { color: inherit; }
        .card { background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
        .card:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
        .card h3 { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: center; padding: .8rem 1.1rem .3rem;
          overflow-wrap: anywhere; }
        .card h3 .sub { font-weight: 400; }
        .card > .facts { padding: .3rem 1.1rem .8rem; }
        .card .scroll { border-width: 1px 0 0; border-radius: 0; }
        .tight th, .tight td { padding-block: .38rem; font-size: .87rem; }
        .tight code { white-space: nowrap; }
        .facts { display: flex; flex-wrap: wrap; gap: .6rem 2rem; }
        .facts dt { font-size: .78rem; color: var(--soft); }
        .facts .grow { flex: 1 1 20rem; min-width: 0; }
        .facts.tall { display: grid; gap: .6rem; grid-template-columns: minmax(0, 1fr); }
        .facts code { overflow-wrap: anywhere; }
        .facts.tall dd { overflow-wrap: anywhere; }
        .facts.tall .id { white-space: normal; }
        .timeline li { position: relative; padding: 0 0 1rem 1.35rem; border-left: 1px solid var(--rule-strong);
          margin-left: .35rem; }
        .timeline li:last-child { border-color: transparent; padding-bottom: 0; }
        .timeline li::before { content: ""; position: absolute; left: -.36rem; top: .4rem; width: .68rem;
          height: .68rem;
          border-radius: 50%; background: var(--quiet); border: 2px solid var(--paper); }
        .timeline b { font-weight: 600; }
        .timeline time + span::before { content: " · "; }
        .timeline .good::before { background: var(--good); }
        .timeline .wait::before { background: var(--wait); }
        .timeline .busy::before { background: var(--busy); }
        .timeline .warn::before { background: var(--warn); }
        .timeline .bad::before { background: var(--bad); }
        .parcels { display: grid; gap: .9rem; }
        .chain { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; align-items: center; justify-content: space-between;
          padding: 1.1rem; background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; }
        .chain .facts { flex: 1 1 24rem; gap: .6rem 2.5rem; min-width: 0; }
        .chain .figure { font-size: 1.45rem; font-weight: 650; line-height: 1.25; }
        .chain form { display: grid; gap: .35rem; justify-items: start; }
        .hash { display: inline-block; padding-top: .3rem; overflow-wrap: anywhere; }
        .verdict { padding: .9rem 1.1rem; border-radius: 10px; background: var(--quiet-bg); gap: .1rem; }
        .verdict.good { background: var(--good-bg); color: var(--good); }
        .verdict.bad { background: var(--bad-bg); color: var(--bad); }
        .notice { max-width: 34rem; padding: 3rem 0; }
        .door { width: min(26rem, 100%); margin: clamp(1rem, 8vh, 5rem) auto 0; gap: .9rem; }
        .door form { display: grid; gap: .5rem; padding: 1.3rem; background: var(--sheet);
          border: 1px solid var(--rule);
          border-radius: 10px; }
        .door label { font-size: .85rem; color: var(--soft); }
        .door button { margin-top: .4rem; }
        textarea { width: 100%; padding: .6rem .75rem; border: 1px solid var(--rule-strong); border-radius: 6px;
          background: var(--sheet); color: inherit; font: .88rem/1.5 var(--mono); font-variant-ligatures: none;
          resize: vertical; tab-size: 2; }
        .workbench label { font-size: .85rem; color: var(--soft); }
        .workbench .main { display: grid; gap: .6rem; align-content: start; }
        .workbench pre { margin: 0; padding: .7rem .9rem; overflow-x: auto; font: .85rem/1.5 var(--mono);
          white-space: pre; }
        .outcome { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 1rem 2rem;
          padding: .8rem 1rem; border-radius: 8px; background: var(--good-bg); }
        .outcome dt { font-size: .8rem; color: var(--soft); }
        .outcome dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
        .examples { display: grid; gap: .5rem; font-size: .85rem; overflow-wrap: anywhere; }
        .refusal { padding: .5rem .7rem; border-radius: 6px; background: var(--bad-bg); color: var(--bad);
          font-size: .9rem; }

        """

    private static let small = """
        @media (max-width: 64rem) {
          .columns { grid-template-columns: minmax(0, 1fr); }
        }
        @media (max-width: 40rem) {
          body { font-size: 14.5px; }
          .bar { gap: .5rem 1rem; padding-block: .6rem; }
          .pages { order: 3; width: 100%; flex-wrap: nowrap; overflow-x: auto; margin: 0 -.4rem;
            scrollbar-width: none; }
          .pages a { white-space: nowrap; padding: .3rem .55rem; }
          .aside { gap: .8rem; }
          .who { display: none; }
          main { padding-top: 1.2rem; gap: 1.3rem; }
          h1, .grand { font-size: 1.35rem; }
          .wide { display: none; }
          .grand .sub { text-align: left; }
          .phone, .sku.phone { display: block; }
          .phone .badge { margin-top: .25rem; }
          .book:not(.trial):not(.narrow) { min-width: 46rem; }
          .tight { min-width: 38rem; }
          .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .tile { padding: .75rem .85rem; }
          .tile:first-child { grid-column: 1 / -1; }
          .tile .figure { font-size: 1.15rem; overflow-wrap: anywhere; }
          .tile:first-child .figure { font-size: 1.6rem; }
          .filters { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; margin-inline: -1rem;
            padding-inline: 1rem; }
          .filters a { white-space: nowrap; }
          th, td { padding: .45rem .55rem; }
          th:first-child, td:first-child { padding-left: .8rem; }
          th:last-child, td:last-child { padding-right: .8rem; }
          .accounts thead th.num, .accounts thead th.num:last-child { padding-right: .9rem; }
          .trial td.num { width: auto; }
          .trial th[scope="row"] { white-space: normal; }
          .outcome { grid-template-columns: minmax(0, 1fr); gap: .5rem; }
          .search { width: 100%; }
          .search input { flex: 1; width: auto; }
        }

        """

    private static let print = """
        @media print {
          :root { --paper: #fff; --sheet: #fff; --ink: #000; --soft: #333; --rule: #bbb; --rule-strong: #777;
            --bad: #000;
            --tint: #fff; --hover: #fff; }
          @page { margin: 18mm 16mm; }
          body { font-size: 10pt; }
          .bar, .foot, .filters, .pager, .search, .skip, .charts, button, .crumb { display: none; }
          main { max-width: none; padding: 0; gap: 8mm; }
          .scroll, .card, .tiles, .chain { border: 0; border-radius: 0; overflow: visible; }
          a { text-decoration: none; }
          thead { display: table-header-group; }
          tr, .tile { break-inside: avoid; }
          .sheet + .sheet { break-before: page; }
          th, td { padding: 1.4mm 2mm; }
          .badge { border: 1px solid #000; background: none; color: #000; }
          .wide { display: table-cell; }
        }

        """
}
