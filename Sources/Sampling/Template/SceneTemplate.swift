import Documents

/// A scene document made ready for sampling.
struct SceneTemplate: Sendable {
  /// The members of a concrete document in the order of the file, without `objects`.
  private(set) var members: [Template.Member] = []
  private(set) var elements: [ElementTemplate] = []
  private(set) var lets: [LetTemplate] = []
  private var objectsMark = Mark.none
  /// The number of subtrees that are the same in every frame.
  private(set) var sharedCount = 0
  let mark: Mark
  /// Whether any element asks for boxes.
  private let needsBoxes: Bool
  private let hasTime: Bool
  /// Whether no layout can fail to find room.
  var isAlwaysPlaced: Bool { !needsBoxes }

  /// Keys that say something about the dataset and not about a frame.
  static let fixedKeys = [
    "name", "description", "image", "frames", "seed", "categories", "output", "annotations", "formats",
  ]
  /// Keys that are used up on the way to a concrete document.
  static let usedKeys = [
    "let", "prototypes", "materials", "include", "rules", "attempts", "frames_per_sequence", "fps",
  ]

  init(_ root: Node) throws(DocumentError) {
    mark = root.mark
    guard case .mapping(let nodes) = root.content else {
      throw DocumentError(root, expected: "a mapping with the keys of a scene: image, camera, objects, ...")
    }
    hasTime = root["frames_per_sequence"].map { !$0.isNull } ?? false
    var compiler = TemplateCompiler(hasTime: hasTime)
    let top = TemplateCompiler.Place()
    let library = try SceneLibrary(root)
    do { try compiler.openScope(root["let"], at: top) } catch { throw error.inside("let") }
    for node in nodes where !SceneTemplate.usedKeys.contains(node.key) {
      do throws(DocumentError) {
        if node.key == "objects" {
          objectsMark = node.value.mark
          elements = try ElementTemplate.elements(node.value, at: top.child("objects"), &compiler, library)
          continue
        }
        let value = try compiler.compile(node.value, at: top.child(node.key))
        if SceneTemplate.fixedKeys.contains(node.key), value.constant == nil {
          throw DocumentError(
            node.value.mark, found: "something drawn", expected: "a value that is fixed for all frames")
        }
        members.append(.init(key: node.key, keyMark: node.keyMark, value: value))
      } catch { throw error.inside(node.key) }
    }
    sharedCount = compiler.sharedCount
    lets = compiler.letTemplates
    needsBoxes = elements.contains { $0.isPlaced }
  }

  /// The concrete document of one attempt at a frame, at the sampler's moment. Where layouts decide and the moment is not
  /// its sequence's first, the sampler holds what they decided there.
  func sample(_ sampler: inout Sampler, _ bounds: ObjectBounds) throws(DocumentError) -> Node {
    var result: [Node.Member] = []
    result.reserveCapacity(members.count + 1)
    for m in members {
      do throws(DocumentError) {
        var value = try sampler.sample(m.value)
        if m.key == "camera" { value = try value.cameraPlaced(at: sampler.moment, hasTime: hasTime) }
        result.append(.init(key: m.key, keyMark: m.keyMark, value: value))
      } catch { throw error.inside(m.key) }
    }
    var leaves: [Leaf] = []
    let environment = ElementEnvironment(bounds: bounds, needsBoxes: needsBoxes, hasTime: hasTime)
    for (i, element) in elements.enumerated() {
      do { try element.sample(&sampler, environment, prefix: "", into: &leaves) } catch {
        throw error.inside(index: i).inside("objects")
      }
    }
    var nodes: [Node] = []
    nodes.reserveCapacity(leaves.count)
    for leaf in leaves { nodes.append(try leaf.concrete(after: sampler.moment.seconds)) }
    result.append(.init(key: "objects", keyMark: objectsMark, value: Node(.sequence(nodes), mark: objectsMark)))
    return Node(.mapping(result), mark: mark)
  }
}
