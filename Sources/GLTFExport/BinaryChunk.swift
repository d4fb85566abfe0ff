import Documents

/// The file's only buffer, with the views and accessors that say what lies where.
struct BinaryChunk {
  private(set) var bytes: [UInt8] = []
  private(set) var views: [Node] = []
  private(set) var accessors: [Node] = []

  /// What a view is bound to (glTF 2.0, `bufferView.target`).
  enum Target: Int {
    case vertices = 34962
    case indices = 34963
  }

  /// Puts bytes behind the others, at a multiple of four; gives the view's number.
  mutating func append(_ data: UnsafeRawBufferPointer, _ target: Target? = nil) -> Int {
    while bytes.count % 4 != 0 { bytes.append(0) }
    var members: [(String, Node)] = [("buffer", .whole(0)), ("byteOffset", .whole(bytes.count))]
    members.append(("byteLength", .whole(data.count)))
    if let target { members.append(("target", .whole(target.rawValue))) }
    bytes.append(contentsOf: data)
    views.append(.object(members))
    return views.count - 1
  }

  /// Floats, `width` of them an element; with the least and the greatest of each component where the specification asks
  /// for them.
  mutating func accessor(_ values: [Float], width: Int, hasBounds: Bool = false) -> Int {
    // glTF is little-endian, as all processors are that this is built for.
    let view = values.withUnsafeBytes { append($0, .vertices) }
    var members: [(String, Node)] = [
      ("bufferView", .whole(view)), ("componentType", .whole(5126)), ("count", .whole(values.count / width)),
      ("type", .text(["SCALAR", "VEC2", "VEC3", "VEC4"][width - 1])),
    ]
    if hasBounds {
      var (least, greatest) = (Array(values[..<width]), Array(values[..<width]))
      for i in values.indices {
        least[i % width] = min(least[i % width], values[i])
        greatest[i % width] = max(greatest[i % width], values[i])
      }
      members.append(("min", .reals(least.map(Double.init))))
      members.append(("max", .reals(greatest.map(Double.init))))
    }
    accessors.append(.object(members))
    return accessors.count - 1
  }

  /// Indices of vertices, in the smaller form that holds them; 65535 is no index in 16 bits, but an end mark.
  mutating func accessor(indices: [UInt32]) -> Int {
    let isShort = indices.allSatisfy { $0 < 65535 }
    let view =
      isShort
      ? indices.map { UInt16(truncatingIfNeeded: $0) }.withUnsafeBytes { append($0, .indices) }
      : indices.withUnsafeBytes { append($0, .indices) }
    accessors.append(
      .object([
        ("bufferView", .whole(view)), ("componentType", .whole(isShort ? 5123 : 5125)),
        ("count", .whole(indices.count)), ("type", .text("SCALAR")),
      ]))
    return accessors.count - 1
  }
}
