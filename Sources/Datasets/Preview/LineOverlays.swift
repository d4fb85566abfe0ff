// Keypoints, and lines of the picture as a whole, drawn into a tile of a sheet.

import Annotators
import Geometry
import Stage

/// Where a picture lies on a sheet; a pixel of it is `scale` wide.
struct PreviewTile {
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  var scale: Double

  private func place(_ p: Vector2) -> Vector2 { Vector2(Double(x), Double(y)) + p * scale }

  private func line(_ a: Vector2, _ b: Vector2, on canvas: inout Canvas, _ color: Canvas.Color, dash: Double = 0) {
    canvas.line(place(a), place(b), inX: x..<x + width, inY: y..<y + height, color, dash: dash)
  }

  /// A disc, or a ring where `isHollow`; cut to the tile.
  private func dot(_ p: Vector2, radius: Double, isHollow: Bool, on canvas: inout Canvas, _ color: Canvas.Color) {
    let c = place(p)
    let reach = Int(radius) + 2
    guard abs(c.x) < 1e6, abs(c.y) < 1e6 else { return }
    for j in Int(c.y) - reach...Int(c.y) + reach where j >= y && j < y + height {
      for i in Int(c.x) - reach...Int(c.x) + reach where i >= x && i < x + width {
        let d = Vector2(Double(i) + 0.5, Double(j) + 0.5) - c
        let off = (d.x * d.x + d.y * d.y).squareRoot()
        // A dark rim keeps it visible on any ground.
        canvas.blend(i, j, Canvas.Color(0, 0, 0), Float(radius + 1.2 - off))
        canvas.blend(i, j, color, Float(isHollow ? 0.9 - abs(off - radius + 0.6) : radius + 0.3 - off))
      }
    }
  }

  /// Bones between those that the picture has a place for, dashed where either end is hidden; then the points.
  func draw(keypointsOf instance: InstanceRecord, _ category: Stage.Category?, on canvas: inout Canvas) {
    guard let points = instance.values.keypoints, let category, points.count == category.keypoints.count else { return }
    let color = instanceColor(instance.id)
    for bone in category.skeleton {
      let (a, b) = (points[bone.x], points[bone.y])
      guard let p = a.image, let q = b.image, a.visibility != .absent || b.visibility != .absent else { continue }
      line(p, q, on: &canvas, color, dash: a.visibility == .visible && b.visibility == .visible ? 0 : 3)
    }
    for (k, point) in points.enumerated() where point.visibility != .absent {
      guard let p = point.image else { continue }
      dot(p, radius: 3, isHollow: point.visibility == .hidden, on: &canvas, instanceColor(UInt32(k + 1)))
    }
  }

  func draw(_ lines: LineValues, _ overlay: PreviewOverlay, on canvas: inout Canvas) {
    switch overlay {
    case .polylines:
      for (i, polyline) in (lines.polylines ?? []).enumerated() {
        for piece in polyline.pieces {
          for (a, b) in zip(piece.image, piece.image.dropFirst()) {
            line(a, b, on: &canvas, instanceColor(UInt32(i + 1)), dash: piece.isVisible ? 0 : 3)
          }
        }
      }
    case .horizon:
      for piece in lines.horizon?.pieces ?? [] {
        for (a, b) in zip(piece, piece.dropFirst()) { line(a, b, on: &canvas, Canvas.Color(255, 64, 64)) }
      }
    case .vanishingPoints:
      let colors = [Canvas.Color(255, 70, 70), Canvas.Color(80, 220, 80), Canvas.Color(90, 140, 255)]
      let middle = Vector2(Double(width) / 2, Double(height) / 2) / scale
      for (i, point) in (lines.vanishingPoints ?? []).enumerated() {
        for (place, isHollow) in [(point.image, false), (point.opposite, true)] {
          guard let place else { continue }
          line(middle, place, on: &canvas, colors[i % 3], dash: isHollow ? 3 : 0)
          dot(place, radius: 4, isHollow: isHollow, on: &canvas, colors[i % 3])
        }
      }
    default: break
    }
  }
}
