import Documents
import Geometry
import Glibc
import Stage
import Testing

@testable import Sampling

/// One test a distribution, in the order of the registry.
@Suite struct DistributionTests {
  @Test func uniform() throws {
    try checkDistribution(
      Uniform.self, "[2, 5]", support: 2...5, mean: 3.5, variance: 9.0 / 12,
      probability: { min(max(($0 - 2) / 3, 0), 1) })
    try checkDistribution(
      Uniform.self, "[[0, -4], [1, 4]]", support: -4...4, mean: 0, variance: 64.0 / 12, component: element(1))
  }

  @Test func normal() throws {
    try checkDistribution(
      Normal.self, "[20, 1.5]", support: 0...40, mean: 20, variance: 2.25,
      probability: { 0.5 * erfc(-(($0 - 20) / 1.5) / 2.0.squareRoot()) })
  }

  @Test func integer() throws {
    try checkDistribution(
      IntegerRange.self, "[1, 6]", support: 1...6, mean: 3.5, variance: 35.0 / 12,
      probability: { min(max($0.rounded(.down) / 6, 0), 1) })
  }

  @Test func boolean() throws {
    try checkDistribution(
      Coin.self, "0.3", support: 0...1, mean: 0.3, variance: 0.21,
      component: { if case .boolean(let b) = $0 { b ? 1 : 0 } else { nil } })
  }

  @Test func choice() throws {
    try checkDistribution(
      Choice.self, "{options: [0, 1, 2], weights: [1, 0, 3]}", support: 0...2, mean: 1.5, variance: 0.75,
      probability: { $0 < 0 ? 0 : ($0 < 2 ? 0.25 : 1) })
    try checkDistribution(Choice.self, "[4, 8]", support: 4...8, mean: 6, variance: 4)
  }

  @Test func hsv() throws {
    // Pure greys: the value alone counts, through the sRGB curve.
    let mean = try meanOfLinearGrey()
    try checkDistribution(
      HSVColor.self, "{saturation: 0, value: [0, 1]}", support: 0...1, mean: mean.0, variance: mean.1,
      component: element(1),
      probability: { $0 < 0 ? 0 : min($0 <= 0.0031308 ? $0 * 12.92 : 1.055 * pow($0, 1 / 2.4) - 0.055, 1) })
    let corners: [(Double, [Double])] = [
      (0, [1, 0, 0]), (60, [1, 1, 0]), (120, [0, 1, 0]), (180, [0, 1, 1]), (240, [0, 0, 1]), (300, [1, 0, 1]),
      (360, [1, 0, 0]), (-120, [0, 0, 1]),
    ]
    for (hue, rgb) in corners {
      let c = ColorValue.hsv(hue: hue, saturation: 1, value: 1).linear
      #expect(abs(c.x - rgb[0]) + abs(c.y - rgb[1]) + abs(c.z - rgb[2]) < 1e-12, "hue \(hue)")
    }
  }

  private func meanOfLinearGrey() throws -> (Double, Double) {
    let n = 100_000
    let y = (0..<n).map { ColorValue.linear(sRGB: (Double($0) + 0.5) / Double(n)) }
    let m = y.reduce(0, +) / Double(n)
    return (m, y.map { ($0 - m) * ($0 - m) }.reduce(0, +) / Double(n))
  }

  @Test func temperature() throws {
    try checkDistribution(
      ColorTemperature.self, "[2000, 3000]", support: 1...1, mean: 1, variance: 0, component: element(0))
    let white = ColorTemperature.color(6504)
    #expect(abs(white.x - white.y) < 0.08 && abs(white.y - white.z) < 0.08)
    #expect(ColorTemperature.color(2000).z < 0.1 && ColorTemperature.color(20000).x < 0.7)
  }

  @Test(arguments: [0, 1, 2]) func direction(axis: Int) throws {
    // Archimedes: every coordinate of a point on the sphere is uniform.
    try checkDistribution(
      SphereDirection.self, "{}", support: -1...1, mean: 0, variance: 1.0 / 3, component: element(axis),
      probability: { min(max(($0 + 1) / 2, 0), 1) })
  }

  @Test func cone() throws {
    try checkDistribution(
      ConeDirection.self, "{axis: [3, 0, 4], angle: 60}", support: 0.5...1, mean: 0.75, variance: 1.0 / 48,
      component: {
        guard let x = element(0)($0), let z = element(2)($0) else { return nil }
        return min(0.6 * x + 0.8 * z + 1e-15, 1)
      }, probability: { min(max(($0 - 0.5) * 2, 0), 1) })
  }

  @Test func rotation() throws {
    // The angle of a uniform rotation has density (1 - cos a) / pi.
    try checkDistribution(
      AnyRotation.self, "{}", support: 0...Double.pi, mean: Double.pi / 2 + 2 / Double.pi,
      variance: Double.pi * Double.pi / 12 - 4 / (Double.pi * Double.pi),
      component: { element(0)($0).map { 2 * acos(min(abs($0), 1)) } },
      probability: { ($0 - sin($0)) / Double.pi })
  }

  @Test func yaw() throws {
    try checkDistribution(
      Yaw.self, "[-20, 20]", support: -20...20, mean: 0, variance: 1600.0 / 12,
      component: { Node($0)["yaw"]?.number }, probability: { min(max(($0 + 20) / 40, 0), 1) })
  }

  @Test func tilt() throws {
    try checkDistribution(
      Tilt.self, "{angle: 60}", support: 0.5...1, mean: 0.75, variance: 1.0 / 48,
      component: { content in
        let r = try? RotationValue.decode(Node(content))
        return r.map { min($0.matrix.row2.z + 1e-12, 1) }
      }, probability: { min(max(($0 - 0.5) * 2, 0), 1) })
  }

  @Test func pointInCylinder() throws {
    try checkDistribution(
      PointInCylinder.self, "{radius: 2, inner_radius: 1, height: [5, 6]}", support: 1...4, mean: 2.5, variance: 0.75,
      component: { content in
        guard let x = element(0)(content), let y = element(1)(content) else { return nil }
        return min(max(x * x + y * y, 1), 4)
      }, probability: { min(max(($0 - 1) / 3, 0), 1) })
    try checkDistribution(
      PointInCylinder.self, "{height: [5, 6]}", support: 5...6, mean: 5.5, variance: 1.0 / 12, component: element(2))
  }

  @Test func constant() throws {
    try checkDistribution(Constant.self, "3", support: 3...3, mean: 3, variance: 0)
  }

  @Test func logUniform() throws {
    let l = log(100.0)
    try checkDistribution(
      LogUniform.self, "[0.1, 10]", support: 0.1...10, mean: 9.9 / l, variance: 99.99 / 2 / l - 9.9 * 9.9 / l / l,
      probability: { min(max(log($0 / 0.1) / l, 0), 1) })
  }

  @Test func truncatedNormal() throws {
    func phi(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
    // Cut at -1 and 2 deviations.
    let z = phi(2) - phi(-1)
    let m = (density(-1) - density(2)) / z
    let v = 1 + (-density(-1) - 2 * density(2)) / z - m * m
    try checkDistribution(
      TruncatedNormal.self, "{mean: 10, deviation: 2, low: 8, high: 14}", support: 8...14, mean: 10 + 2 * m,
      variance: 4 * v, probability: { min(max((phi(($0 - 10) / 2) - phi(-1)) / z, 0), 1) })
    // Far out in the upper tail nearly exponential: mean 10 + 1/10 to first order.
    try checkDistribution(
      TruncatedNormal.self, "[0, 1, 10, 40]", support: 10...40, mean: 10.0980, variance: 0.00943)
  }

  @Test func beta() throws {
    try checkDistribution(
      Beta.self, "{a: 2, b: 3, low: 1, high: 3}", support: 1...3, mean: 1.8, variance: 4 * 0.04,
      probability: {
        let x = min(max(($0 - 1) / 2, 0), 1)
        return x * x * (6 - 8 * x + 3 * x * x)
      })
    try checkDistribution(
      Beta.self, "[0.5, 0.5]", support: 0...1, mean: 0.5, variance: 0.125,
      probability: { 2 / Double.pi * asin(min(max($0, 0), 1).squareRoot()) })
  }

  @Test func curve() throws {
    // A triangle from 0 to 2 with its tip at 2.
    try checkDistribution(
      Curve.self, "[[0, 0], [2, 5]]", support: 0...2, mean: 4.0 / 3, variance: 2.0 / 9,
      probability: { min(max($0 * $0 / 4, 0), 1) })
    try checkDistribution(
      Curve.self, "[[0, 1], [1, 1], [2, 0], [3, 0]]", support: 0...2, mean: 7.0 / 9,
      variance: 5.0 / 6 - 49.0 / 81)
  }

  @Test func poisson() throws {
    try checkDistribution(Poisson.self, "2.5", support: 0...30, mean: 2.5, variance: 2.5)
    try checkDistribution(Poisson.self, "400", support: 250...560, mean: 400, variance: 400)
    try checkDistribution(Poisson.self, "0", support: 0...0, mean: 0, variance: 0)
  }

  @Test(arguments: [0, 1, 2, 3]) func permutation(place: Int) throws {
    try checkDistribution(
      Permutation.self, "[0, 1, 2, 3]", support: 0...3, mean: 1.5, variance: 1.25, component: element(place),
      probability: { min(max(($0.rounded(.down) + 1) / 4, 0), 1) })
    try checkDistribution(
      Permutation.self, "{items: [5, 6, 7], take: 1}", support: 5...7, mean: 6, variance: 2.0 / 3, component: element(0)
    )
  }

  @Test func rgb() throws {
    try checkDistribution(
      RGBColor.self, "[[0, 0.2, 0], [1, 0.6, 1]]", support: 0.2...0.6, mean: 0.4, variance: 0.16 / 12,
      component: element(1), probability: { min(max(($0 - 0.2) / 0.4, 0), 1) })
  }

  @Test func pointInBox() throws {
    try checkDistribution(
      PointInBox.self, "{size: [4, 2, 0], center: [1, 0, 7]}", support: -1...3, mean: 1, variance: 16.0 / 12,
      component: element(0), probability: { min(max(($0 + 1) / 4, 0), 1) })
    try checkDistribution(PointInBox.self, "[1, 1, 0]", support: 0...0, mean: 0, variance: 0, component: element(2))
  }

  private func norm(_ content: Node.Content) -> Double? {
    guard let x = element(0)(content), let y = element(1)(content), let z = element(2)(content) else { return nil }
    return (x * x + y * y + z * z).squareRoot()
  }

  @Test func pointInBall() throws {
    try checkDistribution(
      PointInBall.self, "2", support: 0...2, mean: 1.5, variance: 0.15, component: norm,
      probability: { min(max($0 * $0 * $0 / 8, 0), 1) })
  }

  @Test func pointOnSphere() throws {
    try checkDistribution(
      PointOnSphere.self, "{radius: 3, angle: 60}", support: 1.5...3, mean: 2.25, variance: 9.0 / 48,
      component: element(2), probability: { min(max(($0 - 1.5) / 1.5, 0), 1) })
  }

  @Test func pointInDisc() throws {
    try checkDistribution(
      PointInDisc.self, "{radius: 2, normal: [1, 1, 0]}", support: 0...2, mean: 4.0 / 3, variance: 2.0 / 9,
      component: norm, probability: { min(max($0 * $0 / 4, 0), 1) })
  }

  @Test func pointOnShape() throws {
    // A cube's surface: a third of the points on the two faces of each axis.
    try checkDistribution(
      PointOnShape.self, "{shape: {box: {size: [2, 2, 2]}}}", support: -1.000_001...1.000_001, mean: 0,
      variance: 5.0 / 9,
      component: element(2))
  }

  /// Every distribution has a test of its own: their number is that of the registry, without those of `CoverageTests` and `TrajectoryTests`.
  @Test func allAreTested() {
    #expect(distributionRegistry.count == 36)
    #expect(Set(distributionRegistry.map(\.manual.name)).count == 36)
  }
}
