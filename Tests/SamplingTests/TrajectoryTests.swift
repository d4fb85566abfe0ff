import Documents
import Geometry
import Testing

@testable import Sampling

/// Values that move with the frame's number.
struct TrajectoryTests {
  private func values<D: Distribution>(_ distribution: D, frames: Int, count: Int) -> [Vector3] {
    (0..<count).map { frame in
      var stream = RandomStream(seed: 3, frame: frame, frameCount: frames, path: .root)
      let node = Node(distribution.draw(&stream))
      if let x = node.number { return Vector3(x, 0, 0) }
      return (try? Vector3.decode(node)) ?? Vector3(.nan, 0, 0)
    }
  }

  @Test func sweepsPassTheirCheck() throws {
    // 20000 frames of a "dataset" of one: always the first value.
    try checkDistribution(Sweep.self, "{from: 2, to: 5}", support: 2...2, mean: 2, variance: 0)
    try checkDistribution(
      Sweep.self, "{from: 0, to: 3, frames: 4}", support: 0...3, mean: 1.5, variance: 1.25)
    try checkDistribution(
      Spline.self, "{points: [[1, 2, 3], [4, 5, 6]]}", support: 1...1, mean: 1, variance: 0, component: element(0))
  }

  @Test func aSweepEndsAtItsEndOrBeforeIt() {
    var sweep = Sweep(from: Quantity(0), to: Quantity(360))
    #expect(values(sweep, frames: 5, count: 6).map(\.x) == [0, 90, 180, 270, 360, 0])
    sweep.pace.isClosed = true
    #expect(values(sweep, frames: 4, count: 5).map(\.x) == [0, 90, 180, 270, 0])
    sweep.pace.frames = 2
    #expect(values(sweep, frames: 100, count: 4).map(\.x) == [0, 180, 0, 180])
  }

  /// Straight points give a straight way at even speed, however unevenly they lie; a curve goes through its points.
  @Test func splinesGoEvenlyThroughTheirPoints() {
    let straight = Spline(points: [Vector3(0, 0, 0), Vector3(1, 0, 0), Vector3(4, 0, 0)])
    for (k, p) in values(straight, frames: 9, count: 9).enumerated() {
      #expect(abs(p.x - Double(k) * 0.5) < 2e-3 && p.y == 0, "\(k): \(p)")
    }
    let square = Spline(
      points: [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(-1, 0, 0), Vector3(0, -1, 0)],
      pace: Pace(isClosed: true))
    let corners = values(square, frames: 4, count: 4)
    for (p, q) in zip(corners, square.points) { #expect((p - q).length < 1e-9) }
    let steps = values(square, frames: 400, count: 401)
    let lengths = zip(steps, steps.dropFirst()).map { ($1 - $0).length }
    #expect((lengths.max() ?? 0) / (lengths.min() ?? 1) < 1.01)
  }
}
