/// What reconciliation adds to the stylesheet.
enum ReconciliationStyle {
    static let text = pictures + cases + small + print

    private static let pictures = """
        .links { display: flex; gap: .4rem 1.2rem; flex-wrap: wrap; }
        .levels .tile { border-top: 3px solid var(--rule-strong); }
        .levels .tile.good { border-top-color: var(--good); }
        .levels .tile.bad { border-top-color: var(--bad); }
        .levels .tile.good .note b { color: var(--good); }
        .levels .tile.bad .note b, .levels .tile.bad .figure { color: var(--bad); }
        progress { width: 5rem; height: .5rem; vertical-align: middle; accent-color: var(--busy); }
        a.bare { text-decoration: none; }
        .day { white-space: nowrap; font-variant-numeric: tabular-nums; }
        td.answer { overflow-wrap: anywhere; }
        /* The names stay where they are, and the newest days are seen first. */
        .nights th:first-child, .heat th:first-child { position: sticky; left: 0; background: var(--sheet); }
        .scroll:has(.nights) { direction: rtl; }
        .nights { direction: ltr; width: auto; min-width: 100%; }
        .nights th, .nights td { border-bottom: 0; }
        .nights thead th:not(:first-child) { text-align: center; padding-inline: .1rem; font-variant-numeric: tabular-nums; }
        .nights td { padding: .15rem; text-align: center; }
        .nights tbody tr:hover { background: none; }
        .cell { display: block; min-width: 2.3rem; padding: .3rem .2rem; border-radius: 6px; text-decoration: none;
          font-size: .85rem; font-weight: 600; font-variant-numeric: tabular-nums; background: var(--quiet-bg);
          color: var(--quiet); }
        a.cell:hover { outline: 2px solid currentColor; color: inherit; }
        .cell.none { background: none; }
        .cell.none::after { content: "·"; color: var(--rule-strong); }
        .cell.good { background: var(--good-bg); color: var(--good); }
        .cell.warn { background: var(--warn-bg); color: var(--warn); }
        .cell.wait { background: var(--wait-bg); color: var(--wait); }
        .cell.bad { background: var(--bad-bg); color: var(--bad); }
        .pictures .two .key { margin-left: .5rem; opacity: .85; }
        .chart .value.pale { opacity: .35; }
        .pictures .two { display: flex; flex-direction: column; }
        .pictures .two svg { flex: 1 1 7rem; height: auto; min-height: 7rem; }
        .ages .age { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem 1rem; margin-top: .8rem;
          font-size: .88rem; }
        .ages .age svg { grid-column: 1 / -1; height: .8rem; margin: 0; border-radius: 4px; background: var(--quiet-bg); }
        .ages .num { font-variant-numeric: tabular-nums; }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem .9rem; margin-top: .9rem; font-size: .76rem; color: var(--soft); }
        .legend span { display: inline-flex; align-items: center; gap: .3rem; }
        .chart .legend svg { width: .7rem; height: .7rem; margin: 0; }
        .age0 { fill: #9fcdb6; } .age1 { fill: #d9c46a; } .age2 { fill: #e39b4a; } .age3 { fill: #cf5b3f; }
        .age4 { fill: #8e1f2b; }
        .heat th, .heat td { border-bottom: 0; }
        .heat thead th:not(:first-child) { text-align: center; padding-inline: .15rem; font-variant-numeric: tabular-nums; }
        .heat td:not(.sum) { min-width: 1.85rem; padding: .3rem .1rem; text-align: center; font-size: .76rem;
          font-variant-numeric: tabular-nums; border: 2px solid var(--sheet); border-radius: 5px; background-clip: padding-box; }
        .heat tbody tr:hover { background: none; }
        .heat0 { background-color: var(--quiet-bg); } .heat1 { background-color: #fdeccb; color: #4a3408; }
        .heat2 { background-color: #fbdfae; color: #4a3408; } .heat3 { background-color: #f8cc8c; color: #4a3408; }
        .heat4 { background-color: #f4b46b; color: #3d2605; } .heat5 { background-color: #ec954f; color: #2b1602; }
        .heat6 { background-color: #df733e; color: #fff; } .heat7 { background-color: #cc5137; color: #fff; }
        .heat8 { background-color: #b03234; color: #fff; } .heat9 { background-color: #8e1f2b; color: #fff; }

        """

    private static let cases = """
        .figure.small { font-size: 1.1rem; color: inherit; }
        .run .line { display: flex; gap: .5rem; flex-wrap: wrap; }
        .cases td.wide .sku { white-space: nowrap; }
        .cases .sku.bad { color: var(--bad); font-weight: 600; }
        .search input.short { width: 9.5rem; }
        .sides th { white-space: nowrap; color: var(--soft); }
        .sides thead th { color: var(--ink); font-size: .88rem; font-weight: 650; }
        .sides td { width: 50%; overflow-wrap: anywhere; }
        .sides td.id { font-size: .82rem; }
        .sides .differs td { background: var(--bad-bg); color: var(--bad); font-weight: 600; }
        .sides .differs td .cur, .sides .differs td .negative { color: inherit; }
        .sides .differs th { color: var(--bad); font-weight: 600; }
        .sides .gone td { color: var(--soft); font-style: italic; }
        .named::first-letter { text-transform: uppercase; }
        .cause h3 { font-size: 1.02rem; }
        .card > .refusal { margin: 0 1.1rem 1rem; }
        .repair .decide, .propose, .said { padding: .8rem 1.1rem 1rem; }
        .repair .decide { display: flex; gap: .6rem; flex-wrap: wrap; }
        .repair .decide:not(:has(button)) { display: none; }
        .repair .decide input { flex: 1 1 14rem; }
        .repair .own { padding: .6rem 1.1rem 0; color: var(--wait); }
        .repair caption { text-align: left; padding: .6rem 1.1rem .1rem; font-weight: 600; font-size: .9rem; }
        .repair caption .sub { font-weight: 400; }
        .likely { padding-bottom: .9rem; }
        .likely .other { display: flex; gap: .5rem 1rem; flex-wrap: wrap; align-items: center;
          justify-content: space-between; padding: .35rem 1.1rem; }
        .likely .other > span { flex: 1 1 16rem; min-width: 0; overflow-wrap: anywhere; }
        .likely .other time { white-space: nowrap; }
        .propose { display: grid; gap: .7rem 1rem; grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: end; }
        .propose label { display: grid; gap: .2rem; font-size: .82rem; color: var(--soft); }
        .propose .all { grid-column: 1 / -1; }
        .propose button { justify-self: start; }
        select { font: inherit; color: inherit; padding: .45rem .6rem; border: 1px solid var(--rule-strong);
          border-radius: 6px; background: var(--sheet); min-width: 0; }
        .said { display: grid; gap: .5rem; justify-items: start; }
        .said h3 { padding: 0; }
        .said p { white-space: pre-wrap; overflow-wrap: anywhere; }
        .said label { font-size: .85rem; color: var(--soft); }
        .moves form { display: grid; gap: .4rem; }
        .moves .row { display: flex; gap: .5rem; flex-wrap: wrap; }
        .moves label { font-size: .82rem; color: var(--soft); margin-bottom: -.2rem; }
        .moves label:not(:first-of-type) { margin-top: .3rem; }
        .files li { padding: .55rem 1.1rem; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
        .files li:last-child { border-bottom: 0; }
        .files .sub { font-size: .85rem; }
        input[type="file"] { padding: .35rem .5rem; max-width: 100%; }
        .report { display: grid; gap: 1.6rem; grid-template-columns: minmax(0, 1fr); }
        .report ul { list-style: disc; padding-left: 1.2rem; }
        .signed { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 3rem; margin-top: 3rem; }
        .signed div { border-top: 1px solid var(--ink); padding-top: .3rem; font-size: .85rem; color: var(--soft); }

        """

    private static let small = """
        @media (max-width: 40rem) {
          .propose { grid-template-columns: minmax(0, 1fr); }
          .levels .tile:first-child { grid-column: auto; }
          .levels .tile:first-child .figure { font-size: 1.15rem; }
          .sides { table-layout: fixed; }
          .sides th:first-child { width: 5.4rem; white-space: normal; }
          .sides td.id { white-space: normal; }
          .repair .tight { min-width: 0; }
          .sku.phone { white-space: nowrap; }
          th > .id { white-space: normal; overflow-wrap: anywhere; }
          .cases, .cases tbody { display: block; }
          .cases thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .cases tbody tr { display: grid; grid-template: "what what sum" "why why why" "id where how" /
            auto minmax(0, 1fr) auto; gap: .3rem .8rem; align-items: baseline; padding: .7rem .8rem;
            border-bottom: 1px solid var(--rule); }
          .cases tbody tr:last-child { border-bottom: 0; }
          .cases tbody tr > * { padding: 0; border: 0; }
          .cases th { grid-area: id; }
          .cases .what { grid-area: what; }
          .cases .why { grid-area: why; overflow-wrap: anywhere; }
          .cases .how { grid-area: how; text-align: right; }
          .cases .sum { grid-area: sum; }
          .cases .where { display: block; grid-area: where; font-size: .8rem; color: var(--soft); }
          .cases .where .sku { display: inline; margin-left: .4rem; }
          .cases tr:has(> .empty) { display: block; }
          .search:has(.short) { flex-wrap: wrap; }
          .signed { gap: 1.5rem; }
        }

        """

    private static let print = """
        @media print {
          .report .crumb, .report form { display: none; }
          .report .charts { display: grid; }
          .heat td, .cell, .age0, .age1, .age2, .age3, .age4, .levels .tile { print-color-adjust: exact;
            -webkit-print-color-adjust: exact; }
          .report table { font-size: 8.5pt; }
          .report .tiles { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 3mm; background: none; }
          .report section { break-inside: auto; }
          .report .head { break-after: avoid; }
          .signed { break-inside: avoid; }
        }

        """
}
