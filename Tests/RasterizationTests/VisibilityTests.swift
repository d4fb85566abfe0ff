import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

@Suite struct VisibilityTests {
  /// Balls, boxes and sheets at random places before a camera, some cut by the image's border.
  static func frame(seed: UInt64) -> Frame {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ low: Double, _ high: Double) -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return low + (high - low) * Double(state >> 11) / 0x1p53
    }
    let shapes: [any Shape] = [Sphere(radius: 0.5, segments: 16, rings: 8), Box(), PlaneShape()]
    let instances = (0..<9).map { i in
      let q = Quaternion(w: random(-1, 1), x: random(-1, 1), y: random(-1, 1), z: random(-1, 1)).normalized ?? .identity
      return Instance(
        id: UInt32(i + 1), category: 1, name: "o\(i)", mesh: shapes[i % 3].makeMesh(),
        objectToWorld: AffineTransform(
          linear: q.matrix * random(0.3, 2.5), translation: Vector3(random(-3, 3), random(-2, 2), random(2, 9))),
        materials: [Material()])
    }
    return Frame(
      width: 97, height: 71,
      camera: Camera(fx: 80, fy: 80, cx: 48, cy: 36, rotation: .identity, translation: Vector3(), near: 0.1),
      instances: instances)
  }

  /// The counts are those of the labels, of the whole frame and of each instance alone.
  @Test(arguments: 0..<12) func countsAreTheLabels(seed: Int) {
    let frame = VisibilityTests.frame(seed: UInt64(seed) + 1)
    let rasterizer = Rasterizer()
    let counts = rasterizer.visibility(of: frame)
    let seen = rasterizer.render(frame).gbuffer.instanceIndex.values
    for i in frame.instances.indices {
      #expect(counts[i].visible == seen.count { $0 == UInt32(i) }, "visible pixels of \(i)")
      var alone = frame
      alone.instances = [frame.instances[i]]
      let own = rasterizer.render(alone).gbuffer.instanceIndex.values.count { $0 == 0 }
      #expect(counts[i].amodal == own, "amodal pixels of \(i)")
      #expect(counts[i].visible <= counts[i].amodal)
    }
  }
}
