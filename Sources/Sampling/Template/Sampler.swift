import Documents

/// Samples templates for one attempt at one frame.
struct Sampler {
  let seed: UInt64
  let moment: Moment
  let attempt: Int
  private let lets: [LetTemplate]
  /// The `let` values drawn so far; those of a population's copy are forgotten with the copy.
  private var values: [Node?]
  /// The document, the copy of a population that is being sampled, the copy of a population within that, ...
  private(set) var levels: [Level]
  /// The level that paths begin at.
  private var current = 0
  /// Where set, every draw is written down.
  var trace: [TracedDraw]?
  /// Where set, what is drawn at the places that it names is written down.
  var log: DrawLog?
  /// Why the attempt fails: a layout that finds no room.
  var failure: UnmetRule?

  struct Level {
    var hash: PathHash
    /// What a reader calls it; empty for the document.
    var name: String
    var index: Int
    var count: Int
  }

  /// What layouts and `rest` decide: written down at a sequence's beginning, and kept to after it.
  var placements = Placements()

  init(
    seed: UInt64, moment: Moment, attempt: Int = 0, lets: [LetTemplate] = [], traced: Bool = false,
    logging: Set<Mark>? = nil
  ) {
    self.seed = seed
    self.moment = moment
    self.attempt = attempt
    self.lets = lets
    values = Array(repeating: nil, count: lets.count)
    levels = [Level(hash: .root, name: "", index: 0, count: 1)]
    trace = traced ? [] : nil
    log = logging.map { DrawLog(places: $0) }
  }

  /// The stream of a place in the current level.
  func stream(_ path: PathHash) -> RandomStream {
    RandomStream(
      seed: seed, frame: moment.world, frameCount: moment.worlds, path: levels[current].hash.within(path),
      attempt: attempt, moment: moment)
  }

  /// A place of the current level as one of the document: of this copy and no other.
  func here(_ path: PathHash) -> PathHash { levels[current].hash.within(path) }

  /// The stream of a place for this frame alone, not for its sequence.
  private func frameStream(_ path: PathHash) -> RandomStream {
    RandomStream(
      seed: seed, frame: moment.frame, frameCount: moment.frames, path: levels[current].hash.within(path),
      attempt: attempt, moment: moment)
  }

  // MARK: Levels

  mutating func enter(_ place: PathHash, copy: Int, of count: Int, name: String) {
    levels.append(
      Level(hash: levels[current].hash.within(place).element(copy), name: name, index: copy, count: count))
    current = levels.count - 1
  }

  mutating func leave(forgetting slots: Range<Int>) {
    levels.removeLast()
    current = levels.count - 1
    for s in slots { values[s] = nil }
  }

  // MARK: Values

  mutating func sample(_ template: Template) throws(DocumentError) -> Node {
    switch template {
    case .constant(let node): return node
    case .sequence(let parts, let mark):
      var items: [Node] = []
      items.reserveCapacity(parts.count)
      for (i, p) in parts.enumerated() { do { items.append(try sample(p)) } catch { throw error.inside(index: i) } }
      return Node(.sequence(items), mark: mark)
    case .mapping(let parts, let mark):
      var members: [Node.Member] = []
      members.reserveCapacity(parts.count)
      for p in parts {
        do { members.append(.init(key: p.key, keyMark: p.keyMark, value: try sample(p.value))) } catch {
          throw error.inside(p.key)
        }
      }
      return Node(.mapping(members), mark: mark)
    case .draw(let draw): return try sample(draw, stream(draw.path))
    case .formula(let formula):
      var context = FormulaContext(sampler: self, slots: formula.slots)
      let content = try formula.expression.evaluate(&context, at: formula.mark)
      self = context.sampler
      return Node(content, mark: formula.mark)
    }
  }

  private mutating func sample(_ draw: Draw, _ stream: RandomStream) throws(DocumentError) -> Node {
    var random = stream
    let value: Node
    var option: Int?
    switch draw.source {
    case .fixed(let distribution):
      value = Node(distribution.draw(&random), mark: draw.mark)
      log?.add(draw, .value(value), scope: levels[current].name)
    case .parametric(let parameters):
      let distribution = try decoded(draw, try sample(parameters))
      value = Node(distribution.draw(&random), mark: draw.mark)
    case .chooser(let chooser, let options):
      let picked = chooser.pick(&random)
      option = picked
      log?.add(draw, .option(picked), scope: levels[current].name)
      value = try sample(options[picked])
    case .parametricChooser(let rest, let field, let options):
      var parameters = try sample(rest)
      if case .mapping(var members) = parameters.content, let name = draw.kind.optionsField {
        members.append(.init(key: name, keyMark: field.node.mark, value: field.node))
        parameters = Node(.mapping(members), mark: parameters.mark)
      }
      guard let chooser = try decoded(draw, parameters) as? any Chooser else { return Node(.null, mark: draw.mark) }
      let picked = chooser.pick(&random)
      option = picked
      value = try sample(options[picked])
    case .covering(let part, let inner):
      if part is EachFrame { return try sample(inner, frameStream(inner.path)) }
      var place = inner.path
      if let group = part.group { place = PathHash.root.child("$group").child(group) }
      return try sample(
        inner, self.stream(inner.path).covering(part.cover, at: self.stream(place), part.firstDimension))
    }
    if trace != nil {
      let scope = levels[current].name
      let name = scope.isEmpty ? draw.name : (draw.name.isEmpty ? scope : scope + "." + draw.name)
      trace?.append(
        TracedDraw(
          path: name, distribution: draw.kind.manual.name, value: value, mark: draw.mark, attempt: attempt,
          option: option, name: draw.name, draw: draw))
    }
    return value
  }

  private func decoded(_ draw: Draw, _ parameters: Node) throws(DocumentError) -> any Distribution {
    do { return try draw.kind.decode(parameters) } catch { throw error.inside("$" + draw.kind.manual.name) }
  }

  fileprivate mutating func value(ofLet slot: Int) throws(DocumentError) -> Node {
    if let known = values[slot] { return known }
    let before = current
    current = min(lets[slot].level, levels.count - 1)
    defer { current = before }
    let value: Node
    do { value = try sample(lets[slot].template) } catch { throw error.inside(lets[slot].name).inside("let") }
    values[slot] = value
    return value
  }

  /// Evaluates with a sampler of its own, which takes the values drawn on the way back.
  private struct FormulaContext: ExpressionContext {
    var sampler: Sampler
    let slots: [Int]

    mutating func value(ofSlot slot: Int) throws(DocumentError) -> Node { try sampler.value(ofLet: slots[slot]) }

    func value(of builtin: Expression.Builtin) -> Node.Content {
      let level = sampler.levels[sampler.current]
      return switch builtin {
      case .pi: .real(Double.pi)
      case .frame: .integer(sampler.moment.frame)
      case .frames: .integer(sampler.moment.frames)
      case .time: .real(sampler.moment.seconds)
      case .sequence: .integer(sampler.moment.world)
      case .index: .integer(level.index)
      case .count: .integer(level.count)
      }
    }
  }
}

/// One draw of a frame, for the reader.
public struct TracedDraw: Sendable {
  /// The parameter's path in the document.
  public var path: String
  /// The distribution's name without its dollar sign.
  public var distribution: String
  public var value: Node
  /// The line that says so.
  public var mark: Mark
  public var attempt: Int
  /// Which option was picked, by number, where the distribution picks one of several.
  public var option: Int?
  /// The part of the path that is the place's own, without the copy of a population that it was drawn for.
  let name: String
  /// The place in the scene that drew it; nil for the variant of a population's copy.
  var draw: Draw?
  /// What was to be drawn there, of variants.
  var variants: AskedValues?
}
