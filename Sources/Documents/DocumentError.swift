/// What is wrong with a document, where, and what would have been right.
public struct DocumentError: Error, Sendable, Equatable {
  public var mark: Mark
  /// From the root to the fault, as `objects[2].shape.sphere.radius`; grows at the front as the error passes upwards.
  public var path: String
  public var found: String
  public var expected: String
  /// The nearest known name, where a name was not known.
  public var suggestion: String?

  public init(_ mark: Mark, found: String, expected: String, path: String = "", suggestion: String? = nil) {
    self.mark = mark
    self.found = found
    self.expected = expected
    self.path = path
    self.suggestion = suggestion
  }

  public init(_ node: Node, expected: String) { self.init(node.mark, found: node.found, expected: expected) }

  /// A name that is not among `known`.
  public init(unknown what: String, _ name: String, at mark: Mark, among known: [String]) {
    let nearest = nearestName(to: name, among: known)
    self.init(
      mark, found: "\(what) \"\(name)\"",
      expected: known.count <= 24 || nearest == nil
        ? "one of " + known.joined(separator: ", ") : "one of the \(known.count) known names", suggestion: nearest)
  }

  /// The same error seen from one level up, under `key`.
  public func inside(_ key: String) -> DocumentError {
    var e = self
    e.path = path.isEmpty ? key : (path.hasPrefix("[") ? key + path : key + "." + path)
    return e
  }

  /// The same error seen from one level up, in a list.
  public func inside(index: Int) -> DocumentError { inside("[\(index)]") }

  /// The same error at `mark` where it has no place yet: what a distribution drew has none of its own.
  public func located(_ mark: Mark) -> DocumentError {
    var e = self
    if e.mark.line == 0 { e.mark = mark }
    return e
  }

  /// `file:line:column: path: found X, expected Y; did you mean "Z"?`
  public func message(files: [String]) -> String {
    var s = ""
    if mark.line > 0 {
      let name = Int(mark.file) < files.count ? files[Int(mark.file)] : "document"
      s += "\(name):\(mark.line):\(mark.column): "
    }
    if !path.isEmpty { s += "\(path): " }
    s += "found \(found), expected \(expected)"
    if let suggestion { s += "; did you mean \"\(suggestion)\"?" }
    return s
  }
}

/// The name with the smallest edit distance to `name` (insertions, deletions, substitutions and swaps of neighbours cost
/// 1, letter case costs nothing), if it is within a third of the name's length plus one; the first of equals.
public func nearestName(to name: String, among known: [String]) -> String? {
  let a = Array(name.lowercased().utf8)
  guard !a.isEmpty, a.count <= 64 else { return nil }
  var best: (distance: Int, name: String)?
  for k in known {
    let b = Array(k.lowercased().utf8)
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 0..<a.count {
      for j in 0..<b.count {
        let substituted = rows[i][j] + (a[i] == b[j] ? 0 : 1)
        var d = min(substituted, rows[i][j + 1] + 1, rows[i + 1][j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { d = min(d, rows[i - 1][j - 1] + 1) }
        rows[i + 1][j + 1] = d
      }
    }
    let d = rows[a.count][b.count]
    if d <= a.count / 3 + 1, best.map({ d < $0.distance }) ?? true { best = (d, k) }
  }
  return best?.name
}
