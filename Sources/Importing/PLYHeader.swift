/// The header of a PLY file (Turk 1994, "The PLY Polygon File Format"): elements, each with its properties, in the order
/// in which their data follow.
struct PLYHeader {
  enum Encoding { case ascii, littleEndian, bigEndian }

  enum Scalar {
    case int8, uint8, int16, uint16, int32, uint32, float, double

    init?(_ name: String) {
      switch name {
      case "char", "int8": self = .int8
      case "uchar", "uint8": self = .uint8
      case "short", "int16": self = .int16
      case "ushort", "uint16": self = .uint16
      case "int", "int32": self = .int32
      case "uint", "uint32": self = .uint32
      case "float", "float32": self = .float
      case "double", "float64": self = .double
      default: return nil
      }
    }

    var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .float: 4
      case .double: 8
      }
    }

    var isInteger: Bool { self != .float && self != .double }
  }

  struct Property {
    var name: String
    /// Of the value, or of a list's elements.
    var type: Scalar
    /// Of the number that leads a list; nil where the property is a single value.
    var count: Scalar?
  }

  struct Element {
    var name: String
    var count: Int
    var properties: [Property]
    var line: Int

    /// The fewest bytes that one takes in a file.
    func leastBytes(_ encoding: Encoding) -> Int {
      // As text, a digit and a blank or a line's end each.
      encoding == .ascii ? 2 * properties.count : properties.reduce(0) { $0 + ($1.count?.size ?? $1.type.size) }
    }
  }

  var encoding = Encoding.ascii
  var elements: [Element] = []
  /// Where the data begin.
  var end = 0
  var lines = 0
  /// The name behind a comment "TextureFile".
  var textureFile: String?

  init(_ bytes: [UInt8], file: String, notes: inout Notes) throws(ImportError) {
    var position = 0
    var hasFormat = false
    func fault(_ found: String, _ expected: String) -> ImportError {
      ImportError(file: file, line: lines, found: found, expected: expected)
    }
    while true {
      let limit = min(bytes.count, position + 4096)
      guard let stop = bytes[position..<limit].firstIndex(where: { $0 == newline || $0 == carriageReturn }) else {
        throw fault("a header without its end", "end_header")
      }
      let words = String(decoding: bytes[position..<stop], as: UTF8.self).split(whereSeparator: {
        $0 == " " || $0 == "\t"
      })
      .map(String.init)
      let start = position
      position = stop + 1
      // Lines end with CR LF, CR or LF; data may follow end_header that look like an LF only in files with CR alone.
      if bytes[stop] == carriageReturn, position < bytes.count, bytes[position] == newline { position += 1 }
      lines += 1
      guard lines > 1 else { continue }
      switch words.first {
      case "format":
        switch words.count > 1 ? words[1] : "" {
        case "ascii": encoding = .ascii
        case "binary_little_endian": encoding = .littleEndian
        case "binary_big_endian": encoding = .bigEndian
        default:
          throw fault(
            quoted(words.joined(separator: " ").utf8.map { $0 }), "ascii, binary_little_endian or binary_big_endian")
        }
        hasFormat = true
      case "element":
        guard words.count == 3, let count = Int(words[2]), count >= 0, count <= Int(Int32.max) else {
          throw fault(
            quoted(words.joined(separator: " ").utf8.map { $0 }), "element, a name and a count of at most 2^31")
        }
        guard elements.count < 100 else { throw fault("more than 100 elements", "fewer") }
        elements.append(Element(name: words[1], count: count, properties: [], line: lines))
      case "property":
        guard !elements.isEmpty else { throw fault("a property", "its element first") }
        guard elements[elements.count - 1].properties.count < 1000 else {
          throw fault("more than 1000 properties", "fewer")
        }
        elements[elements.count - 1].properties.append(try PLYHeader.property(words, fault))
      case "comment":
        if words.count > 2, words[1] == "TextureFile" {
          let text = String(decoding: bytes[start..<stop], as: UTF8.self)
          let name = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst(2)
          // A name may hold blanks: from the first word to the last.
          if textureFile == nil, let first = name.first, let last = name.last {
            textureFile = String(text[first.startIndex..<last.endIndex])
          }
        }
      case "obj_info", nil: break
      case "end_header":
        guard hasFormat else { throw fault("no format", "a line with the format") }
        end = position
        return
      default: notes.add("\(quoted((words.first ?? "").utf8.map { $0 })) is not used", file: file, line: lines)
      }
    }
  }

  private static func property(
    _ words: [String], _ fault: (String, String) -> ImportError
  ) throws(ImportError) -> Property {
    let line = quoted(words.joined(separator: " ").utf8.map { $0 })
    if words.count == 5, words[1] == "list" {
      guard let count = Scalar(words[2]), count.isInteger, let type = Scalar(words[3]) else {
        throw fault(line, "property list, a whole-number type, a type and a name")
      }
      return Property(name: words[4], type: type, count: count)
    }
    guard words.count == 3, let type = Scalar(words[1]) else { throw fault(line, "property, a type and a name") }
    return Property(name: words[2], type: type, count: nil)
  }
}
