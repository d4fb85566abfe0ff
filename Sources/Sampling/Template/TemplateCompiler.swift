import Documents

/// Turns a document into templates.
struct TemplateCompiler {
  /// The number of shared subtrees so far.
  private(set) var sharedCount = 0
  /// How many populations are around the place that is being compiled.
  var level = 0
  private var scopes: [[String: Int]] = []
  private var lets: [Let] = []
  private var busy: [String] = []
  /// Whether the scene has time.
  let hasTime: Bool

  init(hasTime: Bool = false) { self.hasTime = hasTime }

  private struct Let {
    enum State {
      case pending(Node)
      case busy
      case done(Template)
    }
    var name: String
    var state: State
    var place: Place
    var level: Int
    var scopeCount: Int
    var mark: Mark
  }

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

  /// All `let` values, by slot.
  var letTemplates: [LetTemplate] {
    lets.map { l in
      if case .done(let t) = l.state { return LetTemplate(name: l.name, template: t, level: l.level) }
      return LetTemplate(name: l.name, template: .constant(Node(.null)), level: l.level)
    }
  }

  var slotCount: Int { lets.count }

  // MARK: Values

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
        do throws(DocumentError) {
          if dice.key == "$expr" { return try formula(dice.value, at: place) }
          return .draw(try draw(dice, at: place, mark: node.mark))
        } catch { throw error.inside(dice.key) }
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

  private mutating func share(_ node: Node) -> Node {
    defer { sharedCount += 1 }
    return Node(node.content, mark: node.mark, shared: SharedSubtree(index: sharedCount))
  }

  // MARK: Distributions

  private mutating func draw(_ member: Node.Member, at place: Place, mark: Mark) throws(DocumentError) -> Draw {
    guard let kind = distributionKinds[member.key] else {
      throw DocumentError(
        unknown: "distribution", member.key, at: member.keyMark,
        among: distributionRegistry.map { "$" + $0.manual.name } + ["$expr"])
    }
    guard hasTime || !kind.needsTime else {
      throw DocumentError(
        member.keyMark, found: "\(member.key) in a scene without time", expected: "frames_per_sequence in the scene")
    }
    let inner = place.child(member.key)
    let parameters = kind.shorthand.expanded(member.value)
    func made(_ source: Draw.Source) -> Draw {
      Draw(kind: kind, source: source, path: inner.hash, name: place.name, mark: mark)
    }
    if kind.isCovering { return made(try covering(kind, parameters, at: inner)) }
    guard let optionsField = kind.optionsField, let options = parameters[optionsField],
      case .sequence(let items) = options.content, case .mapping(let members) = parameters.content
    else {
      let template = try compile(parameters, at: inner)
      guard let constant = template.constant else { return made(.parametric(template)) }
      return made(.fixed(try kind.decode(constant)))
    }
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

  private mutating func covering(
    _ kind: DistributionKind, _ parameters: Node, at inner: Place
  ) throws(DocumentError) -> Draw.Source {
    var parameters = parameters
    // Without its own name for the inner distribution, the whole is the inner distribution.
    if case .mapping(let m) = parameters.content, m.count == 1, m[0].key.hasPrefix("$") {
      parameters = Node(
        .mapping([.init(key: "of", keyMark: parameters.mark, value: parameters)]), mark: parameters.mark)
    }
    guard let part = try kind.decode(parameters) as? any Covering else {
      throw DocumentError(parameters, expected: "a distribution to spread")
    }
    let of = part.of.node
    guard case .mapping(let m) = of.content, m.count == 1, m[0].key.hasPrefix("$"), m[0].key != "$expr" else {
      throw DocumentError(of, expected: "a distribution to spread, such as {$uniform: [0, 1]}")
    }
    do { return .covering(part, try draw(m[0], at: inner, mark: of.mark)) } catch { throw error.inside(m[0].key) }
  }

  // MARK: Names

  /// Opens a scope with the members of a `let` mapping.
  mutating func openScope(_ node: Node?, at place: Place) throws(DocumentError) {
    var names: [String: Int] = [:]
    scopes.append(names)
    guard let node, !node.isNull else { return }
    guard case .mapping(let members) = node.content else {
      throw DocumentError(node, expected: "names with their values")
    }
    for m in members {
      guard TemplateCompiler.isName(m.key) else {
        throw DocumentError(
          m.keyMark, found: "the name \"\(m.key)\"", expected: "letters, digits and _, a letter first")
      }
      let reserved =
        Expression.Builtin.allCases.filter { !$0.needsTime }.map(\.rawValue) + [
          "true", "false", "and", "or", "not", "if", "else",
        ]
      guard !reserved.contains(m.key) else {
        throw DocumentError(m.keyMark, found: "the name \"\(m.key)\"", expected: "a name that is not taken by formulas")
      }
      names[m.key] = lets.count
      lets.append(
        Let(
          name: m.key, state: .pending(m.value), place: place.child("let").child(m.key), level: level,
          scopeCount: scopes.count, mark: m.keyMark))
    }
    scopes[scopes.count - 1] = names
    for m in members {
      if let slot = names[m.key] { do { try settle(slot) } catch { throw error.inside(m.key) } }
    }
  }

  mutating func closeScope() { scopes.removeLast() }

  private static func isName(_ s: String) -> Bool {
    guard let first = s.utf8.first, first < 128 else { return false }
    func isLetter(_ c: UInt8) -> Bool { (c | 32) >= UInt8(ascii: "a") && (c | 32) <= UInt8(ascii: "z") || c == 95 }
    return isLetter(first) && s.utf8.allSatisfy { isLetter($0) || ($0 >= 48 && $0 <= 57) }
  }

  /// Compiles a `let` value if it is not yet; what it names comes first.
  private mutating func settle(_ slot: Int) throws(DocumentError) {
    switch lets[slot].state {
    case .done: return
    case .busy:
      let cycle = (busy.firstIndex(of: lets[slot].name).map { Array(busy[$0...]) } ?? busy) + [lets[slot].name]
      throw DocumentError(
        lets[slot].mark, found: "a value that needs itself: " + cycle.joined(separator: " -> "),
        expected: "values without a circle")
    case .pending(let node):
      let (outerScopes, outerLevel) = (scopes, level)
      scopes = Array(scopes.prefix(lets[slot].scopeCount))
      level = lets[slot].level
      lets[slot].state = .busy
      busy.append(lets[slot].name)
      defer { (scopes, level) = (outerScopes, outerLevel) }
      let template = try compile(node, at: lets[slot].place)
      lets[slot].state = .done(template)
      busy.removeLast()
    }
  }

  private mutating func formula(_ node: Node, at place: Place) throws(DocumentError) -> Template {
    let text: String
    switch node.content {
    case .string(let s): text = s
    case .integer, .real, .boolean: return .constant(node)
    default: throw DocumentError(node, expected: "a formula, such as \"0.4 * width\"")
    }
    var visible: [String: Int] = [:]
    for scope in scopes { visible.merge(scope) { _, inner in inner } }
    let (expression, used) = try ExpressionParser.parse(text, mark: node.mark, names: visible.keys.sorted())
    if !hasTime, let missing = expression.timeAskedFor {
      throw DocumentError(
        node.mark, found: "\"\(missing.rawValue)\" in a scene without time",
        expected: "frames_per_sequence in the scene")
    }
    let slots = used.compactMap { visible[$0] }
    for s in slots { try settle(s) }
    var context = ConstantContext(values: [])
    for s in slots {
      guard case .done(let t) = lets[s].state, let constant = t.constant else { break }
      context.values.append(constant)
    }
    guard context.values.count == slots.count, !expression.usesFrame else {
      return .formula(Formula(expression, slots: slots, mark: node.mark))
    }
    let content = try expression.evaluate(&context, at: node.mark)
    return try compile(Node(content, mark: node.mark), at: place)
  }

  /// For formulas of constants, which are worked out once.
  private struct ConstantContext: ExpressionContext {
    var values: [Node]
    mutating func value(ofSlot slot: Int) -> Node { values[slot] }
    func value(of builtin: Expression.Builtin) -> Node.Content { .real(Double.pi) }
  }
}

extension Expression {
  /// Whether the value depends on more than `let` values.
  var usesFrame: Bool {
    switch self {
    case .value, .slot: false
    case .builtin(let b): b != .pi
    case .list(let items), .call(_, let items): items.contains { $0.usesFrame }
    case .unary(_, let x): x.usesFrame
    case .binary(_, let a, let b), .index(let a, let b): a.usesFrame || b.usesFrame
    case .condition(let a, let b, let c): a.usesFrame || b.usesFrame || c.usesFrame
    }
  }
}
