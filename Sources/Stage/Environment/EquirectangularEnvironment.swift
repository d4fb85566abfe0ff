import Geometry
import Imaging

extension Environment {
  /// An environment from a picture of the whole sphere by longitude and latitude.
  ///
  /// The upper edge is +Z; the middle of the picture lies along +X, and right of it is -Y: seen from inside, nothing is
  /// mirrored. Every part of a texel goes to the octahedral texel that it falls into, by solid angle: no light is lost,
  /// however small and bright.
  ///
  /// - Parameters:
  ///   - image: linear RGB radiance; values below 0 and NaN count as 0, values above 1e9 as 1e9.
  ///   - cuttingSun: whether a very bright spot becomes a sun of its own (`SunCut`), where there is one.
  public convenience init(equirectangular image: Plane<SIMD3<Float>>, cuttingSun: Bool) {
    var map = EquirectangularMap(image)
    let sun = cuttingSun ? map.cutSun() : nil
    // A texel of the octahedral map is about 0.56 times as wide as half the picture's width says.
    var side = 16
    while side < 1024 && side * 2 <= image.width / 2 { side *= 2 }
    self.init(radiance: map.octahedral(side: side), side: side, sun: sun)
  }
}

/// A picture of the whole sphere with the directions of its texels.
struct EquirectangularMap {
  private(set) var texels: [SIMD3<Float>]
  let width: Int
  let height: Int
  /// (cos, sin) of each column's azimuth, counted from +X towards +Y.
  private let columns: [Vector2]
  /// (cos, sin) of each row's elevation.
  private let rows: [Vector2]
  /// Solid angle of a texel in each row; exact.
  private let angles: [Double]

  init(_ image: Plane<SIMD3<Float>>) {
    (width, height) = (image.width, image.height)
    func clean(_ x: Float) -> Float { x > 0 ? min(x, 1e9) : 0 }
    texels = image.values.map { SIMD3(clean($0.x), clean($0.y), clean($0.z)) }
    columns = EquirectangularMap.columns(width)
    rows = EquirectangularMap.rows(height)
    let (w, h) = (Double(image.width), Double(image.height))
    angles = (0..<image.height).map { y in
      2 * Double.pi / w
        * (StableMath.cos(Double.pi * Double(y) / h) - StableMath.cos(Double.pi * Double(y + 1) / h))
    }
  }

  private static func columns(_ count: Int) -> [Vector2] {
    (0..<count).map { x in
      let (s, c) = StableMath.sincos(Double.pi * (1 - (2 * Double(x) + 1) / Double(count)))
      return Vector2(c, s)
    }
  }

  private static func rows(_ count: Int) -> [Vector2] {
    (0..<count).map { y in
      let (s, c) = StableMath.sincos(Double.pi * (0.5 - (Double(y) + 0.5) / Double(count)))
      return Vector2(c, s)
    }
  }

  private func direction(_ x: Int, _ y: Int) -> Vector3 {
    Vector3(columns[x] * rows[y].x, rows[y].y)
  }

  /// The octahedral map of `side` x `side` texels, row by row.
  func octahedral(side: Int) -> [SIMD4<Float>] {
    // Parts of a texel lie closer together than half of the narrowest octahedral texel, 2.3 / side.
    let across = max(1, Int((2 * Double.pi / Double(width) / (1.15 / Double(side))).rounded(.up)))
    let down = max(1, Int((Double.pi / Double(height) / (1.15 / Double(side))).rounded(.up)))
    let fineColumns = EquirectangularMap.columns(width * across)
    let fineRows = EquirectangularMap.rows(height * down)
    var sums = [SIMD4<Double>](repeating: .init(), count: side * side)
    let scale = Double(side)
    for y in 0..<height * down {
      let row = y / down * width
      let (cosine, sine) = (fineRows[y].x, fineRows[y].y)
      for x in 0..<width * across {
        let uv = Octahedron.coordinates(Vector3(fineColumns[x] * cosine, sine))
        let (i, j) = (min(Int(uv.x * scale), side - 1), min(Int(uv.y * scale), side - 1))
        let t = texels[row + x / across]
        sums[j * side + i] += SIMD4(Double(t.x), Double(t.y), Double(t.z), 1) * cosine
      }
    }
    return sums.indices.map { k in
      let s = sums[k]
      guard s.w > 0 else { return texel(Octahedron.coordinatesOfTexel(k, side: side)) }
      return SIMD4(Float(s.x / s.w), Float(s.y / s.w), Float(s.z / s.w), 0)
    }
  }

  /// The texel that a direction falls into.
  private func texel(_ d: Vector3) -> SIMD4<Float> {
    let u = 0.5 - StableMath.atan2(d.y, d.x) / (2 * Double.pi)
    let v = StableMath.acos(d.z) / Double.pi
    let (x, y) = (min(Int(u * Double(width)), width - 1), min(Int(v * Double(height)), height - 1))
    return SIMD4(texels[y * width + x], 0)
  }

  // MARK: - The sun

  /// Luminance (BT.709).
  private static func luminance(_ c: Vector3) -> Double { 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z }

  /// Takes the sun out of the picture and gives it as a light of its own; nil where nothing is bright enough.
  ///
  /// The sun is what is within 5 degrees of the brightest texel and at least 8 times as bright as the ring from 6 to 8
  /// degrees around it; the ring's colour takes its place. It counts if facing it brings at least a tenth of the light
  /// that all the rest brings on average.
  mutating func cutSun() -> Sun? {
    var peak = (value: -1.0, x: 0, y: 0)
    for y in 0..<height {
      for x in 0..<width {
        let l = EquirectangularMap.luminance(Vector3(texels[y * width + x]))
        if l > peak.value { peak = (l, x, y) }
      }
    }
    let centre = direction(peak.x, peak.y)
    func cosine(_ degrees: Double) -> Double { StableMath.cos(degrees.degreesInRadians) }
    let (inner, ringStart, ringEnd) = (cosine(5), cosine(6), cosine(8))
    var ring = Vector3()
    var ringAngle = 0.0
    var all = Vector3()
    for y in 0..<height {
      for x in 0..<width {
        let light = Vector3(texels[y * width + x]) * angles[y]
        all += light
        let c = dot(direction(x, y), centre)
        if c < ringStart && c > ringEnd {
          ring += light
          ringAngle += angles[y]
        }
      }
    }
    guard ringAngle > 0 else { return nil }
    ring /= ringAngle
    let least = 8 * EquirectangularMap.luminance(ring)
    var (irradiance, towards) = (Vector3(), Vector3())
    var (sum, squares) = (0.0, 0.0)
    var cut: [Int] = []
    for y in 0..<height {
      for x in 0..<width where dot(direction(x, y), centre) > inner {
        let t = Vector3(texels[y * width + x])
        let l = EquirectangularMap.luminance(t)
        guard l > 0, l >= least else { continue }
        cut.append(y * width + x)
        irradiance += (t - ring) * angles[y]
        let excess = l - EquirectangularMap.luminance(ring)
        towards += direction(x, y) * (excess * angles[y])
        sum += excess * angles[y]
        squares += excess * excess * angles[y]
      }
    }
    let rest = EquirectangularMap.luminance(all) - sum
    guard let direction = towards.normalized, sum > 0.1 * rest / 4 else { return nil }
    let replacement = SIMD3<Float>(ring)
    for i in cut { texels[i] = replacement }
    // As large as a disc of even brightness that would have the same spread.
    let diameter = 2 * (sum * sum / squares / Double.pi).squareRoot()
    return Sun(
      direction: direction, irradiance: pointwiseMax(irradiance, Vector3()),
      angularDiameter: min(max(diameter, 0.0093), 0.35))
  }
}

extension Octahedron {
  /// The direction of a texel's middle, by its place in row order.
  fileprivate static func coordinatesOfTexel(_ k: Int, side: Int) -> Vector3 {
    direction(Vector2((Double(k % side) + 0.5) / Double(side), (Double(k / side) + 0.5) / Double(side)))
  }
}
