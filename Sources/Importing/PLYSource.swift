/// Where the values of a PLY file come from, one after the other.
protocol PLYSource {
  /// Ends an element; whether values of its line were left over.
  mutating func endElement() -> Bool
  mutating func next(_ type: PLYHeader.Scalar) throws(ImportError) -> Double
}

struct PLYText: PLYSource {
  var cursor: TextCursor
  let file: String

  /// An element has a line of its own, and files with more values on it than their header says are common.
  @inline(__always) mutating func endElement() -> Bool {
    let hasMore = !cursor.isAtLineEnd()
    cursor.nextLine()
    return hasMore
  }

  @inline(__always) mutating func next(_ type: PLYHeader.Scalar) throws(ImportError) -> Double {
    // Values need not keep to lines.
    while cursor.isAtLineEnd(), !cursor.isAtEnd { cursor.nextLine() }
    let word = cursor.word()
    guard let x = parseNumber(word) else {
      throw ImportError(
        file: file, line: cursor.line, found: word.isEmpty ? "the end of the file" : quoted(word), expected: "a number")
    }
    return x
  }
}

struct PLYBinary: PLYSource {
  let bytes: UnsafeRawBufferPointer
  var position: Int
  let isBig: Bool
  let file: String

  @inline(__always) mutating func endElement() -> Bool { false }

  @inline(__always) mutating func next(_ type: PLYHeader.Scalar) throws(ImportError) -> Double {
    guard type.size <= bytes.count - position else {
      throw ImportError(file: file, found: "the end of the file", expected: "a value at byte \(position)")
    }
    defer { position += type.size }
    switch type {
    case .int8: return Double(Int8(bitPattern: bytes[position]))
    case .uint8: return Double(bytes[position])
    case .int16: return Double(Int16(bitPattern: load(UInt16.self)))
    case .uint16: return Double(load(UInt16.self))
    case .int32: return Double(Int32(bitPattern: load(UInt32.self)))
    case .uint32: return Double(load(UInt32.self))
    case .float: return Double(Float(bitPattern: load(UInt32.self)))
    case .double: return Double(bitPattern: load(UInt64.self))
    }
  }

  @inline(__always) private func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> T {
    let raw = bytes.loadUnaligned(fromByteOffset: position, as: T.self)
    return isBig ? T(bigEndian: raw) : T(littleEndian: raw)
  }
}
