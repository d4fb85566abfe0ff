import Annotators
import Geometry
import ImageCoding
import Imaging
import Stage

@testable import Datasets
@testable import Formats

/// A dataset written by hand: every label and every pixel is the test's own.
struct ReportSet {
  static let (width, height) = (64, 48)

  struct Label {
    var category: Int
    var x: Int
    var y: Int
    var w: Int
    var h: Int
    /// Nil for an object that no pixel sees.
    var visibility: Double? = 1
    var truncation = 0.0
    /// Degrees that the object is turned about its z axis.
    var yaw = 0.0
    var place = Vector3(0, 0, 0)
  }

  struct Shot {
    var frame: Int
    var labels: [Label] = []
    var rgb: [UInt8]
    var sequence: Int?
  }

  var classes = ["cup", "plate", "fork"]
  var shots: [Shot] = []
  var hasVisibility = true
  var layout = FileLayout.folder

  /// Numbers without a pattern: a linear congruential generator with the constants of Knuth's MMIX.
  struct Dice {
    var state: UInt64

    mutating func below(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }
  }

  /// Blocks of random colours, so that no two pictures resemble each other.
  static func picture(_ seed: Int) -> [UInt8] {
    var dice = Dice(state: UInt64(seed) &* 7919 &+ 3)
    let blocks = (0..<8 * 6 * 3).map { _ in UInt8(20 + dice.below(216)) }
    var rgb: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width { for c in 0..<3 { rgb.append(blocks[(y / 8 * 8 + x / 8) * 3 + c]) } }
    }
    return rgb
  }

  /// Forty frames in which nothing is amiss.
  static func good(_ count: Int = 40) -> ReportSet {
    var set = ReportSet()
    var dice = Dice(state: 11)
    for frame in 0..<count {
      let labels = (0..<6).map { k in
        let (w, h) = (8 + dice.below(10), 8 + dice.below(10))
        return Label(
          category: 1 + k % 3, x: dice.below(width - w + 1), y: dice.below(height - h + 1), w: w, h: h,
          visibility: Double(40 + dice.below(61)) / 100, truncation: Double(dice.below(3)) / 10,
          yaw: Double(dice.below(360)), place: Vector3(Double(dice.below(4)), Double(dice.below(4)), 0))
      }
      set.shots.append(Shot(frame: frame, labels: labels, rgb: picture(frame)))
    }
    return set
  }

  /// The camera stands at (0, -5, 5) and looks level along +y.
  static let camera = Camera(
    fx: 60, fy: 60, cx: 32, cy: 24,
    rotation: Matrix3(Vector3(1, 0, 0), Vector3(0, 0, -1), Vector3(0, 1, 0)), translation: Vector3(0, 5, 5))

  /// Writes it as a dataset in chunks of 8 frames; pictures of the frames in `without` are left out.
  func write(to folder: String, without: Set<Int> = []) throws -> Dataset {
    let source = FrameSource(
      name: "hand", digest: Digest(of: "hand"), seed: 1, frameCount: shots.count,
      categories: classes.enumerated().map { Stage.Category(id: $0.offset + 1, name: $0.element) }, depthScale: 0.001,
      annotations: try AnnotationPlan(names: hasVisibility ? ["visibility"] : [])
    ) { _ in throw TestFault() }
    let header = DatasetHeader(source, chunk: 8)
    try FileSystem.makeFolder(folder + "/images")
    try FileSystem.makeFolder(folder + "/chunks")
    try header.write(folder: folder)
    var lines: [Int: [UInt8]] = [:]
    for shot in shots {
      let png = try PNGEncoder().encode(
        RasterImage(width: ReportSet.width, height: ReportSet.height, channels: 3, samples: .eight(shot.rgb)))
      let file = "images/\(sixDigits(shot.frame)).png"
      if !without.contains(shot.frame) { try save(png, folder + "/" + file) }
      var record = FrameRecord(
        source: header.source, frame: shot.frame, width: ReportSet.width, height: ReportSet.height,
        camera: ReportSet.camera, background: Vector3(),
        sun: Sun(direction: Vector3(0, 0.6, 0.8), irradiance: Vector3(3, 3, 3)),
        ambient: HemisphericLight(sky: Vector3(0.5, 0.5, 0.5), ground: Vector3(0.1, 0.1, 0.1)), exposure: 0,
        depthScale: 0.001,
        planes: [PlaneRecord(name: "rgb", file: file, bytes: png.count, digest: Digest(of: shot.rgb))],
        instances: shot.labels.enumerated().map { k, l in instance(UInt32(k + 1), l) })
      if let s = shot.sequence { record.sequence = SequencePlace(sequence: s, index: shot.frame, time: 0) }
      lines[shot.frame / 8, default: []] += record.line
    }
    for (chunk, bytes) in lines { try save(bytes, "\(folder)/chunks/\(sixDigits(chunk)).jsonl") }
    return try Dataset(folder: folder)
  }

  private func save(_ bytes: [UInt8], _ path: String) throws {
    let file = try OutputFile(path)
    try file.write(bytes)
    try file.commit()
  }

  private func instance(_ id: UInt32, _ l: Label) -> InstanceRecord {
    let seen = l.visibility != nil
    var counts: [UInt32] = []
    if seen {
      counts = [UInt32(l.x * ReportSet.height + l.y)]
      for column in 0..<l.w {
        counts.append(UInt32(l.h))
        if column < l.w - 1 { counts.append(UInt32(ReportSet.height - l.h)) }
      }
    }
    let used = counts.reduce(0) { $0 + Int($1) }
    let rest = UInt32(ReportSet.width * ReportSet.height - used)
    if seen, l.h == ReportSet.height, l.w > 1 {
      // Whole columns: runs outside would be empty.
      counts = [UInt32(l.x * ReportSet.height), UInt32(l.w * l.h)]
    }
    if counts.isEmpty { counts = [UInt32(ReportSet.width * ReportSet.height)] } else if rest > 0 { counts.append(rest) }
    let mask = RunLengthMask(width: ReportSet.width, height: ReportSet.height, counts: counts)
    let turn = StableMath.sincos(l.yaw * Double.pi / 180)
    var i = InstanceRecord(
      id: id, category: l.category, name: "object[\(id)]", visiblePixels: seen ? l.w * l.h : 0,
      box: seen ? PixelBox(x: l.x, y: l.y, width: l.w, height: l.h) : nil, mask: mask.compressed,
      objectToWorld: AffineTransform(
        linear: Matrix3(Vector3(turn.cos, -turn.sin, 0), Vector3(turn.sin, turn.cos, 0), Vector3(0, 0, 1)),
        translation: l.place), triangles: 12)
    if hasVisibility {
      let amodal = seen ? Int((Double(l.w * l.h) / max(l.visibility ?? 1, 0.01)).rounded()) : 100
      i.values.visibility = VisibilityRecord(
        amodalPixels: amodal, unboundedPixels: amodal, visibility: l.visibility ?? 0, truncation: l.truncation)
    }
    return i
  }
}

/// A report of all its pictures.
func report(_ set: Dataset, threads: Int = 2, against: String? = nil) throws -> DatasetReport {
  var options = ReportOptions()
  options.threads = threads
  options.tiles = 4
  guard let report = try DatasetReport(set, options, against: against) else { throw TestFault() }
  return report
}
