import Documents

/// A number, or a list of numbers that a distribution treats one by one.
public struct Quantity: DocumentValue, Hashable {
  public var values: [Double]
  public var isList: Bool

  public init(_ value: Double) { (values, isList) = ([value], false) }

  public init(list: [Double]) { (values, isList) = (list, true) }

  public static var grammar: Grammar { grammar(.any) }
  public static func grammar(_ bound: Bound) -> Grammar { .anyOf([.number(bound), .list(.number(bound), count: nil)]) }

  public static func decode(_ node: Node) throws(DocumentError) -> Quantity {
    if case .sequence(let items) = node.content, !items.isEmpty { return Quantity(list: try [Double].decode(node)) }
    guard node.number != nil else { throw DocumentError(node, expected: "a number or a list of numbers") }
    return Quantity(try Double.decode(node))
  }

  public func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    for x in values where !bound.contains(x) { throw DocumentError(node, expected: bound.described(as: "a number")) }
  }

  /// The value at `index`; a single number stands for every component.
  func component(_ index: Int) -> Double { isList ? values[index] : values[0] }

  /// The number of components that both have, one of them perhaps a single number; nil where they do not fit.
  static func common(_ a: Quantity, _ b: Quantity) -> Int? {
    switch (a.isList, b.isList) {
    case (false, false): 1
    case (true, true): a.values.count == b.values.count ? a.values.count : nil
    case (true, false): a.values.count
    case (false, true): b.values.count
    }
  }

  /// A number where neither is a list, else a list.
  static func content(_ a: Quantity, _ b: Quantity, _ value: (Double, Double) -> Double) -> Node.Content {
    guard a.isList || b.isList else { return .real(value(a.values[0], b.values[0])) }
    let n = max(a.values.count, b.values.count)
    return .sequence((0..<n).map { Node(.real(value(a.component($0), b.component($0)))) })
  }
}

/// A range of numbers, written [low, high]; a single number is the range of that number alone.
struct Range2: DocumentValue, Hashable {
  var low: Double
  var high: Double

  init(_ low: Double, _ high: Double) { (self.low, self.high) = (low, high) }

  static var grammar: Grammar { grammar(.any) }
  static func grammar(_ bound: Bound) -> Grammar { .anyOf([.number(bound), .list(.number(bound), count: 2)]) }

  static func decode(_ node: Node) throws(DocumentError) -> Range2 {
    if node.number != nil {
      let x = try Double.decode(node)
      return Range2(x, x)
    }
    let v = try numbers(node, 2, "a range [low, high]")
    guard v[0] <= v[1] else { throw DocumentError(node, expected: "a range whose low end comes first") }
    return Range2(v[0], v[1])
  }

  func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    guard bound.contains(low), bound.contains(high) else {
      throw DocumentError(node, expected: bound.described(as: "a range of numbers"))
    }
  }

  func draw(_ random: inout RandomStream) -> Double { low == high ? low : random.uniform(low, high) }
}

extension Node.Content {
  /// A list of reals.
  static func reals(_ values: [Double]) -> Node.Content { .sequence(values.map { Node(.real($0)) }) }
}
