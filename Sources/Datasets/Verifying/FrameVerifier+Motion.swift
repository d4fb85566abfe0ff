import Annotators
import Geometry
import Stage

extension FrameRecord {
  /// Whether `other` is the frame after this one in the same sequence.
  func isFollowed(by other: FrameRecord) -> Bool {
    guard let own = sequence, let next = other.sequence else { return false }
    return own.sequence == next.sequence && next.index == own.index + 1
  }
}

extension FrameVerifier {
  /// Tracked points against the record's own camera and the ids of the pixels that they fall into.
  mutating func verifyTracks() {
    for instance in record.instances {
      for (n, t) in (instance.values.tracks ?? []).enumerated() {
        let again = record.camera.project(record.camera.worldToCamera * t.world)
        guard let place = t.place, let again else {
          if (t.place == nil) != (again == nil) { note("track \(n) is projected or not", instance.id) }
          if t.isVisible { note("track \(n) is seen and not projected", instance.id) }
          continue
        }
        let size = max(1, abs(again.x), abs(again.y))
        if !((place - again).length <= 1e-6 * size) {
          note("track \(n) is at \(again.x), \(again.y), not \(place.x), \(place.y)", instance.id)
        }
        guard t.isVisible else { continue }
        guard place.x >= 0, place.y >= 0, place.x < Double(record.width), place.y < Double(record.height) else {
          note("track \(n) is seen outside of the picture", instance.id)
          continue
        }
        if let ids, ids[Int(place.y) * record.width + Int(place.x)] != instance.id {
          note("track \(n) is seen where the instance plane has another id", instance.id)
        }
      }
    }
  }

  /// Flow between this frame and the one before it: what is seen in both has one id.
  mutating func verifyMotion(from before: FrameVerifier) {
    let names = Dictionary(before.record.instances.map { ($0.id, $0.name) }, uniquingKeysWith: { a, _ in a })
    for instance in record.instances {
      if let name = names[instance.id], name != instance.name {
        note("the frame before has \"\(name)\" under its id", instance.id)
      }
    }
    guard let here = ids, let there = before.ids else { return }
    guard (record.width, record.height) == (before.record.width, before.record.height) else {
      note(
        "\(record.width)x\(record.height) pixels, where the frame before in the sequence has "
          + "\(before.record.width)x\(before.record.height)")
      return
    }
    let forward = before.values("flow_forward").map { misses($0, there, here) }
    if let forward, let first = forward.first {
      note(
        "flow_forward of the frame before ends at pixels of other ids, from \(forward.count) pixels, the first "
          + text(first), there[first])
    }
    let backward = values("flow_backward").map { misses($0, here, there) }
    if let backward, let first = backward.first {
      note(
        "flow_backward ends at pixels of other ids, from \(backward.count) pixels, the first \(text(first))",
        here[first])
    }
  }

  private func text(_ k: Int) -> String { "(\(k % record.width), \(k / record.width))" }

  /// The pixels whose flow is said to end at what is seen, and does not.
  private func misses(_ flow: [Double], _ from: [UInt32], _ to: [UInt32]) -> [Int] {
    // As far as a stored number may be off, and the corner that snapping cuts.
    let slack = 0.02
    let (width, height) = (record.width, record.height)
    return from.indices.filter { k in
      guard flow[3 * k + 2] == 1 else { return false }
      let (x, y) = (Double(k % width) + 0.5 + flow[3 * k], Double(k / width) + 0.5 + flow[3 * k + 1])
      for (dx, dy) in [(0, 0), (-slack, -slack), (slack, -slack), (-slack, slack), (slack, slack)] {
        // As doubles: damaged flow is beyond all whole numbers, or is none.
        let (i, j) = (x + dx, y + dy)
        guard i >= 0, j >= 0, i < Double(width), j < Double(height) else { continue }
        if to[Int(j) * width + Int(i)] == from[k] { return false }
      }
      return true
    }
  }

  /// Nothing flows before a sequence's first frame, and nothing at all without time.
  mutating func verifyEnds() {
    func flows(_ name: String, _ channels: Int) -> Bool {
      guard let v = values(name) else { return false }
      return stride(from: channels - 1, to: v.count, by: channels).contains { v[$0] != 0 }
    }
    if record.sequence.map({ $0.index == 0 }) ?? true, flows("flow_backward", 3) {
      note("flow_backward of a frame that has none before it")
    }
    if record.sequence == nil, flows("flow_forward", 3) || flows("scene_flow", 4) {
      note("flow in a frame without time")
    }
  }
}
