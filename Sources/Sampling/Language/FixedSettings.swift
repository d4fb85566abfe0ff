import Documents
import Stage

/// What a scene says about the dataset as a whole.
struct FixedSettings {
  var name: String?
  var image = ImageSpec()
  var frames = 1
  var seed: UInt64 = 0
  var clock = SceneClock()
  var output = OutputSettings()
  var annotations: Node?
  var formats: Node?
  var categories: [Category] = []
  /// Names of the cameras of a rig; empty where there is one camera.
  var views: [String] = []
  /// Attempts at a frame that breaks a rule.
  var attempts = 100

  /// Reads the settings, and writes into `root` what overrides and defaults make of them: the image size, and the
  /// categories in full. The number of frames becomes 1 and the seed the one in use: they are not part of what a frame
  /// is.
  init(_ root: inout Node, _ overrides: SceneOverrides) throws(DocumentError) {
    guard case .mapping(let members) = root.content else {
      throw DocumentError(root, expected: "a mapping with the keys of a scene: image, camera, objects, ...")
    }
    let known = SceneSpec.allKeys
    for m in members where !known.contains(m.key) {
      throw DocumentError(unknown: "key", m.key, at: m.keyMark, among: known)
    }
    name = try FixedSettings.read("name", root, String.self)
    if let n = name, n.isEmpty { throw DocumentError(root["name"] ?? root, expected: "a name").inside("name") }
    image = try FixedSettings.read("image", root, ImageSpec.self) ?? ImageSpec()
    output = try FixedSettings.read("output", root, OutputSettings.self) ?? OutputSettings()
    annotations = try FixedSettings.read("annotations", root, AnnotationSyntax.self)?.node
    formats = try FixedSettings.read("formats", root, AnnotationSyntax.self)?.node
    frames = try FixedSettings.read("frames", root, Int.self, in: .closed(1, 0x1p32 - 2)) ?? 1
    seed = UInt64(try FixedSettings.read("seed", root, Int.self, in: .nonNegative) ?? 0)
    clock = try FixedSettings.clock(root)
    attempts = try FixedSettings.read("attempts", root, Int.self, in: .closed(1, 100_000)) ?? 100
    let declared = image
    if overrides.width != nil || overrides.height != nil {
      image.width = overrides.width ?? image.width
      image.height = overrides.height ?? image.height
      for side in [image.width, image.height] where !ImageSpec.sides.contains(Double(side)) {
        throw DocumentError(
          .none, found: "an image of \(image.width) x \(image.height) pixels", expected: "sides of 1 to 32768")
      }
      try image.validate(Node(.null))
    }
    if let n = overrides.frames {
      guard n >= 1, n < Int(UInt32.max) else {
        throw DocumentError(.none, found: "\(n) frames", expected: "1 to 2^32 - 2 frames")
      }
      frames = n
    }
    if let s = overrides.seed { seed = s }
    if image != declared, let camera = root["camera"], camera["K"] != nil, camera["size"] == nil {
      let size = Node(.sequence([Node(.integer(declared.width)), Node(.integer(declared.height))]))
      root.set("camera", to: camera.setting("size", to: size))
    }
    categories = try FixedSettings.categories(root)
    views = try FixedSettings.views(root)
    FixedSettings.drawNoise(&root, clock)
    let size: [Node.Member] = [
      .init(key: "width", keyMark: .none, value: Node(.integer(image.width))),
      .init(key: "height", keyMark: .none, value: Node(.integer(image.height))),
    ]
    root.set("image", to: Node(.mapping(size)), atFront: true)
    root.remove("frames")
    root.remove("seed")
    let names = Node(.sequence(categories.map(FixedSettings.node)), mark: root["categories"]?.mark ?? .none)
    root.set("categories", to: names)
  }

  private static func read<V: DocumentValue>(
    _ key: String, _ root: Node, _ type: V.Type, in bound: Bound = .any
  ) throws(DocumentError) -> V? {
    guard let node = root[key], !node.isNull else { return nil }
    if let dice = node.firstDice {
      throw DocumentError(
        dice, found: "something drawn", expected: "a value that is fixed for all frames", path: key)
    }
    do {
      let value = try V.decode(node)
      try value.check(bound, at: node)
      return value
    } catch { throw error.inside(key) }
  }

  private static func clock(_ root: Node) throws(DocumentError) -> SceneClock {
    let count = try read("frames_per_sequence", root, Int.self, in: .closed(1, 1_000_000))
    let fps = try read("fps", root, Double.self, in: .closed(1e-3, 1e6))
    if count == nil, fps != nil {
      throw DocumentError(
        root["fps"]?.mark ?? root.mark, found: "fps in a scene without time", expected: "frames_per_sequence beside it",
        path: "fps")
    }
    if count != nil, let known = root["sequence"], !known.isNull {
      throw DocumentError(
        known.mark, found: "a frame of a sequence beside frames_per_sequence", expected: "one of them", path: "sequence"
      )
    }
    return SceneClock(framesPerSequence: count, fps: fps ?? SceneClock.defaultFPS)
  }

  /// How many cameras a rig has is part of what the dataset is: their list and names are not drawn.
  private static func views(_ root: Node) throws(DocumentError) -> [String] {
    guard let rig = root["camera"]?["rig"], !rig.isNull else { return [] }
    guard case .sequence(let nodes) = rig.content else {
      throw DocumentError(rig, expected: "a list of cameras that is fixed for all frames").inside("rig").inside(
        "camera")
    }
    var names: [String] = []
    for (i, node) in nodes.enumerated() {
      guard let id = node["id"], case .string(let name) = id.content else {
        throw DocumentError(node, expected: "a camera with an id").inside(index: i).inside("rig").inside("camera")
      }
      names.append(name)
    }
    return names
  }

  /// A camera with a sensor has noise of its own in every frame: dice like any other, so that a printed frame holds what
  /// was thrown and is the same frame again.
  private static func drawNoise(_ root: inout Node, _ clock: SceneClock) {
    guard let camera = root["camera"], camera["noise_seed"] == nil else { return }
    func isModel(_ node: Node?) -> Bool { if case .mapping? = node?.content { true } else { false } }
    var views: [Node] = []
    if case .sequence(let list)? = camera["rig"]?.content { views = list }
    guard isModel(camera["sensor"]) || views.contains(where: { isModel($0["sensor"]) }) else { return }
    let range = Node(.sequence([Node(.integer(0)), Node(.integer((1 << 40) - 1))]))
    var dice = Node(.mapping([.init(key: "$integer", keyMark: .none, value: range)]))
    if clock.hasTime { dice = Node(.mapping([.init(key: "$each_frame", keyMark: .none, value: dice)])) }
    root.set("camera", to: camera.setting("noise_seed", to: dice))
  }

  /// The categories listed, or those that the objects mention, in order.
  private static func categories(_ root: Node) throws(DocumentError) -> [Category] {
    if let listed = try read("categories", root, [CategorySpec].self) {
      var seen: Set<String> = []
      for (i, c) in listed.enumerated() {
        guard !c.name.isEmpty, seen.insert(c.name).inserted else {
          let node = root["categories"] ?? root
          let item = if case .sequence(let s) = node.content, i < s.count { s[i] } else { node }
          throw DocumentError(item, expected: "a name that is not yet taken").inside(index: i).inside("categories")
        }
      }
      return listed.enumerated().map {
        Category(
          id: $0 + 1, name: $1.name, supercategory: $1.supercategory, isStuff: $1.stuff, parts: $1.parts,
          keypoints: $1.keypoints, skeleton: $1.skeleton, flip: $1.keypoints.isEmpty ? nil : $1.flip)
      }
    }
    var names: [String] = []
    func collect(_ node: Node, isName: Bool) {
      switch node.content {
      case .string(let s) where isName: if !names.contains(s) { names.append(s) }
      case .sequence(let items): for item in items { collect(item, isName: isName) }
      case .mapping(let members): for m in members { collect(m.value, isName: isName || m.key == "category") }
      default: break
      }
    }
    collect(root["objects"] ?? Node(.null), isName: false)
    collect(root["prototypes"] ?? Node(.null), isName: false)
    return names.enumerated().map { Category(id: $0 + 1, name: $1) }
  }

  private static func node(_ c: Category) -> Node {
    if c == Category(id: c.id, name: c.name) { return Node(.string(c.name)) }
    var members: [Node.Member] = [
      .init(key: "name", keyMark: .none, value: Node(.string(c.name))),
      .init(key: "supercategory", keyMark: .none, value: Node(.string(c.supercategory))),
    ]
    if c.isStuff { members.append(.init(key: "stuff", keyMark: .none, value: Node(.boolean(true)))) }
    if !c.parts.isEmpty {
      members.append(.init(key: "parts", keyMark: .none, value: Node(.sequence(c.parts.map { Node(.string($0)) }))))
    }
    if !c.keypoints.isEmpty { members += keypointMembers(c) }
    return Node(.mapping(members))
  }

  private static func keypointMembers(_ c: Category) -> [Node.Member] {
    func pairs(_ list: [SIMD2<Int>]) -> Node {
      Node(.sequence(list.map { Node(.sequence([$0.x, $0.y].map { Node(.string(c.keypoints[$0])) })) }))
    }
    let flips = c.flip.indices.filter { $0 < c.flip[$0] }.map { SIMD2($0, c.flip[$0]) }
    var members = [
      Node.Member(
        key: "keypoints", keyMark: .none, value: Node(.sequence(c.keypoints.map { Node(.string($0)) })))
    ]
    if !c.skeleton.isEmpty { members.append(.init(key: "skeleton", keyMark: .none, value: pairs(c.skeleton))) }
    if !flips.isEmpty { members.append(.init(key: "flip", keyMark: .none, value: pairs(flips))) }
    return members
  }
}

extension Node {
  /// The mark of the first `$` key in the tree.
  var firstDice: Mark? {
    switch content {
    case .sequence(let items):
      for i in items { if let m = i.firstDice { return m } }
      return nil
    case .mapping(let members):
      for m in members {
        if m.key.hasPrefix("$") { return m.keyMark }
        if let d = m.value.firstDice { return d }
      }
      return nil
    default: return nil
    }
  }

  /// Gives a member of a mapping a value; adds it where there is none.
  mutating func set(_ key: String, to value: Node, atFront: Bool = false) {
    guard case .mapping(var members) = content else { return }
    if let i = members.firstIndex(where: { $0.key == key }) {
      members[i].value = value
    } else {
      members.insert(.init(key: key, keyMark: mark, value: value), at: atFront ? 0 : members.count)
    }
    content = .mapping(members)
  }

  mutating func remove(_ key: String) {
    guard case .mapping(let members) = content else { return }
    content = .mapping(members.filter { $0.key != key })
  }

  func setting(_ key: String, to value: Node) -> Node {
    var copy = self
    copy.set(key, to: value)
    return copy
  }
}

/// The document as a text that does not depend on comments, layout and the order of keys, nor on what has no part in
/// pixels and labels.
///
/// - Parameter hasAnnotations: whether what frames are annotated with is part of it: it is part of what a dataset is, not of
///   what a frame is.
func canonicalText(_ root: Node, hasAnnotations: Bool = false) -> String {
  func sorted(_ node: Node) -> Node {
    switch node.content {
    case .sequence(let items): Node(.sequence(items.map(sorted)))
    case .mapping(let members):
      Node(
        .mapping(
          members.map { .init(key: $0.key, keyMark: .none, value: sorted($0.value)) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }))
    default: Node(node.content)
    }
  }
  var root = root
  root.remove("name")
  root.remove("description")
  if !hasAnnotations { root.remove("annotations") }
  root.remove("formats")
  return yaml(sorted(root))
}
