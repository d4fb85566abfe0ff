import Annotators
import Geometry
import Stage

extension FrameVerifier {
  /// Keypoints, lines, the horizon and vanishing points against the record's own camera.
  mutating func verifyPoints() {
    for instance in record.instances { verifyKeypoints(instance) }
    verifyLines()
  }

  /// Whether two places of the picture are the same to a millionth of their size.
  private func agree(_ a: Vector2?, _ b: Vector2?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    let slack = 1e-6 * max(1, max(abs(b.x), abs(b.y)))
    return abs(a.x - b.x) <= slack && abs(a.y - b.y) <= slack
  }

  private mutating func verifyKeypoints(_ instance: InstanceRecord) {
    let camera = record.camera
    let names = header.categories.first { $0.id == instance.category }?.keypoints ?? []
    guard let points = instance.values.keypoints else {
      if !names.isEmpty, header.annotations.contains(where: { $0.name == "keypoints" }) {
        note("no keypoints, which its category has", instance.id)
      }
      return
    }
    if points.map(\.name) != names { note("other keypoints than those of its category", instance.id) }
    for k in points {
      guard let world = k.world, let own = k.camera else {
        if k.world != nil || k.camera != nil || k.image != nil || k.visibility != .absent {
          note("keypoint \"\(k.name)\" is declared or not", instance.id)
        }
        continue
      }
      let p = camera.worldToCamera * world
      if !((p - own).length <= 1e-9 * max(1, p.length)) {
        note("keypoint \"\(k.name)\" is at other places in the world and before the camera", instance.id)
      }
      let place = camera.project(own)
      if !agree(k.image, place) {
        note("keypoint \"\(k.name)\" is at \(text(place)), not \(text(k.image))", instance.id)
      }
      let isInside = place.map { $0.x >= 0 && $0.y >= 0 && $0.x < Double(record.width) && $0.y < Double(record.height) }
      if (k.visibility != .absent) != (isInside ?? false) {
        note("keypoint \"\(k.name)\" is inside the image or not", instance.id)
      }
    }
  }

  private func text(_ p: Vector2?) -> String { p.map { "\($0.x), \($0.y)" } ?? "no place" }

  private mutating func verifyLines() {
    let (camera, size) = (record.camera, Vector2(Double(record.width), Double(record.height)))
    func isInside(_ p: Vector2) -> Bool {
      p.x >= -1e-6 && p.y >= -1e-6 && p.x <= size.x + 1e-6 && p.y <= size.y + 1e-6
    }
    for line in record.lines.polylines ?? [] {
      let places = line.pieces.flatMap { zip($0.image, $0.camera) }
      if let wrong = places.first(where: { !agree($0.0, camera.project($0.1)) }) {
        note("polyline \"\(line.name)\": a point is at \(text(camera.project(wrong.1))), not \(text(wrong.0))")
      }
      if places.contains(where: { !isInside($0.0) }) { note("polyline \"\(line.name)\" leaves the image") }
    }
    if let horizon = record.lines.horizon {
      let again = HorizonRecord(camera, width: record.width, height: record.height, tolerance: 1)
      switch (horizon.line, again.line) {
      case (nil, nil): break
      case (let a?, let b?) where (a - b).length <= 1e-6 * max(1, b.length): break
      default: note("the horizon's line is not that of the camera")
      }
      // A curve that only touches the image may do so within one tolerance and not within another.
      if !camera.isBent, horizon.pieces.isEmpty != again.pieces.isEmpty {
        note("the horizon is inside the image or not")
      }
      // A point of the horizon looks along the ground.
      for p in horizon.pieces.joined() {
        guard let d = camera.unproject(p), abs(dot(camera.rotation.column2, d)) < 1e-5, isInside(p) else {
          note("a point of the horizon, \(text(p)), is not on it")
          break
        }
      }
    }
    for point in record.lines.vanishingPoints ?? [] {
      let again = VanishingPoint(name: point.name, direction: point.direction, camera)
      if !agree(point.image, again.image) || !agree(point.opposite, again.opposite) {
        note("vanishing point \"\(point.name)\" is not that of the camera")
      }
    }
  }
}
