// Plots as SVG inside the page: they take the page's colours, so they are right in light and dark, and their text stays text.
//
// A plot is drawn on 360 x 216 units and scaled to its column, so that its letters are some 11 pixels high on a phone and on a
// desk. Axes have ticks at 1, 2 or 5 times a power of ten.

import Geometry

/// A distribution to be drawn as bars over its bins.
struct PlottedDistribution: Sendable {
  var title: String
  /// What the axis below says: "metres", "degrees".
  var axis: String
  /// What is counted: "labels", "frames".
  var counted: String
  var lower: Double
  var upper: Double
  var counts: [Double]
  /// Of the set that this one is held against, in the same bins; drawn as a line.
  var theirs: [Double]?
  /// Places and texts of ticks; nil for round numbers.
  var ticks: [(Double, String)]?
  /// Said below the plot.
  var note = ""

  init(
    _ title: String, axis: String, counted: String, _ range: ClosedRange<Double>, _ counts: [Double],
    theirs: [Double]? = nil, ticks: [(Double, String)]? = nil
  ) {
    (self.title, self.axis, self.counted, lower, upper) = (title, axis, counted, range.lowerBound, range.upperBound)
    (self.counts, self.theirs, self.ticks) = (counts, theirs, ticks)
  }

  /// Without the empty bins at its ends, or at its upper end alone.
  func trimmed(keepingLower: Bool = false) -> PlottedDistribution {
    func isFilled(_ i: Int) -> Bool { counts[i] > 0 || theirs.map { $0[i] > 0 } ?? false }
    guard let first = counts.indices.first(where: isFilled), let last = counts.indices.last(where: isFilled) else {
      return self
    }
    let width = (upper - lower) / Double(counts.count)
    let from = keepingLower ? 0 : first
    var t = self
    t.counts = Array(counts[from...last])
    t.theirs = theirs.map { Array($0[from...last]) }
    (t.lower, t.upper) = (lower + Double(from) * width, lower + Double(last + 1) * width)
    t.ticks = ticks?.filter { $0.0 >= t.lower && $0.0 <= t.upper }
    return t
  }

  /// With neighbouring bins put together until there are at most so many.
  func coarsened(to most: Int) -> PlottedDistribution {
    let n = (counts.count + most - 1) / most
    guard n > 1 else { return self }
    func joined(_ list: [Double]) -> [Double] {
      stride(from: 0, to: list.count, by: n).map { list[$0..<min($0 + n, list.count)].reduce(0, +) }
    }
    let width = (upper - lower) / Double(counts.count)
    var c = self
    (c.counts, c.theirs) = (joined(counts), theirs.map(joined))
    c.upper = lower + Double(c.counts.count * n) * width
    return c
  }
}

enum Plot {
  /// Round numbers between two ends, some `count` of them.
  static func ticks(_ lower: Double, _ upper: Double, count: Int) -> [Double] {
    guard upper > lower, (upper - lower).isFinite else { return [lower] }
    let rough = (upper - lower) / Double(max(count, 1))
    var power = 1.0
    while power > rough { power /= 10 }
    while power * 10 <= rough { power *= 10 }
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? power * 10
    var found: [Double] = []
    var k = (lower / step - 1e-9).rounded(.up)
    while k * step <= upper + step * 1e-9, found.count < 50 {
      // 0.1 * 3 is not 0.3: rounded to the step's own digits by the text.
      found.append(k * step == 0 ? 0 : k * step)
      k += 1
    }
    return found
  }

  /// A coordinate, to a tenth of a unit.
  static func at(_ x: Double) -> String {
    let tenths = Int((x * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : (tenths < 0 ? "-" : "") + "\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// Bars, with the other set's line over them, in a figure with its title.
  static func distribution(_ d: PlottedDistribution) -> HTML {
    let (left, top, width, height) = (40.0, 10.0, 308.0, 160.0)
    let (sum, other) = (d.counts.reduce(0, +), d.theirs?.reduce(0, +) ?? 0)
    guard sum > 0 || other > 0 else {
      return "<figure class=\"plot\"><h3>\(d.title)</h3><p class=\"soft\">Nothing to show.</p></figure>\n"
    }
    let shares = d.counts.map { sum > 0 ? $0 / sum : 0 }
    let theirs = other > 0 ? d.theirs?.map { $0 / other } : nil
    let most = max(shares.max() ?? 0, theirs?.max() ?? 0)
    let levels = ticks(0, most * 100, count: 4)
    let highest = max(most * 100, 1e-9) * 1.02
    func y(_ share: Double) -> Double { top + height * (1 - share * 100 / highest) }
    func x(_ value: Double) -> Double { left + width * (value - d.lower) / (d.upper - d.lower) }
    var svg: HTML = ""
    for level in levels {
      let line = y(level / 100)
      svg += """
        <line class="grid" x1="\(at(left))" x2="\(at(left + width))" y1="\(at(line))" y2="\(at(line))"/>\
        <text class="end" x="\(at(left - 5))" y="\(at(line + 4))">\(readable(level))</text>
        """
    }
    svg += "<text class=\"unit\" x=\"2\" y=\"8\">%</text>"
    let step = width / Double(shares.count)
    let inset = step > 4 ? 0.5 : 0.0
    for (i, s) in shares.enumerated() where s > 0 {
      let from = d.lower + (d.upper - d.lower) * Double(i) / Double(shares.count)
      let to = d.lower + (d.upper - d.lower) * Double(i + 1) / Double(shares.count)
      let height = max(y(0) - y(s), 0.7)
      svg += """
        <rect class="bar" x="\(at(left + Double(i) * step + inset))" y="\(at(y(0) - height))" width="\(at(max(step - 2 * inset, 0.5)))" \
        height="\(at(height))"><title>\(readable(from)) to \(readable(to)): \(percent(s))</title></rect>
        """
    }
    if let theirs {
      var path = "M\(at(left)) \(at(y(0)))"
      for (i, s) in theirs.enumerated() { path += "V\(at(y(s)))H\(at(left + Double(i + 1) * step))" }
      svg += "<path class=\"theirs\" d=\"\(path)V\(at(y(0)))\"/>"
    }
    svg += """
      <line class="axis" x1="\(at(left))" x2="\(at(left + width))" y1="\(at(y(0)))" y2="\(at(y(0)))"/>
      """
    let marks = d.ticks ?? ticks(d.lower, d.upper, count: 5).map { ($0, readable($0)) }
    for (value, text) in marks {
      svg += """
        <line class="axis" x1="\(at(x(value)))" x2="\(at(x(value)))" y1="\(at(y(0)))" y2="\(at(y(0) + 4))"/>\
        <text class="middle" x="\(at(x(value)))" y="\(at(y(0) + 16))">\(text)</text>
        """
    }
    svg += "<text class=\"middle unit\" x=\"\(at(left + width / 2))\" y=\"\(at(y(0) + 33))\">\(d.axis)</text>"
    let note: HTML = d.note.isEmpty ? "" : "<figcaption>\(d.note)</figcaption>"
    return """
      <figure class="plot"><h3>\(d.title) <small>% of \(d.counted)</small></h3>
      <svg viewBox="0 0 360 208" role="img" aria-label="\(d.title), share of \(d.counted) by \(d.axis)">\(svg)</svg>\(note)</figure>

      """
  }

  /// Counts over a plane as squares of more or less colour.
  ///
  /// - Parameters:
  ///   - rows: from the top; all as long.
  ///   - aspect: width over height of the drawn plane.
  ///   - x: ticks below by their place from 0 to 1; likewise `y`, from the top.
  static func heatMap(
    _ title: String, rows: [[Double]], aspect: Double, x: [(Double, String)], y: [(Double, String)], xAxis: String,
    yAxis: String, counted: String
  ) -> HTML {
    let left = 46.0
    let width = min(300, 240 * aspect)
    let (top, height) = (8.0, width / aspect)
    let columns = rows.first?.count ?? 0
    let most = rows.joined().max() ?? 0
    let sum = rows.joined().reduce(0, +)
    guard most > 0, columns > 0 else {
      return "<figure class=\"plot\"><h3>\(title)</h3><p class=\"soft\">Nothing to show.</p></figure>\n"
    }
    let (w, h) = (width / Double(columns), height / Double(rows.count))
    let start = left + (314 - width) / 2 - 4
    var svg: HTML = """
      <rect class="ground" x="\(at(start))" y="\(at(top))" width="\(at(width))" height="\(at(height))"/>
      """
    for (j, row) in rows.enumerated() {
      for (i, n) in row.enumerated() where n > 0 {
        // Square root: rare places stay visible.
        let shade = (n / most).squareRoot()
        svg += """
          <rect class="bar" x="\(at(start + Double(i) * w))" y="\(at(top + Double(j) * h))" width="\(at(w))" height="\(at(h))" \
          fill-opacity="\(readable(0.06 + 0.94 * shade, digits: 2))"><title>\(percent(n / sum))</title></rect>
          """
      }
    }
    for (place, text) in x {
      svg += "<text class=\"middle\" x=\"\(at(start + place * width))\" y=\"\(at(top + height + 14))\">\(text)</text>"
    }
    for (place, text) in y {
      svg += "<text class=\"end\" x=\"\(at(start - 5))\" y=\"\(at(top + place * height + 4))\">\(text)</text>"
    }
    let bottom = top + height
    svg += """
      <text class="middle unit" x="\(at(start + width / 2))" y="\(at(bottom + 30))">\(xAxis)</text>\
      <text class="middle unit" transform="translate(\(at(start - 34)) \(at(top + height / 2))) rotate(-90)">\(yAxis)</text>
      """
    // The scale: what the fullest colour means.
    for k in 0..<10 {
      svg += """
        <rect class="bar" x="\(at(start + Double(k) * 10))" y="\(at(bottom + 38))" width="10" height="8" \
        fill-opacity="\(readable(0.06 + 0.94 * (Double(k) + 0.5) / 10, digits: 2))"/>
        """
    }
    svg += """
      <text x="\(at(start + 106))" y="\(at(bottom + 46))">0 to \(percent(most / sum)) of \(counted) a cell</text>
      """
    return """
      <figure class="plot"><h3>\(title) <small>\(counted)</small></h3>
      <svg viewBox="0 0 360 \(at(bottom + 52))" role="img" aria-label="\(title): \(counted) by \(xAxis) and \(yAxis)">\(svg)</svg></figure>

      """
  }

  /// A square of shares between names: of pictures that show one, how many show the other.
  static func matrix(_ title: String, names: [String], values: [[Double]], note: String) -> HTML {
    let n = names.count
    let longest = min(names.map(\.count).max() ?? 1, 16)
    let (left, cell) = (Double(longest) * 6.2 + 8, n <= 4 ? 56.0 : n <= 8 ? 38 : n <= 14 ? 26 : 20)
    let top = Double(longest) * 4.6 + 14
    let side = cell * Double(n)
    func short(_ s: String) -> String { s.count > 16 ? s.prefix(15) + "…" : s }
    var svg: HTML = ""
    for (j, name) in names.enumerated() {
      let middle = (Double(j) + 0.5) * cell
      svg += """
        <text class="end" x="\(at(left - 5))" y="\(at(top + middle + 4))">\(short(name))</text>\
        <text transform="translate(\(at(left + middle + 3)) \(at(top - 5))) rotate(-45)">\(short(name))</text>
        """
      for i in 0..<n {
        let v = values[j][i]
        svg += """
          <rect class="ground" x="\(at(left + Double(i) * cell))" y="\(at(top + Double(j) * cell))" width="\(at(cell - 1))" \
          height="\(at(cell - 1))"/>\
          <rect class="bar" x="\(at(left + Double(i) * cell))" y="\(at(top + Double(j) * cell))" width="\(at(cell - 1))" \
          height="\(at(cell - 1))" fill-opacity="\(readable(0.5 * v, digits: 2))">\
          <title>\(percent(v)) of the frames with \(names[j]) show \(names[i])</title></rect>
          """
        if n <= 14 {
          svg += """
            <text class="middle on" x="\(at(left + (Double(i) + 0.5) * cell - 0.5))" y="\(at(top + middle + 4))">\
            \(String(Int((v * 100).rounded())))</text>
            """
        }
      }
    }
    let width = left + side + Double(longest) * 4.6 + 4
    return """
      <figure class="plot"><h3>\(title)</h3><div class="scroll">
      <svg class="fixed" width="\(at(width))" height="\(at(top + side + 4))" viewBox="0 0 \(at(width)) \(at(top + side + 4))" \
      role="img" aria-label="\(title)">\(svg)</svg></div><figcaption>\(note)</figcaption></figure>

      """
  }

  /// A histogram the size of a word, with a bracket for the range asked for.
  static func spark(_ counts: [Int], lower: Double, upper: Double, asked: ClosedRange<Double>?) -> HTML {
    let most = Double(max(counts.max() ?? 1, 1))
    let (width, height) = (140.0, 26.0)
    let step = width / Double(max(counts.count, 1))
    var svg: HTML = ""
    for (i, n) in counts.enumerated() where n > 0 {
      let h = max(Double(n) / most * height, 1)
      svg += """
        <rect class="bar" x="\(at(4 + Double(i) * step))" y="\(at(height - h + 2))" width="\(at(max(step - 0.6, 0.6)))" height="\(at(h))"/>
        """
    }
    if let asked, upper > lower {
      let a = 4 + width * (asked.lowerBound - lower) / (upper - lower)
      let b = 4 + width * (asked.upperBound - lower) / (upper - lower)
      svg += "<path class=\"asked\" d=\"M\(at(a)) 29v4H\(at(b))v-4\"/>"
    }
    return "<svg class=\"spark\" viewBox=\"0 0 148 36\" width=\"148\" height=\"36\" aria-hidden=\"true\">\(svg)</svg>"
  }

  static let style = """
    .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr));gap:18px 22px;margin-top:14px}
    figure{margin:0;min-width:0}figcaption{color:var(--soft);font-size:.85em}
    .plot h3{margin:0 0 4px;font-size:.95rem}.plot h3 small{font-weight:400;color:var(--soft);margin-left:4px}
    .plot svg{display:block;width:100%;height:auto;overflow:visible}.plot svg.fixed{width:auto;max-width:none}
    svg text{font:11px system-ui,sans-serif;fill:var(--soft)}svg .middle{text-anchor:middle}svg .end{text-anchor:end}
    svg text.on{fill:var(--ink)}svg .unit{font-style:italic}
    .bar{fill:var(--accent)}.ground{fill:var(--page)}.grid{stroke:var(--line);stroke-width:.7}.axis{stroke:var(--soft)}
    .theirs{fill:none;stroke:var(--real);stroke-width:2;stroke-linejoin:round}.asked{fill:none;stroke:var(--real);stroke-width:1.5}
    .spark{display:block}

    """
}
