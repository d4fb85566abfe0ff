import Geometry

/// A label or a frame that stands out, and why.
struct Outlier: Sendable, Equatable {
  /// "far smaller box than usual".
  var what: String
  /// Of the value that stands out, for people: "0.002 of the picture's side, half of all have above 0.11".
  var detail: String
  var extreme: Extreme

  static func list(_ w: ReportGatherer.Watches) -> [Outlier] {
    func plain(_ x: Double) -> Double { x }
    func octaves(_ x: Double) -> Double { StableMath.exp2(x) }
    var found: [Outlier] = []
    func add(
      _ watch: OutlierWatch, largest: Bool, _ what: String, _ unit: String, _ value: (Double) -> Double = plain
    ) {
      for e in watch.outliers(largest: largest) {
        let median = watch.median.map { ", the median is \(readable(value($0)))" } ?? ""
        found.append(Outlier(what: what, detail: "\(readable(value(e.value)))\(unit)\(median)", extreme: e))
      }
    }
    add(w.size, largest: false, "tiny box", " of the picture's side", octaves)
    add(w.size, largest: true, "huge box", " of the picture's side", octaves)
    add(w.aspect, largest: true, "very wide box", " times as wide as high", octaves)
    add(w.aspect, largest: false, "very high box", " times as high as wide") { octaves(-$0) }
    add(w.visibility, largest: false, "almost hidden", " visible")
    add(w.distance, largest: true, "very far", " m away", octaves)
    add(w.distance, largest: false, "very near", " m away", octaves)
    add(w.objects, largest: true, "crowded frame", " labels")
    add(w.objects, largest: false, "sparse frame", " labels")
    add(w.brightness, largest: false, "dark picture", " of 255 mean brightness")
    add(w.brightness, largest: true, "bright picture", " of 255 mean brightness")
    add(w.contrast, largest: false, "flat picture", " of 255 contrast")
    add(w.contrast, largest: true, "harsh picture", " of 255 contrast")
    add(w.colourfulness, largest: true, "gaudy picture", " colourfulness")
    return found
  }
}
