// The report as one page: what was found, from what matters most to what is worth a look, and the pictures last.

import Documents
import Formats
import Imaging
import Stage

extension DatasetReport {
  /// The page, self-contained.
  ///
  /// - Parameter outcomes: of what was required, to be shown at the top.
  public func page(outcomes: [RequirementOutcome] = []) -> String {
    var page = HTMLPage(title: "\(name): dataset report")
    page.extraStyle = Plot.style + DatasetReport.pageStyle + classColours
    page.script = DatasetReport.script
    let warnings = warnings
    page.body += heading
    page.body += section("figures", "", keyFigures)
    if !outcomes.isEmpty { page.body += section("required", "Required", DatasetReport.table(outcomes)) }
    page.body += section("warnings", "Warnings", DatasetReport.list(warnings))
    if against != nil { page.body += section("against", "Against the real set", againstSection) }
    page.body += section("classes", "Classes", classSection)
    page.body += section("boxes", "Boxes", boxSection)
    page.body += section("seen", "What is seen", seenSection)
    page.body += section("view", "Viewpoint and distance", viewSection)
    page.body += section("light", "Light", lightSection)
    page.body += section("pictures", "Pictures", pictureSection)
    page.body += section("parameters", "What the scene drew", parameterSection)
    if !partNames.isEmpty { page.body += section("splits", "Split", splitSection) }
    page.body += section("alike", "Frames that are alike", alikeSection)
    page.body += section("outliers", "Outliers worth a look", outlierSection)
    page.body += section("sheet", "Contact sheet", sheetSection)
    return page.document
  }

  private func section(_ id: String, _ title: String, _ body: HTML) -> HTML {
    let head: HTML = title.isEmpty ? "" : "<h2>\(title)</h2>\n"
    return "<section class=\"card\" id=\"\(id)\">\(head)\(body)</section>\n"
  }

  func plots(_ list: [HTML]) -> HTML { "<div class=\"plots\">\(list)</div>\n" }

  private var heading: HTML {
    let links: [HTML] = [
      ("warnings", "Warnings"), ("against", "Against"), ("classes", "Classes"), ("boxes", "Boxes"), ("seen", "Seen"),
      ("view", "View"), ("light", "Light"), ("pictures", "Pictures"), ("parameters", "Parameters"), ("splits", "Split"),
      ("alike", "Alike"), ("outliers", "Outliers"), ("sheet", "Sheet"),
    ].filter { ($0.0 != "against" || against != nil) && ($0.0 != "splits" || !partNames.isEmpty) }
      .map { "<a href=\"#\($0.0)\">\($0.1)</a>" }
    let legend: HTML =
      against.map { "<p class=\"key\"><span class=\"ours\"></span>this set <span class=\"line\"></span>\($0.path)</p>" }
      ?? ""
    return """
      <h1>\(name)</h1>
      <p class="soft">Dataset report. Scene digest <code>\(header.sceneDigest.description)</code>, seed \(String(header.seed)), render \
      version \(header.renderVersion).</p>
      <nav>\(links)</nav>\(legend)

      """
  }

  private var keyFigures: HTML {
    let size = labels.sizes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    let hidden = records.all.listed - records.all.seen
    var figures: [(String, String, String)] = [
      (grouped(frames), frames == 1 ? "frame" : "frames", ""),
      (
        grouped(objects), "labels",
        hidden > 0 ? "and \(grouped(hidden)) objects that no pixel sees" : "every object is seen"
      ),
      ("\(classCounts.count { $0 > 0 })", "classes shown", "of \(labels.classes.count)"),
      (readable(balance), "class balance", "0 one class, 1 all alike"),
      (
        readable(Double(objects) / Double(max(frames, 1))), "labels a frame",
        "at most \(max(labels.objectsPerImage.count - 1, 0))"
      ),
      (percent(Double(labels.empty) / Double(max(frames, 1))), "empty frames", grouped(labels.empty)),
    ]
    if let size {
      figures.append(
        (
          "\(size.width) × \(size.height)", "pixels",
          labels.sizes.count > 1 ? "and \(labels.sizes.count - 1) other sizes" : ""
        ))
    }
    figures.append((grouped(read.count), "pictures read", read.count == frames ? "all of them" : "spread evenly"))
    let tiles: [HTML] = figures.map { value, name, more in
      "<div class=\"figure\"><b>\(value)</b><span>\(name)</span><small>\(more)</small></div>\n"
    }
    return "<div class=\"figures\">\(tiles)</div>"
  }

  private static func table(_ outcomes: [RequirementOutcome]) -> HTML {
    let rows: [HTML] = outcomes.map { o in
      """
      <tr><td><span class="tag \(o.isMet ? "good" : "bad")">\(o.isMet ? "met" : "not met")</span></td>\
      <td><code>\(o.description)</code></td></tr>

      """
    }
    return "<div class=\"scroll\"><table>\(rows)</table></div>"
  }

  private static func list(_ warnings: [ReportWarning]) -> HTML {
    guard !warnings.isEmpty else { return "<p><span class=\"tag good\">none</span> Nothing stands out.</p>" }
    let rows: [HTML] = warnings.map { w in
      """
      <li><span class="tag \(w.severity == .warning ? "bad" : "warn")">\(w.severity.rawValue)</span> <span>\(w.text)</span></li>

      """
    }
    return "<ul class=\"plain\">\(rows)</ul>"
  }

  // MARK: Split

  private var splitSection: HTML {
    let rows: [HTML] = zip(partNames, partCounts).map { name, n in
      "<tr><td>\(name)</td><td class=\"number\">\(grouped(n))</td><td class=\"number\">\(percent(Double(n) / Double(max(frames, 1))))</td></tr>\n"
    }
    let found: [HTML] = leaks.prefix(30).map { l in
      let parts = l.parts.map { partNames.indices.contains($0) ? partNames[$0] : "?" }
      let places = zip(parts, l.frames).map { "\($0) (frame \($1))" }.joined(separator: ", ")
      return "<tr><td>\(l.kind.rawValue)</td><td>\(l.what)</td><td>\(places)</td></tr>\n"
    }
    let rest: HTML = leaks.count > 30 ? "<p class=\"soft\">and \(grouped(leaks.count - 30)) more</p>" : ""
    let told: HTML =
      leaks.isEmpty
      ? "<p><span class=\"tag good\">none</span> No sequence, picture\(options.group == nil ? " or near duplicate" : ", near duplicate or value of the group") was found in two parts.</p>"
      : "<h3>In several parts</h3><div class=\"scroll\"><table><tr><th>kind</th><th>what</th><th>where</th></tr>\(found)</table></div>\(rest)"
    return """
      <div class="scroll"><table class="narrow"><tr><th>part</th><th class="number">frames</th><th class="number">share</th></tr>
      \(rows)</table></div>
      \(told)
      """
  }
}
