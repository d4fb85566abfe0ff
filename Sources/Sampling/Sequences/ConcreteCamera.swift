import Documents
import Geometry
import Stage

extension Node {
  /// A camera's document where it stands at a moment: its place on its path and what its velocities make of it since the
  /// sequence's beginning, as `R` and `t`. Itself where it does not move.
  func cameraPlaced(at moment: Moment, hasTime: Bool) throws(DocumentError) -> Node {
    let motion = hasTime && moment.seconds != 0 ? try statedMotion() : Motion()
    let path = self["path"].flatMap { $0.isNull ? nil : $0 }
    guard path != nil || !motion.isNone else { return self }
    var (r, t) = try CameraSpec.decode(self).pose(self)
    var position = -(r.transpose * t)
    if let path {
      let way: AffineTransform
      do { way = try PathSpec.decode(path).transform(at: moment, hasTime: hasTime) } catch {
        throw error.inside("path")
      }
      r = r * way.linear.transpose
      position = way * position
    }
    if !motion.isNone {
      position += motion.velocity * moment.seconds
      r = r * motion.turn(moment.seconds).transpose
    }
    t = -(r * position)
    guard case .mapping(var members) = content else { return self }
    let stands = [
      "eye", "target", "up", "roll", "distance", "azimuth", "elevation", "R", "t", "camera_to_world", "path",
    ]
    members.removeAll { stands.contains($0.key) }
    let rows = [r.row0, r.row1, r.row2].map { Node(.reals([$0.x, $0.y, $0.z])) }
    members.insert(.init(key: "t", keyMark: mark, value: Node(.reals([t.x, t.y, t.z]))), at: 0)
    members.insert(.init(key: "R", keyMark: mark, value: Node(.sequence(rows))), at: 0)
    return Node(.mapping(members), mark: mark)
  }
}
