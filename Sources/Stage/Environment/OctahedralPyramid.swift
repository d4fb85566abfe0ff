import Geometry

/// Octahedral maps of decreasing size in one piece of memory.
///
/// A texel is four floats, linear RGB and 0. Each level of `side` x `side` texels has a border of one texel around it that
/// continues the sphere, so that the 2 x 2 texels of a bilinear lookup always lie side by side: texel (x, y), for
/// x and y from -1 to `side`, is at `offset + (y + 1) * (side + 2) + x + 1`.
struct OctahedralPyramid: Sendable {
  private(set) var levels: [Environment.Level] = []
  private(set) var texels: [SIMD4<Float>] = []

  /// Adds a level of `side` x `side` texels, row by row, without border.
  mutating func append(_ interior: [SIMD4<Float>], side n: Int) {
    precondition(n > 0 && interior.count == n * n, "a level is a square")
    levels.append(Environment.Level(side: Int32(n), offset: Int32(texels.count)))
    texels.reserveCapacity(texels.count + (n + 2) * (n + 2))
    for y in -1...n {
      for x in -1...n { texels.append(interior[OctahedralPyramid.inside(x, y, n)]) }
    }
  }

  /// Where in the interior a texel of the border lies: an edge of the square is folded about its own middle.
  private static func inside(_ x: Int, _ y: Int, _ n: Int) -> Int {
    var (x, y) = (x, y)
    if x < 0 || x == n { (x, y) = (x < 0 ? 0 : n - 1, n - 1 - y) }
    if y < 0 || y == n { (x, y) = (n - 1 - x, y < 0 ? 0 : n - 1) }
    return y * n + x
  }

  /// The levels below `interior`, each of half the side, down to 4: means weighted by solid angle.
  init(mipsOf interior: [SIMD4<Float>], side: Int) {
    append(interior, side: side)
    var (fine, n) = (interior, side)
    var angles = Octahedron.solidAngles(side: side)
    while n > 4 {
      let half = n / 2
      var coarse: [SIMD4<Float>] = []
      var sums: [Double] = []
      coarse.reserveCapacity(half * half)
      sums.reserveCapacity(half * half)
      for y in 0..<half {
        for x in 0..<half {
          let i = 2 * y * n + 2 * x
          let total = angles[i] + angles[i + 1] + angles[i + n] + angles[i + n + 1]
          let scale = 1 / total
          // One texel carries what the other three leave, so that the mean of equals is the same to the bit.
          let (a, b, c) = (
            Float(angles[i + 1] * scale), Float(angles[i + n] * scale), Float(angles[i + n + 1] * scale)
          )
          let first = fine[i]
          var mean = first
          mean += (fine[i + 1] - first) * a
          mean += (fine[i + n] - first) * b
          mean += (fine[i + n + 1] - first) * c
          coarse.append(mean)
          sums.append(total)
        }
      }
      append(coarse, side: half)
      (fine, n, angles) = (coarse, half, sums)
    }
  }

  init() {}

  /// The texels, without border, of the largest level of at most `side`, or of the smallest one, and its side.
  func interior(atMost side: Int) -> (texels: [SIMD4<Float>], side: Int) {
    let level = levels.first { Int($0.side) <= side } ?? levels[levels.count - 1]
    let n = Int(level.side)
    var list: [SIMD4<Float>] = []
    list.reserveCapacity(n * n)
    for y in 0..<n {
      let row = Int(level.offset) + (y + 1) * (n + 2) + 1
      list.append(contentsOf: texels[row..<row + n])
    }
    return (list, n)
  }

  /// Bilinear lookup in a level at coordinates from 0 to 1.
  @inline(__always)
  static func bilinear(
    _ texels: UnsafePointer<SIMD4<Float>>, _ level: Environment.Level, _ u: Float, _ v: Float
  ) -> SIMD4<Float> {
    let side = Float(level.side)
    let (x, y) = (u * side + 0.5, v * side + 0.5)
    let (column, row) = (Int32(x), Int32(y))
    let (fx, fy) = (x - Float(column), y - Float(row))
    let stride = Int(level.side) + 2
    let at = texels + Int(level.offset) + Int(row) * stride + Int(column)
    let top = at[0] + (at[1] - at[0]) * fx
    let bottom = at[stride] + (at[stride + 1] - at[stride]) * fx
    return top + (bottom - top) * fy
  }

  /// Coordinates of a direction of any length but 0, in single precision.
  @inline(__always)
  static func coordinates(_ d: SIMD3<Float>) -> (Float, Float) {
    let (ax, ay) = (abs(d.x), abs(d.y))
    let scale = 1 / (ax + ay + abs(d.z))
    let folds = d.z < 0
    let px = folds ? 1 - ay * scale : ax * scale
    let py = folds ? 1 - ax * scale : ay * scale
    return (0.5 + 0.5 * (d.x < 0 ? -px : px), 0.5 + 0.5 * (d.y < 0 ? -py : py))
  }
}
