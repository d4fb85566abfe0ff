import Annotators
import Geometry
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct KITTITests {
  private static func set(tilt: Double = 0) throws -> TestSet {
    try TestSet(annotations: ["boxes_3d", "amodal_boxes", "visibility"]) { r in
      Rich.addExtents(&r)
      r.camera = Rich.camera(r)
      for i in r.instances.indices {
        let pose = Rich.pose(r.frame, i, tilt: tilt)
        r.instances[i].objectToWorld = pose
        r.instances[i].values.box3D = Box3D(
          center: pose.translation, size: Vector3(4, 1.6, 1.5), rotation: pose.linear, corners: [])
      }
    }
  }

  /// The eight corners that KITTI's devkit makes of a row, in camera axes.
  static func corners(_ row: [Double]) -> [Vector3] {
    let (h, w, l) = (row[8], row[9], row[10])
    let (s, c) = StableMath.sincos(row[14])
    return (0..<8).map { k in
      let (x, y, z) = (k & 1 == 0 ? l / 2 : -l / 2, k & 2 == 0 ? 0 : -h, k & 4 == 0 ? w / 2 : -w / 2)
      return Vector3(c * x + s * z + row[11], y + row[12], -s * x + c * z + row[13])
    }
  }

  @Test(arguments: [0, 0.4]) func boxesAreTheRecords(tilt: Double) throws {
    try checkFormat(KITTIObject.self, try Self.set(tilt: tilt)) { x in
      for (split, records) in x.frames {
        #expect(try x.text("ImageSets/\(split).txt") == records.map { sixDigits($0.frame) + "\n" }.joined())
        for r in records {
          let name = sixDigits(r.frame)
          #expect(x.files["training/image_2/\(name).png"] != nil)
          let rows = try x.text("training/label_2/\(name).txt").split(separator: "\n").map { $0.split(separator: " ") }
          let instances = r.instances.filter { $0.box != nil }
          #expect(rows.count == instances.count)
          let calibration = try x.text("training/calib/\(name).txt").split(separator: "\n").map {
            $0.split(separator: " ").dropFirst().compactMap { Double($0) }
          }
          #expect(calibration.count == 7 && calibration[2].count == 12)
          #expect(calibration[2][2] == r.camera.cx - 0.5 && calibration[2][0] == 20)
          for (i, row) in zip(instances, rows) {
            #expect(row.count == 15 && row[0] == testDataset.categories[i.category - 1].name)
            let v = [0] + row.dropFirst().map { Double($0) ?? .nan }
            let (box, values) = (try #require(i.values.amodalBox ?? nil), i.values)
            #expect(
              v[4...7] == [Double(box.x), Double(box.y), Double(box.x + box.width - 1), Double(box.y + box.height - 1)])
            #expect(abs(v[1] - (values.visibility?.truncation ?? 0)) < 1e-4)
            let truth = try #require(values.box3D).worldCorners.map { r.camera.worldToCamera * $0 }
            let (low, high) = (Self.bounds(truth), Self.bounds(Self.corners(v)))
            if tilt == 0 {
              for corner in Self.corners(v) { #expect(truth.contains { ($0 - corner).length < 1e-5 }) }
              #expect(abs(v[8] - 1.5) < 1e-5 && abs(v[9] - 1.6) < 1e-5 && abs(v[10] - 4) < 1e-5)
            } else {
              for axis in 0..<3 {
                #expect(high.low[axis] <= low.low[axis] + 1e-5 && high.high[axis] >= low.high[axis] - 1e-5)
              }
            }
            #expect(abs(StableMath.sin(v[3] - v[14] + StableMath.atan2(v[11], v[13]))) < 1e-5)
          }
        }
      }
      if x.report.frames > 1 {
        #expect((x.report.losses.contains { $0.content == .boxes3D && $0.leastIoU != nil }) == (tilt > 0))
      }
    }
  }

  private static func bounds(_ p: [Vector3]) -> (low: Vector3, high: Vector3) {
    (p.reduce(p[0]) { pointwiseMin($0, $1) }, p.reduce(p[0]) { pointwiseMax($0, $1) })
  }

  @Test func whatIsBelowTheThresholdsIsDontCare() throws {
    let (set, folder) = (try Self.set(), try TestFolder())
    var options = ExportOptions()
    options.minArea = 1000
    _ = try set.export(KITTIObject.self, options, to: folder.path + "/x")
    let r = set.records[4]
    let path = "\(folder.path)/x/training/label_2/\(sixDigits(r.frame)).txt"
    let rows = String(decoding: try FileSystem.read(path), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == r.instances.count { $0.box != nil })
    for row in rows {
      #expect(row.hasPrefix("DontCare -1 -1 -10 ") && row.hasSuffix(" -1 -1 -1 -1000 -1000 -1000 -10"))
    }
  }

  @Test func occlusionHasBounds() {
    #expect([1, 0.95, 0.94, 0.5, 0.49, 0].map { KITTIObject.occluded($0) } == [0, 0, 1, 1, 2, 2])
    #expect(KITTIObject.occluded(nil) == 3)
  }

  @Test func otherCamerasAreRefused() throws {
    let set = try TestSet(2, annotations: ["boxes_3d", "amodal_boxes", "visibility"]) {
      $0.camera.projection = .fisheye(KannalaBrandt())
    }
    let folder = try TestFolder()
    let error = #expect(throws: FormatError.self) { try set.export(KITTIObject.self, to: folder.path + "/x") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("pinhole"))
  }

  static let depthInMillimetres = PlaneDescription(
    "depth", .png, channels: ["Z"], bits: 16, scale: 0.001, unit: "m", isSmooth: true)
  static let depthInFloats = PlaneDescription("depth", .npy, channels: ["Z"], bits: 32, unit: "m", isSmooth: true)

  static func millimetres(_ r: FrameRecord) -> [UInt16] { (0..<r.width * r.height).map { UInt16($0 * 211 % 65000) } }

  nonisolated(unsafe) static let planes: [(PlaneDescription, (FrameRecord) -> PlaneImage)] = [
    (depthInMillimetres, { .sixteen(Plane(width: $0.width, height: $0.height, values: millimetres($0))) }),
    (
      depthInFloats,
      {
        .floats(
          FloatImage(
            width: $0.width, height: $0.height, channels: 1, samples: millimetres($0).map { Float($0) * 0.005 }))
      }
    ),
  ]

  @Test(arguments: [0, 1]) func depthDecodes(kind: Int) throws {
    try checkFormat(KITTIDepth.self, try TestSet(planes: [Self.planes[kind]])) { x in
      for (split, records) in x.frames {
        for r in records {
          let drive = "\(split)/drive_000000_sync"
          let name = "0000" + sixDigits(r.frame)
          #expect(x.files["\(drive)/image_02/data/\(name).png"] != nil)
          let file = try #require(x.files["\(drive)/proj_depth/groundtruth/image_02/\(name).png"])
          guard case .sixteen(let codes) = try decodePNG(file).samples else {
            Issue.record("not 16 bits")
            continue
          }
          for (code, mm) in zip(codes, Self.millimetres(r)) {
            let truth = Double(mm) * [0.001, 0.005][kind]
            let isInside = truth > 0 && truth * 256 < 65535.5
            #expect(isInside ? abs(Double(code) / 256 - truth) <= 1 / 256.0 : code == 0)
          }
        }
      }
      if x.report.frames > 1 {
        #expect((x.report.losses.contains { $0.reason.contains("255.996") && $0.count != nil }) == (kind == 1))
      }
    }
  }

  static let flow = PlaneDescription(
    "flow_forward", .npy, channels: ["U", "V", "M"], bits: 32, unit: "px", isSmooth: true, flagChannels: 1)

  /// Seen, hidden and none by turns; one pixel too fast for a code.
  static func flow(_ r: FrameRecord) -> FloatImage {
    var image = FloatImage(width: r.width, height: r.height, channels: 3)
    for k in 0..<r.width * r.height where k % 3 != 2 {
      (image.samples[3 * k], image.samples[3 * k + 1]) = (Float(k % 50) - 20.3, 0.5)
      image.samples[3 * k + 2] = k % 3 == 0 ? 1 : 0
    }
    image.samples[0] = 700
    return image
  }

  @Test func flowDecodes() throws {
    let set = try TestSet(planes: [(Self.flow, { .floats(Self.flow($0)) })]) { Rich.addTime(&$0, Rich.place($0)) }
    try checkFormat(KITTIFlow.self, set) { x in
      let exported = x.frames.values.flatMap { $0 }
      for (split, records) in x.frames {
        let pairs = records.filter { r in
          exported.contains { $0.camera.view == r.camera.view && $0.sequence?.index == (r.sequence?.index ?? 0) + 1 }
        }
        #expect(try x.text("KittiFlow/\(split).txt") == pairs.map { sixDigits($0.frame) + "\n" }.joined())
        for r in pairs {
          let (flow, name) = (Self.flow(r), sixDigits(r.frame))
          let next = sixDigits((Rich.place(r) + 6) * (Rich.place(r) + 6))
          #expect(
            x.files["KittiFlow/training/image_2/\(name)_11.png"]
              == (try FileSystem.read("\(x.set.folder.path)/images/\(next).png")))
          for folder in ["flow_occ", "flow_noc"] {
            let image = try decodePNG(try #require(x.files["KittiFlow/training/\(folder)/\(name)_10.png"]))
            guard case .sixteen(let codes) = image.samples else { continue }
            for k in 0..<r.width * r.height {
              let isThere = k > 0 && (k % 3 == 0 || (k % 3 == 1 && folder == "flow_occ"))
              #expect(codes[3 * k + 2] == (isThere ? 1 : 0))
              guard isThere else { continue }
              for c in 0..<2 {
                let read = (Double(codes[3 * k + c]) - 32768) / 64
                let error = abs(read - Double(flow.samples[3 * k + c]))
                #expect(error <= 1 / 128.0 + 1e-6)
              }
            }
          }
        }
      }
      let alone = x.report.losses.first { $0.reason.contains("without a next") }
      #expect(alone?.count == min(x.report.frames, 6) || x.report.frames == 0)
    }
  }
}
