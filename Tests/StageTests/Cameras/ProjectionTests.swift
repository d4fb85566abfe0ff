import Geometry
import Testing

@testable import Stage

struct ProjectionTests {
  private func camera(_ projection: Projection, f: Double = 400) -> Camera {
    Camera(
      fx: f, fy: f * 1.01, cx: 321, cy: 239, rotation: .identity, translation: Vector3(), projection: projection)
  }

  /// OpenCV's own projections of 24 points a camera, to a hundredth of a pixel; they agree to far less.
  @Test func agreesWithOpenCV() {
    for set in OpenCVPairs.all {
      let c = set.coefficients
      let projection: Projection =
        set.isFisheye
        ? .fisheye(KannalaBrandt(k: c))
        : .brownConrady(BrownConrady(k: [c[0], c[1]] + c.dropFirst(4), p1: c[2], p2: c[3]))
      let i = set.intrinsics
      let camera = Camera(
        fx: i[0], fy: i[1], cx: i[2], cy: i[3], rotation: .identity, translation: Vector3(), projection: projection)
      for pair in set.pairs {
        guard let q = camera.project(Vector3(pair[0], pair[1], pair[2])) else {
          Issue.record("\(set.name): nothing at \(pair)")
          continue
        }
        #expect(abs(q.x - pair[3]) < 2e-4 && abs(q.y - pair[4]) < 2e-4, "\(set.name): \(q), not \(pair)")
      }
    }
  }

  /// A direction in the picture's plane has no vanishing point, whichever side of it rounding puts it on.
  @Test func directionsAcrossHaveNoVanishingPoint() throws {
    for lens in [Projection.pinhole, .brownConrady(BrownConrady(k: []))] {
      for z in [6e-17, 0, -6e-17] {
        #expect(camera(lens).project(direction: Vector3(1, 0, z)) == nil)
        #expect(camera(lens).project(direction: Vector3(0, 1e6, 1e6 * z)) == nil)
      }
      // Far, but farther than rounding, and within what the lens's formula is taken for.
      let place = try #require(camera(lens).project(direction: Vector3(0.9, 0, 1e-3)))
      #expect(abs((place.x - 321) / 3.6e5 - 1) < 1e-9)
    }
  }

  /// What a pixel looks at is projected to that pixel.
  @Test func unprojectIsTheInverse() throws {
    let lenses: [Projection] = [
      .pinhole, .brownConrady(BrownConrady(k: [-0.28, 0.09, -0.011], p1: 0.0007, p2: -0.0011)),
      .brownConrady(BrownConrady(k: [0.12, -0.05, 0.01])),
      .brownConrady(BrownConrady(k: [3.1, 1.2, 0.06, 3.4, 2.1, 0.31], p1: 0.003, p2: -0.002)),
      .fisheye(KannalaBrandt()), .fisheye(KannalaBrandt(k: [-0.021, 0.004, -0.0052, 0.0011])),
    ]
    for lens in lenses {
      let camera = camera(lens)
      for y in stride(from: 3.5, to: 480, by: 31) {
        for x in stride(from: 2.5, to: 640, by: 37) {
          let d = try #require(camera.unproject(Vector2(x, y)), "\(lens) at \(x), \(y)")
          #expect(abs(d.length - 1) < 1e-14)
          let q = try #require(camera.project(d * 3.7))
          #expect(abs(q.x - x) < 1e-9 && abs(q.y - y) < 1e-9, "\(lens) at \(x), \(y): \(q)")
        }
      }
    }
  }

  /// A fisheye of 100 pixels a radian sees what is behind it: 100 x 0.75 pi pixels from the middle is 135 degrees.
  @Test func fisheyeSeesBehind() throws {
    let camera = camera(.fisheye(KannalaBrandt()), f: 100)
    let d = try #require(camera.unproject(Vector2(321 + 75 * Double.pi, 239)))
    #expect(abs(d.x - 0.5.squareRoot()) < 1e-14 && abs(d.z + 0.5.squareRoot()) < 1e-14)
    #expect(camera.unproject(Vector2(321 + 101 * Double.pi, 239)) == nil)
    #expect(camera.depthIsDistance)
    let limited = KannalaBrandt(limit: 1.2)
    #expect(limited.angle(ofRadius: 1.199) != nil && limited.angle(ofRadius: 1.201) == nil)
  }

  /// With k1 = -1/3 alone, r - r^3/3 grows up to r = 1, where it is 2/3: beyond there is nothing, neither out nor back.
  @Test func nothingIsFolded() throws {
    let lens = BrownConrady(k: [-1.0 / 3])
    #expect(abs(lens.maximumRadius - 1) < 2e-6)
    #expect(lens.undistort(Vector2(0.66, 0)) != nil && lens.undistort(Vector2(0.67, 0)) == nil)
    #expect(lens.distort(Vector2(0, 0.99)) != nil && lens.distort(Vector2(0, 1.01)) == nil)
    #expect(BrownConrady(k: [0.1]).maximumRadius == BrownConrady.widest)
    // A pole of the rational form is an end, too: the denominator 1 - r^2 vanishes at 1.
    #expect(BrownConrady(k: [0, 0, 0, -1]).maximumRadius <= 1)
    let fisheye = KannalaBrandt(k: [-1.0 / 12])
    #expect(abs(fisheye.maximumAngle - 2) < 1e-5)
  }

  @Test func parallelRays() throws {
    let camera = camera(.orthographic, f: 50)
    let ray = try #require(camera.ray(through: Vector2(421, 239)))
    #expect(ray.origin == Vector3(2, 0, 0) && ray.direction == Vector3(0, 0, 1))
    #expect(camera.project(Vector3(2, 0, 9)) == Vector2(421, 239))
    #expect(camera.project(Vector3(2, 0, -9)) == nil)
  }

  /// Folds for random coefficients: the slope is positive up to the radius found, and not just beyond.
  @Test func foldsAreFirst() {
    var state: UInt64 = 7
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-52 - 1
    }
    for _ in 0..<200 {
      let lens = BrownConrady(k: (0..<6).map { _ in random() })
      let end = min(lens.maximumRadius, 20) * (1 - 1e-12)
      var last = 0.0
      for i in 1...400 {
        let r = end * Double(i) / 400
        let g = lens.distort(Vector2(r, 0)).map(\.x) ?? -1
        #expect(g > last, "\(lens) at \(r)")
        last = g
      }
    }
  }
}
