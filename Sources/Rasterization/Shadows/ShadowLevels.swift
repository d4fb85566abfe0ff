import LaneMath

/// A map of depths thinned out: of every `step` x `step` texels one is kept.
struct ShadowLevel: BitwiseCopyable {
  var map: UnsafePointer<Float>
  /// Row stride, with room for a vector's overhang at infinite depth.
  var stride: Int
  var columns: Int
  var rows: Int
  var step: Int
  /// For each of four columns on from one whose number ends in 0, 1, 2, 3 (modulo 4), twice: where in its square of texels the
  /// one that was kept lies, in y.
  var down: (Lanes, Lanes, Lanes, Lanes)
  /// For each of four rows on from one whose number is a multiple of 4: where in its square the middle of the texel that was
  /// kept lies, in x.
  var across: SIMD4<Float>

  /// Where it lies in x and in y, in quarters of a step: one that differs from row to row and from column to column, so that
  /// an edge along either is met at four places rather than one.
  private static let quarters = (across: [0, 2, 1, 3], down: [1, 3, 0, 2])

  /// Texels to the right of the first of its square, for a row.
  @inline(__always)
  static func across(row: Int, step: Int) -> Int {
    let quarter = (row & 1) &* 2 &+ (row &>> 1 & 1)
    return quarter &* step &>> 2
  }

  static func down(column: Int, step: Int) -> Int { quarters.down[column & 3] * step >> 2 }

  init(map: UnsafePointer<Float>, stride: Int, columns: Int, rows: Int, step: Int) {
    self.map = map
    self.stride = stride
    self.columns = columns
    self.rows = rows
    self.step = step
    func offsets(_ first: Int) -> Lanes {
      var v = lanes(0)
      for i in 0..<8 { v[i] = Float(ShadowLevel.down(column: first + i, step: step)) }
      return v
    }
    down = (offsets(0), offsets(1), offsets(2), offsets(3))
    func middle(_ row: Int) -> Float { Float(ShadowLevel.across(row: row, step: step)) + 0.5 }
    across = SIMD4(middle(0), middle(1), middle(2), middle(3))
  }

  private static let downOffset = MemoryLayout<ShadowLevel>.offset(of: \ShadowLevel.down) ?? 0

  /// A level's `down` for eight columns on from `column`.
  @inline(__always)
  static func offsets(_ level: UnsafePointer<ShadowLevel>, from column: Int) -> Lanes {
    UnsafeRawPointer(offsets(level, startingAt: column)).load(as: Lanes.self)
  }

  /// The same in memory.
  @inline(__always)
  static func offsets(_ level: UnsafePointer<ShadowLevel>, startingAt column: Int) -> UnsafePointer<Float> {
    (UnsafeRawPointer(level) + (downOffset &+ (column & 3) &* MemoryLayout<Lanes>.stride)).assumingMemoryBound(
      to: Float.self)
  }
}

/// A map and what is thinned out of it, for kernels of any width: see `SoftShadow`.
struct ShadowLevels: ~Copyable {
  private var texels = Scratch<Float>()
  private(set) var levels = Scratch<ShadowLevel>(capacity: ShadowLevels.steps.count)
  private(set) var count = 0

  /// Each at most one and a half times the one before, but for the second, so that no kernel has few texels.
  private static let steps = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]

  /// Makes the levels that kernels up to a radius of `widest` texels need. `map` must outlive them; it has room for eight values
  /// of infinity behind each row.
  mutating func make(_ map: UnsafePointer<Float>, stride: Int, width: Int, height: Int, widest: Float) {
    levels.base[0] = ShadowLevel(map: map, stride: stride, columns: width, rows: height, step: 1)
    count = 1
    var needed = 0
    var used = ShadowLevels.steps.count
    for (k, s) in ShadowLevels.steps.enumerated() where k > 0 {
      needed += ((width + s - 1) / s + 8) * ((height + s - 1) / s)
      if SoftShadow.fits(widest, step: s) {
        used = k + 1
        break
      }
    }
    if SoftShadow.fits(widest, step: 1) { return }
    texels.reserve(needed)
    var out = texels.base
    for s in ShadowLevels.steps[1..<used] {
      let (columns, rows) = ((width + s - 1) / s, (height + s - 1) / s)
      let own = columns + 8
      for j in 0..<rows {
        let right = ShadowLevel.across(row: j, step: s)
        let line = out + j * own
        for i in 0..<columns {
          let (x, y) = (i * s + right, j * s + ShadowLevel.down(column: i, step: s))
          line[i] = x < width && y < height ? map[y * stride + x] : .infinity
        }
        (line + columns).update(repeating: .infinity, count: 8)
      }
      levels.base[count] = ShadowLevel(map: out, stride: own, columns: columns, rows: rows, step: s)
      count += 1
      out += own * rows
    }
  }
}
