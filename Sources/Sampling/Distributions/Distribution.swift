import Documents

/// A part that draws values. In a scene it is a mapping with one key, the part's name behind a dollar sign:
/// `{$uniform: [0.1, 0.3]}`. A distribution is one file in `Distributions/`, one line in `distributionRegistry` and one
/// test that calls `checkDistribution`.
public protocol Distribution: DocumentPart {
  /// How parameters may be written without their names.
  static var shorthand: Shorthand { get }
  /// One value. The same stream gives the same value.
  func draw(_ random: inout RandomStream) -> Node.Content
}

/// The short form of a distribution's parameters.
public enum Shorthand: Sendable {
  /// Only the full mapping will do.
  case none
  /// A list gives these fields in order; what is no list gives the first.
  case fields([String])
  /// Whatever is no mapping of fields is the value of this field.
  case whole(String)

  /// The parameters with their names.
  func expanded(_ node: Node) -> Node {
    func member(_ key: String, _ value: Node) -> Node.Member { .init(key: key, keyMark: value.mark, value: value) }
    switch (self, node.content) {
    case (.none, _), (_, .null), (_, .mapping): return node
    case (.fields(let names), .sequence(let items)) where names.count > 1 && items.count <= names.count:
      return Node(.mapping(zip(names, items).map { member($0, $1) }), mark: node.mark)
    case (.fields(let names), .sequence) where names.count > 1: return node
    case (.fields(let names), _): return Node(.mapping(names.first.map { [member($0, node)] } ?? []), mark: node.mark)
    case (.whole(let name), _): return Node(.mapping([member(name, node)]), mark: node.mark)
    }
  }
}

/// A distribution that picks one of several subtrees; only the picked one is sampled.
public protocol Chooser: Distribution {
  /// The field that lists the subtrees.
  static var optionsField: String { get }
  /// Index of the option picked.
  func pick(_ random: inout RandomStream) -> Int
}

/// What a distribution can be asked for without knowing which one it is.
struct DistributionKind: Sendable {
  let manual: Manual
  let shorthand: Shorthand
  let optionsField: String?
  let isCovering: Bool
  /// Whether its value moves within a sequence, and whether it takes a scene with time.
  let isMoving: Bool
  let needsTime: Bool
  let grammar: @Sendable () -> PartGrammar
  let decode: @Sendable (Node) throws(DocumentError) -> any Distribution

  init<D: Distribution>(_ type: D.Type) {
    manual = D.manual
    shorthand = D.shorthand
    optionsField = (type as? any Chooser.Type)?.optionsField
    isCovering = type is any Covering.Type
    isMoving = type is any MovingDistribution.Type
    needsTime = (type as? any MovingDistribution.Type)?.needsTime ?? false
    grammar = { PartGrammar(manual: D.manual, fields: D.fieldGrammars) }
    decode = { (node: Node) throws(DocumentError) in try D.decodeFields(node) }
  }
}
