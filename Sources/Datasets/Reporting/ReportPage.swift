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

  // MARK: Against

  private var againstSection: HTML {
    guard let against else { return "" }
    let rows: [HTML] = against.comparisons.map { c in
      let d = c.distance
      let bar = Int(((d.kolmogorovSmirnov ?? d.jensenShannon) * 100).rounded())
      let unit: HTML = c.unit.isEmpty ? "" : " <small class=\"soft\">\(c.unit)</small>"
      return """
        <tr><td>\(c.title)\(unit)</td><td class="number">\(readable(d.jensenShannon))</td>\
        <td class="number">\(d.kolmogorovSmirnov.map { readable($0) } ?? "–")</td>\
        <td class="number">\(d.wasserstein.map { readable($0) } ?? "–")</td>\
        <td><span class="meter"><span style="width:\(bar)%"></span></span></td></tr>

        """
    }
    let advice = advice
    let items: [HTML] = advice.map { "<li>\($0.text)</li>\n" }
    let todo: HTML =
      advice.isEmpty
      ? "<p><span class=\"tag good\">near</span> No statistic lies farther than chance: nothing to change.</p>"
      : "<ol class=\"advice\">\(items)</ol>"
    return """
      <p class="soft">\(against.path): \(grouped(against.statistics.images)) pictures, \(grouped(against.statistics.all.objects)) \
      objects of \(against.statistics.classes.count) classes. Each plot below has its line.</p>
      <h3>What to change in the scene</h3>
      \(todo)
      <h3>Distances</h3>
      <div class="scroll"><table><tr><th>statistic</th><th class="number">Jensen-Shannon</th>\
      <th class="number">Kolmogorov-Smirnov</th><th class="number">Wasserstein</th><th></th></tr>
      \(rows)</table></div>

      """
  }

  /// A statistic that both sets have, drawn with the other's line.
  private func shared(_ key: String, _ title: String, axis: String, counted: String, ticks: [(Double, String)]? = nil)
    -> PlottedDistribution?
  {
    let none = AnnotationStatistics(classes: [])
    guard let c = (against?.comparisons ?? labels.compared(with: none)).first(where: { $0.key == key }),
      case .range(let lower, let upper) = c.bins
    else { return nil }
    var d = PlottedDistribution(
      title, axis: axis, counted: counted, lower...upper, c.ours, theirs: against == nil ? nil : c.theirs, ticks: ticks)
    if against != nil {
      d.note =
        "Jensen-Shannon \(readable(c.distance.jensenShannon)), Kolmogorov-Smirnov "
        + "\(readable(c.distance.kolmogorovSmirnov ?? 0)), Wasserstein \(readable(c.distance.wasserstein ?? 0))"
    }
    return d
  }

  private func plots(_ list: [HTML]) -> HTML { "<div class=\"plots\">\(list)</div>\n" }

  // MARK: Classes

  private var classSection: HTML {
    let most = max(classCounts.max() ?? 1, 1)
    let theirs = against.map { real in
      Dictionary(real.statistics.classes.map { ($0.name, $0.shapes.objects) }, uniquingKeysWith: +)
    }
    let all = max(against?.statistics.all.objects ?? 1, 1)
    let rows: [HTML] = labels.classes.enumerated().map { k, c in
      let s = records.classes[k]
      let share = Double(c.shapes.objects) / Double(max(objects, 1))
      let visibility = s.known > 0 ? percent(s.visibility / Double(s.known)) : "–"
      let real: HTML =
        theirs.map { "<td class=\"number\">\(percent(Double($0[c.name] ?? 0) / Double(all)))</td>" } ?? ""
      return """
        <tr><td><span class="dot k\(c.id)"></span>\(c.name)</td><td class="number">\(grouped(c.shapes.objects))</td>\
        <td class="number">\(percent(share))</td>\(real)<td><span class="meter"><span style="width:\
        \(c.shapes.objects * 100 / most)%"></span></span></td><td class="number">\(grouped(c.shapes.images))</td>\
        <td class="number">\(c.shapes.size.quantile(0.5).map { readable($0, digits: 2) } ?? "–")</td>\
        <td class="number">\(visibility)</td><td class="number">\(grouped(s.listed - s.seen))</td></tr>

        """
    }
    let real: HTML = against == nil ? "" : "<th class=\"number\">real</th>"
    return """
      <p>Class balance \(readable(balance)): the normalized entropy of the labels' classes, from 0 (all of one class) to 1 (all \
      classes alike).</p>
      <div class="scroll"><table class="wide"><tr><th>class</th><th class="number">labels</th><th class="number">share</th>\(real)<th></th>\
      <th class="number">frames</th><th class="number">median size</th><th class="number">mean visibility</th>\
      <th class="number">hidden</th></tr>
      \(rows)</table></div>
      \(plots([together, perFrame("classes_per_image", "Classes in a frame", "classes")]))
      """
  }

  /// The most frequent classes, and in how many frames two of them meet.
  private var together: HTML {
    let order = labels.classes.indices.filter { labels.classes[$0].shapes.images > 0 }
      .sorted { (labels.classes[$1].shapes.images, $0) < (labels.classes[$0].shapes.images, $1) }.prefix(20).sorted()
    guard order.count > 1 else { return "" }
    var values = [[Double]](repeating: [Double](repeating: 0, count: order.count), count: order.count)
    for i in order.indices { values[i][i] = 1 }
    for (pair, n) in labels.together {
      guard let i = order.firstIndex(of: pair.first), let j = order.firstIndex(of: pair.second) else { continue }
      values[i][j] = Double(n) / Double(labels.classes[order[i]].shapes.images)
      values[j][i] = Double(n) / Double(labels.classes[order[j]].shapes.images)
    }
    let left = labels.classes.count { $0.shapes.images > 0 } - order.count
    return Plot.matrix(
      "Classes that meet", names: order.map { labels.classes[$0].name }, values: values,
      note: "Of the frames that show the class of the row, the percentage that show the class of the column."
        + (left > 0 ? " The \(order.count) most frequent classes; \(left) are left out." : ""))
  }

  private func perFrame(_ key: String, _ title: String, _ axis: String) -> HTML {
    shared(key, title, axis: axis + " in a frame", counted: "frames").map { Plot.distribution($0.coarsened(to: 60)) }
      ?? ""
  }

  // MARK: Boxes

  private var boxSection: HTML {
    let aspects: [(Double, String)] = [
      (-4, "1:16"), (-3, "1:8"), (-2, "1:4"), (-1, "1:2"), (0, "1:1"), (1, "2:1"), (2, "4:1"), (3, "8:1"), (4, "16:1"),
    ]
    var list: [HTML] = []
    if let d = shared("size", "Size of boxes", axis: "square root of the picture's share", counted: "labels") {
      list.append(Plot.distribution(d.trimmed(keepingLower: true)))
    }
    if let d = shared("log2_aspect", "Aspect of boxes", axis: "width to height", counted: "labels", ticks: aspects) {
      list.append(Plot.distribution(d.trimmed()))
    }
    list.append(perFrame("objects_per_image", "Labels in a frame", "labels"))
    list.append(centreMap(labels, "Where boxes have their centre"))
    if let real = against?.statistics { list.append(centreMap(real, "The same of the real set")) }
    for (key, title, axis) in [
      ("fill", "How much of its box a mask fills", "share of the box"),
      ("x", "From left to right", "share of the width"), ("y", "From top to bottom", "share of the height"),
    ] {
      if let d = shared(key, title, axis: axis, counted: "labels") { list.append(Plot.distribution(d)) }
    }
    // What others add to the shared statistics is shown as it is.
    let known = ["classes", "size", "log2_aspect", "objects_per_image", "classes_per_image", "fill", "x", "y"]
    for c in labels.compared(with: AnnotationStatistics(classes: [])) where !known.contains(c.key) {
      if let d = shared(c.key, c.title, axis: c.unit, counted: "labels") { list.append(Plot.distribution(d)) }
    }
    let s = labels.all
    let n = Double(max(s.objects, 1))
    return """
      <p>Small (under 32² pixels of mask) \(percent(Double(s.small) / n)), medium (under 96²) \(percent(Double(s.medium) / n)), large \
      \(percent(Double(s.large) / n)); \(percent(Double(s.atBorder) / n)) reach the picture's border, \
      \(percent(Double(records.all.tiny) / n)) have a side under 4 pixels.</p>
      \(plots(list))
      """
  }

  private func centreMap(_ s: AnnotationStatistics, _ title: String) -> HTML {
    let side = AnnotationStatistics.gridSide
    let rows = (0..<side).map { j in (0..<side).map { i in Double(s.centres[j * side + i]) } }
    let size = s.sizes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    let aspect = size.map { min(max(Double($0.width) / Double($0.height), 0.5), 3) } ?? 1
    return Plot.heatMap(
      title, rows: rows, aspect: aspect, x: [(0, "0"), (0.5, "0.5"), (1, "1")], y: [(0, "0"), (0.5, "0.5"), (1, "1")],
      xAxis: "share of the width", yAxis: "share of the height", counted: "labels")
  }

  // MARK: Seen

  private func plain(
    _ h: Histogram, _ title: String, axis: String, counted: String, ticks: [(Double, String)]? = nil
  ) -> PlottedDistribution {
    PlottedDistribution(
      title, axis: axis, counted: counted, h.lower...h.upper, h.counts.map(Double.init), ticks: ticks)
  }

  /// Values without a known range: between those that all but a few lie between.
  private func widening(_ h: WideningHistogram, _ title: String, axis: String, counted: String) -> HTML {
    guard h.total > 0, let low = h.quantile(0.001), let high = h.quantile(0.999) else { return "" }
    guard h.greatest > h.least else {
      return """
        <figure class="plot"><h3>\(title)</h3><p class="same"><b>\(readable(h.least))</b> \(axis), in all \(counted)</p></figure>

        """
    }
    let (a, b) = high > low ? (low, high) : (h.least, h.greatest)
    var d = PlottedDistribution(
      title, axis: axis, counted: counted, a...b, h.histogram(a...b, bins: 32).counts.map(Double.init))
    d.note =
      "\(readable(h.least)) to \(readable(h.greatest)), median \(readable(h.quantile(0.5) ?? 0))"
      + (a > h.least || b < h.greatest ? "; the ends hold what lies beyond" : "")
    return Plot.distribution(d)
  }

  private var seenSection: HTML {
    let hidden = records.all.listed - records.all.seen
    let line: HTML = """
      <p>\(grouped(records.all.listed)) objects are listed, \(grouped(records.all.seen)) are seen by at least one pixel and are labels, \
      \(grouped(hidden)) are hidden or out of the picture.</p>

      """
    guard records.visibility.total > 0 else {
      return """
        \(line)<p class="soft">The records do not say how much of objects is seen. Render with <code>--annotations visibility</code>, or \
        list it under <code>annotations:</code> in the scene.</p>
        """
    }
    return """
      \(line)\(plots([
        Plot.distribution(plain(records.visibility, "Visibility", axis: "visible share of an object's pixels", counted: "labels")),
        Plot.distribution(plain(records.truncation, "Truncation", axis: "share beyond the picture's border", counted: "labels")),
      ]))
      """
  }

  // MARK: View

  private static let compass: [(Double, String)] = [(-180, "-180"), (-90, "-90"), (0, "0"), (90, "90"), (180, "180")]
  private static let heights: [(Double, String)] = [(-90, "-90"), (-45, "-45"), (0, "0"), (45, "45"), (90, "90")]

  private var viewSection: HTML {
    let rows = (0..<18).map { j in (0..<36).map { i in Double(records.viewpoints[j * 36 + i]) } }
    var list: [HTML] = [
      widening(records.distance, "Distance", axis: "metres from the camera", counted: "labels"),
      Plot.heatMap(
        "Side that the camera sees", rows: rows, aspect: 1.6,
        x: [(0, "-180°"), (0.25, "-90°"), (0.5, "0°"), (0.75, "90°"), (1, "180°")],
        y: [(0, "90°"), (0.5, "0°"), (1, "-90°")], xAxis: "azimuth in the object's frame, from +x", yAxis: "elevation",
        counted: "labels"),
      Plot.distribution(
        plain(
          records.azimuth, "Azimuth of the viewpoint", axis: "degrees", counted: "labels", ticks: DatasetReport.compass)
      ),
      Plot.distribution(
        plain(
          records.elevation, "Elevation of the viewpoint", axis: "degrees", counted: "labels",
          ticks: DatasetReport.heights)),
      Plot.distribution(
        plain(records.pitch, "How far the camera looks down", axis: "degrees", counted: "frames").trimmed()),
      widening(records.height, "Height of the camera", axis: "metres", counted: "frames"),
    ]
    list.removeAll { $0.text.isEmpty }
    let views: HTML =
      records.views.isEmpty
      ? ""
      : "<p>Views of the rig: \(records.views.sorted { $0.key < $1.key }.map { "\($0.key) \(grouped($0.value))" }.joined(separator: ", ")) frames.</p>"
    return """
      <p class="soft">The viewpoint is the direction from an object to the camera in the object's own frame: it says which side of it \
      is seen.</p>\(views)
      \(plots(list))
      """
  }

  // MARK: Light

  private var lightSection: HTML {
    let share = Double(records.suns) / Double(max(frames, 1))
    var list: [HTML] = []
    if records.suns > 0 {
      list = [
        Plot.distribution(
          plain(
            records.sunAzimuth, "Where the sun stands", axis: "degrees from +x", counted: "frames",
            ticks: DatasetReport.compass)),
        Plot.distribution(
          plain(records.sunElevation, "How high the sun stands", axis: "degrees", counted: "frames").trimmed()),
        widening(records.sunStrength, "Strength of the sun", axis: "irradiance, π is white", counted: "frames"),
      ]
    }
    list += [
      widening(records.ambient, "Light from all around", axis: "radiance, 1 is white", counted: "frames"),
      widening(records.exposure, "Exposure", axis: "stops", counted: "frames"),
    ]
    list.removeAll { $0.text.isEmpty }
    return """
      <p>\(percent(share)) of the frames have a sun. Lamps, panels and skies stand in the scene, not in the records.</p>
      \(plots(list))
      """
  }

  // MARK: Pictures

  private var pictureSection: HTML {
    let read = read
    guard !read.isEmpty else { return "<p class=\"soft\">No picture was read.</p>" }
    func summary(_ title: String, axis: String, _ range: ClosedRange<Double>, _ value: (PictureSummary) -> Double)
      -> HTML
    {
      var h = Histogram(range, bins: 32)
      for k in read { if let p = k.picture { h.add(value(p)) } }
      return Plot.distribution(plain(h, title, axis: axis, counted: "pictures").trimmed())
    }
    func channel(_ k: Int, _ name: String) -> String {
      // A line over the codes: 32 bins.
      let list = pictures.channels[k]
      let most = max(pictures.channels.joined().max() ?? 1, 1e-12)
      var path = ""
      for (i, v) in list.enumerated() {
        path += "\(i == 0 ? "M" : "L")\(Plot.at(40 + (Double(i) + 0.5) * 308 / 32)) \(Plot.at(170 - 160 * v / most))"
      }
      return path
    }
    let names = ["red", "green", "blue", "luma"]
    let lines: [HTML] = names.enumerated().map { k, name in
      "<path class=\"channel \(name)\" d=\"\(channel(k, name))\"/>"
    }
    let marks: [HTML] = [0, 64, 128, 192, 255].map { (v: Int) -> HTML in
      let x = Plot.at(40 + Double(v) / 255 * 308)
      return
        "<line class=\"axis\" x1=\"\(x)\" x2=\"\(x)\" y1=\"170\" y2=\"174\"/><text class=\"middle\" x=\"\(x)\" y=\"186\">\(v)</text>"
    }
    let curves: HTML = """
      <figure class="plot"><h3>Codes of all pixels</h3><svg viewBox="0 0 360 208" role="img" \
      aria-label="Shares of codes from 0 to 255 of red, green, blue and luma">\(lines)<line class="axis" x1="40" x2="348" y1="170" \
      y2="170"/>\(marks)<text class="middle unit" x="194" y="203">code, 0 to 255</text></svg>\
      <figcaption class="channels"><span class="red">red</span> <span class="green">green</span> <span class="blue">blue</span> \
      <span class="luma">luma</span></figcaption></figure>

      """
    // Mean colours, by brightness, as stripes.
    let sorted = read.compactMap(\.picture).sorted { ($0.brightness, $0.hash) < ($1.brightness, $1.hash) }
    let count = min(sorted.count, 60)
    let stripes: [HTML] = (0..<count).map { k in
      let p = sorted[k * sorted.count / count]
      return
        "<span style=\"background:rgb(\(Int(p.mean.x.rounded())) \(Int(p.mean.y.rounded())) \(Int(p.mean.z.rounded())))\"></span>"
    }
    let mean: ((PictureSummary) -> Double) -> Double = { value in
      read.reduce(0.0) { $0 + ($1.picture.map(value) ?? 0) } / Double(read.count)
    }
    return """
      <p class="soft">Of \(grouped(read.count)) pictures\(read.count == frames ? "" : ", spread evenly over the \(grouped(frames)) frames"). \
      Mean brightness \(readable(mean { $0.brightness })) of 255, contrast \(readable(mean { $0.contrast })), saturation \
      \(readable(mean { $0.saturation })); \(percent(mean { $0.dark })) of the pixels are black, \(percent(mean { $0.light })) white.</p>
      \(plots([
        summary("Brightness", axis: "mean luma of 255", 0...256) { $0.brightness },
        summary("Contrast", axis: "standard deviation of luma", 0...128) { $0.contrast },
        summary("Saturation", axis: "mean, 0 to 1", 0...1) { $0.saturation },
        summary("Colourfulness", axis: "after Hasler and Süsstrunk", 0...128) { $0.colourfulness },
        curves,
        "<figure class=\"plot\"><h3>Mean colours of pictures</h3><div class=\"stripes\">\(stripes)</div><figcaption>From the darkest to the brightest.</figcaption></figure>",
      ]))
      """
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
