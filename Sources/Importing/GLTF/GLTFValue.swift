// The JSON of a glTF file, value by value, with errors that say where: the line where the file is text, and the JSON
// pointer (RFC 6901) in any case, as the Khronos validator prints them.

import Documents

struct GLTFValue {
  let node: Node
  /// "/meshes/0/primitives/1".
  let pointer: String
  let file: String
  /// False in a GLB file, whose JSON has no lines to speak of.
  let hasLines: Bool

  /// The line of the file, where it has lines.
  var line: Int? { hasLines && node.mark.line > 0 ? Int(node.mark.line) : nil }

  func error(found: String, expected: String) -> ImportError {
    ImportError(
      file: file, line: line,
      found: pointer.isEmpty ? found : "\(pointer): \(found)", expected: expected)
  }

  func error(expected: String) -> ImportError { error(found: node.found, expected: expected) }

  private func child(_ node: Node, _ key: String) -> GLTFValue {
    GLTFValue(node: node, pointer: pointer + "/" + key, file: file, hasLines: hasLines)
  }

  // MARK: Objects and lists

  func members() throws(ImportError) -> [(key: String, value: GLTFValue)] {
    guard case .mapping(let members) = node.content else { throw error(expected: "an object") }
    return members.map { ($0.key, child($0.value, $0.key)) }
  }

  /// The member's value, or nil where there is none.
  func get(_ key: String) throws(ImportError) -> GLTFValue? {
    guard case .mapping = node.content else { throw error(expected: "an object") }
    return node[key].map { child($0, key) }
  }

  func require(_ key: String) throws(ImportError) -> GLTFValue {
    guard let value = try get(key) else { throw error(found: "no \"\(key)\"", expected: "it") }
    return value
  }

  /// The elements of a list; of none where the member is missing.
  func list(_ key: String) throws(ImportError) -> [GLTFValue] { try get(key)?.elements() ?? [] }

  func elements() throws(ImportError) -> [GLTFValue] {
    guard case .sequence(let items) = node.content else { throw error(expected: "a list") }
    return items.enumerated().map { child($1, "\($0)") }
  }

  /// The extension's value, or nil.
  func ext(_ name: String) throws(ImportError) -> GLTFValue? {
    guard let extensions = try get("extensions"), let value = try extensions.get(name) else { return nil }
    _ = try value.members()
    return value
  }

  // MARK: Plain values

  /// A whole number within `range`. One written as 3.0 is one too.
  func integer(in range: ClosedRange<Int>) throws(ImportError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch node.content {
    case .integer(let i) where range.contains(i): return i
    case .real(let r) where r == r.rounded() && abs(r) < 0x1p53 && range.contains(Int(r)): return Int(r)
    default: throw error(expected: expected)
    }
  }

  func integer(_ key: String, in range: ClosedRange<Int>, default value: Int) throws(ImportError) -> Int {
    try get(key)?.integer(in: range) ?? value
  }

  /// The index of one of `count` things, or nil where the member is missing.
  func index(_ key: String, of what: String, count: Int) throws(ImportError) -> Int? {
    try get(key)?.index(of: what, count: count)
  }

  func index(of what: String, count: Int) throws(ImportError) -> Int {
    let i = try integer(in: 0...Int(Int32.max))
    guard i < count else { throw error(found: "\(what) \(i)", expected: count == 0 ? "none" : "one of \(count)") }
    return i
  }

  func number() throws(ImportError) -> Double {
    // Values become floats in the end.
    guard let x = node.number, Float(x).isFinite else { throw error(expected: "a finite number") }
    return x
  }

  func number(_ key: String, in range: ClosedRange<Double>, default value: Double) throws(ImportError) -> Double {
    guard let member = try get(key) else { return value }
    let x = try member.number()
    guard range.contains(x) else {
      throw member.error(
        expected: range.upperBound == .infinity
          ? "a number of \(range.lowerBound) or more" : "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return x
  }

  /// A list of exactly `count` numbers.
  func numbers(_ count: Int) throws(ImportError) -> [Double] {
    let items = try elements()
    guard items.count == count else { throw error(expected: "a list of \(count) numbers") }
    var values: [Double] = []
    for item in items { values.append(try item.number()) }
    return values
  }

  func text() throws(ImportError) -> String {
    guard case .string(let s) = node.content else { throw error(expected: "a text") }
    return s
  }

  func text(_ key: String) throws(ImportError) -> String? { try get(key)?.text() }

  func boolean(_ key: String, default value: Bool) throws(ImportError) -> Bool {
    guard let member = try get(key) else { return value }
    guard case .boolean(let b) = member.node.content else { throw member.error(expected: "true or false") }
    return b
  }
}
