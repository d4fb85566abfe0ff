import Documents
import Geometry

/// Here and there on a surface.
struct ScatterLayout: Layout {
  static let manual = Manual(
    name: "scatter",
    summary:
      "Anywhere on a rectangle, a disc or the top of another object, no two nearer than a spacing (Poisson disk by "
      + "dart throwing) and no two boxes inside each other.",
    sample: "scatter: {size: [3, 2], spacing: 0.3}",
    limits: "Throws each item up to `attempts` times; a full surface fails the attempt, or leaves items out under "
      + "`fill: true`.")

  var size: Vector2?
  var radius: Double?
  var on: String?
  var margin = 0.0
  var spacing = 0.0
  var gap = 0.0
  var yaw: Range2?
  var attempts = 60
  var fill = false
  var collide = true

  static let fields: [Field<ScatterLayout>] = [
    Field("size", \.size, "Extents of a rectangle about the origin along x and y; metres.", in: .nonNegative),
    Field("radius", \.radius, "The radius of a disc about the origin; metres.", in: .nonNegative),
    Field("on", \.on, "The id of an earlier object whose top is the surface."),
    Field("margin", \.margin, "Metres to keep from the edge of the surface. Default: 0.", in: .nonNegative),
    Field("spacing", \.spacing, "Least distance between origins; metres. Default: 0.", in: .nonNegative),
    Field("gap", \.gap, "Least distance between boxes; metres. Default: 0.", in: .nonNegative),
    Field("yaw", \.yaw, "Turns each item about z by an angle of this range; degrees. Default: none."),
    Field("attempts", \.attempts, "Throws for each item. Default: 60.", in: .closed(1, 10000)),
    Field("fill", \.fill, "Whether items that find no room are left out. Default: false."),
    Field("collide", \.collide, "Whether boxes must not overlap. Default: true."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard (size != nil ? 1 : 0) + (radius != nil ? 1 : 0) + (on != nil ? 1 : 0) == 1 else {
      throw DocumentError(node.mark, found: "a scatter without one surface", expected: "one of size, radius, on")
    }
  }

  func place(_ items: [LayoutItem], _ context: LayoutContext) throws(NoRoom) -> [AffineTransform?] {
    var surface: Surface?
    if let on {
      guard let s = context.surface(on) else {
        throw NoRoom(message: "no object \"\(on)\" to scatter on", placed: 0)
      }
      surface = s
    }
    return try dartThrowing(
      items, context, DartRules(spacing: spacing, gap: gap, attempts: attempts, fill: fill, collide: collide)
    ) { random, item in
      let p = point(&random, surface) + item.standing
      let turn = yaw.map { Quaternion(angle: $0.draw(&random).degreesInRadians, axis: Vector3(0, 0, 1)).matrix }
      return AffineTransform(linear: turn ?? .identity, translation: p)
    }
  }

  private func point(_ random: inout RandomStream, _ surface: Surface?) -> Vector3 {
    if let radius {
      let r = random.unit().squareRoot() * max(radius - margin, 0)
      let (s, c) = StableMath.sincos(2 * Double.pi * random.unit())
      return Vector3(r * c, r * s, 0)
    }
    let (u, v) = (2 * random.unit() - 1, 2 * random.unit() - 1)
    if let surface {
      let (la, lb) = (surface.a.length, surface.b.length)
      let (fa, fb) = (la > 0 ? max(1 - margin / la, 0) : 0, lb > 0 ? max(1 - margin / lb, 0) : 0)
      return surface.center + surface.a * (u * fa) + surface.b * (v * fb)
    }
    let size = self.size ?? Vector2(0, 0)
    return Vector3(max(size.x / 2 - margin, 0) * u, max(size.y / 2 - margin, 0) * v, 0)
  }
}

/// Here and there in the air.
struct VolumeLayout: Layout {
  static let manual = Manual(
    name: "volume", summary: "Anywhere in a box of air, no two boxes inside each other.",
    sample: "volume: {size: [4, 4, 2], center: [0, 0, 1.5]}", limits: "As `scatter`.")

  var size = Vector3(1, 1, 1)
  var center = Vector3()
  var spacing = 0.0
  var gap = 0.0
  var attempts = 60
  var fill = false
  var collide = true

  static let fields: [Field<VolumeLayout>] = [
    Field("size", \.size, "Extents along x, y and z; metres.", required: true, in: .nonNegative),
    Field("center", \.center, "The middle; metres. Default: the origin."),
    Field("spacing", \.spacing, "Least distance between origins; metres. Default: 0.", in: .nonNegative),
    Field("gap", \.gap, "Least distance between boxes; metres. Default: 0.", in: .nonNegative),
    Field("attempts", \.attempts, "Throws for each item. Default: 60.", in: .closed(1, 10000)),
    Field("fill", \.fill, "Whether items that find no room are left out. Default: false."),
    Field("collide", \.collide, "Whether boxes must not overlap. Default: true."),
  ]

  func place(_ items: [LayoutItem], _ context: LayoutContext) throws(NoRoom) -> [AffineTransform?] {
    try dartThrowing(
      items, context, DartRules(spacing: spacing, gap: gap, attempts: attempts, fill: fill, collide: collide)
    ) { random, _ in
      let x = random.uniform(-size.x / 2, size.x / 2)
      let y = random.uniform(-size.y / 2, size.y / 2)
      let z = random.uniform(-size.z / 2, size.z / 2)
      return AffineTransform(translation: center + Vector3(x, y, z))
    }
  }
}

struct DartRules {
  var spacing: Double
  var gap: Double
  var attempts: Int
  var fill: Bool
  var collide: Bool
}

/// Throws the items one after the other, each until it lands where nothing is.
func dartThrowing(
  _ items: [LayoutItem], _ context: LayoutContext, _ rules: DartRules,
  _ throwOne: (inout RandomStream, LayoutItem) -> AffineTransform
) throws(NoRoom) -> [AffineTransform?] {
  var obstacles = context.obstacles
  var points: [Vector3] = []
  var poses: [AffineTransform?] = []
  for item in items {
    var random = item.random
    var found: (AffineTransform, [OrientedBox])?
    for _ in 0..<rules.attempts {
      let pose = throwOne(&random, item)
      let p = pose.translation
      let nearest = rules.spacing * rules.spacing
      if rules.spacing > 0, points.contains(where: { dot($0 - p, $0 - p) < nearest }) { continue }
      let boxes = item.boxes.map { $0.transformed(pose) }
      // The gap is to what stands beside, not to what the item stands on.
      let isHit = boxes.contains { b in
        let bottom = b.lower.z + 1e-6
        return obstacles.contains { $0.overlaps(b, gap: $0.upper.z <= bottom ? 0 : rules.gap) }
      }
      if rules.collide, isHit { continue }
      found = (pose, boxes)
      break
    }
    if let (pose, boxes) = found {
      obstacles.append(contentsOf: boxes)
      points.append(pose.translation)
      poses.append(pose)
    } else if rules.fill {
      poses.append(nil)
    } else {
      throw NoRoom(
        message: "room for \(points.count) of \(items.count) items, after \(rules.attempts) throws for the next",
        placed: Double(points.count) / Double(items.count))
    }
  }
  return poses
}
