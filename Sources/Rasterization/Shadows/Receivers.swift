import Geometry
import Stage

/// World points whose hull holds all that is seen: for each tile the corners of its part of the view between its nearest
/// and farthest depth.
struct Receivers {
  private(set) var points: [Vector3] = []
  private var starts: [Int] = [0]

  init() {}

  mutating func add(_ point: Vector3) { points.append(point) }

  /// What was added since the last call is of the next tile.
  mutating func endTile() { starts.append(points.count) }

  init(_ drawn: [DrawnTile], _ grid: TileGrid, _ view: View) {
    let camera = view.camera
    let toWorld = view.camera.worldToCamera.inverse ?? .identity
    for (t, tile) in drawn.enumerated() {
      if let range = tile.range {
        for (x, y) in grid.rectangle(t).corners {
          if view.isParallel {
            let (px, py) = ((Double(x) - camera.cx) / camera.fx, (Double(y) - camera.cy) / camera.fy)
            points.append(toWorld * Vector3(px, py, view.depth(nearness: Double(range.upperBound))))
            points.append(toWorld * Vector3(px, py, view.depth(nearness: Double(range.lowerBound))))
            continue
          }
          let ray = Vector3((Double(x) - camera.cx) / camera.fx, (Double(y) - camera.cy) / camera.fy, 1)
          points.append(toWorld * (ray / Double(range.upperBound)))
          points.append(toWorld * (ray / Double(range.lowerBound)))
        }
      }
      starts.append(points.count)
    }
  }

  func of(_ tile: Int) -> ArraySlice<Vector3> { points[starts[tile]..<starts[tile + 1]] }
}
