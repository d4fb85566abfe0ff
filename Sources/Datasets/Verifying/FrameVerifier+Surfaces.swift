import Annotators
import Geometry
import Stage

extension FrameVerifier {
  /// Planes of materials against their ranges, and object coordinates against box, pose and place.
  mutating func verifySurfaces() {
    let depth = values("depth") ?? values("distance")
    for name in ["albedo", "roughness", "metallic", "emission", "shading"] {
      guard let v = values(name), let d = description(name) else { continue }
      let (channels, range) = (d.channels.count, FrameVerifier.ranges[name] ?? 0...Double.infinity)
      let slack = d.file == .png ? d.scale : 1e-6
      var (outside, somewhere) = (0, 0)
      for (i, x) in v.enumerated() {
        if let depth, depth[i / channels] == 0 {
          if x != 0 { somewhere += 1 }
        } else if !x.isFinite || x < (depth == nil ? 0 : range.lowerBound - slack) || x > range.upperBound + slack {
          outside += 1
        }
      }
      if outside > 0 { note("\(name): \(outside) values outside of \(range.lowerBound) to \(range.upperBound)") }
      if somewhere > 0 { note("\(name): \(somewhere) values where nothing is seen") }
    }
    verifyObjectCoordinates()
  }

  /// What values may be where something is seen; roughness is that which is used.
  private static let ranges: [String: ClosedRange<Double>] = [
    "albedo": 0...1, "roughness": 0.045...1, "metallic": 0...1,
  ]

  /// The place of a pixel in camera axes, and how far it may be off.
  private func place(_ k: Int, _ own: [Double]?, _ depth: [Double]?, _ step: Double) -> (Vector3, Double)? {
    if let own {
      let p = Vector3(own[3 * k], own[3 * k + 1], own[3 * k + 2])
      return p == Vector3() ? nil : (p, 1e-5 * p.length)
    }
    guard let z = depth?[k], z > 0 else { return nil }
    let pixel = Vector2(Double(k % record.width) + 0.5, Double(k / record.width) + 0.5)
    guard let (origin, direction) = record.camera.ray(through: pixel) else { return nil }
    let s = record.camera.depthIsDistance ? z : z / direction.z
    return (origin + direction * s, (step + 1e-4 * z) * s / z)
  }

  /// Object coordinates of every pixel again: its place in the frame of the object's box. Where the depth plane has to say
  /// the place, its step and its rays within 1/512 pixel leave a few pixels at flat angles undecided: one in fifty may differ.
  private mutating func verifyObjectCoordinates() {
    guard let nocs = values("object_coordinates"), let ids else { return }
    let kind = header.annotations.first { $0.name == "object_coordinates" }
    let isDiagonal = kind?.options.isEmpty == false
    let code = kind?.plane?.file == .png ? kind?.plane?.scale ?? 0 : 1e-6
    let (own, depth) = (values("camera_position"), values("depth"))
    guard own != nil || depth != nil else { return }
    let step = description("depth").map { $0.file == .png ? $0.scale : 0 } ?? 0
    let toWorld = record.camera.worldToCamera.inverse ?? .identity
    var frames: [UInt32: (box: Box3D, axes: [Vector3], lengths: Vector3)] = [:]
    for instance in record.instances {
      guard let box = instance.values.box3D else { continue }
      let linear = instance.objectToWorld.linear
      let columns = [linear.column0, linear.column1, linear.column2]
      let turn = [box.rotation.column0, box.rotation.column1, box.rotation.column2]
      // A sheared object's box has other axes than its mesh: its coordinates cannot be told from it.
      guard zip(columns, turn).allSatisfy({ cross($0, $1).length <= 1e-9 * $0.length }) else { continue }
      let axes = zip(columns, turn).map { dot($0, $1) < 0 ? -$1 : $1 }
      frames[instance.id] = (box, axes, Vector3(columns[0].length, columns[1].length, columns[2].length))
    }
    var seen: [UInt32: (pixels: Int, wrong: Int)] = [:]
    for k in ids.indices {
      guard let frame = frames[ids[k]], let (p, off) = place(k, own, depth, step) else { continue }
      let from = toWorld * p - frame.box.center
      let whole = frame.box.size / frame.lengths
      var isWrong = false
      for c in 0..<3 {
        let extent = isDiagonal ? whole.length : whole[c]
        guard extent > 0, frame.lengths[c] > 0, isDiagonal || frame.box.size[c] > 1e-9 else { continue }
        let x = dot(frame.axes[c], from) / frame.lengths[c] / extent + 0.5
        let slack = 1e-3 + code + 2 * off / (frame.lengths[c] * extent)
        if !(abs(min(max(x, 0), 1) - nocs[3 * k + c]) <= slack) { isWrong = true }
      }
      seen[ids[k], default: (0, 0)].pixels += 1
      if isWrong { seen[ids[k]]?.wrong += 1 }
    }
    for (id, n) in seen.sorted(by: { $0.key < $1.key }) where n.wrong > (own != nil ? 0 : max(2, n.pixels / 50)) {
      note("object coordinates are not those of its box and place at \(n.wrong) of \(n.pixels) pixels", id)
    }
  }
}
