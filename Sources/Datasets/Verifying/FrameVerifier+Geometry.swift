import Annotators
import Geometry
import Imaging
import Stage

extension FrameVerifier {
  /// Boxes and poses in space against the record's own camera, and planes of places against each other.
  mutating func verifyGeometry() {
    let camera = record.camera
    for instance in record.instances {
      if let box = instance.values.box3D {
        if box.rotation.orthonormalityError > 1e-9 { note("a 3D box whose R is no rotation", instance.id) }
        for (k, (found, again)) in zip(box.corners, box.projected(by: camera)).enumerated() {
          guard let found, let again else {
            if (found == nil) != (again == nil) { note("corner \(k) of its 3D box is seen or not", instance.id) }
            continue
          }
          let size = max(1, abs(again.x), abs(again.y))
          if !(abs(found.x - again.x) <= 1e-6 * size && abs(found.y - again.y) <= 1e-6 * size) {
            note("corner \(k) of its 3D box is at \(again.x), \(again.y), not \(found.x), \(found.y)", instance.id)
          }
        }
      }
      if let pose = instance.values.pose {
        let own = camera.worldToCamera * instance.objectToWorld
        if pose.rotation.orthonormalityError > 1e-9 { note("a pose whose R is no rotation", instance.id) }
        if !((pose.translation - own.translation).length <= 1e-9 * max(1, own.translation.length)) {
          note("a pose whose t is not that of camera and object", instance.id)
        }
        // The first axis is that of the object whatever shears it.
        let x = pose.rotation.column0 * pose.scale.x
        if !((x - own.linear.column0).length <= 1e-9 * max(1, x.length)) {
          note("a pose whose R is not that of camera and object", instance.id)
        }
      }
    }
    verifyPlaces()
  }

  private mutating func verifyPlaces() {
    let camera = record.camera
    let (depth, distance) = (values("depth"), values("distance"))
    let (own, world) = (values("camera_position"), values("world_position"))
    let toWorld = camera.worldToCamera.inverse ?? .identity
    func step(_ name: String) -> Double {
      guard let d = description(name), d.file == .png else { return 0 }
      return d.scale
    }
    // The first pixel at which each pair differs, and how many do.
    var wrong: [String: (pixel: Int, count: Int)] = [:]
    func differ(_ what: String, _ k: Int) { wrong[what, default: (k, 0)].count += 1 }
    for k in 0..<record.width * record.height {
      if let own {
        let p = Vector3(own[3 * k], own[3 * k + 1], own[3 * k + 2])
        let slack = 1e-4 * p.length
        if let depth {
          let expected = camera.depthIsDistance ? p.length : p.z
          if abs(depth[k] - expected) > max(slack, step("depth")) { differ("depth and camera_position", k) }
        }
        if let distance, abs(distance[k] - p.length) > max(slack, step("distance")) {
          differ("distance and camera_position", k)
        }
        if let world, p != Vector3() {
          let q = Vector3(world[3 * k], world[3 * k + 1], world[3 * k + 2])
          let moved = toWorld * p
          if (moved - q).length > 1e-5 * max(1, moved.length, p.length) {
            differ("world_position and camera_position", k)
          }
        }
      }
      if let ids, let depth, ids[k] != 0, depth[k] <= 0 { differ("instance and depth", k) }
      if let depth, let distance, depth[k] > distance[k] + 1e-4 * distance[k] + step("depth") + step("distance") {
        differ("depth and distance", k)
      }
    }
    for name in ["normal", "shading_normal"] {
      guard let v = values(name) else { continue }
      let isPNG = description(name)?.file == .png
      for k in 0..<v.count / 3 {
        let n = Vector3(v[3 * k], v[3 * k + 1], v[3 * k + 2])
        // Nothing has the code 0 in all channels.
        let isNothing = isPNG ? n == Vector3(-1, -1, -1) : n == Vector3()
        if !isNothing, !(abs(n.length - 1) < 1e-3) { differ("\(name) and unit length", k) }
        if let depth, isNothing != (depth[k] == 0) { differ("\(name) and depth", k) }
      }
    }
    if let v = values("coverage") {
      for k in v.indices where !(v[k] > 0.12 && abs((v[k] * 8).rounded() - v[k] * 8) < 0.02) {
        differ("coverage and eighths", k)
      }
    }
    for (what, w) in wrong.sorted(by: { $0.key < $1.key }) {
      let id = ids.map { $0[w.pixel] }
      note(
        "\(what) do not agree at \(w.count) pixels, the first (\(w.pixel % record.width), \(w.pixel / record.width))",
        id == 0 ? nil : id)
    }
  }
}
