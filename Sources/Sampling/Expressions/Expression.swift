import Documents
import Geometry

/// A formula: what `{$expr: "0.4 * box_width"}` holds.
///
/// Numbers, texts in single quotes, lists, names of `let` values, `+ - * / % ^`, comparisons, `and or not`,
/// `x if condition else y`, `v[0]`, `v.x`, and functions. Lists are added to lists and scaled by numbers component by
/// component. Angles of `sin`, `cos`, `tan`, `atan2` are degrees.
indirect enum Expression: Sendable {
  case value(Node.Content)
  /// A `let` value, by its slot.
  case slot(Int)
  case builtin(Builtin)
  case list([Expression])
  case unary(String, Expression)
  case binary(String, Expression, Expression)
  case condition(Expression, then: Expression, otherwise: Expression)
  case index(Expression, Expression)
  case call(ExpressionFunction, [Expression])

  /// Names that are always known.
  enum Builtin: String, CaseIterable, Sendable {
    case pi
    /// The frame's number, from 0.
    case frame
    /// How many frames the dataset has.
    case frames
    /// The number of a copy in its population, from 0.
    case index
    /// How many copies there are.
    case count
    /// Seconds from the sequence's first frame.
    case time
    /// The sequence's number, from 0.
    case sequence

    /// Those that a scene has only with `frames_per_sequence`; `let` values of these names take their place.
    var needsTime: Bool { self == .time || self == .sequence }
  }

  /// The longest formula, in bytes, and the deepest nesting.
  static let lengthLimit = 4096
  static let depthLimit = 64
}

/// What goes wrong in a formula; the place that holds the formula makes a `DocumentError` of it.
struct ExpressionError: Error {
  var found: String
  var expected: String
}

/// What a formula may ask of the frame that it is evaluated in.
protocol ExpressionContext {
  mutating func value(ofSlot slot: Int) throws(DocumentError) -> Node
  func value(of builtin: Expression.Builtin) -> Node.Content
}

extension Expression {
  func evaluate<C: ExpressionContext>(_ context: inout C, at mark: Mark) throws(DocumentError) -> Node.Content {
    func failure(_ found: String, _ expected: String) -> DocumentError {
      DocumentError(mark, found: found, expected: expected)
    }
    switch self {
    case .value(let v): return v
    case .slot(let s): return try context.value(ofSlot: s).content
    case .builtin(let b): return context.value(of: b)
    case .list(let items):
      var nodes: [Node] = []
      for i in items { nodes.append(Node(try i.evaluate(&context, at: mark))) }
      return .sequence(nodes)
    case .unary(let op, let x):
      let v = try x.evaluate(&context, at: mark)
      do {
        if op == "not" { return .boolean(!(try ExpressionArithmetic.truth(v))) }
        return try ExpressionArithmetic.binary("*", .integer(-1), v)
      } catch { throw failure(error.found, error.expected) }
    case .binary(let op, let a, let b):
      let x = try a.evaluate(&context, at: mark)
      if op == "and" || op == "or" {
        do {
          if try ExpressionArithmetic.truth(x) == (op == "or") { return .boolean(op == "or") }
        } catch { throw failure(error.found, error.expected) }
        let y = try b.evaluate(&context, at: mark)
        do { return .boolean(try ExpressionArithmetic.truth(y)) } catch { throw failure(error.found, error.expected) }
      }
      let y = try b.evaluate(&context, at: mark)
      do { return try ExpressionArithmetic.binary(op, x, y) } catch { throw failure(error.found, error.expected) }
    case .condition(let test, let then, let otherwise):
      let t = try test.evaluate(&context, at: mark)
      let isTrue: Bool
      do { isTrue = try ExpressionArithmetic.truth(t) } catch { throw failure(error.found, error.expected) }
      return try (isTrue ? then : otherwise).evaluate(&context, at: mark)
    case .index(let list, let position):
      let l = try list.evaluate(&context, at: mark)
      let p = try position.evaluate(&context, at: mark)
      if case .mapping = l, case .string(let key) = p {
        guard let member = Node(l)[key] else { throw failure("no member \"\(key)\"", "a member of the mapping") }
        return member.content
      }
      guard case .sequence(let items) = l, let i = Node(p).number, i == i.rounded(), i >= 0, i < Double(items.count)
      else {
        throw failure("\(Node(l).found) at \(Node(p).found)", "a list and a position in it, from 0")
      }
      return items[Int(i)].content
    case .call(let function, let arguments):
      var values: [Node.Content] = []
      for a in arguments { values.append(try a.evaluate(&context, at: mark)) }
      do { return try function.apply(values) } catch { throw failure(error.found, error.expected) }
    }
  }
}
