import Annotators
import Geometry
import ImageCoding
import Imaging
import Stage
import Testing

@testable import Formats

@Suite struct BOPTests {
  static let meshes = [Box(size: Vector3(0.2, 0.1, 0.05)).makeMesh(), Box(size: Vector3(0.1, 0.1, 0.3)).makeMesh()]

  /// Of instance k the mesh k % 2, at two scales.
  private static func scale(_ k: Int) -> Vector3 { k < 2 ? Vector3(1, 1, 1) : Vector3(-2, 1, 1.5) }

  private static func set(_ count: Int = 23, shear: Bool = false) throws -> TestSet {
    let set = try TestSet(
      count, annotations: ["poses", "amodal_masks", "amodal_boxes", "visibility"], planes: [KITTITests.planes[0]]
    ) { r in
      Rich.addExtents(&r)
      r.camera = Rich.camera(r)
      for k in r.instances.indices {
        var pose = Rich.pose(r.frame, k)
        let turn = pose.linear
        pose.linear = turn * Matrix3(diagonal: scale(k))
        if shear { pose.linear.row0.y += 0.1 }
        r.instances[k].objectToWorld = pose
        r.instances[k].triangles = 12
        r.instances[k].values.pose = PoseRecord(
          rotation: r.camera.rotation * turn, translation: r.camera.worldToCamera * pose.translation, scale: scale(k),
          symmetries: [
            Symmetry(axis: Vector3(0, 0, 1), fold: k % 2 == 0 ? 2 : 4), Symmetry(axis: Vector3(1, 0, 0), fold: 2),
          ])
      }
    }
    set.meshes = { _ in [1: meshes[0], 2: meshes[1], 3: meshes[0], 4: meshes[1]] }
    return set
  }

  /// Vertices of one of our binary files.
  static func vertices(_ file: [UInt8]) throws -> [Vector3] {
    let end = Array("end_header\n".utf8)
    let start = try #require((0..<file.count - end.count).first { Array(file[$0..<$0 + end.count]) == end }) + end.count
    let head = String(decoding: file[..<start], as: UTF8.self)
    let count = Int(try #require(head.split(separator: "element vertex ").last?.prefix { $0 != "\n" })) ?? 0
    return file.withUnsafeBytes { raw in
      (0..<count).map { k in
        func number(_ c: Int) -> Double {
          Double(Float(bitPattern: raw.loadUnaligned(fromByteOffset: start + 24 * k + 4 * c, as: UInt32.self)))
        }
        return Vector3(number(0), number(1), number(2))
      }
    }
  }

  /// The lists of numbers after each `"key":[`.
  static func lists(_ key: String, in json: some StringProtocol) -> [[Double]] {
    json.split(separator: "\"\(key)\":[").dropFirst().map {
      $0.prefix { $0 != "]" }.split(separator: ",").compactMap { Double($0) }
    }
  }

  @Test func posesBringModelsToTheirObjects() throws {
    try checkFormat(BOPFormat.self, try Self.set()) { x in
      #expect(x.report.losses.allSatisfy { $0.count == nil })
      for (split, records) in x.frames {
        let folder = "\(split)/000000/"
        guard !records.isEmpty else {
          #expect(x.files[folder + "scene_gt.json"] == nil)
          continue
        }
        let gt = try x.text(folder + "scene_gt.json").split(separator: "\n").dropFirst().dropLast()
        let info = try x.text(folder + "scene_gt_info.json").split(separator: "\n").dropFirst().dropLast()
        let cameras = try x.text(folder + "scene_camera.json").split(separator: "\n").dropFirst().dropLast()
        #expect(gt.count == records.count && info.count == records.count && cameras.count == records.count)
        for (n, r) in records.enumerated() {
          #expect(gt[gt.startIndex + n].hasPrefix("\"\(r.frame)\":["))
          let row = gt[gt.startIndex + n]
          let (turns, shifts) = (Self.lists("cam_R_m2c", in: row), Self.lists("cam_t_m2c", in: row))
          let ids = NerfstudioTests.numbers("obj_id", in: String(row)).map { Int($0) }
          #expect(turns.count == r.instances.count)
          #expect(Self.lists("cam_K", in: cameras[cameras.startIndex + n])[0][2] == r.camera.cx - 0.5)
          for (k, i) in r.instances.enumerated() {
            let model = try Self.vertices(try #require(x.files["models/obj_\(sixDigits(ids[k])).ply"]))
            let mesh = Self.meshes[k % 2]
            let (m, t) = (turns[k], shifts[k])
            for (p, v) in zip(model, mesh.vertices) {
              let mm = Vector3(
                m[0] * p.x + m[1] * p.y + m[2] * p.z + t[0], m[3] * p.x + m[4] * p.y + m[5] * p.z + t[1],
                m[6] * p.x + m[7] * p.y + m[8] * p.z + t[2])
              let truth = r.camera.worldToCamera * (i.objectToWorld * Vector3(v.position))
              #expect((mm / 1000 - truth).length < 1e-6)
            }
            for (kind, mask) in [("mask", i.values.amodalMask), ("mask_visib", .some(i.mask))] {
              let name = "\(folder)\(kind)/\(sixDigits(r.frame))_\(sixDigits(k)).png"
              guard case .eight(let values) = try decodePNG(try #require(x.files[name])).samples else { continue }
              let runs = try #require(mask)
              let truth = try #require(RunLengthMask(runs, width: r.width, height: r.height))
              #expect(values.map { $0 == 255 ? 1 : $0 } == truth.plane.values)
            }
          }
          let row2 = String(info[info.startIndex + n])
          let shares = r.instances.map {
            Double($0.visiblePixels) / Double($0.values.visibility?.unboundedPixels ?? 1)
          }
          #expect(NerfstudioTests.numbers("visib_fract", in: row2) == shares)
          for (i, box) in zip(r.instances, Self.lists("bbox_visib", in: row2)) {
            let b = i.box.map { [$0.x, $0.y, $0.width - 1, $0.height - 1] } ?? [-1, -1, -1, -1]
            #expect(box == b.map(Double.init))
          }
          #expect(x.files["\(folder)rgb/\(sixDigits(r.frame)).png"] != nil)
          #expect(x.files["\(folder)depth/\(sixDigits(r.frame)).png"] != nil)
        }
        #expect(
          NerfstudioTests.numbers("depth_scale", in: try x.text(folder + "scene_camera.json")) == records.map { _ in 1 }
        )
      }
      #expect(try x.text("models/models_info.json").hasSuffix("\n}\n"))
    }
  }

  @Test func modelsAreWhatTheySay() throws {
    let (set, folder) = (try Self.set(), try TestFolder())
    _ = try set.export(BOPFormat.self, splits: ["train", "test"], to: folder.path + "/x")
    let info = String(decoding: try FileSystem.read(folder.path + "/x/models/models_info.json"), as: UTF8.self)
    let rows = info.split(separator: "\n").dropFirst().dropLast().map(String.init)
    // Classes 1, 2, 3 and 1 of two meshes at two scales each.
    #expect(rows.count == 4)
    let boxes = [Vector3(200, 100, 50), Vector3(100, 100, 300), Vector3(400, 100, 75), Vector3(200, 100, 450)]
    let diameters = rows.map { NerfstudioTests.numbers("diameter", in: $0)[0] }
    for b in boxes {
      let k = try #require(diameters.firstIndex { abs($0 - b.length) < 1e-3 }, "no model of \(b)")
      #expect(abs(NerfstudioTests.numbers("size_x", in: rows[k])[0] - b.x) < 1e-4)
      #expect(abs(NerfstudioTests.numbers("min_z", in: rows[k])[0] + b.z / 2) < 1e-4)
      // A box has the group of turns of its sides: D2 of order 4, D4 of order 8.
      let list = rows[k].split(separator: "\"symmetries_discrete\":").last ?? ""
      #expect(list.split(separator: "]").count { $0.contains("[") } == (b.z > 75 ? 7 : 3))
    }
    let targets = String(decoding: try FileSystem.read(folder.path + "/x/test_targets_bop19.json"), as: UTF8.self)
    #expect(targets.hasPrefix("[\n{\"im_id\":") && targets.hasSuffix("}\n]\n"))
    #expect(FileSystem.size(of: folder.path + "/x/train_targets_bop19.json") == nil)
  }

  @Test func whatHasNoRigidPoseIsLost() throws {
    let (set, folder) = (try Self.set(6, shear: true), try TestFolder())
    let report = try set.export(BOPFormat.self, to: folder.path + "/x")
    let all = set.records.reduce(0) { $0 + $1.instances.count }
    #expect(report.losses.contains { $0.content == .poses && $0.count == all })
  }

  @Test func theSceneIsNamedWhereItIsMissing() throws {
    let (set, folder) = (try Self.set(3), try TestFolder())
    set.meshes = nil
    let error = #expect(throws: FormatError.self) { try set.export(BOPFormat.self, to: folder.path + "/x") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("--scene"))
    // Another scene's meshes are told from this one's.
    set.meshes = { _ in [:] }
    #expect(throws: FormatError.self) { try set.export(BOPFormat.self, to: folder.path + "/x") }
  }

  /// Against all pairs.
  @Test func diametersAreThoseOfAllPairs() {
    var state: UInt64 = 7
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    for shape in 0..<3 {
      let points = (0..<400).map { _ -> Vector3 in
        let p = Vector3(next() - 0.5, next() - 0.5, next() - 0.5)
        return shape == 0 ? p : shape == 1 ? p.normalized ?? p : p * Vector3(1, 0.01, 0)
      }
      var best = 0.0
      for a in points { for b in points { best = max(best, (a - b).length) } }
      #expect(abs(diameter(of: points) - best) < 1e-12)
    }
    #expect(diameter(of: []) == 0 && diameter(of: [Vector3(1, 2, 3)]) == 0)
  }

  @Test func turnsMakeGroups() {
    let z = Vector3(0, 0, 1)
    #expect(SymmetryGroup([Symmetry(axis: z, fold: 6)]).motions.count == 5)
    #expect(SymmetryGroup([Symmetry(axis: z, fold: nil)]).motions.isEmpty)
    let cube = SymmetryGroup([Symmetry(axis: z, fold: 4), Symmetry(axis: Vector3(1, 0, 0), fold: 4)])
    #expect(cube.motions.count == 23 && cube.isFinite)
    let skew = SymmetryGroup([Symmetry(axis: z, fold: 2), Symmetry(axis: z, offset: Vector3(1, 0, 0), fold: 2)])
    #expect(!skew.isFinite && skew.motions.count == 2)
  }
}
