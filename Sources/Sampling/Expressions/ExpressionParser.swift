import Documents

/// Reads formulas, by precedence climbing.
struct ExpressionParser {
  private enum Token: Equatable {
    case number(String)
    case text(String)
    case name(String)
    case symbol(String)
    case end
  }

  private var tokens: [Token] = []
  private var next = 0
  private var depth = 0
  private let known: [String]
  private let mark: Mark
  /// The `let` names met, in order; a slot of the formula is a position in this list.
  private var used: [String] = []

  /// - Parameter names: the `let` names that the formula may use.
  static func parse(
    _ text: String, mark: Mark, names: [String]
  ) throws(DocumentError) -> (expression: Expression, used: [String]) {
    guard text.utf8.count <= Expression.lengthLimit else {
      throw DocumentError(
        mark, found: "a formula of \(text.utf8.count) bytes", expected: "at most \(Expression.lengthLimit)")
    }
    var parser = ExpressionParser(mark: mark, names: names)
    try parser.tokenize(text)
    let e = try parser.expression()
    guard parser.tokens[parser.next] == .end else { throw parser.unexpected("an operator or the end of the formula") }
    return (e, parser.used)
  }

  private init(mark: Mark, names: [String]) {
    self.mark = mark
    known = names
  }

  private mutating func tokenize(_ text: String) throws(DocumentError) {
    let c = Array(text.unicodeScalars)
    var i = 0
    func isDigit(_ u: Unicode.Scalar) -> Bool { ("0"..."9").contains(u) }
    func isLetter(_ u: Unicode.Scalar) -> Bool { ("a"..."z").contains(u) || ("A"..."Z").contains(u) || u == "_" }
    while i < c.count {
      let start = i
      if c[i] == " " || c[i] == "\n" || c[i] == "\t" {
        i += 1
      } else if isDigit(c[i]) || (c[i] == "." && i + 1 < c.count && isDigit(c[i + 1])) {
        while i < c.count, isDigit(c[i]) || c[i] == "." { i += 1 }
        if i < c.count, c[i] == "e" || c[i] == "E" {
          var j = i + 1
          if j < c.count, c[j] == "+" || c[j] == "-" { j += 1 }
          if j < c.count, isDigit(c[j]) {
            i = j
            while i < c.count, isDigit(c[i]) { i += 1 }
          }
        }
        tokens.append(.number(String(String.UnicodeScalarView(c[start..<i]))))
      } else if isLetter(c[i]) {
        while i < c.count, isLetter(c[i]) || isDigit(c[i]) { i += 1 }
        tokens.append(.name(String(String.UnicodeScalarView(c[start..<i]))))
      } else if c[i] == "'" {
        i += 1
        while i < c.count, c[i] != "'" { i += 1 }
        guard i < c.count else { throw DocumentError(mark, found: "a text without its end", expected: "a second '") }
        tokens.append(.text(String(String.UnicodeScalarView(c[(start + 1)..<i]))))
        i += 1
      } else {
        let two = i + 1 < c.count ? String(String.UnicodeScalarView(c[i..<(i + 2)])) : ""
        if ["==", "!=", "<=", ">="].contains(two) {
          tokens.append(.symbol(two))
          i += 2
        } else if "+-*/%^()[],.<>".unicodeScalars.contains(c[i]) {
          tokens.append(.symbol(String(c[i])))
          i += 1
        } else {
          throw DocumentError(
            mark, found: "\"\(c[i])\" in a formula", expected: "numbers, names, operators, parentheses")
        }
      }
    }
    tokens.append(.end)
  }

  private func unexpected(_ expected: String) -> DocumentError {
    let found: String =
      switch tokens[next] {
      case .number(let s), .name(let s), .symbol(let s): "\"\(s)\""
      case .text(let s): "'\(s)'"
      case .end: "the end of the formula"
      }
    return DocumentError(mark, found: found, expected: expected)
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard tokens[next] == .symbol(symbol) || tokens[next] == .name(symbol) else { return false }
    next += 1
    return true
  }

  private mutating func require(_ symbol: String) throws(DocumentError) {
    guard take(symbol) else { throw unexpected("\"\(symbol)\"") }
  }

  private mutating func expression() throws(DocumentError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Expression.depthLimit else {
      throw DocumentError(
        mark, found: "a formula nested too deeply", expected: "at most \(Expression.depthLimit) levels")
    }
    let then = try operators(0)
    guard take("if") else { return then }
    let test = try operators(0)
    try require("else")
    return .condition(test, then: then, otherwise: try expression())
  }

  private static let levels: [[String]] = [
    ["or"], ["and"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"],
  ]

  private mutating func operators(_ level: Int) throws(DocumentError) -> Expression {
    guard level < ExpressionParser.levels.count else { return try prefix() }
    var left = try operators(level + 1)
    while let op = ExpressionParser.levels[level].first(where: {
      tokens[next] == .symbol($0) || tokens[next] == .name($0)
    }) {
      next += 1
      left = .binary(op, left, try operators(level + 1))
    }
    return left
  }

  private mutating func prefix() throws(DocumentError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Expression.depthLimit else {
      throw DocumentError(
        mark, found: "a formula nested too deeply", expected: "at most \(Expression.depthLimit) levels")
    }
    if take("-") { return .unary("-", try prefix()) }
    if take("not") { return .unary("not", try prefix()) }
    let base = try postfix()
    return take("^") ? .binary("^", base, try prefix()) : base
  }

  private mutating func postfix() throws(DocumentError) -> Expression {
    var e = try primary()
    while true {
      if take("[") {
        e = .index(e, try expression())
        try require("]")
      } else if take(".") {
        guard case .name(let member) = tokens[next] else { throw unexpected("a member's name") }
        next += 1
        let component = ["x": 0, "y": 1, "z": 2, "w": 3, "r": 0, "g": 1, "b": 2][member]
        e = .index(e, .value(component.map { .integer($0) } ?? .string(member)))
      } else {
        return e
      }
    }
  }

  private mutating func primary() throws(DocumentError) -> Expression {
    let token = tokens[next]
    switch token {
    case .number(let s):
      guard case .some(let v) = Optional(CoreScalars.content(s)), Node(v).number != nil else {
        throw unexpected("a number")
      }
      next += 1
      return .value(v)
    case .text(let s):
      next += 1
      return .value(.string(s))
    case .name(let name):
      next += 1
      if name == "true" || name == "false" { return .value(.boolean(name == "true")) }
      if take("(") { return try call(name) }
      if known.contains(name) {
        if let slot = used.firstIndex(of: name) { return .slot(slot) }
        used.append(name)
        return .slot(used.count - 1)
      }
      if let builtin = Expression.Builtin(rawValue: name) { return .builtin(builtin) }
      throw DocumentError(
        unknown: "name", name, at: mark, among: known + Expression.Builtin.allCases.map(\.rawValue))
    case .symbol("("):
      next += 1
      let e = try expression()
      try require(")")
      return e
    case .symbol("["):
      next += 1
      return .list(try arguments(until: "]"))
    default: throw unexpected("a number, a name or a parenthesis")
    }
  }

  private mutating func call(_ name: String) throws(DocumentError) -> Expression {
    guard let function = ExpressionFunction(rawValue: name) else {
      throw DocumentError(unknown: "function", name, at: mark, among: ExpressionFunction.allCases.map(\.rawValue))
    }
    let arguments = try arguments(until: ")")
    guard !arguments.isEmpty, function.arity == nil || function.arity == arguments.count else {
      throw DocumentError(
        mark, found: "\(name) of \(arguments.count) values", expected: function.arity.map { "\($0)" } ?? "at least one")
    }
    return .call(function, arguments)
  }

  private mutating func arguments(until end: String) throws(DocumentError) -> [Expression] {
    if take(end) { return [] }
    var list = [try expression()]
    while take(",") { list.append(try expression()) }
    try require(end)
    return list
  }
}
