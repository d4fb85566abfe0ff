// The velocity that things have while the shutter is open, where the scene does not state it: from where they stand at three
// moments, when the shutter opens, in its middle (which the frame is of) and when it closes.
//
// Values may jump between two of these moments: a sweep that begins again, keyframes that hold, floor(time). A jump is no
// movement, and as a velocity it would smear the picture from one end to the other. So where the two halves disagree, or
// where there is only one, each is searched for a jump, by halving it towards where most of the way is made: of a movement
// next to nothing is left of the way in the end, of a jump all. What is moved through is then the half without one.

import Documents
import Geometry
import Stage

extension CompiledScene {
  /// Gives what moves over the frames, and states no velocity of its own, the velocity that it has while the shutter is
  /// open, or as near to that as the sequence goes.
  func addShutterMotion(to document: inout Node, at moment: Moment, attempt: Int) throws(DocumentError) {
    guard let camera = document["camera"] else { return }
    let open = camera.longestShutter
    guard open > 0, open.isFinite else { return }
    let last = max(Double(moment.steps - 1) / clock.fps, 0)
    let (from, to) = (max(moment.seconds - open / 2, 0), min(moment.seconds + open / 2, last))
    guard to > from else { return }
    var documents = ShutterDocuments(scene: self, moment: moment, attempt: attempt, middle: document)
    let (before, after) = (try documents.at(from), try documents.at(to))
    func states(_ node: Node) -> Bool { node["velocity"] != nil || node["angular_velocity"] != nil }
    if !states(camera), let a = before["camera"], let b = after["camera"], a != b || camera != a,
      let motion = try documents.motion(from, to, { (d) throws(DocumentError) in try d["camera"]?.cameraInWorld() })
    {
      document.set("camera", to: camera.moving(motion))
    }
    guard case .sequence(var objects)? = document["objects"]?.content,
      case .sequence(let early)? = before["objects"]?.content, case .sequence(let late)? = after["objects"]?.content,
      early.count == objects.count, late.count == objects.count
    else { return }
    for k in objects.indices where !states(objects[k]) && (early[k] != late[k] || early[k] != objects[k]) {
      // Where objects come and go, another may stand in its place.
      let id = Leaf.id(objects[k])
      let motion = try documents.motion(from, to) { (d) throws(DocumentError) in
        guard case .sequence(let list)? = d["objects"]?.content, k < list.count, Leaf.id(list[k]) == id else {
          return nil
        }
        return try Pose.decode(list[k]).transform
      }
      if let motion { objects[k] = objects[k].moving(motion) }
    }
    document.set("objects", to: Node(.sequence(objects), mark: document["objects"]?.mark ?? .none))
  }
}

/// The documents of the moments around a frame, each sampled once.
private struct ShutterDocuments {
  let scene: CompiledScene
  let moment: Moment
  let attempt: Int
  private var known: [Double: Node]

  init(scene: CompiledScene, moment: Moment, attempt: Int, middle: Node) {
    (self.scene, self.moment, self.attempt) = (scene, moment, attempt)
    known = [moment.seconds: middle]
  }

  mutating func at(_ seconds: Double) throws(DocumentError) -> Node {
    if let document = known[seconds] { return document }
    let there = moment.later(by: seconds - moment.seconds, fps: scene.clock.fps)
    let document = try scene.sampled(there, attempt: attempt).document
    known[seconds] = document
    return document
  }

  typealias Place = (Node) throws(DocumentError) -> AffineTransform?

  /// The velocity of the thing that `place` finds, between two moments around the frame's; nil where it is not there, and
  /// none at all where it does nothing but jump.
  mutating func motion(_ from: Double, _ to: Double, _ place: Place) throws(DocumentError) -> Motion? {
    let middle = moment.seconds
    guard let whole = try step(from, to, place) else { return nil }
    guard from < middle, middle < to else { return try jumps(from, to, place) ? Motion() : whole }
    guard let first = try step(from, middle, place), let second = try step(middle, to, place) else { return nil }
    // Even movement, or nearly so: no half has a jump worth the name.
    func agree(_ a: Vector3, _ b: Vector3) -> Bool { (a - b).length <= 0.5 * min(a.length, b.length) + 1e-9 }
    if agree(first.velocity, second.velocity), agree(first.rotation, second.rotation) { return whole }
    switch (try jumps(from, middle, place), try jumps(middle, to, place)) {
    case (false, false): return whole
    case (true, false): return second
    case (false, true): return first
    case (true, true): return Motion()
    }
  }

  private mutating func step(_ a: Double, _ b: Double, _ place: Place) throws(DocumentError) -> Motion? {
    guard let p = try place(try at(a)), let q = try place(try at(b)) else { return nil }
    return Motion(from: p, to: q, in: b - a)
  }

  /// Halvings of a stretch of time: of an even movement 1/256 of the way is left, of one that starts as a square root 1/16.
  private static let halvings = 8

  /// Whether a place or a direction changes at once somewhere between two moments. Where both halves are alike nothing does.
  private mutating func jumps(_ a: Double, _ b: Double, _ place: Place) throws(DocumentError) -> Bool {
    for part in [\Motion.velocity, \Motion.rotation] {
      var (low, high) = (a, b)
      func way(_ m: Motion?, _ a: Double, _ b: Double) -> Double { (m?[keyPath: part].length ?? 0) * (b - a) }
      let all = way(try step(low, high, place), low, high)
      guard all > 1e-9 else { continue }
      var left = all
      for _ in 0..<ShutterDocuments.halvings {
        let half = low + (high - low) / 2
        let first = way(try step(low, half, place), low, half)
        let second = way(try step(half, high, place), half, high)
        if min(first, second) >= 0.5 * max(first, second) {
          left = 0
          break
        }
        if first > second { (high, left) = (half, first) } else { (low, left) = (half, second) }
      }
      if left > all / 4 { return true }
    }
    return false
  }
}

extension Node {
  /// Seconds from the first row's opening to the last row's closing, of a camera's document or the longest of its rig's views.
  fileprivate var longestShutter: Double {
    func seconds(_ shutter: Node?) -> Double {
      guard let shutter, !shutter.isNull else { return 0 }
      return max(shutter["time"]?.number ?? 0, 0) + max(shutter["readout"]?.number ?? 0, 0)
    }
    let own = self["shutter"]
    guard case .sequence(let views)? = self["rig"]?.content, !views.isEmpty else { return seconds(own) }
    return views.map { seconds($0["shutter"] ?? own) }.max() ?? 0
  }

  /// A camera's document as a thing in the world: its axes are the columns of transpose(R).
  fileprivate func cameraInWorld() throws(DocumentError) -> AffineTransform {
    let (rotation, translation) = try CameraSpec.decode(self).pose(self)
    return AffineTransform(linear: rotation.transpose, translation: -(rotation.transpose * translation))
  }

  fileprivate func moving(_ motion: Motion) -> Node {
    var moved = self
    func put(_ key: String, _ v: Vector3) {
      if v != Vector3() { moved.set(key, to: Node(.reals([v.x, v.y, v.z]))) }
    }
    put("velocity", motion.velocity)
    put("angular_velocity", motion.rotation * (180 / Double.pi))
    return moved
  }
}

extension Motion {
  /// The even movement that brings one pose to the other in `seconds`. A change of scale is not part of it.
  init(from a: AffineTransform, to b: AffineTransform, in seconds: Double) {
    self.init(velocity: (b.translation - a.translation) / seconds)
    guard let inverse = a.linear.inverse, a.linear != b.linear else { return }
    let m = b.linear * inverse
    // A turn by w about an axis: the antisymmetric part is sin w times the axis, the trace 1 + 2 cos w.
    let twice = Vector3(m.row2.y - m.row1.z, m.row0.z - m.row2.x, m.row1.x - m.row0.y)
    let sine = twice.length / 2
    let angle = StableMath.atan2(sine, (m.row0.x + m.row1.y + m.row2.z - 1) / 2)
    if let axis = twice.normalized, sine > 1e-12 { rotation = axis * (angle / seconds) }
  }
}
