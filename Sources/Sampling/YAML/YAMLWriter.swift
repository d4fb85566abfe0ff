import Documents

/// The tree as YAML that reads back as the same tree: numbers in the shortest form that keeps every bit, short lists and
/// mappings of scalars on one line, everything else in block style.
public func yaml(_ node: Node) -> String {
  var writer = YAMLWriter()
  writer.block(node, indent: 0, at: .lineStart)
  return writer.text
}

private struct YAMLWriter {
  var text = ""

  enum Position {
    case lineStart
    /// Behind `key:`.
    case value
    /// Behind `- `.
    case item
  }

  mutating func block(_ node: Node, indent: Int, at position: Position) {
    if let line = YAMLWriter.line(node), position == .lineStart || line.utf8.count + indent <= 116 {
      text += (position == .value ? " " : "") + line + "\n"
      return
    }
    let margin = String(repeating: " ", count: indent)
    switch node.content {
    case .sequence(let items):
      if position != .lineStart { text += "\n" }
      for item in items {
        text += margin + "-"
        if case .sequence = item.content, YAMLWriter.line(item) == nil {
          block(item, indent: indent + 2, at: .value)
        } else {
          text += " "
          block(item, indent: indent + 2, at: .item)
        }
      }
    case .mapping(let members):
      if position == .value { text += "\n" }
      for (i, member) in members.enumerated() {
        text += (position == .item && i == 0 ? "" : margin) + YAMLWriter.scalar(member.key) + ":"
        block(member.value, indent: indent + 2, at: .value)
      }
    default: break
    }
  }

  /// The node on one line, or nil where it is better spread over several.
  static func line(_ node: Node) -> String? {
    switch node.content {
    case .null: return "null"
    case .boolean(let b): return "\(b)"
    case .integer(let i): return "\(i)"
    case .real(let r): return r.isNaN ? ".nan" : (r.isInfinite ? (r < 0 ? "-.inf" : ".inf") : "\(r)")
    case .string(let s): return scalar(s)
    case .sequence(let items):
      if items.isEmpty { return "[]" }
      let parts = items.compactMap { isFlat($0) ? line($0) : nil }
      let s = "[" + parts.joined(separator: ", ") + "]"
      return parts.count == items.count && s.utf8.count <= 110 ? s : nil
    case .mapping(let members):
      if members.isEmpty { return "{}" }
      guard members.count <= 3 else { return nil }
      let parts = members.compactMap { m in isFlat(m.value) ? line(m.value).map { scalar(m.key) + ": " + $0 } : nil }
      let s = "{" + parts.joined(separator: ", ") + "}"
      return parts.count == members.count && s.utf8.count <= 110 ? s : nil
    }
  }

  /// A scalar, or a collection of scalars or of lists of scalars.
  private static func isFlat(_ node: Node, depth: Int = 0) -> Bool {
    switch node.content {
    case .sequence(let s): depth < 2 && s.allSatisfy { isFlat($0, depth: depth + 1) }
    case .mapping(let m): depth < 1 && m.allSatisfy { isFlat($0.value, depth: depth + 1) }
    default: true
    }
  }

  /// A text, quoted unless it is plain beyond doubt: words of letters, digits and a few marks that do not read as
  /// something else.
  static func scalar(_ s: String) -> String {
    if let first = s.unicodeScalars.first, isLetter(first) || first == "$" || first == "_" || first == "/",
      s.unicodeScalars.allSatisfy({ isLetter($0) || ("0"..."9").contains($0) || "$_-./ ".unicodeScalars.contains($0) }),
      s.last != " ", case .string = CoreScalars.content(s)
    {
      return s
    }
    var quoted = "\""
    for u in s.unicodeScalars {
      switch u {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      default:
        if u.value < 0x20 || (u.value >= 0x7F && u.value < 0xA0) || u.value == 0xFEFF || u.value == 0x2028
          || u.value == 0x2029
        {
          let hex = String(u.value, radix: 16, uppercase: true)
          quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          quoted.unicodeScalars.append(u)
        }
      }
    }
    return quoted + "\""
  }

  private static func isLetter(_ u: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(u) || ("A"..."Z").contains(u)
  }
}
