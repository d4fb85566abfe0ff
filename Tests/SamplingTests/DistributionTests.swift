import Documents
import Geometry
import Glibc
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
}
