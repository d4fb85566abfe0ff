/// The content of a text: lent by the buffer, or decoded where it had escapes.
enum JSONText {
  case lent(UnsafeBufferPointer<UInt8>)
  case decoded([UInt8])

  func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    switch self {
    case .lent(let b): body(b)
    case .decoded(let a): a.withUnsafeBufferPointer(body)
    }
  }
}

/// A key, to be matched by a `switch` over literals.
package struct JSONKey {
  let text: JSONText

  /// The key for an error message.
  package var name: String { text.withBytes { String(decoding: $0, as: UTF8.self) } }

  package static func ~= (literal: StaticString, key: JSONKey) -> Bool {
    key.text.withBytes { b in
      guard b.count == literal.utf8CodeUnitCount else { return false }
      for i in 0..<b.count where b[i] != literal.utf8Start[i] { return false }
      return true
    }
  }
}
