// The page of a comparison: what differs, the gravest first, and for each plane the two states and their difference side by
// side. The state after is shown over the one before while the pointer rests on it or it has the focus (a tap, on a phone).

import Annotators

extension Comparison {
  public var page: String {
    var page = HTMLPage(title: title)
    page.extraStyle = Comparison.pageStyle
    let verdict: HTML =
      isDifferent
      ? "<span class=\"verdict bad\">\(counted(count, "difference"))</span>"
      : "<span class=\"verdict good\">no difference</span>"
    page.body += """
      <h1>\(title)</h1>
      <p>\(verdict) \(counted(lookedAt, "frame")) compared, \(counted(frames.count + unlisted.frames, "frame")) not alike.</p>
      <p class="soft">Before: \(before)<br>After: \(after)</p>

      """
    for n in notes { page.body += "<p><span class=\"tag warn\">note</span> \(n)</p>\n" }
    if !differences.isEmpty {
      page.body += "<section class=\"card\"><h2>All frames</h2>\n\(Comparison.table(differences))</section>\n"
    }
    if frames.count > 1 { page.body += index }
    for f in frames { page.body += Comparison.section(f) }
    if framesWithoutPictures > 0 {
      page.body += """
        <p class="soft">\(counted(framesWithoutPictures, "frame")) without pictures, so that the page stays small.</p>

        """
    }
    return page.document
  }

  private var index: HTML {
    let rows: [HTML] = frames.map { f in
      """
      <tr><td><a href="#frame-\(f.frame)">frame \(f.frame)</a></td><td>\(Comparison.planes(of: f))</td>\
      <td>\(f.differences.first?.description ?? "")</td></tr>

      """
    }
    return """
      <section class="card"><h2>Frames, the gravest first</h2><div class="scroll"><table>
      <tr><th>frame</th><th>planes</th><th>gravest difference</th></tr>
      \(rows)</table></div></section>

      """
  }

  private static func planes(of f: FrameComparison) -> HTML {
    var names: [String] = []
    for d in f.differences where !names.contains(d.plane) { names.append(d.plane) }
    let tags: [HTML] = names.map { name in
      let isBad = f.differences.contains { $0.plane == name && !$0.isTolerated }
      return "<span class=\"tag \(isBad ? "bad" : "warn")\">\(name)</span> "
    }
    return "\(tags)"
  }

  private static func section(_ f: FrameComparison) -> HTML {
    var html: HTML = """
      <section class="card" id="frame-\(f.frame)"><h2>Frame \(f.frame) \(planes(of: f))</h2>
      \(table(f.differences))
      """
    if !f.parameters.isEmpty {
      let rows: [HTML] = f.parameters.prefix(30).map {
        """
        <tr><td><code>\($0.path)</code></td><td><code>\($0.before ?? "nothing")</code></td>\
        <td><code>\($0.after ?? "nothing")</code></td></tr>

        """
      }
      let rest: HTML =
        f.parameters.count > 30 ? "<p class=\"soft\">and \(f.parameters.count - 30) more</p>" : ""
      html += """
        <h3>Parameters of the scene that are other ones now</h3><div class="scroll"><table>
        <tr><th>parameter</th><th>before</th><th>after</th></tr>
        \(rows)</table></div>\(rest)

        """
    }
    for p in f.planes { html += pictures(p, frame: f.frame) }
    if !f.command.isEmpty { html += "<h3>To see it again</h3><pre>\(f.command)</pre>\n" }
    html += "</section>\n"
    return html
  }

  private static func table(_ list: [Difference]) -> HTML {
    let rows: [HTML] = list.prefix(100).map { d in
      let people: [HTML] = d.instances.prefix(6).map { "<br>\($0.description)" }
      let rest: HTML = d.instances.count > 6 ? "<br>and \(d.instances.count - 6) more" : ""
      return """
        <tr><td><span class="tag \(d.isTolerated ? "warn" : "bad")">\(d.kind.rawValue)</span>\
        \(d.isTolerated ? " tolerated" : "")</td><td>\(d.plane)</td><td>\(d.what)<span class="soft">\(people)\(rest)</span>\
        </td></tr>

        """
    }
    let rest: HTML = list.count > 100 ? "<p class=\"soft\">and \(list.count - 100) more</p>" : ""
    func grid(_ rows: [HTML]) -> HTML {
      """
      <div class="scroll"><table><tr><th>kind</th><th>in</th><th>what</th></tr>
      \(rows)</table></div>

      """
    }
    // The pictures below are not to be pushed out of sight.
    guard rows.count > 8 else { return grid(rows) }
    return """
      \(grid(Array(rows[..<6])))<details><summary>\(list.count - 6) more</summary>
      \(grid(Array(rows[6...])))\(rest)</details>

      """
  }

  private static func pictures(_ p: PlaneComparison, frame: Int) -> HTML {
    guard let shown = p.pictures, shown.before != nil || shown.after != nil else { return "" }
    func figure(_ caption: String, _ image: HTML) -> HTML {
      "<figure><figcaption>\(caption)</figcaption>\(image)</figure>\n"
    }
    func image(_ png: [UInt8]?, _ what: String, _ name: String = "") -> HTML {
      guard let png else { return "<p class=\"soft\">not kept</p>" }
      return .image(png: png, alternative: "\(p.plane) of frame \(frame), \(what)", className: name)
    }
    var html: HTML = "<h3>\(p.plane)</h3>\n<div class=\"three\">\n"
    html += figure("before", image(shown.before, "before"))
    html += figure("after", image(shown.after, "after"))
    if let difference = shown.difference {
      html += figure(p.plane == "rgb" ? "difference (FLIP)" : "difference", image(difference, "difference"))
    }
    if shown.before != nil, shown.after != nil {
      html += figure(
        "flip: point at it, or tap",
        """
        <div class="flip" tabindex="0" role="img" aria-label="before and after in turn">\
        \(image(shown.before, "before"))\(image(shown.after, "after", "over"))<span class="state"></span></div>
        """)
    }
    html += "</div>\n"
    return html
  }

  private static let pageStyle = """
    .three{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr));gap:12px}
    figure{margin:0;min-width:0}figcaption{color:var(--soft);font-size:.85em;margin-bottom:3px}
    .three img{width:100%;image-rendering:auto;border-radius:4px;background:#000}
    .flip{position:relative;cursor:pointer;border-radius:4px}.flip:focus{outline:2px solid var(--accent);outline-offset:2px}
    .flip .over{position:absolute;inset:0;height:100%;opacity:0}.flip:hover .over,.flip:focus .over{opacity:1}
    .flip .state{position:absolute;left:6px;bottom:6px;background:#000a;color:#fff;border-radius:4px;padding:0 6px;font-size:12px}
    .flip .state::after{content:"before"}.flip:hover .state::after,.flip:focus .state::after{content:"after"}

    """
}

/// "1 frame", "3 frames".
func counted(_ n: Int, _ what: String) -> String { "\(n) \(what)\(n == 1 ? "" : "s")" }
