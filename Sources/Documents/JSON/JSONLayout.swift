// JSON for people and for version control: canonical as to values, with line breaks where a value is long, so that a change of
// one value is a change of one line. The lines follow from the values alone.

extension JSONWriter {
  /// A tree as canonical JSON on one line.
  package mutating func node(_ node: Node) {
    switch node.content {
    case .null: null()
    case .boolean(let b): boolean(b)
    case .integer(let i): integer(i)
    case .real(let r): number(r)
    case .string(let s): string(s)
    case .sequence(let items):
      beginArray()
      for i in items { self.node(i) }
      endArray()
    case .mapping(let members):
      beginObject()
      for m in members {
        key(text: m.key)
        self.node(m.value)
      }
      endObject()
    }
  }
}

extension Node {
  /// Canonical JSON on one line.
  package var json: String {
    var w = JSONWriter()
    w.node(self)
    return String(decoding: w.bytes, as: UTF8.self)
  }

  /// The same values with each member or element of what is longer than `width` on lines of its own; lists of up to sixteen
  /// plain values, such as a matrix, stay on one.
  package func laidOutJSON(width: Int = 116) -> String {
    var text = ""
    layOut(into: &text, indent: 0, width: width)
    return text + "\n"
  }

  private func layOut(into text: inout String, indent: Int, width: Int) {
    let line = json
    let parts: [(key: String?, value: Node)]
    switch content {
    case .sequence(let items) where items.count <= 16 && items.allSatisfy(\.isPlain): parts = []
    case .mapping(let members): parts = members.map { ($0.key, $0.value) }
    case .sequence(let items): parts = items.map { (nil, $0) }
    default: parts = []
    }
    guard !parts.isEmpty, line.utf8.count > width else {
      text += line
      return
    }
    let isMapping = parts[0].key != nil
    let margin = String(repeating: " ", count: indent + 1)
    text += isMapping ? "{\n" : "[\n"
    for (i, part) in parts.enumerated() {
      text += margin
      if let key = part.key { text += Node(.string(key)).json + ": " }
      part.value.layOut(into: &text, indent: indent + 1, width: width)
      text += i + 1 < parts.count ? ",\n" : "\n"
    }
    text += String(repeating: " ", count: indent) + (isMapping ? "}" : "]")
  }

  /// Whether it is neither a list nor a mapping.
  private var isPlain: Bool {
    switch content {
    case .sequence, .mapping: false
    default: true
    }
  }
}
