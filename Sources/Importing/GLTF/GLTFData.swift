// Buffers and accessors of a glTF file to numbers.

/// The bytes behind a document.
struct GLTFData: Sendable {
  /// Nil for a buffer whose bytes cannot be had: what needs it says why.
  private var buffers: [[UInt8]?] = []
  /// Files that were read.
  private(set) var companions: [String] = []

  /// Elements that an accessor without data, all zeros, may have.
  static let zerosLimit = 1 << 22
  /// Bytes that a buffer without data, all zeros, may have.
  static let emptyLimit = 1 << 24

  init(
    _ document: GLTFDocument, bytes: [UInt8], binary: Range<Int>?, file: String, notes: inout Notes,
    read: (String) throws(ImportError) -> [UInt8]?
  ) throws(ImportError) {
    var total = 0
    for (i, buffer) in document.buffers.enumerated() {
      var found: [UInt8]
      if let uri = buffer.uri {
        switch try GLTFURI(uri) {
        case .data(let data, let type):
          guard ["application/octet-stream", "application/gltf-buffer"].contains(type.lowercased()) else {
            throw uri.error(found: "data of type \"\(type.prefix(40))\"", expected: "application/octet-stream")
          }
          found = data
        case .path(let name):
          let path = try resolve(name, in: file, line: uri.line)
          guard let data = try read(path) else {
            throw uri.error(found: "no file \"\(name)\"", expected: "a file of \(buffer.length) bytes")
          }
          if !companions.contains(path) { companions.append(path) }
          found = data
        case .remote:
          notes.add("a buffer on another machine, which is not fetched", file: file)
          buffers.append(nil)
          continue
        }
      } else {
        // A buffer without a place is the binary chunk, or one that an extension fills.
        guard i == 0, let binary else {
          if buffer.value.hasLines || i > 0 {
            // What would fill it is an extension that is not known here, or nothing.
            guard buffer.length <= GLTFData.emptyLimit else {
              throw buffer.value.error(
                found: "\(buffer.length) bytes without data", expected: "at most \(GLTFData.emptyLimit)")
            }
            notes.add("a buffer without data, which is taken for zeros", file: file)
            total += buffer.length
            guard total <= FileLimits.bytes else {
              throw buffer.value.error(found: "more than \(FileLimits.bytes) bytes in all buffers", expected: "fewer")
            }
            buffers.append([UInt8](repeating: 0, count: buffer.length))
            continue
          }
          throw buffer.value.error(found: "a buffer without a uri", expected: "a binary chunk in the file")
        }
        found = Array(bytes[binary])
      }
      guard found.count >= buffer.length else {
        throw buffer.value.error(found: "\(found.count) bytes", expected: "\(buffer.length), as byteLength says")
      }
      total += found.count
      guard total <= FileLimits.bytes else {
        throw buffer.value.error(found: "more than \(FileLimits.bytes) bytes in all buffers", expected: "fewer")
      }
      buffers.append(found)
    }
  }

  /// Memory that the buffers take.
  var byteCount: Int { buffers.reduce(0) { $0 + ($1?.count ?? 0) } }

  /// The bytes of a view.
  func bytes(of view: Int, _ document: GLTFDocument, at value: GLTFValue) throws(ImportError) -> ArraySlice<UInt8> {
    let v = document.views[view]
    guard let buffer = buffers[v.buffer] else {
      throw value.error(found: "buffer \(v.buffer), whose bytes are not there", expected: "one in the file's folder")
    }
    return buffer[v.range]
  }

  /// The numbers of an accessor, element by element and column by column; normalized integers become 0...1 or -1...1
  /// (glTF 2.0, section 3.11: max(c / 127, -1) and the like). All are finite.
  ///
  /// - Parameter types: the types that may stand here.
  func floats(_ index: Int, _ document: GLTFDocument, types: [String]) throws(ImportError) -> [Float] {
    let a = document.accessors[index]
    guard types.contains(a.type) else {
      throw a.value.error(
        found: a.type.isEmpty ? "an accessor of an unknown type" : "an accessor of type \(a.type)",
        expected: types.joined(separator: " or "))
    }
    var values: [Float]
    if let view = a.view {
      let bytes = try self.bytes(of: view, document, at: a.value)
      let stride = document.views[view].stride ?? a.elementBytes
      values = GLTFData.decode(bytes, from: a.offset, stride: stride, count: a.count, a)
    } else {
      guard a.count <= GLTFData.zerosLimit else {
        throw a.value.error(found: "\(a.count) elements without data", expected: "at most \(GLTFData.zerosLimit)")
      }
      values = [Float](repeating: 0, count: a.count * a.width)
    }
    if let sparse = a.sparse {
      let places = try sparseIndices(sparse, a, document)
      let bytes = try self.bytes(of: sparse.values.view, document, at: a.value)
      let news = GLTFData.decode(bytes, from: sparse.values.offset, stride: a.elementBytes, count: sparse.count, a)
      for (k, place) in places.enumerated() {
        for c in 0..<a.width { values[place * a.width + c] = news[k * a.width + c] }
      }
    }
    // Sums of zeros are zero; a single NaN or infinity spoils the sum of 0 * x.
    var spoiled: Float = 0
    for v in values { spoiled += v * 0 }
    guard spoiled == 0 else {
      throw a.value.error(found: "values that are not finite", expected: "finite numbers")
    }
    return values
  }

  /// The numbers of an accessor of unsigned integers: indices of vertices, joints.
  func integers(_ index: Int, _ document: GLTFDocument, type: String) throws(ImportError) -> [UInt32] {
    let a = document.accessors[index]
    guard a.type == type, [.unsignedByte, .unsignedShort, .unsignedInt].contains(a.component) else {
      throw a.value.error(
        found: "an accessor of type \(a.type) of \(a.component)", expected: "\(type) of unsigned integers")
    }
    var values: [UInt32]
    if let view = a.view {
      let bytes = try self.bytes(of: view, document, at: a.value)
      let stride = document.views[view].stride ?? a.elementBytes
      values = GLTFData.integers(bytes, from: a.offset, stride: stride, count: a.count, a.width, a.component)
    } else {
      guard a.count <= GLTFData.zerosLimit else {
        throw a.value.error(found: "\(a.count) elements without data", expected: "at most \(GLTFData.zerosLimit)")
      }
      values = [UInt32](repeating: 0, count: a.count * a.width)
    }
    if let sparse = a.sparse {
      let places = try sparseIndices(sparse, a, document)
      let bytes = try self.bytes(of: sparse.values.view, document, at: a.value)
      let news = GLTFData.integers(
        bytes, from: sparse.values.offset, stride: a.elementBytes, count: sparse.count, a.width, a.component)
      for (k, place) in places.enumerated() {
        for c in 0..<a.width { values[place * a.width + c] = news[k * a.width + c] }
      }
    }
    return values
  }

  private func sparseIndices(
    _ sparse: GLTFDocument.Accessor.Sparse, _ a: GLTFDocument.Accessor, _ document: GLTFDocument
  ) throws(ImportError) -> [Int] {
    let bytes = try self.bytes(of: sparse.indices.view, document, at: a.value)
    let places = GLTFData.integers(
      bytes, from: sparse.indices.offset, stride: sparse.indices.component.size, count: sparse.count, 1,
      sparse.indices.component)
    if let wrong = places.first(where: { $0 >= UInt32(a.count) }) {
      throw a.value.error(found: "a sparse value for element \(wrong)", expected: "one of \(a.count)")
    }
    return places.map { Int($0) }
  }

  // MARK: Bytes

  // That the elements lie within the view was checked when the accessor was read; the loads check again.

  private static func decode(
    _ bytes: ArraySlice<UInt8>, from offset: Int, stride: Int, count: Int, _ a: GLTFDocument.Accessor
  ) -> [Float] {
    bytes.withUnsafeBytes { raw in
      precondition(offset + (count - 1) * stride + a.lastBytes <= raw.count)
      func all<T: BitwiseCopyable>(_ type: T.Type, _ value: (T) -> Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: count * a.width) { out, initialized in
          var k = 0
          for i in 0..<count {
            for c in 0..<a.columns {
              let column = offset + i * stride + c * a.columnBytes
              for r in 0..<a.rows {
                out.initializeElement(
                  at: k, to: value(raw.loadUnaligned(fromByteOffset: column + r * MemoryLayout<T>.size, as: T.self)))
                k += 1
              }
            }
          }
          initialized = k
        }
      }
      switch (a.component, a.isNormalized) {
      case (.float, _): return all(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
      case (.byte, true): return all(Int8.self) { max(Float($0) / 127, -1) }
      case (.byte, false): return all(Int8.self) { Float($0) }
      case (.unsignedByte, true): return all(UInt8.self) { Float($0) / 255 }
      case (.unsignedByte, false): return all(UInt8.self) { Float($0) }
      case (.short, true): return all(Int16.self) { max(Float(Int16(littleEndian: $0)) / 32767, -1) }
      case (.short, false): return all(Int16.self) { Float(Int16(littleEndian: $0)) }
      case (.unsignedShort, true): return all(UInt16.self) { Float(UInt16(littleEndian: $0)) / 65535 }
      case (.unsignedShort, false): return all(UInt16.self) { Float(UInt16(littleEndian: $0)) }
      case (.unsignedInt, _): return all(UInt32.self) { Float(UInt32(littleEndian: $0)) }
      }
    }
  }

  private static func integers(
    _ bytes: ArraySlice<UInt8>, from offset: Int, stride: Int, count: Int, _ width: Int,
    _ component: GLTFDocument.Accessor.Component
  ) -> [UInt32] {
    bytes.withUnsafeBytes { raw in
      precondition(offset + (count - 1) * stride + width * component.size <= raw.count)
      var values: [UInt32] = []
      values.reserveCapacity(count * width)
      for i in 0..<count {
        for c in 0..<width {
          let at = offset + i * stride + c * component.size
          switch component.size {
          case 1: values.append(UInt32(raw[at]))
          case 2: values.append(UInt32(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt16.self))))
          default: values.append(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
          }
        }
      }
      return values
    }
  }
}
