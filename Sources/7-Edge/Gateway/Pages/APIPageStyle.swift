/// The look of the API page: no fonts, scripts or pictures from elsewhere, light and dark by the reader's choice.
enum APIPageStyle {
    static let css = """
        :root{color-scheme:light dark;--paper:#faf8f4;--ink:#1f1d1a;--soft:#6b655c;--line:#e2ddd3;--card:#fffefb;
        --accent:#8a4b14;--get:#2d6a4f;--post:#8a4b14;--put:#5a4b9a;--patch:#5a4b9a;--delete:#a32f2f}
        @media(prefers-color-scheme:dark){:root{--paper:#171614;--ink:#ece7dd;--soft:#a39b8e;--line:#34302a;
        --card:#1e1c19;--accent:#e0a067;--get:#7fc8a2;--post:#e0a067;--put:#b3a5ee;--patch:#b3a5ee;--delete:#ee8f8f}}
        *{box-sizing:border-box}html{scroll-behavior:smooth}
        body{margin:0 auto;max-width:62rem;padding:4rem 1.5rem 6rem;background:var(--paper);color:var(--ink);
        font:1rem/1.6 ui-sans-serif,system-ui,"Segoe UI",sans-serif}
        h1,h2{font-family:"Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;font-weight:600;
        letter-spacing:-.01em;line-height:1.15}
        h1{font-size:3rem;margin:.2rem 0 1rem}h2{font-size:1.7rem;margin:0 0 1.2rem}
        .eyebrow{margin:0;color:var(--accent);font-size:.8rem;letter-spacing:.14em;text-transform:uppercase}
        .lead{max-width:38rem;font-size:1.15rem;color:var(--soft);margin:0}
        a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
        .links{display:flex;gap:1.2rem;margin:1.2rem 0 0}
        nav{position:sticky;top:0;display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;margin:2.5rem 0 0;padding:.9rem 0;
        background:var(--paper);border-bottom:1px solid var(--line);z-index:1}
        nav a{color:var(--soft);text-decoration:none}nav a:hover{color:var(--ink)}
        section{padding-top:3rem;scroll-margin-top:2rem}
        article{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.3rem;
        margin:0 0 .9rem}
        h3{display:flex;flex-wrap:wrap;align-items:baseline;gap:.7rem;margin:0;font-size:1rem;font-weight:500}
        code,var{font:.92em ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-style:normal;overflow-wrap:anywhere}
        h3 code{font-size:1rem}var{color:var(--accent)}
        article p{margin:.35rem 0 .7rem}
        .method{min-width:4.2rem;font:600 .78rem ui-monospace,Menlo,Consolas,monospace;letter-spacing:.06em}
        .get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}.patch{color:var(--patch)}
        .delete{color:var(--delete)}
        dl{display:flex;flex-wrap:wrap;gap:.3rem 1.8rem;margin:0;font-size:.86rem}
        dl div{display:flex;gap:.45rem}dt{color:var(--soft)}dd{margin:0;font-variant-numeric:tabular-nums}
        details{margin:.7rem 0 0;font-size:.86rem}summary{cursor:pointer;color:var(--soft);width:max-content}
        summary:hover{color:var(--ink)}.wide{overflow-x:auto;margin-top:.5rem}
        table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.35rem .9rem .35rem 0;
        text-align:left;vertical-align:top}td:first-child,td:nth-child(3){color:var(--soft)}
        td:nth-child(2){min-width:13rem}td:nth-child(3){max-width:16rem}td b{color:var(--accent);font-weight:500}
        .rules{margin:0;padding-left:1.1rem;max-width:46rem}.rules li{margin:.4rem 0}
        @media(max-width:36rem){body{padding-top:2rem}h1{font-size:2.2rem}}
        """
}
