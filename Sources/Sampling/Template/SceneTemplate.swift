import Documents

/// A scene document made ready for sampling.
struct SceneTemplate: Sendable {
  /// The members of the document in the order of the file, without `objects`.
  var members: [Template.Member] = []
  var objects: [ObjectTemplate] = []
  var objectsMark = Mark.none
  /// The number of subtrees that are the same in every frame.
  var sharedCount = 0
  let mark: Mark

  /// Keys that say something about the dataset and not about a frame.
  static let fixedKeys = ["name", "description", "image", "frames", "seed", "categories", "output"]

  init(_ root: Node) throws(DocumentError) {
    mark = root.mark
    guard case .mapping(let nodes) = root.content else {
      throw DocumentError(root, expected: "a mapping with the keys of a scene: image, camera, objects, ...")
    }
    var compiler = TemplateCompiler()
    let top = TemplateCompiler.Place()
    for node in nodes {
      do throws(DocumentError) {
        if node.key == "objects" {
          objectsMark = node.value.mark
          objects = try SceneTemplate.objects(node.value, at: top.child("objects"), &compiler)
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
  }

  private static func objects(
    _ node: Node, at place: TemplateCompiler.Place, _ compiler: inout TemplateCompiler
  ) throws(DocumentError) -> [ObjectTemplate] {
    if node.isNull { return [] }
    guard case .sequence(let items) = node.content else { throw DocumentError(node, expected: "a list of objects") }
    var objects: [ObjectTemplate] = []
    var seen: Set<String> = []
    for (i, item) in items.enumerated() {
      do throws(DocumentError) {
        let object = try ObjectTemplate(item, at: place, &compiler)
        guard seen.insert(object.id).inserted else {
          throw DocumentError(
            item["id"]?.mark ?? item.mark, found: "the id \"\(object.id)\" a second time", expected: "each id once")
        }
        objects.append(object)
      } catch { throw error.inside(index: i) }
    }
    return objects
  }

  /// The concrete members and objects of one frame.
  func sample(_ sampler: inout Sampler) throws(DocumentError) -> [Node.Member] {
    var result: [Node.Member] = []
    result.reserveCapacity(members.count + 1)
    for m in members {
      do { result.append(.init(key: m.key, keyMark: m.keyMark, value: try sampler.sample(m.value))) } catch {
        throw error.inside(m.key)
      }
    }
    var nodes: [Node] = []
    nodes.reserveCapacity(objects.count * 4)
    for (i, object) in objects.enumerated() {
      do { try object.sample(&sampler, into: &nodes) } catch { throw error.inside(index: i).inside("objects") }
    }
    result.append(.init(key: "objects", keyMark: objectsMark, value: Node(.sequence(nodes), mark: objectsMark)))
    return result
  }
}

/// One element of `objects:`: an object, or a population of copies.
struct ObjectTemplate: Sendable {
  let id: String
  let body: Template
  /// How many copies; nil for a single object that keeps its plain id.
  let count: Template?
  /// The names `id[0]`, `id[1]`, ... as far as the count is known beforehand.
  let names: [String]
  let place: PathHash

  /// The largest population.
  static let countLimit = 65535

  init(
    _ node: Node, at list: TemplateCompiler.Place, _ compiler: inout TemplateCompiler
  ) throws(DocumentError) {
    guard case .mapping(let members) = node.content else { throw DocumentError(node, expected: "an object: a mapping") }
    guard let idNode = node["id"] else {
      throw DocumentError(node.mark, found: "no \"id\"", expected: "an id, such as id: table")
    }
    guard case .string(let id) = idNode.content, !id.isEmpty else {
      throw DocumentError(idNode, expected: "a name").inside("id")
    }
    self.id = id
    let own = list.element(0, node)
    place = own.hash
    var parts: [Template.Member] = []
    var count: Template?
    for m in members {
      // The paths within a copy begin at the copy.
      let start = node["count"] == nil || m.key == "count" ? own : TemplateCompiler.Place()
      do {
        let value = try compiler.compile(m.value, at: start.child(m.key))
        if m.key == "count" { count = value } else { parts.append(.init(key: m.key, keyMark: m.keyMark, value: value)) }
      } catch { throw error.inside(m.key) }
    }
    self.count = count
    if let constant = count?.constant {
      let n: Int
      do { n = try ObjectTemplate.checkedCount(constant) } catch { throw error.inside("count") }
      names = (0..<n).map { "\(id)[\($0)]" }
    } else {
      names = []
    }
    body = count == nil ? compiler.assembled(parts, mark: node.mark) : .mapping(parts, node.mark)
  }

  private static func checkedCount(_ node: Node) throws(DocumentError) -> Int {
    let n = try Int.decode(node)
    guard (0...countLimit).contains(n) else {
      throw DocumentError(node, expected: "a whole number from 0 to \(countLimit)")
    }
    return n
  }

  func sample(_ sampler: inout Sampler, into nodes: inout [Node]) throws(DocumentError) {
    guard let count else {
      nodes.append(try sampler.sample(body))
      return
    }
    let n: Int
    if count.constant != nil {
      n = names.count
    } else {
      do { n = try ObjectTemplate.checkedCount(try sampler.sample(count)) } catch { throw error.inside("count") }
    }
    guard case .mapping(let parts, let mark) = body else { return }
    let (scope, scopeName) = (sampler.scope, sampler.scopeName)
    defer { (sampler.scope, sampler.scopeName) = (scope, scopeName) }
    for k in 0..<n {
      let name = k < names.count ? names[k] : "\(id)[\(k)]"
      sampler.scope = scope.within(place).element(k)
      if sampler.trace != nil { sampler.scopeName = "objects." + name }
      var members: [Node.Member] = []
      members.reserveCapacity(parts.count)
      for p in parts {
        if p.key == "id" {
          members.append(.init(key: p.key, keyMark: p.keyMark, value: Node(.string(name), mark: p.keyMark)))
          continue
        }
        do { members.append(.init(key: p.key, keyMark: p.keyMark, value: try sampler.sample(p.value))) } catch {
          throw error.inside(p.key)
        }
      }
      nodes.append(Node(.mapping(members), mark: mark))
    }
  }
}
