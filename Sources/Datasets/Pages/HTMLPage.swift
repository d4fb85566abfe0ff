// One self-contained page: it opens from disk, asks no network for anything (its policy forbids it), follows the reader's
// light or dark setting, and fits a phone.

/// A page with the house's style.
package struct HTMLPage: Sendable {
  package var title: String
  package var body: HTML = ""
  /// Rules beyond `HTMLPage.style`.
  package var extraStyle = ""
  /// A script of the page's own, or nothing. It may not hold "</".
  package var script = ""

  package init(title: String) { self.title = title }

  package var document: String {
    precondition(!script.contains("</"), "a script does not end its element")
    let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    let scripts = script.isEmpty ? HTML("") : HTML(stringLiteral: "<script>\(script)</script>\n")
    let html: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <link rel="icon" href="data:,">
      <title>\(title)</title>
      <style>
      \(HTML(stringLiteral: HTMLPage.style + extraStyle))
      </style>
      </head>
      <body>
      <main>
      \(body)
      </main>
      \(scripts)</body>
      </html>

      """
    return html.text
  }

  /// Colours by role, so that dark is a matter of the first lines.
  package static let style = """
    :root{color-scheme:light dark;--page:#f6f6f3;--card:#fff;--ink:#1c1d20;--soft:#5b5f66;--line:#d9d9d3;--accent:#2457b8;
    --bad:#b3261e;--bad-page:#fbe9e7;--good:#1d6b3a;--good-page:#e5f4ea;--warn:#7a4d00;--warn-page:#fff2d6}
    @media(prefers-color-scheme:dark){:root{--page:#15171a;--card:#1e2125;--ink:#e8e8e4;--soft:#a3a8b0;--line:#383c42;
    --accent:#8ab4ff;--bad:#ff9d94;--bad-page:#43201d;--good:#8fdcab;--good-page:#1c3a28;--warn:#ffcf7d;--warn-page:#40310f}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
    main{max-width:1200px;margin:0 auto;padding:16px}
    h1{font-size:1.5rem;line-height:1.25;margin:.4em 0}h2{font-size:1.15rem;margin:0 0 .5em}h3{font-size:1rem;margin:1em 0 .3em}
    p,li,h1,h2,h3{overflow-wrap:anywhere}p{margin:.4em 0}.soft{color:var(--soft)}
    .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px;margin:14px 0;min-width:0}
    .verdict{display:inline-block;border-radius:6px;padding:3px 10px;font-weight:600}
    .bad{color:var(--bad);background:var(--bad-page)}.good{color:var(--good);background:var(--good-page)}
    .warn{color:var(--warn);background:var(--warn-page)}
    .tag{display:inline-block;border-radius:4px;padding:0 7px;font-size:.85em;white-space:nowrap}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:4px 10px 4px 0;
    border-bottom:1px solid var(--line)}th{font-weight:600;color:var(--soft)}td:last-child{overflow-wrap:anywhere}
    .scroll{overflow-x:auto}
    code,pre{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}td a{white-space:nowrap}
    pre{background:var(--page);border:1px solid var(--line);border-radius:6px;padding:8px;margin:.5em 0}
    img{max-width:100%;height:auto;display:block}
    a{color:var(--accent)}

    """
}
