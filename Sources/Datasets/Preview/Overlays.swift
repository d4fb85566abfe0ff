import Annotators
import Geometry
import Imaging

/// What a sheet draws over a picture.
public enum PreviewOverlay: String, CaseIterable, Sendable {
  /// Tinted masks, boxes and class names.
  case labels
  /// Wireframes of boxes in space.
  case boxes3D = "boxes_3d"
  case orientedBoxes = "oriented_boxes"
  /// Boxes of all that an object would own alone, dashed, around those of what is seen.
  case amodalBoxes = "amodal_boxes"
  /// Points on surfaces: filled where they are seen, with the ways that they came.
  case tracks
}

extension Canvas {
  /// The part of a line that lies in a rectangle, a pixel wide; `dash` is the length of strokes and gaps, 0 for none.
  mutating func line(
    _ a: Vector2, _ b: Vector2, inX xs: Range<Int>, inY ys: Range<Int>, _ color: Color, dash: Double = 0
  ) {
    // Liang & Barsky (1984): the part of the line between the sides.
    var (from, to) = (0.0, 1.0)
    let d = b - a
    for (step, low, high, start) in [
      (d.x, Double(xs.lowerBound), Double(xs.upperBound) - 1, a.x),
      (d.y, Double(ys.lowerBound), Double(ys.upperBound) - 1, a.y),
    ] {
      if step == 0 {
        if start < low || start > high { return }
        continue
      }
      let (t0, t1) = ((low - start) / step, (high - start) / step)
      (from, to) = (max(from, min(t0, t1)), min(to, max(t0, t1)))
    }
    guard from <= to else { return }
    let (p, q) = (a + d * from, a + d * to)
    let length = max(abs(q.x - p.x), abs(q.y - p.y))
    let n = Int(length) + 1
    for i in 0...n {
      if dash > 0, Int(Double(i) / dash) % 2 == 1 { continue }
      let r = p + (q - p) * (Double(i) / Double(n))
      blend(Int(r.x), Int(r.y), color, 1)
    }
  }
}

extension InstanceRecord {
  /// Draws its boxes into the tile at (x, y), in which a pixel of the picture is `scale` wide.
  func draw(
    _ overlay: PreviewOverlay, on canvas: inout Canvas, x: Int, y: Int, width: Int, height: Int, scale: Double
  ) {
    let (xs, ys) = (x..<x + width, y..<y + height)
    let color = instanceColor(id)
    func place(_ p: Vector2) -> Vector2 { Vector2(Double(x), Double(y)) + p * scale }
    func outline(_ corners: [Vector2], dash: Double = 0) {
      for i in corners.indices {
        canvas.line(place(corners[i]), place(corners[(i + 1) % 4]), inX: xs, inY: ys, color, dash: dash)
      }
    }
    func corners(_ b: PixelBox) -> [Vector2] {
      let (x0, y0, x1, y1) = (Double(b.x), Double(b.y), Double(b.x + b.width), Double(b.y + b.height))
      return [Vector2(x0, y0), Vector2(x1, y0), Vector2(x1, y1), Vector2(x0, y1)]
    }
    switch overlay {
    case .labels, .tracks: break
    case .boxes3D:
      guard visiblePixels > 0, let c = values.box3D?.corners, c.count == 8 else { return }
      for k in 0..<8 {
        for bit in [1, 2, 4] where k & bit == 0 {
          if let a = c[k], let b = c[k | bit] { canvas.line(place(a), place(b), inX: xs, inY: ys, color) }
        }
      }
    case .orientedBoxes:
      guard let b = values.orientedBox ?? nil else { return }
      let (s, c) = StableMath.sincos(b.angle)
      let (u, v) = (Vector2(c, s) * (b.size.x / 2), Vector2(-s, c) * (b.size.y / 2))
      outline([b.center - u - v, b.center + u - v, b.center + u + v, b.center - u + v])
    case .amodalBoxes:
      if let b = (values.fullBox ?? nil) ?? (values.amodalBox ?? nil) { outline(corners(b), dash: 4) }
      if let b = box { outline(corners(b)) }
    }
  }
}
