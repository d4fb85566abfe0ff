// The nodes of a glTF file at a moment: local transforms from the file or an animation, and from them the global ones.

import Documents
import Geometry

struct GLTFAnimator {
  private let document: GLTFDocument
  private let data: GLTFData
  private var nodes: [GLTFDocument.Node]
  /// Weights that the animation gives, by node.
  private(set) var weights: [Int: [Double]] = [:]
  private(set) var globals: [AffineTransform] = []

  init(_ document: GLTFDocument, _ data: GLTFData, _ pose: ModelPose, file: String) throws(ImportError) {
    self.document = document
    self.data = data
    nodes = document.nodes
    if let animation = try GLTFAnimator.animation(document, pose, file) { try apply(animation, time: pose.time ?? 0) }
    // A parent before its children.
    globals = Array(repeating: .identity, count: nodes.count)
    var pending = nodes.indices.filter { nodes[$0].parent == nil }
    while let i = pending.popLast() {
      let local = GLTFAnimator.local(nodes[i])
      globals[i] = nodes[i].parent.map { globals[$0] * local } ?? local
      let g = globals[i]
      guard g.translation.isFinite, g.linear.row0.isFinite, g.linear.row1.isFinite, g.linear.row2.isFinite else {
        throw nodes[i].value.error(found: "a transform that is not finite", expected: "a finite one")
      }
      pending.append(contentsOf: nodes[i].children)
    }
  }

  /// `translation * rotation * scale`, or the matrix.
  private static func local(_ node: GLTFDocument.Node) -> AffineTransform {
    if let matrix = node.matrix { return matrix }
    return AffineTransform(
      linear: node.rotation.matrix * Matrix3(diagonal: node.scale), translation: node.translation)
  }

  private static func animation(
    _ document: GLTFDocument, _ pose: ModelPose, _ file: String
  ) throws(ImportError) -> GLTFDocument.Animation? {
    guard let name = pose.animation else {
      guard pose.time != nil else { return nil }
      guard let first = document.animations.first else {
        throw ImportError(file: file, found: "no animation", expected: "one for the time \(pose.time ?? 0)")
      }
      return first
    }
    guard let known = document.animations.first(where: { $0.name == name }) else {
      throw unknown("animation", name, document.animations.compactMap(\.name), file)
    }
    return known
  }

  /// An error that lists the names there are.
  static func unknown(_ what: String, _ name: String, _ known: [String], _ file: String) -> ImportError {
    let near = nearestName(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
    let list = known.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ") + (known.count > 12 ? ", ..." : "")
    return ImportError(
      file: file, found: "no \(what) \"\(name)\"",
      expected: known.isEmpty ? "none, for the file names none" : "one of \(list)\(near)")
  }

  // MARK: Keys

  private mutating func apply(_ animation: GLTFDocument.Animation, time: Double) throws(ImportError) {
    for channel in animation.channels {
      let sampler = animation.samplers[channel.sampler]
      let width: Int
      switch channel.path {
      case .translation, .scale: width = 3
      case .rotation: width = 4
      case .weights: width = nodes[channel.node].mesh.map { document.meshes[$0].weights.count } ?? 0
      }
      guard width > 0 else { continue }
      let v = try GLTFAnimator.value(
        sampler, width: width, isRotation: channel.path == .rotation, time: time, document, data)
      let isMoved = channel.path != .weights
      if isMoved { nodes[channel.node].matrix = nil }
      switch channel.path {
      case .translation: nodes[channel.node].translation = Vector3(v[0], v[1], v[2])
      case .scale: nodes[channel.node].scale = Vector3(v[0], v[1], v[2])
      case .rotation:
        guard let q = Quaternion(w: v[3], x: v[0], y: v[1], z: v[2]).normalized else {
          throw sampler.value.error(found: "a rotation of length 0 at \(time) s", expected: "a unit quaternion")
        }
        nodes[channel.node].rotation = q
      case .weights: weights[channel.node] = v
      }
    }
  }

  /// The value of a sampler (glTF 2.0, appendix C).
  private static func value(
    _ sampler: GLTFDocument.Animation.Sampler, width: Int, isRotation: Bool, time: Double, _ document: GLTFDocument,
    _ data: GLTFData
  ) throws(ImportError) -> [Double] {
    let times = try data.floats(sampler.input, document, types: ["SCALAR"])
    for i in times.indices where (i == 0 ? times[0] < 0 : times[i] <= times[i - 1]) {
      throw sampler.value.error(found: "time \(times[i]) of key \(i)", expected: "times of 0 or more that grow")
    }
    let output = try data.floats(sampler.output, document, types: ["SCALAR", "VEC3", "VEC4"])
    let isCubic = sampler.interpolation == .cubic
    func key(_ i: Int, part: Int = 1) -> [Double] {
      let first = (isCubic ? i * 3 + part : i) * width
      return output[first..<first + width].map(Double.init)
    }
    let last = times.count - 1
    guard time > Double(times[0]), last > 0 else { return key(0) }
    guard time < Double(times[last]) else { return key(last) }
    // The key at or before the time, by halving.
    var (low, high) = (0, last)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Double(times[middle]) <= time { low = middle } else { high = middle }
    }
    let span = Double(times[high]) - Double(times[low])
    let t = (time - Double(times[low])) / span
    let (a, b) = (key(low), key(high))
    switch sampler.interpolation {
    case .step: return a
    case .linear: return isRotation ? slerp(a, b, t) : zip(a, b).map { $0 * (1 - t) + $1 * t }
    case .cubic:
      let (out, into) = (key(low, part: 2), key(high, part: 0))
      let (t2, t3) = (t * t, t * t * t)
      return (0..<width).map { i in
        let start = (2 * t3 - 3 * t2 + 1) * a[i] + span * (t3 - 2 * t2 + t) * out[i]
        return start + (3 * t2 - 2 * t3) * b[i] + span * (t3 - t2) * into[i]
      }
    }
  }

  /// Spherical interpolation along the shorter way (Shoemake 1985); straight where the two are nearly the same.
  private static func slerp(_ a: [Double], _ b: [Double], _ t: Double) -> [Double] {
    let cosine = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    let sign = cosine < 0 ? -1.0 : 1
    let c = min(abs(cosine), 1)
    guard c < 0.999_999 else { return zip(a, b).map { $0 * (1 - t) + $1 * (sign * t) } }
    let angle = StableMath.acos(c)
    let s = StableMath.sin(angle)
    let (wa, wb) = (StableMath.sin((1 - t) * angle) / s, sign * StableMath.sin(t * angle) / s)
    return zip(a, b).map { $0 * wa + $1 * wb }
  }
}
