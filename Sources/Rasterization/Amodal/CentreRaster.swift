// The pixels whose centre any of an instance's primitives covers, as bits: by the same exact edge functions and fill rule as
// the picture. Of small primitives eight centres are looked at at once; of others, for each row, the first and the last
// covered centre follow by division.
//
// Divisions are of doubles. An edge function's numerator fits 53 bits and its divisor 34 (see `FixedPoint`), so both are
// exact. A quotient that is no whole number is at least 2^-34 away from one; within the 2^17 pixels of the guard band
// doubles are closer together than that, so rounding never carries a quotient over a whole number, and its floor is that
// of the true one. A quotient beyond the guard band may be off, and is cut to it.

import CLanes
import LaneMath

/// Rows of bits, one a pixel; a row's first bit is that of pixel `x`, a multiple of 64.
struct CentreWindow {
  var x: Int
  var y: Int
  /// Words a row.
  var stride: Int
  var rows: Int
  var words: UnsafeMutablePointer<UInt64>

  /// Number of pixels set.
  var count: Int {
    var total = 0
    for i in 0..<stride * rows { total += words[i].nonzeroBitCount }
    return total
  }
}

struct CentreRaster: ~Copyable {
  private var words = Scratch<UInt64>()

  /// Columns and rows of pixels, both ends included.
  struct Bounds {
    var x0: Int
    var x1: Int
    var y0: Int
    var y1: Int

    var isEmpty: Bool { x1 < x0 || y1 < y0 }
  }

  /// The pixels that primitives may cover.
  static func bounds(_ primitives: UnsafeBufferPointer<Primitive>) -> Bounds {
    var (x0, x1, y0, y1) = (Int32.max, Int32.min, Int32.max, Int32.min)
    for p in primitives {
      let b = p.pixelBounds
      (x0, x1) = (min(x0, b.firstX), max(x1, b.lastX))
      (y0, y1) = (min(y0, b.firstY), max(y1, b.lastY))
    }
    return Bounds(x0: Int(x0), x1: Int(x1), y0: Int(y0), y1: Int(y1))
  }

  /// Draws the primitives of one instance, as far as they lie in `bounds`. The window is good until the next call.
  ///
  /// - Parameter test: for those primitives whose samples are tested.
  mutating func draw(
    _ primitives: UnsafeBufferPointer<Primitive>, test: CoverageTest?, in bounds: Bounds
  ) -> CentreWindow? {
    guard !bounds.isEmpty else { return nil }
    let x0 = bounds.x0 & ~63
    let stride = (bounds.x1 - x0) / 64 + 1
    let rows = bounds.y1 - bounds.y0 + 1
    words.reserve(stride * rows)
    words.base.update(repeating: 0, count: stride * rows)
    for k in 0..<primitives.count {
      let p = primitives[k]
      let b = p.pixelBounds
      let (firstX, lastX) = (max(Int(b.firstX), bounds.x0), min(Int(b.lastX), bounds.x1))
      let (firstY, lastY) = (max(Int(b.firstY), bounds.y0), min(Int(b.lastY), bounds.y1))
      guard firstY <= lastY, firstX <= lastX else { continue }
      if p.isTested, let test {
        drawTested(p, test, firstX, lastX, firstY, lastY, x0, bounds.y0, stride)
        continue
      }
      var row = words.base + (firstY - bounds.y0) * stride
      if lastX - firstX < 8, p.isSmall {
        drawSmall(p, firstX, lastX, firstY, lastY, row, x0, stride)
        continue
      }
      let edges = p.edges
      var (e0, e1, e2) = (Line(edges.0, firstY), Line(edges.1, firstY), Line(edges.2, firstY))
      for _ in firstY...lastY {
        var span = (firstX, lastX)
        e0.cut(&span)
        e1.cut(&span)
        e2.cut(&span)
        if span.0 <= span.1 { CentreRaster.mark(row, span.0 - x0, span.1 - x0) }
        e0.step()
        e1.step()
        e2.step()
        row += stride
      }
    }
    return CentreWindow(x: x0, y: bounds.y0, stride: stride, rows: rows, words: words.base)
  }

  /// At most eight columns.
  @inline(__always)
  private func drawSmall(
    _ p: Primitive, _ firstX: Int, _ lastX: Int, _ firstY: Int, _ lastY: Int, _ row: UnsafeMutablePointer<UInt64>,
    _ x0: Int, _ stride: Int
  ) {
    let sides = SmallEdges(
      p, Int32(truncatingIfNeeded: firstX) &* FixedPoint.one &+ FixedPoint.half,
      Int32(truncatingIfNeeded: firstY) &* FixedPoint.one &+ FixedPoint.half)
    let ramp = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
    var e0 = lanes_spread0(sides.centre) &+ lanes_spread0(sides.right) &* ramp
    var e1 = lanes_spread1(sides.centre) &+ lanes_spread1(sides.right) &* ramp
    var e2 = lanes_spread2(sides.centre) &+ lanes_spread2(sides.right) &* ramp
    let (down0, down1, down2) = (lanes_spread0(sides.down), lanes_spread1(sides.down), lanes_spread2(sides.down))
    let columns = UInt32(0xff) &>> UInt32(truncatingIfNeeded: 7 &- (lastX &- firstX))
    let shift = UInt64(truncatingIfNeeded: (firstX &- x0) & 63)
    var word = row + (firstX &- x0) &>> 6
    for _ in firstY...lastY {
      let inside = UInt64(truncatingIfNeeded: ~lanes_sign_bits(e0 | e1 | e2) & columns)
      word[0] |= inside &<< shift
      // What does not fit: at least one column does.
      let rest = (inside &>> (63 &- shift)) &>> 1
      if rest != 0 { word[1] |= rest }
      e0 &+= down0
      e1 &+= down1
      e2 &+= down2
      word += stride
    }
  }

  @inline(never)
  private func drawTested(
    _ p: Primitive, _ test: CoverageTest, _ firstX: Int, _ lastX: Int, _ firstY: Int, _ lastY: Int, _ x0: Int,
    _ y0: Int, _ stride: Int
  ) {
    let edges = p.edges
    var (e0, e1, e2) = (Line(edges.0, firstY), Line(edges.1, firstY), Line(edges.2, firstY))
    let triangle = test.triangle(p)
    for y in firstY...lastY {
      var span = (firstX, lastX)
      e0.cut(&span)
      e1.cut(&span)
      e2.cut(&span)
      if span.0 <= span.1 {
        for x in span.0...span.1 where test.covered(triangle, x, y, wanted: 1) != 0 {
          CentreRaster.mark(words.base + (y - y0) * stride, x - x0, x - x0)
        }
      }
      e0.step()
      e1.step()
      e2.step()
    }
  }

  /// An edge along the centres of one row: `a (256 x + 128) + b (256 y + 128) + c >= 0` as `slope x + rest >= 0`.
  private struct Line {
    private var rest: Int64
    private let down: Int64
    private let slope: Int64
    private let divisor: Double

    @inline(__always) init(_ e: Edge, _ y: Int) {
      rest = Int64(e.b) &* (Int64(y) &* 256 &+ 128) &+ e.c &+ Int64(e.a) &* 128
      down = Int64(e.b) &* 256
      slope = Int64(e.a)
      divisor = Double(abs(Int64(e.a)) &* 256)
    }

    @inline(__always) mutating func step() { rest &+= down }

    /// Cuts a span of pixels to those whose centre the edge lets in.
    @inline(__always)
    func cut(_ span: inout (Int, Int)) {
      if slope == 0 {
        if rest < 0 { span.1 = span.0 - 1 }
        return
      }
      // Within the guard band, and so within what converts to a whole number.
      let quotient = min(max(Double(rest) / divisor, -131072), 131072)
      let cut = Int(quotient)
      let floor = Double(cut) > quotient ? cut - 1 : cut
      if slope > 0 { span.0 = max(span.0, -floor) } else { span.1 = min(span.1, floor) }
    }
  }

  @inline(__always)
  private static func mark(_ row: UnsafeMutablePointer<UInt64>, _ from: Int, _ to: Int) {
    let (first, last) = (from &>> 6, to &>> 6)
    let head = UInt64.max &<< UInt64(truncatingIfNeeded: from & 63)
    let tail = UInt64.max &>> UInt64(truncatingIfNeeded: 63 - to & 63)
    if first == last {
      row[first] |= head & tail
      return
    }
    row[first] |= head
    for w in first + 1..<last { row[w] = .max }
    row[last] |= tail
  }
}
