import Documents
import Geometry

/// One element of an `objects:` list made ready: an object, a population of copies, or a group of further elements.
final class ElementTemplate: Sendable {
  let id: String
  /// How many copies; nil for a single element that keeps its plain id.
  let count: Template?
  /// As far as the count is known beforehand.
  let constantCount: Int?
  /// The names `id[0]`, `id[1]`, ... of a constant count.
  let names: [String]
  let bodies: [Body]
  let layout: Template?
  /// Whether the layout itself moves with time, and so decides anew in every frame.
  let layoutMoves: Bool
  /// Whether the copies sink or rise until they stand on what is under them.
  let rests: Template?
  /// Whether other objects keep out of this one.
  let isSolid: Bool
  /// The `let` slots of the copies.
  let slots: Range<Int>
  let place: PathHash
  let mark: Mark
  /// Of the list of variants, where there is one.
  let variantsMark: Mark

  /// One way that a copy can be.
  struct Body: Sendable {
    /// The members of the object, or the pose of the group.
    var members: Template
    /// Not nil for a group.
    var children: [ElementTemplate]?
    var weight: Double
    /// The share of frames in which one copy is bound to be like this.
    var share: Double?
  }

  /// Keys that order the element and are no part of the concrete object.
  static let control = ["count", "let", "prototype", "variants", "layout", "rest", "solid", "objects"]
  /// What a group may say beside those.
  static let groupKeys = ["id", "position", "rotation", "scale", "matrix", "path"]
  /// The largest population.
  static let countLimit = 65535

  init(
    _ node: Node, at list: TemplateCompiler.Place, _ compiler: inout TemplateCompiler, _ library: SceneLibrary
  ) throws(DocumentError) {
    mark = node.mark
    guard case .mapping = node.content else { throw DocumentError(node, expected: "an object: a mapping") }
    guard let idNode = node["id"] else {
      throw DocumentError(node.mark, found: "no \"id\"", expected: "an id, such as id: table")
    }
    guard case .string(let id) = idNode.content, !id.isEmpty else {
      throw DocumentError(idNode, expected: "a name").inside("id")
    }
    self.id = id
    let own = list.element(0, node)
    place = own.hash
    let base = try library.resolved(node)
    variantsMark = base["variants"]?.mark ?? .none

    var count: Template?
    var layout: Template?
    var rests: Template?
    if let n = base["count"] {
      do { count = try compiler.compile(n, at: own.child("count")) } catch { throw error.inside("count") }
    }
    if let n = base["layout"] {
      do { layout = try compiler.compile(n, at: own.child("layout")) } catch { throw error.inside("layout") }
    }
    if let n = base["rest"] {
      do { rests = try compiler.compile(n, at: own.child("rest")) } catch { throw error.inside("rest") }
    }
    isSolid = try library.flag("solid", base) ?? true
    (self.count, self.layout, self.rests) = (count, layout, rests)
    layoutMoves = layout.map { $0.moves(compiler.letTemplates) } ?? false
    if compiler.hasTime {
      let lasting = compiler.letTemplates
      if let count, count.moves(lasting) { throw ElementTemplate.lasting(base, "count") }
      if let rests, rests.moves(lasting) { throw ElementTemplate.lasting(base, "rest") }
    }
    if let constant = count?.constant {
      let n: Int
      do { n = try ElementTemplate.checkedCount(constant) } catch { throw error.inside("count") }
      constantCount = n
      names = (0..<n).map { "\(id)[\($0)]" }
    } else {
      constantCount = nil
      names = []
    }

    // The paths within a copy begin at the copy.
    let inner = count == nil ? own : TemplateCompiler.Place()
    let first = compiler.slotCount
    if count != nil { compiler.level += 1 }
    defer { if count != nil { compiler.level -= 1 } }
    var bodies: [Body] = []
    for variant in try library.variants(base) {
      bodies.append(
        try ElementTemplate.body(variant.node, inner, &compiler, library, variant.weight, variant.share, count == nil))
    }
    self.bodies = bodies
    slots = count == nil ? 0..<0 : first..<compiler.slotCount
  }

  private static func body(
    _ node: Node, _ place: TemplateCompiler.Place, _ compiler: inout TemplateCompiler, _ library: SceneLibrary,
    _ weight: Double, _ share: Double?, _ isSingle: Bool
  ) throws(DocumentError) -> Body {
    do { try compiler.openScope(node["let"], at: place) } catch { throw error.inside("let") }
    defer { compiler.closeScope() }
    guard case .mapping(let members) = node.content else { throw DocumentError(node, expected: "a mapping") }
    var children: [ElementTemplate]?
    var parts: [Template.Member] = []
    let isGroup = node["objects"] != nil
    let known = isGroup ? groupKeys : ObjectSpec.fields.map(\.name)
    for m in members where !known.contains(m.key) && !control.contains(m.key) {
      throw DocumentError(unknown: isGroup ? "key of a group" : "key", m.key, at: m.keyMark, among: known + control)
    }
    for m in members {
      do throws(DocumentError) {
        if m.key == "objects" {
          children = try elements(m.value, at: place.child("objects"), &compiler, library)
        } else if !control.contains(m.key) {
          let value = m.key == "id" ? Template.constant(m.value) : try compiler.compile(m.value, at: place.child(m.key))
          if compiler.hasTime, m.key == "category", value.moves(compiler.letTemplates) {
            throw DocumentError(
              m.value.mark, found: "a value that changes within a sequence", expected: "one that lasts for it")
          }
          parts.append(.init(key: m.key, keyMark: m.keyMark, value: value))
        }
      } catch { throw error.inside(m.key) }
    }
    let template = isSingle && !isGroup ? compiler.assembled(parts, mark: node.mark) : .mapping(parts, node.mark)
    return Body(members: template, children: children, weight: weight, share: share)
  }

  /// How many there are and what they are lasts for a sequence, so that ids do.
  private static func lasting(_ node: Node, _ key: String) -> DocumentError {
    DocumentError(
      node[key]?.mark ?? node.mark, found: "a value that changes within a sequence", expected: "one that lasts for it"
    ).inside(key)
  }

  /// The elements of a list; their ids are unique in it.
  static func elements(
    _ node: Node, at place: TemplateCompiler.Place, _ compiler: inout TemplateCompiler, _ library: SceneLibrary
  ) throws(DocumentError) -> [ElementTemplate] {
    if node.isNull { return [] }
    guard case .sequence(let items) = node.content else { throw DocumentError(node, expected: "a list of objects") }
    var list: [ElementTemplate] = []
    var seen: Set<String> = []
    for (i, item) in items.enumerated() {
      do throws(DocumentError) {
        let element = try ElementTemplate(item, at: place, &compiler, library)
        guard seen.insert(element.id).inserted else {
          throw DocumentError(
            item["id"]?.mark ?? item.mark, found: "the id \"\(element.id)\" a second time", expected: "each id once")
        }
        list.append(element)
      } catch { throw error.inside(index: i) }
    }
    return list
  }

  static func checkedCount(_ node: Node) throws(DocumentError) -> Int {
    let n = try Int.decode(node)
    guard (0...countLimit).contains(n) else {
      throw DocumentError(node, expected: "a whole number from 0 to \(countLimit)")
    }
    return n
  }

  /// Whether sampling the element asks for boxes.
  var isPlaced: Bool {
    layout != nil || rests != nil || bodies.contains { $0.children?.contains { $0.isPlaced } ?? false }
  }
}
