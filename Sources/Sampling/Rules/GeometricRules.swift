import Documents
import Geometry
import Stage

/// Nothing sticks out of the picture.
struct InFrameRule: Rule {
  static let manual = Manual(
    name: "in_frame",
    summary: "Every object of a class, or of an id, is cut off by the picture's edge by at most a share.",
    sample: "in_frame: {objects: hero, truncation: 0.1}",
    limits: "Measured on the rectangle around the projected corners of the object's box, without a visibility pass.")
  static let needsVisibility = false

  var target = RuleTarget()
  var truncation = 0.0

  static let fields: [Field<InFrameRule>] = [
    Field("category", \.target.category, "Objects of this class. Default: all labelled objects."),
    Field("objects", \.target.objects, "Objects of this id: with all copies, and all in the group."),
    Field("truncation", \.truncation, "The largest share outside the picture. Default: 0.", in: .unit),
  ]

  func judge(_ judged: JudgedFrame) -> Verdict {
    let frame = judged.frame
    let size = Vector2(Double(frame.width), Double(frame.height))
    var worst = (shortfall: 0.0, text: "")
    for i in target.instances(judged) {
      let outside = InFrameRule.outside(judged.box(i), frame.camera, size)
      if outside - truncation > worst.shortfall {
        worst = (outside - truncation, "\(frame.instances[i].name) cut off by \(percent(outside))")
      }
    }
    return Verdict(shortfall: worst.shortfall, nearest: worst.text)
  }

  /// The share of the rectangle around the projected corners that lies outside the picture; 1 where a corner lies behind
  /// the camera.
  static func outside(_ box: OrientedBox, _ camera: Camera, _ size: Vector2) -> Double {
    var lower = Vector2(.infinity, .infinity)
    var upper = Vector2(-.infinity, -.infinity)
    for k in 0..<8 {
      let p = box.center + box.a * (k & 1 == 0 ? -1 : 1) + box.b * (k & 2 == 0 ? -1 : 1) + box.c * (k & 4 == 0 ? -1 : 1)
      guard let q = camera.project(camera.worldToCamera * p) else { return 1 }
      lower = pointwiseMin(lower, q)
      upper = pointwiseMax(upper, q)
    }
    let whole = (upper.x - lower.x) * (upper.y - lower.y)
    let (a, b) = (pointwiseMax(lower, Vector2(0, 0)), pointwiseMin(upper, size))
    let inside = max(b.x - a.x, 0) * max(b.y - a.y, 0)
    return whole > 0 ? min(max(1 - inside / whole, 0), 1) : (inside >= 0 && b.x >= a.x && b.y >= a.y ? 0 : 1)
  }
}

/// Nothing in anything else.
struct NoIntersectionRule: Rule {
  static let manual = Manual(
    name: "no_intersection", summary: "No two objects of a class, or of an id, are inside each other.",
    sample: "no_intersection: {objects: parts, gap: 0.002}",
    limits:
      "By oriented boxes: round things keep the distance of their boxes. `exact: true` tests the triangles of what "
      + "the boxes leave open; an object wholly inside another one is then not met.")
  static let needsVisibility = false

  var target = RuleTarget()
  var gap = 0.0
  var exact = false

  static let fields: [Field<NoIntersectionRule>] = [
    Field("category", \.target.category, "Objects of this class. Default: all labelled objects."),
    Field("objects", \.target.objects, "Objects of this id: with all copies, and all in the group."),
    Field("gap", \.gap, "Metres to keep between boxes. Default: 0.", in: .nonNegative),
    Field("exact", \.exact, "Whether triangles decide where boxes overlap. Default: false."),
  ]

  func judge(_ judged: JudgedFrame) -> Verdict {
    let list = target.instances(judged)
    let boxes = list.map { judged.box($0) }
    var worst = (shortfall: 0.0, text: "")
    for i in list.indices {
      for j in 0..<i where boxes[i].overlaps(boxes[j], gap: gap) {
        if exact, !MeshCollision.intersect(judged.frame.instances[list[i]], judged.frame.instances[list[j]]) {
          continue
        }
        let depth = max(gap - boxes[i].separation(boxes[j]), 1e-12)
        if depth > worst.shortfall {
          let (a, b) = (judged.frame.instances[list[j]].name, judged.frame.instances[list[i]].name)
          worst = (depth, "\(a) and \(b) overlap by \((depth * 1e4).rounded() / 1e4) m")
        }
      }
    }
    return Verdict(shortfall: worst.shortfall, nearest: worst.text)
  }
}

/// Neither too near nor too far.
struct DistanceRule: Rule {
  static let manual = Manual(
    name: "distance",
    summary: "Every object is at a distance between two limits from the camera or from other objects.",
    sample: "distance: {objects: hero, from: camera, at_least: 1.5, at_most: 8}",
    limits: "Between the middles of the boxes.")
  static let needsVisibility = false

  var target = RuleTarget()
  var from = "camera"
  var atLeast = 0.0
  var atMost: Double?

  static let fields: [Field<DistanceRule>] = [
    Field("category", \.target.category, "Objects of this class. Default: all labelled objects."),
    Field("objects", \.target.objects, "Objects of this id: with all copies, and all in the group."),
    Field("from", \.from, "`camera`, or the id of other objects. Default: camera."),
    Field("at_least", \.atLeast, "The least distance; metres. Default: 0.", in: .nonNegative),
    Field("at_most", \.atMost, "The largest distance; metres.", in: .nonNegative),
  ]

  func judge(_ judged: JudgedFrame) -> Verdict {
    let others: [(Int, Vector3)] =
      from == "camera"
      ? [(-1, judged.frame.camera.position)]
      : RuleTarget(objects: from).instances(judged).map { ($0, judged.box($0).center) }
    var worst = (shortfall: 0.0, text: "")
    for i in target.instances(judged) {
      let p = judged.box(i).center
      for (j, q) in others where j != i {
        let d = (p - q).length
        let shortfall = max(atLeast - d, d - (atMost ?? .infinity), 0)
        if shortfall > worst.shortfall {
          worst = (shortfall, "\(judged.frame.instances[i].name) at \((d * 1000).rounded() / 1000) m")
        }
      }
    }
    return Verdict(shortfall: worst.shortfall, nearest: worst.text)
  }
}

/// The camera is in the open.
struct CameraClearRule: Rule {
  static let manual = Manual(
    name: "camera_clear", summary: "The camera is not inside an object, nor nearer to its box than a margin.",
    sample: "camera_clear: {margin: 0.2}", limits: "By oriented boxes: the hollow of a bowl counts as inside.")
  static let needsVisibility = false

  var margin = 0.0

  static let fields: [Field<CameraClearRule>] = [
    Field("margin", \.margin, "Metres. Default: 0.", in: .nonNegative)
  ]

  func judge(_ judged: JudgedFrame) -> Verdict {
    let p = judged.frame.camera.position
    let eye = OrientedBox(lower: p, upper: p)
    var worst = (shortfall: 0.0, text: "")
    for i in judged.frame.instances.indices {
      let box = judged.box(i)
      guard box.overlaps(eye, gap: margin) else { continue }
      let depth = max(margin - box.separation(eye), 1e-12)
      if depth > worst.shortfall { worst = (depth, "the camera is in \(judged.frame.instances[i].name)") }
    }
    return Verdict(shortfall: worst.shortfall, nearest: worst.text)
  }
}
