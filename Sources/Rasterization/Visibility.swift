import Imaging
import Stage

/// How much of an instance a frame shows, in pixels whose centre it covers.
public struct PixelCounts: Hashable, Sendable {
  /// Pixels where it is the nearest surface.
  public var visible: Int
  /// Pixels inside the image that it would own with everything else taken away.
  public var amodal: Int

  public init(visible: Int, amodal: Int) {
    self.visible = visible
    self.amodal = amodal
  }
}

extension Rasterizer {
  /// Counts what each instance of the frame shows, in the order of `frame.instances`: rasterization without shading. The
  /// counts are those of the labels that `render` gives, to the pixel.
  public func visibility(of frame: Frame) -> [PixelCounts] {
    let (gbuffer, amodal) = rasterize(frame)
    var counts = amodal.map { PixelCounts(visible: 0, amodal: $0) }
    for index in gbuffer.instanceIndex.values where index != GBuffer.nothing { counts[Int(index)].visible += 1 }
    return counts
  }
}

/// Counts the pixels whose centre any of an instance's primitives covers, by the same exact edge functions and fill rule
/// as the picture: for each row of a primitive the first and last covered centre follow by integer division.
struct CentreCounter: ~Copyable {
  private var words = Scratch<UInt64>()

  /// `primitives` are those of one instance; `test` is for those of them whose samples are tested.
  mutating func count(
    _ primitives: UnsafeBufferPointer<Primitive>, test: CoverageTest?, width: Int, height: Int
  ) -> Int {
    var (x0, x1, y0, y1) = (Int.max, Int.min, Int.max, Int.min)
    for p in primitives {
      let b = p.pixelBounds
      (x0, x1) = (min(x0, Int(b.firstX)), max(x1, Int(b.lastX)))
      (y0, y1) = (min(y0, Int(b.firstY)), max(y1, Int(b.lastY)))
    }
    (x0, x1) = (max(x0, 0) & ~63, min(x1, width - 1))
    (y0, y1) = (max(y0, 0), min(y1, height - 1))
    guard x0 <= x1, y0 <= y1 else { return 0 }
    let stride = (x1 - x0) / 64 + 1
    words.reserve(stride * (y1 - y0 + 1))
    words.base.update(repeating: 0, count: stride * (y1 - y0 + 1))
    for p in primitives {
      let edges = p.edges
      let b = p.pixelBounds
      let (firstX, lastX) = (max(Int64(b.firstX), Int64(x0)), min(Int64(b.lastX), Int64(x1)))
      let (firstY, lastY) = (max(Int(b.firstY), y0), min(Int(b.lastY), y1))
      guard firstY <= lastY else { continue }
      for y in firstY...lastY {
        var span = (firstX, lastX)
        CentreCounter.cut(&span, edges.0, y)
        CentreCounter.cut(&span, edges.1, y)
        CentreCounter.cut(&span, edges.2, y)
        guard span.0 <= span.1 else { continue }
        let row = words.base + (y - y0) * stride
        if p.isTested, let test {
          let triangle = test.triangle(p)
          for x in Int(span.0)...Int(span.1) where test.covered(triangle, x, y, wanted: 1) != 0 {
            mark(row, x - x0, x - x0)
          }
        } else {
          mark(row, Int(span.0) - x0, Int(span.1) - x0)
        }
      }
    }
    var total = 0
    for i in 0..<stride * (y1 - y0 + 1) { total += words.base[i].nonzeroBitCount }
    return total
  }

  /// Cuts a span of pixels to those whose centre in row `y` the edge lets in.
  @inline(__always)
  private static func cut(_ span: inout (Int64, Int64), _ e: Edge, _ y: Int) {
    // a (256 x + 128) + rest >= 0
    let a = Int64(e.a)
    let rest = Int64(e.b) &* (Int64(y) &* 256 &+ 128) &+ e.c &+ a &* 128
    if a > 0 {
      span.0 = max(span.0, -floorDivision(rest, a &* 256))
    } else if a < 0 {
      span.1 = min(span.1, floorDivision(rest, a &* -256))
    } else if rest < 0 {
      span.1 = span.0 - 1
    }
  }

  /// The largest whole number not above n / d, for d > 0.
  @inline(__always)
  private static func floorDivision(_ n: Int64, _ d: Int64) -> Int64 {
    let q = n / d
    return n % d < 0 ? q - 1 : q
  }

  @inline(__always)
  private func mark(_ row: UnsafeMutablePointer<UInt64>, _ from: Int, _ to: Int) {
    let (first, last) = (from / 64, to / 64)
    let head = UInt64.max << UInt64(from % 64)
    let tail = UInt64.max >> UInt64(63 - to % 64)
    if first == last {
      row[first] |= head & tail
      return
    }
    row[first] |= head
    for w in first + 1..<last { row[w] = .max }
    row[last] |= tail
  }
}
