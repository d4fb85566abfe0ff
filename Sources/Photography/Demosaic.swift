import CLanes
import Imaging
import LaneMath

/// Makes three colours of every pixel of a mosaic. Eight pixels at a time, all four cases are computed, and each pixel
/// takes its own.
///
/// Each row is handed on as soon as it is made, while it is in the cache: by the address of its first red sample, and the
/// way from one colour's plane to the next.
enum Demosaic {
  typealias Row = (UnsafeMutablePointer<Float>, Int) -> Void

  /// The nearest of each colour, averaged.
  static func bilinear(_ raw: RawPlane, into out: inout LinearImage, then next: Row = { _, _ in }) {
    each(raw, into: &out, then: next) { p, line in
      let centre = load(p)
      let sides = load(p - 1) + load(p + 1)
      let ends = load(p - line) + load(p + line)
      let corners = load(p - line - 1) + load(p - line + 1) + load(p + line - 1) + load(p + line + 1)
      return Cases(
        centre: centre, cross: (sides + ends) * 0.25, acrossRow: sides * 0.5, alongColumn: ends * 0.5,
        diagonal: corners * 0.25)
    }
  }

  /// The 5 x 5 filters of Malvar, He & Cutler, "High-quality linear interpolation for demosaicing of Bayer-patterned color
  /// images" (ICASSP 2004), figure 2, in eighths.
  static func malvar(_ raw: RawPlane, into out: inout LinearImage, then next: Row = { _, _ in }) {
    each(raw, into: &out, then: next) { p, line in
      let centre = load(p)
      let sides = load(p - 1) + load(p + 1)
      let ends = load(p - line) + load(p + line)
      let corners = load(p - line - 1) + load(p - line + 1) + load(p + line - 1) + load(p + line + 1)
      let farSides = load(p - 2) + load(p + 2)
      let farEnds = load(p - 2 * line) + load(p + 2 * line)
      let cross = (centre * 4 + (sides + ends) * 2 - (farSides + farEnds)) * 0.125
      let row = (centre * 5 + sides * 4 - corners - farSides + farEnds * 0.5) * 0.125
      let column = (centre * 5 + ends * 4 - corners - farEnds + farSides * 0.5) * 0.125
      let diagonal = (centre * 6 + corners * 2 - (farSides + farEnds) * 1.5) * 0.125
      return Cases(
        centre: centre, cross: maximum(cross, lanes(0)), acrossRow: maximum(row, lanes(0)),
        alongColumn: maximum(column, lanes(0)), diagonal: maximum(diagonal, lanes(0)))
    }
  }

  /// The colours that a pixel may be missing: green at red or blue; the colour of its row, and that of its column, at
  /// green; red at blue or blue at red.
  struct Cases {
    var centre: Lanes
    var cross: Lanes
    var acrossRow: Lanes
    var alongColumn: Lanes
    var diagonal: Lanes
  }

  @inline(__always)
  private static func each(
    _ raw: RawPlane, into out: inout LinearImage, then next: Row, _ body: (UnsafePointer<Float>, Int) -> Cases
  ) {
    let (stride, plane) = (out.stride, out.planeSize)
    let isRedColumn = RawPlane.columns(raw.redColumn)
    out.write { to in
      raw.read { row, line in
        for y in 0..<raw.height {
          let from = row(y)
          let isRedRow = y & 1 == raw.redRow
          for x in Swift.stride(from: 0, to: raw.width, by: 8) {
            let c = body(from + x, line)
            let k = to + (y * stride + x)
            if isRedRow {
              store(select(isRedColumn, c.centre, c.acrossRow), k)
              store(select(isRedColumn, c.cross, c.centre), k + plane)
              store(select(isRedColumn, c.diagonal, c.alongColumn), k + 2 * plane)
            } else {
              store(select(isRedColumn, c.alongColumn, c.diagonal), k)
              store(select(isRedColumn, c.centre, c.cross), k + plane)
              store(select(isRedColumn, c.acrossRow, c.centre), k + 2 * plane)
            }
          }
          next(to + y * stride, plane)
        }
      }
    }
  }
}
