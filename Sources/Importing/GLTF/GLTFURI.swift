// What the URIs of a glTF file may be: `data:` with base64, or a path below the file's folder, percent-encoded.

enum GLTFURI {
  case data([UInt8], mediaType: String)
  case path(String)
  /// An absolute URI, `https://...`: nothing is fetched.
  case remote(String)

  init(_ value: GLTFValue) throws(ImportError) {
    let text = try value.text()
    let short = text.utf8.count <= 60 ? "\"\(text)\"" : "\"\(text.prefix(57))...\""
    if text.lowercased().hasPrefix("data:") {
      let bytes = Array(text.utf8.dropFirst(5))
      guard let comma = bytes.firstIndex(of: UInt8(ascii: ",")) else {
        throw value.error(found: short, expected: "data:TYPE;base64,DATA")
      }
      let head = String(decoding: bytes[..<comma], as: UTF8.self)
      guard head.lowercased().hasSuffix(";base64") else {
        // RFC 2397: without "base64" the data are percent-encoded.
        guard let data = decodePercents(String(decoding: bytes[(comma + 1)...], as: UTF8.self)) else {
          throw value.error(found: short, expected: "data in base64 or percent-encoded")
        }
        self = .data(data, mediaType: head)
        return
      }
      guard let data = decodeBase64(bytes[(comma + 1)...]) else {
        throw value.error(found: "\(short), which is no base64", expected: "data in base64")
      }
      self = .data(data, mediaType: String(head.dropLast(7)))
      return
    }
    if let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") {
      let scheme = text[..<colon]
      guard let first = scheme.utf8.first, (first | 32) &- 97 < 26,
        scheme.utf8.allSatisfy({ ($0 | 32) &- 97 < 26 || $0 &- 48 < 10 || $0 == 43 || $0 == 45 || $0 == 46 })
      else { throw value.error(found: short, expected: "a relative path") }
      self = .remote(text)
      return
    }
    guard let path = decodePercents(text), String(validating: path, as: UTF8.self) != nil else {
      throw value.error(found: short, expected: "a path whose % are followed by two hexadecimal digits")
    }
    self = .path(String(decoding: path, as: UTF8.self))
  }
}

/// The bytes that a percent-encoded text stands for; nil where a % is followed by anything but two hexadecimal digits.
func decodePercents(_ text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let c = rest.popFirst() {
    guard c == UInt8(ascii: "%") else {
      bytes.append(c)
      continue
    }
    guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
      rest.first != UInt8(ascii: "+")
    else { return nil }
    bytes.append(value)
    rest = rest.dropFirst(2)
  }
  return bytes
}

/// The bytes of a base64 text (RFC 4648, section 4), with or without its padding; nil where it is none.
func decodeBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
  var end = text.endIndex
  while end > text.startIndex, text.endIndex - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
  let digits = text[text.startIndex..<end]
  guard digits.count % 4 != 1, end == text.endIndex || text.count % 4 == 0 else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(digits.count * 3 / 4)
  var (bits, count): (UInt32, Int) = (0, 0)
  for c in digits {
    let value: UInt8
    switch c {
    case 65...90: value = c - 65
    case 97...122: value = c - 71
    case 48...57: value = c + 4
    case 43: value = 62
    case 47: value = 63
    default: return nil
    }
    bits = bits << 6 | UInt32(value)
    count += 6
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
  }
  return bytes
}
