import Geometry
import Stage

/// What an instance would own of the picture with everything else taken away.
public struct AmodalRegion: Sendable {
  /// Pixels inside the image.
  public var pixels: Int
  public var mask: BitMask
  /// Nil where not asked for.
  public var unbounded: Unbounded?

  /// The same on an image plane without end, of the part of the object beyond the camera's near plane.
  public struct Unbounded: Hashable, Sendable {
    /// Nil where they have no end or are not counted: the object reaches through the near plane, farther than 32,768 pixels
    /// outside the image or over the end of what a lens shows (`isEndless`), or takes up more than two million pixels of a
    /// lens's plane.
    public var pixels: Int?
    public var isEndless: Bool
    /// First column and row, then one more than the last; nil where there are no pixels or they are not counted.
    public var bounds: SIMD4<Int>?
  }

  /// Nothing at all.
  static let none = AmodalRegion(pixels: 0, mask: BitMask(x: 0, y: 0, stride: 0, rows: 0, words: []))
}

extension AmodalRegion {
  /// Puts tiles together, of which one pixel lies in one at most.
  init(_ tiles: [(tile: TileRectangle, rows: [UInt32])]) {
    var (x0, x1, y0, y1) = (Int.max, Int.min, Int.max, Int.min)
    for (tile, _) in tiles {
      (x0, x1) = (min(x0, tile.x), max(x1, tile.x + TileGrid.side))
      (y0, y1) = (min(y0, tile.y), max(y1, tile.y + tile.height))
    }
    x0 &= ~63
    let stride = (x1 - x0 + 63) / 64
    var mask = BitMask(
      x: x0, y: y0, stride: stride, rows: y1 - y0, words: Array(repeating: 0, count: stride * (y1 - y0)))
    var pixels = 0
    for (tile, rows) in tiles {
      for (y, bits) in rows.enumerated() where bits != 0 {
        // Tiles are 32 wide: one lies in one half of a word.
        mask.words[(tile.y + y - y0) * stride + (tile.x - x0) / 64] |= UInt64(bits) << UInt64((tile.x - x0) % 64)
        pixels += bits.nonzeroBitCount
      }
    }
    self.init(pixels: pixels, mask: mask)
  }
}

/// A rectangle of bits, one a pixel; outside it all are 0.
public struct BitMask: Hashable, Sendable {
  /// Pixel of the first bit; `x` is a multiple of 64.
  public var x: Int
  public var y: Int
  /// Words a row; bit k of word w is pixel `x + 64 w + k`.
  public var stride: Int
  public var rows: Int
  public var words: [UInt64]

  public init(x: Int, y: Int, stride: Int, rows: Int, words: [UInt64]) {
    precondition(words.count == stride * rows)
    (self.x, self.y, self.stride, self.rows, self.words) = (x, y, stride, rows, words)
  }

  public func contains(_ px: Int, _ py: Int) -> Bool {
    guard py >= y, py < y + rows, px >= x, px < x + 64 * stride else { return false }
    return words[(py - y) * stride + (px - x) / 64] >> UInt64((px - x) % 64) & 1 == 1
  }

  /// First column and row, then one more than the last; nil where no bit is set.
  public var bounds: SIMD4<Int>? {
    words.withUnsafeBufferPointer { BitMask.bounds($0, x: x, y: y, stride: stride, rows: rows) }
  }

  static func bounds(
    _ words: UnsafeBufferPointer<UInt64>, x: Int, y: Int, stride: Int, rows: Int
  ) -> SIMD4<Int>? {
    var columns = [UInt64](repeating: 0, count: stride)
    var (first, last) = (rows, -1)
    for row in 0..<rows {
      var any: UInt64 = 0
      for w in 0..<stride {
        columns[w] |= words[row * stride + w]
        any |= words[row * stride + w]
      }
      if any != 0 { (first, last) = (min(first, row), row) }
    }
    guard last >= 0, let left = columns.firstIndex(where: { $0 != 0 }),
      let right = columns.lastIndex(where: { $0 != 0 })
    else { return nil }
    return SIMD4(
      x + 64 * left + columns[left].trailingZeroBitCount, y + first,
      x + 64 * right + 64 - columns[right].leadingZeroBitCount, y + last + 1)
  }
}

/// What a rasterizer keeps for instances that are drawn alone.
struct LoneInstance: ~Copyable {
  private var geometry = GeometryStage()
  private var surfaces = SurfaceTables()
  private var raster = CentreRaster()
  /// Words of the bands that a tall picture is cut into: a megabyte.
  private static let band = 1 << 17

  /// The pixels of an instance on an image plane without end.
  mutating func unbounded(_ instance: Instance, of frame: Frame) -> AmodalRegion.Unbounded {
    var own = frame
    own.instances = [instance]
    geometry.run(own.instances, View(own, isUnbounded: true))
    guard geometry.primitiveCount > 0 else { return AmodalRegion.Unbounded(pixels: 0, isEndless: false, bounds: nil) }
    for i in 0..<instance.mesh.vertices.count where geometry.screen.base[i].mustClip {
      return AmodalRegion.Unbounded(pixels: nil, isEndless: true, bounds: nil)
    }
    surfaces.fill(own, geometry.placed)
    let test = surfaces.coverageTest(own, geometry)
    let primitives = UnsafeBufferPointer(
      start: UnsafePointer(geometry.primitives.base), count: geometry.primitiveCount)
    let all = CentreRaster.bounds(primitives)
    guard !all.isEmpty else { return AmodalRegion.Unbounded(pixels: 0, isEndless: false, bounds: nil) }
    let rows = max(LoneInstance.band / ((all.x1 - all.x0) / 64 + 2), 1)
    var pixels = 0
    var bounds: SIMD4<Int>?
    for y in stride(from: all.y0, through: all.y1, by: rows) {
      let band = CentreRaster.Bounds(x0: all.x0, x1: all.x1, y0: y, y1: min(y + rows - 1, all.y1))
      guard let window = raster.draw(primitives, test: test, in: band) else { continue }
      pixels += window.count
      let words = UnsafeBufferPointer(start: UnsafePointer(window.words), count: window.stride * window.rows)
      guard let b = BitMask.bounds(words, x: window.x, y: window.y, stride: window.stride, rows: window.rows) else {
        continue
      }
      let old = bounds ?? b
      bounds = SIMD4(min(old.x, b.x), min(old.y, b.y), max(old.z, b.z), max(old.w, b.w))
    }
    return AmodalRegion.Unbounded(pixels: pixels, isEndless: false, bounds: bounds)
  }
}

extension Frame {
  /// Whether all of an instance's picture lies inside the image for sure: the corners of its box do, which enclose it.
  func holds(_ instance: Instance) -> Bool {
    let toCamera = camera.worldToCamera * instance.objectToWorld
    for corner in instance.mesh.corners(under: toCamera) {
      guard let p = camera.project(corner), p.x > 1, p.y > 1, p.x < Double(width - 1), p.y < Double(height - 1) else {
        return false
      }
    }
    return true
  }
}

extension CentreWindow {
  var mask: BitMask {
    BitMask(
      x: x, y: y, stride: stride, rows: rows, words: Array(UnsafeBufferPointer(start: words, count: stride * rows)))
  }
}
