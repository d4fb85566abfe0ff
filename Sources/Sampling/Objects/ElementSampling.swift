import Documents
import Geometry
import Stage

/// An object of a frame on its way to the list of objects.
struct Leaf {
  /// The object as it was sampled.
  var node: Node
  /// Its name, where that is not the node's own.
  var name: String?
  /// What groups and layouts did to it on top of its own pose; nil for nothing.
  var moved: AffineTransform?
  /// Its boxes, where anyone asks for them.
  var boxes: [OrientedBox] = []
  var isSolid = true

  mutating func move(_ t: AffineTransform) {
    moved = t * (moved ?? .identity)
    for i in boxes.indices { boxes[i] = boxes[i].transformed(t) }
  }

  /// The concrete object.
  ///
  /// - Parameter seconds: how long it has moved with the velocities that it states.
  func concrete(after seconds: Double = 0) throws(DocumentError) -> Node {
    let motion = seconds == 0 ? Motion() : try node.statedMotion()
    guard name != nil || moved != nil || !motion.isNone, case .mapping(var members) = node.content else { return node }
    if let name, let i = members.firstIndex(where: { $0.key == "id" }) {
      members[i].value = Node(.string(name), mark: members[i].value.mark)
    }
    let named = Node(.mapping(members), mark: node.mark)
    guard moved != nil || !motion.isNone else { return named }
    var t = (moved ?? .identity) * (try Pose.decode(node).transform)
    if !motion.isNone {
      t = AffineTransform(
        linear: motion.turn(seconds) * t.linear, translation: t.translation + motion.velocity * seconds)
    }
    return named.posed(t)
  }
}

/// The pose that an object or a group gives itself.
struct Pose: DocumentValue {
  var transform: AffineTransform

  static var grammar: Grammar { .any }

  /// Reads the keys of a pose and passes over all others.
  static func decode(_ node: Node) throws(DocumentError) -> Pose {
    var fields = PoseFields()
    guard case .mapping(let members) = node.content else { return Pose(transform: .identity) }
    for m in members {
      do throws(DocumentError) {
        switch m.key {
        case "position": fields.position = try Vector3.decode(m.value)
        case "rotation": fields.rotation = try RotationValue.decode(m.value)
        case "scale": fields.scale = try ScaleValue.decode(m.value)
        case "matrix": fields.matrix = try MatrixValue.decode(m.value)
        default: break
        }
      } catch { throw error.inside(m.key) }
    }
    return Pose(transform: fields.transform)
  }
}

/// `position`, `rotation`, `scale` and `matrix` as a transform.
struct PoseFields {
  var position = Vector3()
  var rotation: RotationValue?
  var scale: ScaleValue?
  var matrix: MatrixValue?

  var transform: AffineTransform {
    if let matrix { return matrix.transform }
    var linear = rotation?.matrix ?? .identity
    if let s = scale?.factors { linear = Matrix3(linear.row0 * s, linear.row1 * s, linear.row2 * s) }
    return AffineTransform(linear: linear, translation: position)
  }
}

/// What sampling elements needs beside the dice.
struct ElementEnvironment {
  var bounds: ObjectBounds
  /// Whether any element asks for boxes.
  var needsBoxes: Bool
  var hasTime = false
}

/// What layouts and `rest` decide, by the element that they belong to. Over a sequence they decide once, at its beginning:
/// what stands or moves afterwards stays where it was put, relative to its own movement.
struct Placements: Sendable {
  /// Whose decision it is: a layout's, or that of one copy of an element that rests.
  struct Key: Hashable, Sendable {
    /// The element's place, in the copies of the populations around it.
    var element: PathHash
    /// Nil for the layout.
    var copy: Int?
  }

  private var decided: [Key: [AffineTransform?]] = [:]
  private(set) var isKept = false

  /// The same decisions, to be kept to.
  var kept: Placements {
    var copy = self
    copy.isKept = true
    return copy
  }

  mutating func decide(_ poses: [AffineTransform?], for key: Key) { if !isKept { decided[key] = poses } }

  /// What was decided; nil where none is kept.
  func recall(_ key: Key) -> [AffineTransform?]? { isKept ? decided[key] : nil }
}

extension ElementTemplate {
  /// The objects of this element, behind those that are there already; all in one frame.
  ///
  /// - Parameter prefix: the name of the group around, with a point at its end; empty at the top.
  func sample(
    _ sampler: inout Sampler, _ environment: ElementEnvironment, prefix: String, into leaves: inout [Leaf]
  ) throws(DocumentError) {
    let layout: LayoutValue?
    do {
      layout = try self.layout.map { (t) throws(DocumentError) in try LayoutValue.decode(try sampler.sample(t)) }
    } catch {
      throw error.inside("layout")
    }
    let rests: Bool
    do {
      rests = try self.rests.map { (t) throws(DocumentError) in try Bool.decode(try sampler.sample(t)) } ?? false
    } catch {
      throw error.inside("rest")
    }
    var n = 1
    if let count {
      if let constantCount {
        n = constantCount
      } else {
        do { n = try ElementTemplate.checkedCount(try sampler.sample(count)) } catch { throw error.inside("count") }
      }
    }
    let chosen = try chooseBodies(n, &sampler, prefix)
    if layout == nil && !rests {
      for k in 0..<n { leaves.append(contentsOf: try copy(k, n, chosen[k], &sampler, environment, prefix).leaves) }
      return
    }
    var copies: [[Leaf]] = []
    var streams: [RandomStream] = []
    for k in 0..<n {
      let (own, stream) = try copy(k, n, chosen[k], &sampler, environment, prefix)
      copies.append(own)
      streams.append(stream)
    }
    if let layout { arrange(&copies, streams, layout, leaves, &sampler) }
    for (k, own) in copies.enumerated() {
      var own = own
      if rests, !own.isEmpty { settle(&own, k, on: leaves, &sampler) }
      leaves.append(contentsOf: own)
    }
  }

  /// Which body each copy has: those with a share of the frames first, then by weight.
  private func chooseBodies(
    _ n: Int, _ sampler: inout Sampler, _ prefix: String
  ) throws(DocumentError) -> [Int] {
    guard bodies.count > 1 else { return Array(repeating: 0, count: n) }
    let path = place.child("variants")
    var forced: [Int: Int] = [:]
    for (i, body) in bodies.enumerated() {
      guard let share = body.share, n > 0 else { continue }
      var random = sampler.stream(path.element(i))
      guard quotaPick([1 - share, share], random) == 1, forced.count < n else { continue }
      var k = random.below(n)
      while forced[k] != nil { k = (k + 1) % n }
      forced[k] = i
    }
    let weights = bodies.map(\.weight)
    return (0..<n).map { k in
      if let i = forced[k] { return i }
      var random = sampler.stream(path.child("copy").element(k))
      let picked = pickIndex(bodies.count, weights, random.unit())
      let owner = prefix + (count == nil ? id : "\(id)[\(k)]")
      sampler.log?.add(variant: picked, at: variantsMark, owner: owner)
      if sampler.trace != nil {
        let draw = traced(picked, of: owner, sampler)
        sampler.trace?.append(draw)
      }
      return picked
    }
  }

  /// Variants stand by their number, from 0. With guaranteed shares the weights are not what is asked for.
  private func traced(_ picked: Int, of owner: String, _ sampler: Sampler) -> TracedDraw {
    let sum = bodies.reduce(0) { $0 + $1.weight }
    let shares = bodies.map { sum > 0 ? $0.weight / sum : 0 }
    return TracedDraw(
      path: "objects." + owner + ".variants", distribution: "variants",
      value: Node(.integer(picked), mark: variantsMark), mark: variantsMark, attempt: sampler.attempt, option: picked,
      name: ".variants",
      variants: bodies.contains { $0.share != nil }
        ? nil : .options(bodies.indices.map { "variant \($0)" }, shares: shares))
  }

  private func copy(
    _ k: Int, _ n: Int, _ chosen: Int, _ sampler: inout Sampler, _ environment: ElementEnvironment, _ prefix: String
  ) throws(DocumentError) -> (leaves: [Leaf], stream: RandomStream) {
    let name = count == nil ? id : (k < names.count ? names[k] : "\(id)[\(k)]")
    let full = prefix.isEmpty ? name : prefix + name
    let body = bodies[chosen]
    if count != nil {
      sampler.enter(place, copy: k, of: n, name: sampler.trace == nil && sampler.log == nil ? "" : "objects." + full)
    }
    defer { if count != nil { sampler.leave(forgetting: slots) } }
    let node = try sampler.sample(body.members).placedOnPath(sampler.moment, hasTime: environment.hasTime)
    let stream = sampler.stream(count == nil ? place.child("layout") : PathHash.root.child("layout"))
    guard let children = body.children else {
      var leaf = Leaf(node: node, isSolid: isSolid)
      if count != nil || !prefix.isEmpty { leaf.name = full }
      if environment.needsBoxes { leaf.boxes = try environment.bounds.boxes(of: try ObjectSpec.decode(node)) }
      return ([leaf], stream)
    }
    var inner: [Leaf] = []
    for (i, child) in children.enumerated() {
      do { try child.sample(&sampler, environment, prefix: full + ".", into: &inner) } catch {
        throw error.inside(index: i).inside("objects")
      }
    }
    let pose = try Pose.decode(node).transform
    if pose != .identity { for i in inner.indices { inner[i].move(pose) } }
    if !isSolid { for i in inner.indices { inner[i].isSolid = false } }
    return (inner, stream)
  }

  private func arrange(
    _ copies: inout [[Leaf]], _ streams: [RandomStream], _ layout: LayoutValue, _ others: [Leaf],
    _ sampler: inout Sampler
  ) {
    let items = zip(copies, streams).map { LayoutItem(boxes: $0.flatMap(\.boxes), random: $1) }
    let context = LayoutContext(
      obstacles: isSolid ? others.filter(\.isSolid).flatMap(\.boxes) : [],
      surface: { name in
        others.first { ($0.name ?? Leaf.id($0.node)) == name }.flatMap { Leaf.top($0.boxes) }
      })
    do {
      let key = Placements.Key(element: sampler.here(place))
      let known = sampler.placements.recall(key)
      let poses: [AffineTransform?]
      if let known, known.count == items.count, !layoutMoves {
        poses = known
      } else {
        poses = try layout.layout.place(items, context)
      }
      sampler.placements.decide(poses, for: key)
      for (k, pose) in poses.enumerated() {
        guard let pose else {
          copies[k] = []
          continue
        }
        for i in copies[k].indices { copies[k][i].move(pose) }
      }
    } catch {
      sampler.failure =
        sampler.failure
        ?? UnmetRule(
          name: "layout of \"\(id)\"", mark: layout.mark, shortfall: 1 - error.placed, nearest: error.message)
      copies = []
    }
  }

  /// Lets a copy down, or lifts it, until it stands on what is under it: on the ground of its frame at z = 0, or on the
  /// highest box that it meets on the way down.
  private func settle(_ copy: inout [Leaf], _ number: Int, on others: [Leaf], _ sampler: inout Sampler) {
    let key = Placements.Key(element: sampler.here(place), copy: number)
    if let known = sampler.placements.recall(key), let lift = known.first ?? nil {
      for i in copy.indices { copy[i].move(lift) }
      return
    }
    let own = copy.flatMap(\.boxes)
    guard let lowest = own.map(\.lower.z).min() else {
      sampler.placements.decide([nil], for: key)
      return
    }
    var lift = -lowest
    var stretches: [ClosedRange<Double>] = []
    for other in others where other.isSolid {
      for q in other.boxes {
        let (ql, qu) = (q.lower, q.upper)
        for p in own {
          let (pl, pu) = (p.lower, p.upper)
          if pl.x >= qu.x || pu.x <= ql.x || pl.y >= qu.y || pu.y <= ql.y { continue }
          if let stretch = p.overlapHeights(q) { stretches.append(stretch) }
        }
      }
    }
    for s in stretches where s.lowerBound <= 0 { lift = max(lift, s.upperBound) }
    // Lifted out of one, it may be in another.
    stretches.sort { $0.lowerBound < $1.lowerBound }
    for s in stretches where s.lowerBound < lift && s.upperBound > lift { lift = s.upperBound }
    let move = AffineTransform(translation: Vector3(0, 0, lift))
    sampler.placements.decide([move], for: key)
    for i in copy.indices { copy[i].move(move) }
  }
}

extension Leaf {
  static func id(_ node: Node) -> String? {
    if case .string(let s)? = node["id"]?.content { return s }
    return nil
  }

  /// The upper face of the highest of the boxes.
  static func top(_ boxes: [OrientedBox]) -> Surface? {
    guard let box = boxes.max(by: { $0.upper.z < $1.upper.z }) else { return nil }
    // The face whose normal is nearest to the vertical; a flat box has an edge of length 0 there.
    let edges = [box.a, box.b, box.c]
    let normals = [cross(box.b, box.c), cross(box.c, box.a), cross(box.a, box.b)]
    func steepness(_ n: Vector3) -> Double { n.length > 0 ? abs(n.z) / n.length : -1 }
    var best = 0
    for k in 1..<3 where steepness(normals[k]) > steepness(normals[best]) { best = k }
    let up = edges[best].z < 0 ? -edges[best] : edges[best]
    return Surface(center: box.center + up, a: edges[(best + 1) % 3], b: edges[(best + 2) % 3])
  }
}
