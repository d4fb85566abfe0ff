// XML, element by element.
//
// Of XML no more is needed here than elements, attributes and text. libxml2's writer could do that too, but Debian's takes ICU
// and liblzma along, forty megabytes beside a program that stands on libc alone, for what follows below; and the bytes of an
// export are a promise that another library's releases do not make.

/// Writes indented elements. The caller keeps begins and ends in balance. Names are plain ASCII names.
package struct XMLWriter {
  private(set) var text: [UInt8] = []
  private var open: [StaticString] = []

  /// Forgets what was written, keeping its memory and the elements that are open.
  mutating func removeAll() { text.removeAll(keepingCapacity: true) }

  mutating func declaration() { text += "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".utf8 }

  mutating func begin(_ name: StaticString, _ attributes: [(StaticString, String)] = []) {
    start(name, attributes)
    text += ">\n".utf8
    open.append(name)
  }

  mutating func end() {
    let name = open.removeLast()
    indent()
    text += "</\(name)>\n".utf8
  }

  /// An element that holds nothing.
  mutating func empty(_ name: StaticString, _ attributes: [(StaticString, String)]) {
    start(name, attributes)
    text += "/>\n".utf8
  }

  /// An element that holds a text.
  mutating func element(_ name: StaticString, _ value: String, _ attributes: [(StaticString, String)] = []) {
    start(name, attributes)
    text.append(UInt8(ascii: ">"))
    escape(value)
    text += "</\(name)>\n".utf8
  }

  mutating func element(_ name: StaticString, _ value: Int) { element(name, String(value)) }

  private mutating func start(_ name: StaticString, _ attributes: [(StaticString, String)]) {
    indent()
    text += "<\(name)".utf8
    for (key, value) in attributes {
      text += " \(key)=\"".utf8
      escape(value)
      text.append(UInt8(ascii: "\""))
    }
  }

  private mutating func indent() { text += repeatElement(UInt8(ascii: " "), count: 2 * open.count) }

  private mutating func escape(_ value: String) { text += XMLWriter.escaped(value).utf8 }

  /// For XML's text and attributes. White space other than a blank would not come back from an attribute as it went in; XML 1.0
  /// has no other control characters at all, so those become U+FFFD.
  package static func escaped(_ value: String) -> String {
    var out = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\t", "\n", "\r": out += "&#\(scalar.value);"
      case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
