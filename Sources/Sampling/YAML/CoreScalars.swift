import Documents

/// What a plain scalar means: the core schema of YAML 1.2.2 (section 10.3.2). `yes`, `on` and `0777` are texts and whole
/// numbers of ten digits here, whatever YAML 1.1 said.
enum CoreScalars {
  static func content(_ text: String) -> Node.Content {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .real(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .real(-.infinity)
    case ".nan", ".NaN", ".NAN": return .real(.nan)
    default: return number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> Node.Content? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, isDigit(first) || first == plus || first == minus || first == point else {
      return nil
    }
    if bytes.count > 2, first == zero, bytes[1] == UInt8(ascii: "x") || bytes[1] == UInt8(ascii: "o") {
      return Int(text.dropFirst(2), radix: bytes[1] == UInt8(ascii: "x") ? 16 : 8).flatMap {
        // `Int` would also take a sign here.
        isSign(bytes[2]) ? nil : .integer($0)
      }
    }
    guard isNumber(bytes) else { return nil }
    let isWhole = bytes.allSatisfy { isDigit($0) || isSign($0) }
    if isWhole, let i = Int(text) { return .integer(i) }
    return Double(text).map { .real($0) }
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isNumber(_ b: [UInt8]) -> Bool {
    var i = 0
    func digits() -> Int {
      let start = i
      while i < b.count, isDigit(b[i]) { i += 1 }
      return i - start
    }
    if isSign(b[0]) { i += 1 }
    let whole = digits()
    var fraction = 0
    if i < b.count, b[i] == point {
      i += 1
      fraction = digits()
    }
    guard whole + fraction > 0 else { return false }
    if i < b.count, b[i] == UInt8(ascii: "e") || b[i] == UInt8(ascii: "E") {
      i += 1
      if i < b.count, isSign(b[i]) { i += 1 }
      guard digits() > 0 else { return false }
    }
    return i == b.count
  }

  private static let plus = UInt8(ascii: "+")
  private static let minus = UInt8(ascii: "-")
  private static let point = UInt8(ascii: ".")
  private static let zero = UInt8(ascii: "0")
  private static func isDigit(_ c: UInt8) -> Bool { c >= zero && c <= UInt8(ascii: "9") }
  private static func isSign(_ c: UInt8) -> Bool { c == plus || c == minus }
}
