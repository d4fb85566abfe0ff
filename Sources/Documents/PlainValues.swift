// Numbers, words, vectors and lists as document values.

extension Bool: DocumentValue {
  public static var grammar: Grammar { .boolean }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> Bool {
    guard case .boolean(let b) = node.content else { throw DocumentError(node, expected: "true or false") }
    return b
  }
}

extension Double: DocumentValue {
  public static var grammar: Grammar { .number(.any) }
  public static func grammar(_ bound: Bound) -> Grammar { .number(bound) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> Double {
    guard let x = node.number, x.isFinite else { throw DocumentError(node, expected: "a finite number") }
    return x
  }
  @inlinable public func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    guard bound.contains(self) else { throw DocumentError(node, expected: bound.described(as: "a number")) }
  }
}

extension Int: DocumentValue {
  public static var grammar: Grammar { .integer(.any) }
  public static func grammar(_ bound: Bound) -> Grammar { .integer(bound) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> Int {
    switch node.content {
    case .integer(let i): return i
    case .real(let r) where r == r.rounded() && abs(r) <= 9.007e15: return Int(r)
    default: throw DocumentError(node, expected: "a whole number")
    }
  }
  @inlinable public func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    guard bound.contains(Double(self)) else {
      throw DocumentError(node, expected: bound.described(as: "a whole number"))
    }
  }
}

extension String: DocumentValue {
  public static var grammar: Grammar { .string }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> String {
    switch node.content {
    case .string(let s): return s
    // A name such as `7` or `true` needs no quotes to be a name; reals do, for their spelling is lost.
    case .integer(let i): return "\(i)"
    case .boolean(let b): return "\(b)"
    default: throw DocumentError(node, expected: "a text")
    }
  }
}

extension Array: DocumentValue where Element: DocumentValue {
  public static var grammar: Grammar { .list(Element.grammar, count: nil) }
  public static func grammar(_ bound: Bound) -> Grammar { .list(Element.grammar(bound), count: nil) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> [Element] {
    guard case .sequence(let nodes) = node.content else { throw DocumentError(node, expected: "a list") }
    var values: [Element] = []
    values.reserveCapacity(nodes.count)
    for (i, n) in nodes.enumerated() {
      do { values.append(try Element.decode(n)) } catch { throw error.inside(index: i) }
    }
    return values
  }
  @inlinable public func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    guard case .sequence(let nodes) = node.content else { return }
    for (i, v) in enumerated() {
      do { try v.check(bound, at: i < nodes.count ? nodes[i] : node) } catch { throw error.inside(index: i) }
    }
  }
}

extension Optional: DocumentValue where Wrapped: DocumentValue {
  public static var grammar: Grammar { .optional(Wrapped.grammar) }
  public static func grammar(_ bound: Bound) -> Grammar { .optional(Wrapped.grammar(bound)) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> Wrapped? {
    node.isNull ? nil : .some(try Wrapped.decode(node))
  }
  @inlinable public func check(_ bound: Bound, at node: Node) throws(DocumentError) { try self?.check(bound, at: node) }
}

extension Dictionary: DocumentValue where Key == String, Value: DocumentValue {
  public static var grammar: Grammar { .dictionary(Value.grammar) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> [String: Value] {
    guard case .mapping(let members) = node.content else { throw DocumentError(node, expected: "a mapping") }
    var values: [String: Value] = [:]
    for m in members {
      do { values[m.key] = try Value.decode(m.value) } catch { throw error.inside(m.key) }
    }
    return values
  }
}

/// Reads a list of exactly `count` numbers within `bound`.
@usableFromInline func decodeNumbers(_ node: Node, count: Int) throws(DocumentError) -> [Double] {
  guard case .sequence(let nodes) = node.content, nodes.count == count else {
    throw DocumentError(node, expected: "a list of \(count) numbers")
  }
  var values: [Double] = []
  for (i, n) in nodes.enumerated() {
    do { values.append(try Double.decode(n)) } catch { throw error.inside(index: i) }
  }
  return values
}

extension SIMD2<Double>: DocumentValue {
  public static var grammar: Grammar { .list(.number(.any), count: 2) }
  public static func grammar(_ bound: Bound) -> Grammar { .list(.number(bound), count: 2) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> SIMD2<Double> {
    let v = try decodeNumbers(node, count: 2)
    return SIMD2(v[0], v[1])
  }
  @inlinable public func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    try [x, y].check(bound, at: node)
  }
}

extension SIMD3<Double>: DocumentValue {
  public static var grammar: Grammar { .list(.number(.any), count: 3) }
  public static func grammar(_ bound: Bound) -> Grammar { .list(.number(bound), count: 3) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> SIMD3<Double> {
    let v = try decodeNumbers(node, count: 3)
    return SIMD3(v[0], v[1], v[2])
  }
  @inlinable public func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    try [x, y, z].check(bound, at: node)
  }
}

/// A value written as one of a fixed set of words: an enumeration whose raw values are the words.
public protocol DocumentWord: DocumentValue, RawRepresentable, CaseIterable where RawValue == String {}

extension DocumentWord {
  public static var grammar: Grammar { .word(allCases.map(\.rawValue)) }
  @inlinable public static func decode(_ node: Node) throws(DocumentError) -> Self {
    let names = allCases.map(\.rawValue)
    guard case .string(let s) = node.content else {
      throw DocumentError(node, expected: "one of " + names.joined(separator: ", "))
    }
    guard let v = Self(rawValue: s) else { throw DocumentError(unknown: "word", s, at: node.mark, among: names) }
    return v
  }
}
