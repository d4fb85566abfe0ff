import Documents
import Geometry
import Stage

extension CompiledScene {
  /// A frame's document with what differs in the frames around it.
  func withNeighbours(_ sample: Sample, _ frame: Int) throws(DocumentError) -> Node {
    let all = clock.sequence(of: frame)
    guard var sequence = sample.document["sequence"] else { return sample.document }
    for (step, other) in [(SequenceStep.previous, frame - 1), (.next, frame + 1)] where all.contains(other) {
      let document = try sampled(frame: other, attempt: sample.attempt).document
      sequence.set(step.rawValue, to: DocumentChange.from(sample.document, to: document))
    }
    let first = try sampled(frame: all.lowerBound, attempt: sample.attempt).document
    if let forms = DocumentChange.ofForms(sample.document, first) {
      sequence.set(SequenceStep.first.rawValue, to: forms)
    }
    return sample.document.setting("sequence", to: sequence)
  }

  /// Gives what moves over the frames, and states no velocity of its own, the velocity that it has while the shutter is
  /// open: from where it stands when the shutter opens and closes, or as near to that as the sequence goes.
  func addShutterMotion(to document: inout Node, at moment: Moment, attempt: Int) throws(DocumentError) {
    guard let camera = document["camera"], let shutter = camera["shutter"], !shutter.isNull else { return }
    func seconds(_ key: String) -> Double { max(shutter[key]?.number ?? 0, 0) }
    let open = seconds("time") + seconds("readout")
    guard open > 0, open.isFinite else { return }
    let last = Double(moment.steps - 1) / clock.fps
    let (from, to) = (max(moment.seconds - open / 2, 0), min(moment.seconds + open / 2, max(last, 0)))
    guard to > from else { return }
    func at(_ time: Double) throws(DocumentError) -> Node {
      try sampled(moment.later(by: time - moment.seconds, fps: clock.fps), attempt: attempt).document
    }
    let (before, after) = (try at(from), try at(to))
    let span = to - from
    func states(_ node: Node) -> Bool { node["velocity"] != nil || node["angular_velocity"] != nil }
    if !states(camera), let a = before["camera"], let b = after["camera"] {
      let (first, second) = (try CameraSpec.decode(a).pose(a), try CameraSpec.decode(b).pose(b))
      // As a thing in the world: its axes are the columns of transpose(R).
      let motion = Motion(
        from: AffineTransform(linear: first.0.transpose, translation: -(first.0.transpose * first.1)),
        to: AffineTransform(linear: second.0.transpose, translation: -(second.0.transpose * second.1)), in: span)
      document.set("camera", to: camera.moving(motion))
    }
    guard case .sequence(var objects)? = document["objects"]?.content,
      case .sequence(let early)? = before["objects"]?.content, case .sequence(let late)? = after["objects"]?.content,
      early.count == objects.count, late.count == objects.count
    else { return }
    for k in objects.indices where !states(objects[k]) && early[k] != late[k] {
      let motion = Motion(from: try Pose.decode(early[k]).transform, to: try Pose.decode(late[k]).transform, in: span)
      objects[k] = objects[k].moving(motion)
    }
    document.set("objects", to: Node(.sequence(objects), mark: document["objects"]?.mark ?? .none))
  }
}

extension Node {
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
