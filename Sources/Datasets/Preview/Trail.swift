import Annotators
import Geometry
import Stage

/// The way of a tracked point in the picture, up to the frame that is shown.
struct Trail: Sendable {
  var instance: UInt32
  /// The last is the frame's own.
  var places: [Vector2]
  var isVisible: Bool

  /// The ways of all points of a frame, from as many of the frames before as belong to its sequence and camera.
  static func all(_ record: FrameRecord, _ passed: [FrameRecord]) -> [Trail] {
    let before = passed.filter {
      $0.sequence != nil && $0.sequence?.sequence == record.sequence?.sequence && $0.camera.view == record.camera.view
    }
    var trails: [Trail] = []
    for instance in record.instances {
      let old = before.compactMap { r in r.instances.first { $0.id == instance.id }?.values.tracks }
      for (k, point) in (instance.values.tracks ?? []).enumerated() {
        guard let place = point.place else { continue }
        let way = old.compactMap { k < $0.count ? $0[k].place : nil }
        trails.append(Trail(instance: instance.id, places: way + [place], isVisible: point.isVisible))
      }
    }
    return trails
  }

  /// Draws the way as a line and its end as a dot, hollow where the point is not seen, into the tile at (x, y).
  func draw(on canvas: inout Canvas, x: Int, y: Int, width: Int, height: Int, scale: Double) {
    let (xs, ys) = (x..<x + width, y..<y + height)
    let color = instanceColor(instance)
    func place(_ p: Vector2) -> Vector2 { Vector2(Double(x), Double(y)) + p * scale }
    for (a, b) in zip(places, places.dropFirst()) { canvas.line(place(a), place(b), inX: xs, inY: ys, color) }
    guard let end = places.last.map(place), end.x >= Double(x), end.y >= Double(y), end.x < Double(x + width),
      end.y < Double(y + height)
    else { return }
    let (i, j) = (Int(end.x), Int(end.y))
    for dy in -1...1 {
      for dx in -1...1 where isVisible || abs(dx) + abs(dy) == 1 {
        if xs.contains(i + dx), ys.contains(j + dy) { canvas.blend(i + dx, j + dy, color, 1) }
      }
    }
  }
}
