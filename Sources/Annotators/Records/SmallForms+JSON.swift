// What the members of records share: members that come once, lists, counts, digests, boxes, matrices, ids and values of free
// names.

import Documents
import Geometry
import Imaging
import Stage

extension JSONWriter {
  mutating func box(_ b: PixelBox?) {
    if let b { integers(b.x, b.y, b.width, b.height) } else { null() }
  }

  mutating func optional(_ x: Double?) { if let x { number(x) } else { null() } }

  /// By rows.
  mutating func matrix(_ m: Matrix3) {
    beginArray()
    for row in [m.row0, m.row1, m.row2] { row.writeComponents(to: &self) }
    endArray()
  }

  /// An object of free names.
  package mutating func named(_ values: [NamedValue]) {
    beginObject()
    for v in values {
      key(text: v.name)
      switch v.value {
      case .boolean(let b): boolean(b)
      case .number(let x): number(x)
      case .text(let s): string(s)
      case .numbers(let list):
        beginArray()
        for x in list { number(x) }
        endArray()
      }
    }
    endObject()
  }
}

extension JSONReader {
  /// Stores what `read` reads, once: a key that comes twice is an error.
  package mutating func once<V>(
    _ slot: inout V?, _ read: (inout JSONReader) throws(JSONError) -> V
  ) throws(JSONError) {
    guard slot == nil else { throw error(expected: "a key that has not come before") }
    slot = .some(try read(&self))
  }

  /// All elements of an array.
  package mutating func list<V>(_ read: (inout JSONReader) throws(JSONError) -> V) throws(JSONError) -> [V] {
    var values: [V] = []
    try beginArray()
    while try nextElement() { values.append(try read(&self)) }
    return values
  }

  /// A whole number of 0 or more.
  package mutating func count() throws(JSONError) -> Int {
    let n = try integer()
    guard n >= 0 else { throw error(found: "\(n)", expected: "a whole number of 0 or more", at: offset) }
    return n
  }

  package mutating func numbers(_ count: Int) throws(JSONError) -> [Double] {
    var v: [Double] = []
    v.reserveCapacity(count)
    try beginArray()
    while try nextElement() { v.append(try number()) }
    guard v.count == count else { throw error(expected: "\(count) numbers before this") }
    return v
  }

  /// An array of `count` numbers, at most 16, in the first lanes: a record has hundreds of such arrays, and making room for
  /// each on the heap takes longer than reading it.
  mutating func shortNumbers(_ count: Int) throws(JSONError) -> SIMD16<Double> {
    precondition(count <= 16)
    var v = SIMD16<Double>()
    var n = 0
    try beginArray()
    while try nextElement() {
      let value = try number()
      if n < count { v[n] = value }
      n += 1
    }
    guard n == count else { throw error(expected: "\(count) numbers before this") }
    return v
  }

  package mutating func vector3() throws(JSONError) -> Vector3 {
    let v = try shortNumbers(3)
    return Vector3(v[0], v[1], v[2])
  }

  package mutating func digest() throws(JSONError) -> Digest {
    guard let d = Digest(hexadecimal: try string()) else { throw error(expected: "32 hexadecimal digits before this") }
    return d
  }

  /// The digest of a stretch of the text.
  package func digest(from start: Int, to end: Int) -> Digest {
    Digest(of: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(base)[start..<max(start, end)]))
  }

  package func unknown(_ key: JSONKey, _ expected: String) -> JSONError {
    error(found: "the key \"\(key.name)\"", expected: expected, at: offset)
  }

  mutating func id32() throws(JSONError) -> UInt32 {
    guard let id = UInt32(exactly: try count()) else { throw error(expected: "an id of 32 bits before this") }
    return id
  }

  mutating func namedValues() throws(JSONError) -> [NamedValue] {
    var values: [NamedValue] = []
    try beginObject()
    while let key = try nextKey() {
      guard !values.contains(where: { $0.name == key.name }) else {
        throw error(expected: "a key that has not come before")
      }
      values.append(NamedValue(key.name, try labelValue()))
    }
    return values
  }

  private mutating func labelValue() throws(JSONError) -> LabelValue {
    switch try nextKind() {
    case .text: .text(try string())
    case .boolean: .boolean(try boolean())
    case .array: .numbers(try list { r throws(JSONError) in try r.number() })
    case .number: .number(try number())
    }
  }
}

extension Matrix3 {
  init(rows v: [Double]) {
    self.init(Vector3(v[0], v[1], v[2]), Vector3(v[3], v[4], v[5]), Vector3(v[6], v[7], v[8]))
  }
}
