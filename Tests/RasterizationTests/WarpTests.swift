import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Cameras whose lens bends the picture see what their rays meet.
struct WarpTests {
  static let lenses: [(name: String, projection: Projection, f: Double)] = [
    ("barrel", .brownConrady(BrownConrady(k: [-0.22, 0.04], p1: 0.001, p2: -0.002)), 70),
    ("pincushion", .brownConrady(BrownConrady(k: [0.15, 0.02])), 70),
    ("rational", .brownConrady(BrownConrady(k: [3.1, 1.2, 0.06, 3.4, 2.1, 0.31])), 50),
    ("very wide", .brownConrady(BrownConrady(k: [0, 0, 0, 0.05])), 16),
    ("fisheye of 150 degrees", .fisheye(KannalaBrandt(k: [-0.02, 0.004])), 38),
    ("fisheye of 220 degrees", .fisheye(KannalaBrandt(limit: 110 * Double.pi / 180)), 24),
    ("parallel", .orthographic, 22),
  ]

  /// A ground, a ring, boxes around the camera and behind it.
  static func frame(_ projection: Projection, f: Double, _ width: Int = 97, _ height: Int = 71) -> Frame {
    let isParallel = if case .orthographic = projection { true } else { false }
    var camera = Camera.looking(from: Vector3(2, -2.4, 1.4), at: Vector3(0, 0, 0.2), width, height, f: f)
    camera.projection = projection
    if isParallel { camera.near = 0.05 }
    var frame = Frame(
      width: width, height: height, camera: camera, background: Vector3(0.2, 0.3, 0.5),
      sun: Sun(direction: Vector3(0.48, -0.6, 0.64), irradiance: Vector3(2.5, 2.4, 2.2)),
      ambient: HemisphericLight(sky: Vector3(0.3, 0.35, 0.4), ground: Vector3(0.2, 0.15, 0.1)))
    var turned = Randoms(seed: 8)
    frame.instances = [
      Instance(0, PlaneShape(size: Vector2(30, 30), repeats: Vector2(15, 15)).makeMesh(), at: Vector3(0, 0, -0.5)),
      Instance(1, Torus(majorRadius: 0.7, minorRadius: 0.25, segments: 24, tubeSegments: 12).makeMesh()),
      Instance(2, Box(size: Vector3(0.3, 0.4, 1)).makeMesh(), at: Vector3(0.5, -0.6, 0)),
      Instance(3, Box(size: Vector3(1, 1, 1)).makeMesh(), at: Vector3(4, -3, 1)),
      Instance(4, Box(size: Vector3(0.5, 3, 1)).makeMesh(), at: Vector3(1, -5, 0.4)),
      Instance(5, Sphere(radius: 0.6, segments: 16, rings: 8).makeMesh(), at: Vector3(2, -1.6, 2.9)),
    ]
    for k in 0..<6 {
      frame.instances.append(
        Instance(
          6 + k, Box(size: Vector3(0.3, 0.2, 0.4)).makeMesh(),
          at: Vector3(turned.real(-2...2), turned.real(-2...2), turned.real(0...1.5))))
    }
    return frame
  }

  /// Instance and depth at every pixel's centre, but where another ray a hundredth of a pixel away sees something else.
  @Test(arguments: 0..<lenses.count)
  func labelsAreWhatTheRaysMeet(_ k: Int) {
    let lens = WarpTests.lenses[k]
    let frame = WarpTests.frame(lens.projection, f: lens.f)
    let seen = Rasterizer().render(frame).gbuffer
    let caster = LensRayCaster(frame)
    var (excused, failures, hits, dark) = (0, [String](), 0, 0)
    for y in 0..<frame.height {
      for x in 0..<frame.width {
        let place = Vector2(Double(x) + 0.5, Double(y) + 0.5)
        let hit = caster.hit(place)
        if hit != nil { hits += 1 }
        if frame.camera.unproject(place) == nil { dark += 1 }
        let instance = seen.instanceIndex[x, y]
        let depth = Double(seen.depth[x, y])
        if let hit {
          let expected = caster.depth(hit, place)
          if instance == UInt32(hit.instance), abs(depth - expected) <= 2e-3 * abs(expected) + 1e-6 { continue }
        } else if instance == GBuffer.nothing {
          if depth == 0 { continue }
        }
        // Near an edge, a step aside shows what was drawn.
        let step = 0.01
        let near = [Vector2(step, 0), Vector2(-step, 0), Vector2(0, step), Vector2(0, -step)].map {
          caster.hit(place + $0)
        }
        let drawn = instance == GBuffer.nothing ? nil : Int(instance)
        if near.contains(where: { $0?.instance == drawn && $0?.instance != hit?.instance }) {
          excused += 1
        } else if let hit, let drawn, drawn == hit.instance {
          // A grazing surface changes its depth within the step.
          let reach = near.compactMap { $0.map { abs(caster.depth($0, place) - caster.depth(hit, place)) } }.max() ?? 0
          if abs(depth - caster.depth(hit, place)) <= reach {
            excused += 1
          } else {
            failures.append("\(x), \(y): depth \(depth), not \(caster.depth(hit, place))")
          }
        } else {
          failures.append("\(x), \(y): drawn \(String(describing: drawn)), met \(String(describing: hit))")
        }
      }
    }
    #expect(failures.isEmpty, "\(lens.name): \(failures.count) pixels, such as \(failures.prefix(4))")
    #expect(hits > frame.width * frame.height / 4)
    #expect(excused <= 12, "\(lens.name): \(excused) excused")
    #expect(["fisheye of 220 degrees", "very wide"].contains(lens.name) == (dark > 0))
  }

  /// A lens without distortion on the way of those with it gives the pinhole's labels, and nearly its picture.
  @Test func thePathsAgree() {
    let plain = WarpTests.frame(.pinhole, f: 70)
    var bent = plain
    bent.camera.projection = .brownConrady(BrownConrady(k: [1e-12]))
    let (a, b) = (Rasterizer().render(plain), Rasterizer().render(bent))
    let differing = zip(a.gbuffer.instanceIndex.values, b.gbuffer.instanceIndex.values).count { $0 != $1 }
    #expect(differing <= 6, "\(differing) labels")
    guard case .eight(let p) = a.rgb.samples, case .eight(let q) = b.rgb.samples else { return }
    let mean = Double(zip(p, q).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(p.count)
    #expect(mean < 0.25, "mean difference \(mean)")
  }

  /// Threads, rasterizers that drew other things, and the counting of rules give the same.
  @Test func aBentFrameIsAFunction() {
    let used = Rasterizer(threads: 3)
    for lens in WarpTests.lenses {
      let frame = WarpTests.frame(lens.projection, f: lens.f)
      _ = used.render(WarpTests.frame(.pinhole, f: 40, 33, 20))
      let (a, b) = (used.render(frame), Rasterizer().render(frame))
      #expect(a.rgb == b.rgb && a.gbuffer.depth == b.gbuffer.depth, "\(lens.name)")
      #expect(a.gbuffer.instanceIndex == b.gbuffer.instanceIndex)
      let counts = Rasterizer().visibility(of: frame)
      for (k, count) in counts.enumerated() {
        #expect(count.visible == a.gbuffer.instanceIndex.values.count { $0 == UInt32(k) })
        var alone = frame
        alone.instances = [frame.instances[k]]
        let amodal = Rasterizer().render(alone).gbuffer.instanceIndex.values.count { $0 == 0 }
        #expect(count.amodal == amodal, "\(lens.name), instance \(k)")
      }
    }
  }

  /// In linear light a picture is what its codes say, before exposure.
  @Test func linearLightIsTheSamePicture() {
    for projection in [Projection.pinhole, .fisheye(KannalaBrandt(limit: 1.5))] {
      var frame = WarpTests.frame(projection, f: 30)
      frame.exposure = 1
      let codes = Rasterizer().render(frame).rgb
      let (light, _) = Rasterizer().renderLinear(frame)
      for y in 0..<frame.height {
        for x in 0..<frame.width {
          let (c, l) = (codes.codes(x, y), light[x, y] * 2)
          for i in 0..<3 { #expect(abs(Int(SRGB.sRGB8(fromLinear: Double(l[i]))) - c[i]) <= 1, "\(x), \(y)") }
        }
      }
    }
  }

  /// A stereo pair sees a point at depth z at pixels f B / z apart, and in the same row.
  @Test func disparityIsFocalLengthTimesBaselineOverDepth() throws {
    let (f, baseline) = (400.0, 0.12)
    let left = Camera.straight(640, 480, f: f)
    var right = left
    right.translation = Vector3(-baseline, 0, 0)
    for z in [0.7, 2, 11] {
      let p = Vector3(0.1, -0.2, z)
      let a = try #require(left.project(left.worldToCamera * p))
      let b = try #require(right.project(right.worldToCamera * p))
      #expect(abs(a.x - b.x - f * baseline / z) < 1e-9 && a.y == b.y)
    }
  }
}
