import Documents

/// A document made ready for sampling: what is the same in every frame is kept as it is and shared; what is not is a
/// list of places where something is drawn or worked out.
indirect enum Template: Sendable {
  case constant(Node)
  case sequence([Template], Mark)
  case mapping([Member], Mark)
  case draw(Draw)
  case formula(Formula)

  struct Member: Sendable {
    var key: String
    var keyMark: Mark
    var value: Template
  }

  var constant: Node? {
    if case .constant(let node) = self { return node }
    return nil
  }
}

/// A place where a distribution stands.
final class Draw: Sendable {
  enum Source: Sendable {
    /// The parameters are the same in every frame.
    case fixed(any Distribution)
    /// The parameters are sampled first.
    case parametric(Template)
    /// One of the options is sampled; the parameters beside them as above.
    case chooser(any Chooser, [Template])
    case parametricChooser(Template, options: Verbatim, [Template])
    /// Another distribution draws, with numbers that are spread over the dataset.
    case covering(any Covering, Draw)
  }

  let kind: DistributionKind
  let source: Source
  /// The place within its scope: the document, or one copy of a population.
  let path: PathHash
  /// The same for the reader, `objects.boxes.position`.
  let name: String
  let mark: Mark

  init(kind: DistributionKind, source: Source, path: PathHash, name: String, mark: Mark) {
    self.kind = kind
    self.source = source
    self.path = path
    self.name = name
    self.mark = mark
  }
}

/// A place where a formula stands.
final class Formula: Sendable {
  let expression: Expression
  /// For each slot of the formula the slot of the document.
  let slots: [Int]
  let mark: Mark

  init(_ expression: Expression, slots: [Int], mark: Mark) {
    self.expression = expression
    self.slots = slots
    self.mark = mark
  }
}

/// A named value.
struct LetTemplate: Sendable {
  var name: String
  var template: Template
  /// The level of copies that it is drawn for: 0 for the frame, 1 for the copies of a population, and so on.
  var level: Int
}
