// The page's table of everything that the scene drew: what was asked for against what came out.

import Formats
import Sampling

extension DatasetReport {
  /// How many rows are open; the others unfold.
  private static let openRows = 24

  var parameterSection: HTML {
    var html: HTML = ""
    if let drawn {
      let intro = drawn.frames == frames ? "all frames" : "\(grouped(drawn.frames)) frames, spread evenly"
      if drawn.parameters.isEmpty {
        html += "<p>The scene draws nothing: every frame is the same.</p>"
      } else {
        html += """
          <p class="soft">\(counted(drawn.parameters.count, "parameter")), sampled again in \(intro). The bracket below a plot is the range \
          asked for; copies of a population stand together.</p>

          """
        html += DatasetReport.table(drawn.parameters.flatMap(DatasetReport.rows), head: "asked for")
      }
    } else {
      html += """
        <p class="soft">The records hold what came of the scene, not what it drew: <code>--scene FILE</code> \
        or <code>--assets FOLDER</code> shows every parameter, asked range against what came out.</p>

        """
    }
    for (title, list) in [
      ("Parameters that the frames' records name", records.parameters), ("Attributes of labels", records.attributes),
    ] where !list.isEmpty {
      let rows = list.sorted { $0.key < $1.key }.flatMap { name, values in
        DatasetReport.rows(name, "", values, asked: { _ in nil }, options: nil)
      }
      html += "<h3>\(title)</h3>\(DatasetReport.table(rows, head: ""))"
    }
    return html
  }

  private static func table(_ rows: [HTML], head: String) -> HTML {
    func grid(_ rows: ArraySlice<HTML>) -> HTML {
      """
      <div class="scroll"><table class="wide parameters"><tr><th>parameter</th><th>\(head)</th><th>came out</th><th></th>\
      <th class="number">covered</th></tr>
      \(Array(rows))</table></div>

      """
    }
    guard rows.count > openRows + 4 else { return grid(rows[...]) }
    return """
      \(grid(rows.prefix(openRows)))<details><summary>\(rows.count - openRows) more</summary>
      \(grid(rows.dropFirst(openRows)))</details>

      """
  }

  private static func rows(_ p: ParameterStatistics) -> [HTML] {
    switch p.asked {
    case .options(let names, let shares):
      return rows(p.path, p.distribution, p.values, asked: { _ in nil }, options: (names, shares, p.options))
    case .numbers(let ranges, _):
      return rows(
        p.path, p.distribution, p.values, asked: { ranges.indices.contains($0) ? ranges[$0] : nil }, options: nil)
    case .spread(let ranges):
      return rows(
        p.path, p.distribution, p.values, asked: { ranges.indices.contains($0) ? ranges[$0] : nil }, options: nil,
        isSpread: true)
    case nil: return rows(p.path, p.distribution, p.values, asked: { _ in nil }, options: nil)
    }
  }

  private static func rows(
    _ path: String, _ distribution: String, _ values: ValueStatistics, asked: (Int) -> ClosedRange<Double>?,
    options: (names: [String], shares: [Double], counts: [Int])?, isSpread: Bool = false
  ) -> [HTML] {
    let name = distribution == "variants" ? distribution : "$" + distribution
    let kind: HTML = distribution.isEmpty ? "" : "<br><small class=\"soft\">\(name)</small>"
    var list: [HTML] = []
    if let options {
      let sum = Double(max(options.counts.reduce(0, +), 1))
      let wanted: [HTML] = options.names.indices.prefix(8).map {
        "\(AskedValues.short(options.names[$0])) \(percent(options.shares[$0]))<br>"
      }
      let came: [HTML] = options.names.indices.prefix(8).map { k in
        let n = options.counts.indices.contains(k) ? options.counts[k] : 0
        return "\(AskedValues.short(options.names[k])) \(percent(Double(n) / sum))<br>"
      }
      let more: HTML = options.names.count > 8 ? "and \(options.names.count - 8) more" : ""
      let met = options.counts.count { $0 > 0 }
      list.append(
        """
        <tr><td><code>\(path)</code>\(kind)</td><td class="options">\(wanted)\(more)</td><td class="options">\(came)\(more)</td>\
        <td>\(Plot.spark(options.counts, lower: 0, upper: 1, asked: nil))</td><td class="number">\(met) of \(options.names.count)</td></tr>

        """)
      return list
    }
    for (k, component) in values.components.enumerated() {
      guard let h = values.numbers[component], h.total > 0 else { continue }
      let name = component.isEmpty ? path : Int(component) == nil ? "\(path).\(component)" : "\(path)[\(component)]"
      let range = asked(k)
      let (low, high) = (min(h.least, range?.lowerBound ?? h.least), max(h.greatest, range?.upperBound ?? h.greatest))
      let counts = high > low ? h.histogram(low...high, bins: 28).counts : [h.total]
      var covered = "–"
      if let range, range.upperBound > range.lowerBound, !isSpread {
        let part =
          max(0, min(h.greatest, range.upperBound) - max(h.least, range.lowerBound))
          / (range.upperBound - range.lowerBound)
        covered = "\(Int((part * 100).rounded(.down))) %"
      }
      let wanted: String =
        range.map { "\(isSpread ? "about " : "")\(readable($0.lowerBound)) to \(readable($0.upperBound))" } ?? "–"
      let came: HTML =
        h.greatest > h.least
        ? "\(readable(h.least)) to \(readable(h.greatest))<br><small class=\"soft\">median \(readable(h.quantile(0.5) ?? 0))</small>"
        : "\(readable(h.least))<br><small class=\"soft\">always</small>"
      list.append(
        """
        <tr><td><code>\(name)</code>\(kind)</td><td>\(wanted)</td><td>\(came)</td>\
        <td>\(Plot.spark(counts, lower: low, upper: high > low ? high : low + 1, asked: high > low ? range : nil))</td>\
        <td class="number">\(covered)</td></tr>

        """)
    }
    if !values.words.isEmpty {
      let sum = Double(max(values.words.values.reduce(0, +) + values.otherWords, 1))
      let ranking = values.ranking
      let words: [HTML] = ranking.prefix(6).map { "\($0.word) \(percent(Double($0.count) / sum))<br>" }
      let different = ranking.count + (values.otherWords > 0 ? 1 : 0)
      let more: HTML = different > 6 ? "and \(different - 6)\(values.otherWords > 0 ? " or more" : "") others" : ""
      list.append(
        """
        <tr><td><code>\(path)</code>\(kind)</td><td>–</td><td class="options">\(words)\(more)</td>\
        <td>\(Plot.spark(ranking.prefix(28).map(\.count), lower: 0, upper: 1, asked: nil))</td><td class="number">–</td></tr>

        """)
    }
    return list
  }
}
