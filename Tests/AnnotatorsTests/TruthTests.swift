import Documents
import Geometry
import Imaging
import Importing
import Rasterization
import Stage
import Testing

@testable import Annotators
@testable import Sampling

/// Planes against an independent ray caster in double precision.
@Suite struct TruthTests {
  /// What was compared, and what differed.
  struct Tally {
    var pixels = 0
    /// Ids that differ at an edge.
    var edges = 0
    var worst: [String: Double] = [:]
    var failures: [String] = []

    mutating func note(_ what: String, _ error: Double, most: Double, at place: String) {
      worst[what] = max(worst[what] ?? 0, error)
      // Written so that NaN fails.
      if !(error <= most) { failures.append("\(place): \(what) is off by \(error)") }
    }
  }

  static let planes = [
    "depth", "distance", "normal", "world_position", "camera_position", "object_coordinates", "uv",
  ]

  /// Compares every `stride`-th pixel, beginning with one that the frame's number decides.
  static func compare(_ frame: Frame, _ name: String, stride step: Int, _ tally: inout Tally) throws {
    let list = planes.map { n in
      Node(
        .mapping([
          .init(
            key: n, keyMark: .none,
            value: Node(.mapping([.init(key: "encoding", keyMark: .none, value: Node(.string("npy")))])))
        ]))
    }
    let a = try annotate(frame, AnnotationPlan(Node(.sequence(list))), categories: [])
    let caster = TruthCaster(frame)
    let values = Dictionary(uniqueKeysWithValues: planes.map { ($0, a.values($0)) })
    func three(_ plane: String, _ k: Int) -> Vector3 {
      let v = values[plane] ?? []
      return Vector3(v[3 * k], v[3 * k + 1], v[3 * k + 2])
    }
    for k in stride(from: frame.index * 7 % step, to: frame.width * frame.height, by: step) {
      let (x, y) = (k % frame.width, k / frame.width)
      let place = "\(name) frame \(frame.index) (\(x), \(y))"
      let truth = caster.look(x, y)
      let seen = a.rendered.gbuffer.instanceIndex.values[k]
      // What is cut out or mixed by its alpha the caster does not know.
      if let t = truth, !isSolid(frame.instances[t.instance]) { continue }
      if seen != GBuffer.nothing, !isSolid(frame.instances[Int(seen)]) { continue }
      tally.pixels += 1
      guard (truth.map { UInt32($0.instance) } ?? GBuffer.nothing) == seen else {
        tally.edges += 1
        // Two surfaces that cross there, or an edge.
        let other = seen == GBuffer.nothing ? nil : caster.look(x, y, only: Int(seen))
        let cross = if let t = truth, let o = other { abs(t.depth - o.depth) <= 1e-4 * t.depth } else { false }
        if !cross, !caster.isAtEdge(x, y) {
          tally.failures.append("\(place): instance \(seen), not \(String(describing: truth))")
        }
        continue
      }
      guard let t = truth else {
        for p in planes where p != "uv" { tally.note(p, three0(values[p] ?? [], k, p), most: 0, at: place) }
        continue
      }
      // Elsewhere means away from the edges of triangles too: there the neighbour may be the one that was drawn.
      if Int(a.rendered.gbuffer.triangle.values[k]) != t.triangle { continue }
      let z = values["depth"]?[k] ?? 0
      tally.note("depth", abs(z - t.depth) / t.depth, most: 1e-4, at: place)
      tally.note("distance", abs((values["distance"]?[k] ?? 0) - t.distance) / t.distance, most: 1e-4, at: place)
      // 0.1 degree.
      let n = three("normal", k)
      tally.note("normal", cross(n, t.normal).length + (dot(n, t.normal) < 0 ? 2 : 0), most: 0.001745, at: place)
      tally.note("world", (three("world_position", k) - t.world).length / t.distance, most: 1e-4, at: place)
      tally.note("camera", (three("camera_position", k) - t.camera).length / t.distance, most: 1e-4, at: place)
      let mesh = frame.instances[t.instance].mesh
      let size = mesh.upperBound - mesh.lowerBound
      let nocs = three("object_coordinates", k)
      for c in 0..<3 where size[c] > 0 {
        tally.note("nocs", abs(nocs[c] - (t.object[c] - mesh.lowerBound[c]) / size[c]), most: 1e-3, at: place)
      }
      let uv = values["uv"] ?? []
      tally.note("uv", (Vector2(uv[2 * k], uv[2 * k + 1]) - t.uv).largest / uvScale(mesh), most: 1e-3, at: place)
    }
  }

  private static func three0(_ v: [Double], _ k: Int, _ plane: String) -> Double {
    let n = plane == "depth" || plane == "distance" ? 1 : 3
    return (0..<n).map { abs(v[n * k + $0]) }.max() ?? 0
  }

  private static func uvScale(_ mesh: Mesh) -> Double {
    var most = 1.0
    for v in mesh.vertices { most = max(most, abs(Double(v.uv.x)), abs(Double(v.uv.y))) }
    return most
  }

  private static func isSolid(_ instance: Instance) -> Bool {
    instance.materials.allSatisfy { $0.alphaMode == .opaque && $0.isDoubleSided && $0.transmission == 0 }
  }

  private static func check(_ tally: Tally, _ name: String) {
    for f in tally.failures.prefix(6) { Issue.record("\(f)") }
    #expect(tally.failures.isEmpty, "\(name): \(tally.failures.count) values are wrong")
    #expect(Double(tally.edges) <= 0.0002 * Double(tally.pixels) + 2, "\(name): \(tally.edges) of \(tally.pixels) ids")
    let worst = tally.worst.sorted { $0.key < $1.key }.map { "\($0.key) \(Float($0.value))" }.joined(separator: ", ")
    print("truth, \(name): \(tally.pixels) pixels, \(tally.edges) ids differ at edges; worst \(worst)")
  }

  static let scenes = [
    "bin", "characters", "conveyor", "defects", "distractors", "dominoes", "primitives", "road", "shelf", "stereo",
  ]

  /// Twenty-three frames of each of the project's ten scenes.
  @Test(arguments: scenes) func scenesAgreeWithTheRayCaster(name: String) throws {
    var tally = Tally()
    for frame in try SceneFrames.frames(name, 0..<23, width: 160, height: 120) {
      try Self.compare(frame, name, stride: 31, &tally)
    }
    Self.check(tally, name)
    #expect(tally.pixels > 5000)
  }

  @Test(arguments: testLenses.map(\.name)) func lensesAgreeWithTheRayCaster(name: String) throws {
    let lens = try #require(testLenses.first { $0.name == name })
    var tally = Tally()
    for seed in 0..<4 {
      try Self.compare(
        randomFrame(seed: UInt64(seed), lens: (lens.projection, lens.f)), name, stride: 5, &tally)
    }
    Self.check(tally, name)
  }
}

extension Vector2 {
  fileprivate var largest: Double { max(abs(x), abs(y)) }
}
