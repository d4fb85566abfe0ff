import LaneMath

/// A map of depths thinned out: of every `step` x `step` texels one is kept.
struct ShadowLevel: BitwiseCopyable {
  /// For each of four columns on from one whose number ends in 0, 1, 2, 3 (modulo 4), twice: where in its square of texels the
  /// one that was kept lies, in y. Comes first, so that it lies where the level does.
  var down: (Lanes, Lanes, Lanes, Lanes)
  var map: UnsafePointer<Float>
  /// Row stride, with room for a vector's overhang at infinite depth.
  var stride: Int
  var columns: Int
  var rows: Int
  var step: Int
  /// The same, and 1 over it.
  var size: Float
  var inverse: Float
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
    size = Float(step)
    inverse = 1 / size
    func offsets(_ first: Int) -> Lanes {
      var v = lanes(0)
      for i in 0..<8 { v[i] = Float(ShadowLevel.down(column: first + i, step: step)) }
      return v
    }
    down = (offsets(0), offsets(1), offsets(2), offsets(3))
    func middle(_ row: Int) -> Float { Float(ShadowLevel.across(row: row, step: step)) + 0.5 }
    across = SIMD4(middle(0), middle(1), middle(2), middle(3))
  }

  /// A level's `down` for eight columns on from `column`.
  @inline(__always)
  static func offsets(_ level: UnsafePointer<ShadowLevel>, from column: Int) -> Lanes {
    UnsafeRawPointer(offsets(level, startingAt: column)).load(as: Lanes.self)
  }

  /// The same in memory.
  @inline(__always)
  static func offsets(_ level: UnsafePointer<ShadowLevel>, startingAt column: Int) -> UnsafePointer<Float> {
    (UnsafeRawPointer(level) + (column & 3) &* MemoryLayout<Lanes>.stride).assumingMemoryBound(to: Float.self)
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
  ///
  /// - Parameter isSearchedWhole: whether blockers are always sought within `widest`, not less.
  mutating func make(
    _ map: UnsafePointer<Float>, stride: Int, width: Int, height: Int, widest: Float, isSearchedWhole: Bool = false
  ) {
    precondition(MemoryLayout<ShadowLevel>.offset(of: \ShadowLevel.down) == 0)
    levels.base[0] = ShadowLevel(map: map, stride: stride, columns: width, rows: height, step: 1)
    count = 1
    let last = ShadowLevels.steps.firstIndex { SoftShadow.fits(widest, step: $0) } ?? ShadowLevels.steps.count - 1
    if last == 0 { return }
    let steps = (1...last).filter {
      $0 == last || !isSearchedWhole || SoftShadow.filters(widest, beyond: ShadowLevels.steps[$0 - 1])
    }.map { ShadowLevels.steps[$0] }
    texels.reserve(steps.reduce(0) { $0 + ((width + $1 - 1) / $1 + 8) * ((height + $1 - 1) / $1) })
    var out = texels.base
    for s in steps {
      let (columns, rows) = ((width + s - 1) / s, (height + s - 1) / s)
      let own = columns + 8
      // Four columns on from a multiple of four take each its own row of their squares.
      func drop(_ column: Int) -> Int { ShadowLevel.down(column: column, step: s) * stride }
      let drops = (drop(0), drop(1), drop(2), drop(3))
      for j in 0..<rows {
        let right = ShadowLevel.across(row: j, step: s)
        let (from, line) = (map + (j * s * stride + right), out + j * own)
        var i = 0
        if (j + 1) * s <= height {
          while (i + 4) * s <= width {
            line[i] = from[i &* s &+ drops.0]
            line[i &+ 1] = from[(i &+ 1) &* s &+ drops.1]
            line[i &+ 2] = from[(i &+ 2) &* s &+ drops.2]
            line[i &+ 3] = from[(i &+ 3) &* s &+ drops.3]
            i &+= 4
          }
        }
        while i < columns {
          let (x, y) = (i * s + right, j * s + ShadowLevel.down(column: i, step: s))
          line[i] = x < width && y < height ? map[y * stride + x] : .infinity
          i += 1
        }
        (line + columns).update(repeating: .infinity, count: 8)
      }
      levels.base[count] = ShadowLevel(map: out, stride: own, columns: columns, rows: rows, step: s)
      count += 1
      out += own * rows
    }
  }
}
