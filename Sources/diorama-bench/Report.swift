import Annotators
import Datasets
import Documents

/// What was measured, for people and for machines.
struct Report {
  let scene: String
  /// The instruction set that the program was built for.
  let target: String
  /// The first with one thread.
  var runs: [Measurement] = []

  init(scene: String, target: String) {
    self.scene = scene
    self.target = target
  }

  /// The order in which a frame meets its stages; others come last.
  private static let order = [
    "sample", "geometry", "bin", "raster", "shadow", "occlusion", "shade", "surfaces", "amodal", "develop", "labels",
    "PNG rgb",
    "PNG instance", "PNG semantic", "PNG depth", "write", "digest", "record", "commit", "derive",
  ]

  /// The stages of a run in seconds, in their order, with what is left.
  private func stages(_ run: Measurement) -> [(name: String, seconds: Double)] {
    let known = Report.order.compactMap { name in run.stages.first { $0.name == name } }
    return known + run.stages.filter { !Report.order.contains($0.name) } + [("other", run.otherSeconds)]
  }

  var table: String {
    guard let first = runs.first else { return "" }
    var text = "\(scene), \(first.width)x\(first.height), \(first.frames) frames, built for \(target), "
    text += "\(ProcessAllotment.threads) processors\n\n"
    text += Report.row(["stage", "CPU ms/frame", "share"])
    for stage in stages(first) {
      let share = 100 * stage.seconds / first.processorSeconds
      text += Report.row([
        stage.name, Report.decimal(first.perFrame(stage.seconds), 3), Report.decimal(share, 1) + " %",
      ])
    }
    text += Report.row(["total", Report.decimal(first.perFrame(first.processorSeconds), 3), ""]) + "\n"
    text += Report.row([
      "threads", "CPU ms/frame", "wall ms/frame", "images/s", "first image", "peak memory", "speed-up",
    ])
    for run in runs {
      text += Report.row([
        "\(run.threads)", Report.decimal(run.perFrame(run.processorSeconds), 3),
        Report.decimal(run.perFrame(run.wallSeconds), 3),
        Report.decimal(run.imagesPerSecond, 1), Report.decimal(run.firstImageSeconds, 3) + " s",
        "\(run.peakBytes >> 20) MB",
        Report.decimal(run.imagesPerSecond / first.imagesPerSecond, 2),
      ])
    }
    return text
  }

  var json: String {
    var w = JSONWriter()
    w.beginObject()
    w.member("scene", scene)
    w.member("target", target)
    w.member("processors", ProcessAllotment.threads)
    w.key("runs")
    w.beginArray()
    for run in runs {
      w.beginObject()
      let counts: [(StaticString, Int)] = [
        ("threads", run.threads), ("frames", run.frames), ("width", run.width), ("height", run.height),
        ("peak_bytes", run.peakBytes),
      ]
      for (key, value) in counts {
        w.key(key)
        w.integer(value)
      }
      let times: [(StaticString, Double)] = [
        ("wall_seconds", run.wallSeconds), ("cpu_seconds", run.processorSeconds),
        ("first_image_seconds", run.firstImageSeconds),
      ]
      for (key, value) in times {
        w.key(key)
        w.number(value)
      }
      w.key("stages")
      w.beginArray()
      for stage in stages(run) {
        w.beginObject()
        w.member("stage", stage.name)
        w.member("cpu_ms_per_frame", run.perFrame(stage.seconds))
        w.endObject()
      }
      w.endArray()
      w.endObject()
    }
    w.endArray()
    w.endObject()
    w.newline()
    return String(decoding: w.bytes, as: UTF8.self)
  }

  /// The first cell to the left, the others to the right of columns.
  static func row(_ cells: [String]) -> String {
    var line = ""
    for (k, cell) in cells.enumerated() {
      let blank = String(repeating: " ", count: max(0, (k == 0 ? 18 : 14) - cell.count))
      line += k == 0 ? cell + blank : blank + cell
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }

  static func decimal(_ x: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let n = Int((abs(x) * scale).rounded())
    let digits = String(n % Int(scale))
    let sign = x < 0 && n > 0 ? "-" : ""
    return sign + "\(n / Int(scale))." + String(repeating: "0", count: places - digits.count) + digits
  }
}
