import Documents
import Geometry

/// The operators of formulas.
enum ExpressionArithmetic {
  static func truth(_ v: Node.Content) throws(ExpressionError) -> Bool {
    guard case .boolean(let b) = v else { throw ExpressionError(found: Node(v).found, expected: "true or false") }
    return b
  }

  static func number(_ v: Node.Content) throws(ExpressionError) -> Double {
    guard let x = Node(v).number else { throw ExpressionError(found: Node(v).found, expected: "a number") }
    return x
  }

  static func binary(_ op: String, _ a: Node.Content, _ b: Node.Content) throws(ExpressionError) -> Node.Content {
    switch (op, a, b) {
    case ("==", _, _): return .boolean(equal(a, b))
    case ("!=", _, _): return .boolean(!equal(a, b))
    case ("+", .string(let x), _): return .string(x + text(b))
    case ("+", _, .string(let y)): return .string(text(a) + y)
    case ("<", _, _): return .boolean(try number(a) < number(b))
    case ("<=", _, _): return .boolean(try number(a) <= number(b))
    case (">", _, _): return .boolean(try number(a) > number(b))
    case (">=", _, _): return .boolean(try number(a) >= number(b))
    case (_, .sequence(let x), .sequence(let y)):
      guard x.count == y.count else {
        throw ExpressionError(found: "lists of \(x.count) and \(y.count)", expected: "lists of one length")
      }
      return .sequence(
        try zip(x, y).map { (p, q) throws(ExpressionError) in Node(try binary(op, p.content, q.content)) })
    case (_, .sequence(let x), _):
      return .sequence(try x.map { (p) throws(ExpressionError) in Node(try binary(op, p.content, b)) })
    case (_, _, .sequence(let y)):
      return .sequence(try y.map { (q) throws(ExpressionError) in Node(try binary(op, a, q.content)) })
    default: return try scalar(op, a, b)
    }
  }

  private static func equal(_ a: Node.Content, _ b: Node.Content) -> Bool {
    if let x = Node(a).number, let y = Node(b).number { return x == y }
    return Node(a) == Node(b)
  }

  private static func text(_ v: Node.Content) -> String {
    if case .string(let s) = v { return s }
    return yaml(Node(v)).split(separator: "\n").joined(separator: " ")
  }

  /// Whole numbers stay whole under + - * and %; everything else is real.
  private static func scalar(_ op: String, _ a: Node.Content, _ b: Node.Content) throws(ExpressionError) -> Node.Content
  {
    if case .integer(let x) = a, case .integer(let y) = b {
      switch op {
      case "+": if case (let r, false) = x.addingReportingOverflow(y) { return .integer(r) }
      case "-": if case (let r, false) = x.subtractingReportingOverflow(y) { return .integer(r) }
      case "*": if case (let r, false) = x.multipliedReportingOverflow(by: y) { return .integer(r) }
      case "%": if y > 0 { return .integer((x % y + y) % y) }
      default: break
      }
    }
    let (x, y) = (try number(a), try number(b))
    let result: Double
    switch op {
    case "+": result = x + y
    case "-": result = x - y
    case "*": result = x * y
    case "/": result = x / y
    case "%": result = x - y * (x / y).rounded(.down)
    default: result = power(x, y)
    }
    guard result.isFinite else { throw ExpressionError(found: "\(x) \(op) \(y)", expected: "a finite result") }
    return .real(result)
  }

  /// Whole powers by multiplication, so that they are exact where they can be and defined below 0.
  static func power(_ x: Double, _ y: Double) -> Double {
    guard y == y.rounded(), abs(y) <= 64 else { return StableMath.pow(x, y) }
    var p = 1.0
    for _ in 0..<Int(abs(y)) { p *= x }
    return y < 0 ? 1 / p : p
  }
}

/// The functions of formulas.
enum ExpressionFunction: String, CaseIterable, Sendable {
  case abs, sqrt, exp, log, log2, sin, cos, tan, atan2, floor, ceil, round, min, max, clamp, lerp, length, sum, size,
    int

  /// The number of arguments; nil for one or more.
  var arity: Int? {
    switch self {
    case .min, .max: nil
    case .atan2: 2
    case .clamp, .lerp: 3
    default: 1
    }
  }

  func apply(_ v: [Node.Content]) throws(ExpressionError) -> Node.Content {
    switch self {
    case .min, .max:
      var items = v
      if v.count == 1, case .sequence(let list) = v[0], !list.isEmpty { items = list.map(\.content) }
      var best = items[0]
      for i in items.dropFirst() {
        let (x, y) = (try ExpressionArithmetic.number(best), try ExpressionArithmetic.number(i))
        if self == .min ? y < x : y > x { best = i }
      }
      _ = try ExpressionArithmetic.number(best)
      return best
    case .size:
      guard case .sequence(let list) = v[0] else { throw ExpressionError(found: Node(v[0]).found, expected: "a list") }
      return .integer(list.count)
    case .length, .sum:
      guard case .sequence(let list) = v[0] else { throw ExpressionError(found: Node(v[0]).found, expected: "a list") }
      var total = 0.0
      for i in list {
        let x = try ExpressionArithmetic.number(i.content)
        total += self == .sum ? x : x * x
      }
      return try finite(self == .sum ? total : total.squareRoot())
    case .lerp:
      let t = try ExpressionArithmetic.number(v[2])
      return try ExpressionArithmetic.binary(
        "+", try ExpressionArithmetic.binary("*", v[0], .real(1 - t)),
        try ExpressionArithmetic.binary("*", v[1], .real(t)))
    default: return try numeric(v)
    }
  }

  private func numeric(_ v: [Node.Content]) throws(ExpressionError) -> Node.Content {
    let x = try ExpressionArithmetic.number(v[0])
    switch self {
    case .abs:
      if case .integer(let i) = v[0], i > .min { return .integer(Swift.abs(i)) }
      return .real(Swift.abs(x))
    case .sqrt: return try finite(x.squareRoot())
    case .exp: return try finite(StableMath.exp(x))
    case .log: return try finite(StableMath.log(x))
    case .log2: return try finite(StableMath.log2(x))
    case .sin: return try finite(StableMath.sin(x.degreesInRadians))
    case .cos: return try finite(StableMath.cos(x.degreesInRadians))
    case .tan: return try finite(StableMath.tan(x.degreesInRadians))
    case .atan2: return .real(StableMath.atan2(x, try ExpressionArithmetic.number(v[1])).radiansInDegrees)
    case .clamp:
      let (low, high) = (try ExpressionArithmetic.number(v[1]), try ExpressionArithmetic.number(v[2]))
      return .real(Swift.min(Swift.max(x, low), high))
    default:
      let rounded: Double =
        switch self {
        case .floor: x.rounded(.down)
        case .ceil: x.rounded(.up)
        case .int: x.rounded(.towardZero)
        default: x.rounded(.toNearestOrAwayFromZero)
        }
      return Swift.abs(rounded) < 0x1p62 ? .integer(Int(rounded)) : .real(rounded)
    }
  }

  private func finite(_ x: Double) throws(ExpressionError) -> Node.Content {
    guard x.isFinite else {
      throw ExpressionError(found: "\(rawValue) of what it is not defined for", expected: "a number")
    }
    return .real(x)
  }
}
