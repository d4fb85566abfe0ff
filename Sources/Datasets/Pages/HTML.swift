/// A piece of HTML. What is put into its literals is escaped, unless it is HTML itself: a text cannot become markup.
///
///     let row: HTML = "<td>\(name)</td>"
package struct HTML: ExpressibleByStringInterpolation, Sendable {
  package private(set) var text: String

  package init(stringLiteral value: String) { text = value }
  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }
    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ html: HTML) { text += html.text }
    package mutating func appendInterpolation(_ list: [HTML]) { for h in list { text += h.text } }
    package mutating func appendInterpolation(_ number: Int) { text += String(number) }
    package mutating func appendInterpolation(_ value: String) { text += HTML.escaped(value) }
  }

  package static func += (a: inout HTML, b: HTML) { a.text += b.text }

  /// For text and for attributes in either kind of quotes. Characters that no page may hold become U+FFFD.
  package static func escaped(_ text: String) -> String {
    var out = ""
    for u in text.unicodeScalars {
      switch u {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\u{0}"..<"\t", "\u{B}"..<" ", "\u{7F}": out += "\u{FFFD}"
      default: out.unicodeScalars.append(u)
      }
    }
    return out
  }

  /// An image inside the page. Its size is said, so that the page does not jump while it is drawn.
  package static func image(png: [UInt8], alternative: String, className: String = "") -> HTML {
    // A PNG file has its width and height at bytes 16 to 23.
    func side(_ at: Int) -> Int { png.count >= 24 ? png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } : 0 }
    let data = HTML(stringLiteral: "data:image/png;base64," + base64(png))
    return """
      <img class="\(className)" alt="\(alternative)" width="\(side(16))" height="\(side(20))" loading="lazy" src="\(data)">
      """
  }

  /// A JPEG inside the page; the file does not say its size as plainly as a PNG's does.
  package static func image(jpeg: [UInt8], width: Int, height: Int, alternative: String) -> HTML {
    let data = HTML(stringLiteral: "data:image/jpeg;base64," + base64(jpeg))
    return """
      <img alt="\(alternative)" width="\(width)" height="\(height)" loading="lazy" src="\(data)">
      """
  }

  /// RFC 4648, with padding.
  package static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for k in stride(from: 0, to: bytes.count, by: 3) {
      let (a, b, c) = (
        Int(bytes[k]), k + 1 < bytes.count ? Int(bytes[k + 1]) : 0, k + 2 < bytes.count ? Int(bytes[k + 2]) : 0
      )
      let word = a << 16 | b << 8 | c
      out.append(digits[word >> 18])
      out.append(digits[word >> 12 & 63])
      out.append(k + 1 < bytes.count ? digits[word >> 6 & 63] : UInt8(ascii: "="))
      out.append(k + 2 < bytes.count ? digits[word & 63] : UInt8(ascii: "="))
    }
    return String(decoding: out, as: UTF8.self)
  }
}
