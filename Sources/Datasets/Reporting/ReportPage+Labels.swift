// What the report says of classes and boxes.

import Documents
import Formats
import Imaging
import Stage

extension DatasetReport {
  // MARK: Classes

  var classSection: HTML {
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

  var boxSection: HTML {
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
}
