// What the report says of what is seen of objects, from where and in what light.

import Documents
import Formats
import Imaging
import Stage

extension DatasetReport {
  // MARK: Seen

  func plain(
    _ h: Histogram, _ title: String, axis: String, counted: String, ticks: [(Double, String)]? = nil
  ) -> PlottedDistribution {
    PlottedDistribution(
      title, axis: axis, counted: counted, h.lower...h.upper, h.counts.map(Double.init), ticks: ticks)
  }

  /// Values without a known range: between those that all but a few lie between.
  func widening(_ h: WideningHistogram, _ title: String, axis: String, counted: String) -> HTML {
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

  var seenSection: HTML {
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

  var viewSection: HTML {
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

  var lightSection: HTML {
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
}
