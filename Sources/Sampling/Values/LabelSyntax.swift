import Documents
import Geometry
import Stage

/// A value that is handed on to labels: true or false, a number, a text, or a list of numbers.
extension LabelValue: DocumentValue {
  public static var grammar: Grammar {
    .anyOf([.boolean, .number(.any), .string, .list(.number(.any), count: nil)])
  }

  public static func decode(_ node: Node) throws(DocumentError) -> LabelValue {
    switch node.content {
    case .boolean(let b): return .boolean(b)
    case .integer, .real: return .number(try Double.decode(node))
    case .string(let s): return .text(s)
    case .sequence: return .numbers(try [Double].decode(node))
    default: throw DocumentError(node, expected: "true, false, a number, a text or a list of numbers")
    }
  }
}

/// A mapping from free names to label values, in the order of the file.
struct LabelValues: DocumentValue {
  var list: [NamedValue] = []

  static var grammar: Grammar { .dictionary(LabelValue.grammar) }

  static func decode(_ node: Node) throws(DocumentError) -> LabelValues {
    guard case .mapping(let members) = node.content else {
      throw DocumentError(node, expected: "a mapping from names to values")
    }
    var values = LabelValues()
    for m in members {
      guard !m.key.isEmpty else { throw DocumentError(m.keyMark, found: "an empty name", expected: "a name") }
      do { values.list.append(NamedValue(m.key, try LabelValue.decode(m.value))) } catch { throw error.inside(m.key) }
    }
    return values
  }
}

/// An element of `symmetries:`.
struct SymmetrySpec: DocumentRecord {
  var axis = Vector3(0, 0, 1)
  var offset = Vector3()
  var fold: Int?

  static let fields: [Field<SymmetrySpec>] = [
    Field("axis", \.axis, "The direction of the axis in the object's frame, of any length.", required: true),
    Field("offset", \.offset, "A point of the axis in the object's frame; metres. Default: [0, 0, 0]."),
    Field(
      "fold", \.fold, "The turn by 360 degrees / fold leaves the object alike. Default: every angle does.",
      in: .closed(2, 1_000_000)),
  ]

  static var grammar: Grammar { .record("Symmetry") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard axis.normalized != nil else { throw DocumentError(node["axis"] ?? node, expected: "a direction") }
  }

  var symmetry: Symmetry { Symmetry(axis: axis.normalized ?? Vector3(0, 0, 1), offset: offset, fold: fold) }
}

/// `annotations:` and `formats:`; whoever makes them reads it. See `CompiledScene.annotations`.
struct AnnotationSyntax: DocumentValue {
  var node: Node
  static var grammar: Grammar { .list(.any, count: nil) }
  static func decode(_ node: Node) -> AnnotationSyntax { AnnotationSyntax(node: node) }
}
