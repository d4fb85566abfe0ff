import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Equal frames give equal bits.
struct DeterminismTests {
  private struct Digests: Equatable, CustomStringConvertible {
    var rgb: Digest
    var instance: Digest
    var triangle: Digest
    var depth: Digest

    init(_ f: RenderedFrame) {
      rgb = Digest(samplesOf: f.rgb)
      instance = Digest(of: f.gbuffer.instanceIndex)
      // What lies under "nothing" is undefined.
      var triangles = f.gbuffer.triangle
      for k in triangles.values.indices where f.gbuffer.instanceIndex.values[k] == GBuffer.nothing {
        triangles.values[k] = 0
      }
      triangle = Digest(of: triangles)
      let bits = f.gbuffer.depth.values.map(\.bitPattern)
      depth = Digest(of: Plane(width: f.gbuffer.width, height: f.gbuffer.height, values: bits))
    }

    var description: String { "\(rgb) \(instance) \(triangle) \(depth)" }
  }

  private func frames() throws -> [Frame] {
    try SceneFrames.frames("dominoes", 0..<3, width: 160, height: 120)
      + SceneFrames.frames("primitives", 0..<2, width: 150, height: 100)
  }

  @Test func aFrameDoesNotDependOnWhatWasDrawnBefore() throws {
    let frames = try frames()
    let fresh = frames.map { Digests(Rasterizer().render($0)) }
    let used = Rasterizer()
    for k in [0, 1, 2, 3, 4, 4, 2, 0, 3, 1] { #expect(Digests(used.render(frames[k])) == fresh[k], "frame \(k)") }
    // A picture of another size between, and one without a sun: no shadow may stay behind.
    var small = frames[0]
    (small.width, small.height) = (33, 7)
    _ = used.render(small)
    #expect(Digests(used.render(frames[1])) == fresh[1])
    var dark = frames[2]
    dark.sun = nil
    let alone = Digests(Rasterizer().render(dark))
    #expect(Digests(used.render(dark)) == alone)
    #expect(alone.rgb != fresh[2].rgb && alone.depth == fresh[2].depth)
  }

  @Test func framesInParallel() async throws {
    let frames = try frames()
    let alone = frames.map { "\(Digests(Rasterizer().render($0)))" }
    let together = await withTaskGroup(of: (Int, String).self) { group in
      for (k, frame) in frames.enumerated() { group.addTask { (k, "\(Digests(Rasterizer().render(frame)))") } }
      var all = [String](repeating: "", count: frames.count)
      for await (k, digests) in group { all[k] = digests }
      return all
    }
    #expect(together == alone)
  }

  /// Threads that share one frame give the same frame.
  @Test func sharedFrames() throws {
    let frames = try frames()
    for threads in [2, 3, 5] {
      let rasterizer = Rasterizer(threads: threads)
      for frame in frames { #expect(Digests(rasterizer.render(frame)) == Digests(Rasterizer().render(frame))) }
    }
  }

  /// Pixels and labels of three small frames, to the bit: digests of RGB, instance, triangle and depth. The builds for all CPUs must give these; where one does not,
  /// the determinism contract is broken. A change of them by intention raises `renderVersion`, and the new values are
  /// copied from this test's failure.
  @Test func goldenFrames() throws {
    var hand = Frame(
      width: 61, height: 43, camera: .looking(from: Vector3(2, -3, 1.5), 61, 43, f: 55),
      background: Vector3(0.2, 0.3, 0.5),
      sun: Sun(direction: Vector3(0.48, -0.6, 0.64), irradiance: Vector3(2.5, 2.4, 2.2)),
      ambient: HemisphericLight(sky: Vector3(0.3, 0.35, 0.4), ground: Vector3(0.2, 0.15, 0.1)))
    let checker = TextureUse(
      texture: .baked(CheckerPattern(pairs: 4), resolution: 64),
      ramp: .init(first: Vector3(0.9, 0.8, 0.7), second: Vector3(0.1, 0.2, 0.3)))
    hand.instances = [
      Instance(0, PlaneShape(size: Vector2(50, 50), repeats: Vector2(25, 25)).makeMesh(), at: Vector3(0, 0, -0.5)),
      Instance(
        1, Torus(majorRadius: 0.7, minorRadius: 0.25).makeMesh(), material: Material(metallic: 1, roughness: 0.3)),
      Instance(2, Box(size: Vector3(0.3, 0.4, 1)).makeMesh(), at: Vector3(0.5, -0.6, 0)),
    ]
    for k in [0, 2] { hand.instances[k].materials = [Material(baseColorTexture: checker, roughness: 0.6)] }
    let frames = [
      hand, try #require(SceneFrames.frames("dominoes", 0..<1, width: 160, height: 120).first),
      try #require(SceneFrames.frames("primitives", 0..<1, width: 150, height: 100).first),
    ]
    let golden = [
      "10fd829f14f374b735833619ea3c33b2 a02f67399b179748ffa71ecbbd63b09c"
        + " 4512cc5b35a16e3160e5430f93f417ad c8962a4b18ab8548a82ffa47053039ed",
      "446ff9c7eb3a2efa7f3596ef7d84f351 7bef6a0e5cdeb3d3a001d810f11e71e9"
        + " aff73ef45cbd0ec70ed7686cc9e89d6a 7ed3524bf25c5cbfd937909496fc46f5",
      "ac3f19cd4e97c50dca4ba8f64964f227 bd56d9ab77ccab8bed46fea509713a58"
        + " 15145ac511e56dd8e2e53c07e4327788 6e2fcd8f35592d6cbed78fe51ac6ec28",
    ]
    for (k, frame) in frames.enumerated() {
      #expect(Digests(Rasterizer().render(frame)).description == golden[k], "frame \(k)")
    }
  }
}
