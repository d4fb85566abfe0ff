// The report against a real set: how far apart the statistics of both are.

import Documents
import Formats
import Imaging
import Stage

extension DatasetReport {
  var againstSection: HTML {
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
  func shared(_ key: String, _ title: String, axis: String, counted: String, ticks: [(Double, String)]? = nil)
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
}
