import Documents

/// Turns a document into templates.
struct TemplateCompiler {
  /// The number of shared subtrees so far.
  private(set) var sharedCount = 0

  /// A parameter's place: what its dice hang on, and what a reader calls it.
  struct Place {
    var hash = PathHash.root
    var name = ""

    func child(_ key: String) -> Place {
      Place(hash: hash.child(key), name: name.isEmpty ? key : name + "." + key)
    }

    func element(_ index: Int, _ node: Node) -> Place {
      if case .string(let id)? = node["id"]?.content {
        return Place(hash: hash.child("#" + id), name: name + "[" + id + "]")
      }
      return Place(hash: hash.element(index), name: name + "[\(index)]")
    }
  }

  mutating func compile(_ node: Node, at place: Place) throws(DocumentError) -> Template {
    switch node.content {
    case .sequence(let items):
      var parts: [Template] = []
      parts.reserveCapacity(items.count)
      for (i, item) in items.enumerated() {
        do { parts.append(try compile(item, at: place.element(i, item))) } catch { throw error.inside(index: i) }
      }
      let constants = parts.compactMap(\.constant)
      guard constants.count == parts.count else { return .sequence(parts, node.mark) }
      return .constant(share(Node(.sequence(constants), mark: node.mark)))
    case .mapping(let members):
      if let dice = members.first(where: { $0.key.hasPrefix("$") }) {
        guard members.count == 1 else {
          throw DocumentError(
            dice.keyMark, found: "\"\(dice.key)\" beside \"\(members.first { $0.key != dice.key }?.key ?? "")\"",
            expected: "\"\(dice.key)\" alone in its mapping")
        }
        do { return .draw(try draw(dice, at: place, mark: node.mark)) } catch { throw error.inside(dice.key) }
      }
      var parts: [Template.Member] = []
      parts.reserveCapacity(members.count)
      for m in members {
        do {
          parts.append(.init(key: m.key, keyMark: m.keyMark, value: try compile(m.value, at: place.child(m.key))))
        } catch { throw error.inside(m.key) }
      }
      return assembled(parts, mark: node.mark)
    default: return .constant(node)
    }
  }

  /// A mapping of compiled members; constant where they all are.
  mutating func assembled(_ parts: [Template.Member], mark: Mark) -> Template {
    var members: [Node.Member] = []
    members.reserveCapacity(parts.count)
    for p in parts {
      guard let value = p.value.constant else { return .mapping(parts, mark) }
      members.append(.init(key: p.key, keyMark: p.keyMark, value: value))
    }
    return .constant(share(Node(.mapping(members), mark: mark)))
  }

  private mutating func draw(_ member: Node.Member, at place: Place, mark: Mark) throws(DocumentError) -> Draw {
    guard let kind = distributionKinds[member.key] else {
      throw DocumentError(
        unknown: "distribution", member.key, at: member.keyMark,
        among: distributionRegistry.map { "$" + $0.manual.name })
    }
    let inner = place.child(member.key)
    let parameters = kind.shorthand.expanded(member.value)
    func made(_ source: Draw.Source) -> Draw {
      Draw(kind: kind, source: source, path: inner.hash, name: place.name, mark: mark)
    }
    guard let optionsField = kind.optionsField, let options = parameters[optionsField],
      case .sequence(let items) = options.content
    else {
      let template = try compile(parameters, at: inner)
      guard let constant = template.constant else { return made(.parametric(template)) }
      return made(.fixed(try kind.decode(constant)))
    }
    guard case .mapping(let members) = parameters.content else { return made(.fixed(try kind.decode(parameters))) }
    let rest = try compile(
      Node(.mapping(members.filter { $0.key != optionsField }), mark: parameters.mark), at: inner)
    var compiled: [Template] = []
    for (i, item) in items.enumerated() {
      do { compiled.append(try compile(item, at: inner.element(i, item))) } catch { throw error.inside(index: i) }
    }
    guard rest.constant != nil, let chooser = try kind.decode(parameters) as? any Chooser else {
      return made(.parametricChooser(rest, options: Verbatim(options), compiled))
    }
    return made(.chooser(chooser, compiled))
  }

  private mutating func share(_ node: Node) -> Node {
    defer { sharedCount += 1 }
    return Node(node.content, mark: node.mark, shared: SharedSubtree(index: sharedCount))
  }
}
