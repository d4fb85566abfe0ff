// The label planes as files hold them: whole numbers, 0 where nothing is labelled.
//
// - instance: 16 bits, the instance's id. An id above 65535 ends the run.
// - semantic: the category's id. 8 bits where every category of the dataset fits (the list decides, not the frame, so
//   that all files of a dataset are of one kind), else 16.
// - depth: 16 bits, round-half-up(z * (1 / scale)) with `scale` metres a unit, 0 where nothing is seen. A surface nearer
//   than half a unit is written as 1, for it is there; one beyond 65535 units ends the run.
//
// Instances without a label (id 0: a ground, a wall) are 0 in the instance and semantic planes and have their depth.

import Imaging
import Rasterization
import Stage

/// Makes label planes from a G-buffer. The planes are kept from frame to frame: one a thread.
public final class LabelPlanes {
  /// Whether the semantic plane takes 16 bits.
  public let hasWideSemantic: Bool
  public private(set) var instance: Plane<UInt16>
  /// The semantic plane where `hasWideSemantic` is false.
  public private(set) var semantic8: Plane<UInt8>
  /// The semantic plane where `hasWideSemantic` is true.
  public private(set) var semantic16: Plane<UInt16>
  public private(set) var depth: Plane<UInt16>

  /// - Parameter categories: all categories of the dataset.
  public init(categories: [Stage.Category]) {
    hasWideSemantic = categories.contains { $0.id > 255 }
    instance = Plane(width: 1, height: 1, repeating: 0)
    semantic8 = Plane(width: 1, height: 1, repeating: 0)
    semantic16 = Plane(width: 1, height: 1, repeating: 0)
    depth = Plane(width: 1, height: 1, repeating: 0)
  }

  /// Fills `instance` and the semantic plane.
  /// - Throws: `LabelError` where an id or category does not fit or an id is given twice. The G-buffer's indices must
  ///   have been checked (`VisibleRegionScanner` does).
  public func fillIdentities(_ frame: Frame, _ index: Plane<UInt32>) throws(LabelError) {
    // One entry more than there are instances: `GBuffer.nothing` is cut down to it.
    var ids = [UInt16](repeating: 0, count: frame.instances.count + 1)
    var categories = ids
    var firstWithID: [UInt32: Int] = [:]
    for (k, instance) in frame.instances.enumerated() {
      guard let id = UInt16(exactly: instance.id) else { throw .instanceID(instance.id, name: instance.name) }
      guard let category = UInt16(exactly: instance.category) else {
        throw .category(instance.category, name: instance.name)
      }
      if id != 0, let first = firstWithID.updateValue(k, forKey: instance.id) {
        throw .sharedID(instance.id, first: frame.instances[first].name, second: instance.name)
      }
      guard hasWideSemantic || category <= 255 else { throw .category(instance.category, name: instance.name) }
      ids[k] = id
      categories[k] = id == 0 ? 0 : category
    }
    if hasWideSemantic {
      LabelPlanes.look(up: ids, categories, index, &instance, &semantic16)
    } else {
      LabelPlanes.look(up: ids, categories.map { UInt8(truncatingIfNeeded: $0) }, index, &instance, &semantic8)
    }
  }

  /// Fills `depth`.
  /// - Parameter scale: metres a unit, above 0.
  public func fillDepth(_ metres: Plane<Float>, scale: Double) throws(LabelError) {
    LabelPlanes.fit(&depth, metres)
    let count = metres.values.count
    // Adding 2^52 leaves a number's whole part in the low bits of its pattern, rounded to even; where that went up past
    // the number, one is taken off. Plain arithmetic over an array: the compiler makes vectors of it on every CPU.
    let anchor = 0x1p52
    let unitsPerMetre = 1 / scale
    var misfits: UInt64 = 0
    metres.values.withUnsafeBufferPointer { z in
      depth.values.withUnsafeMutableBufferPointer { out in
        precondition(z.count == count && out.count == count)
        for i in 0..<count {
          let metres = Double(z[i])
          let units = metres * unitsPerMetre + 0.5
          misfits |= units < 65536 ? 0 : 1  // NaN does not fit either
          let even = (units + anchor) - anchor
          let whole = even > units ? even - 1 : even
          let code = whole < 1 && metres > 0 ? 1 : whole
          out[i] = UInt16(truncatingIfNeeded: (code + anchor).bitPattern)
        }
      }
    }
    guard misfits == 0 else {
      let i = metres.values.firstIndex { !(Double($0) * unitsPerMetre + 0.5 < 65536) } ?? 0
      throw .depth(x: i % metres.width, y: i / metres.width, metres: Double(metres.values[i]), scale: scale)
    }
  }

  /// The semantic plane as an image.
  public var semanticImage: RasterImage {
    hasWideSemantic
      ? RasterImage(
        width: semantic16.width, height: semantic16.height, channels: 1, samples: .sixteen(semantic16.values))
      : RasterImage(width: semantic8.width, height: semantic8.height, channels: 1, samples: .eight(semantic8.values))
  }

  public var instanceImage: RasterImage {
    RasterImage(width: instance.width, height: instance.height, channels: 1, samples: .sixteen(instance.values))
  }

  public var depthImage: RasterImage {
    RasterImage(width: depth.width, height: depth.height, channels: 1, samples: .sixteen(depth.values))
  }

  /// Digest of the semantic plane's values.
  public var semanticDigest: Digest { hasWideSemantic ? Digest(of: semantic16) : Digest(of: semantic8) }

  private static func fit<A: FixedWidthInteger, B>(_ plane: inout Plane<A>, _ like: Plane<B>) {
    if plane.width != like.width || plane.height != like.height {
      plane = Plane(width: like.width, height: like.height, repeating: 0)
    }
  }

  /// Looks each pixel up in two tables, eight pixels at once where they are of one instance, as most are.
  @inline(__always) private static func look<A: FixedWidthInteger & UnsignedInteger & SIMDScalar>(
    up ids: [UInt16], _ categories: [A], _ index: Plane<UInt32>, _ idPlane: inout Plane<UInt16>,
    _ categoryPlane: inout Plane<A>
  ) {
    precondition(ids.count == categories.count && !ids.isEmpty)
    fit(&idPlane, index)
    fit(&categoryPlane, index)
    let last = UInt32(ids.count - 1)
    let count = index.values.count
    precondition(idPlane.values.count == count && categoryPlane.values.count == count)
    index.values.withUnsafeBytes { source in
      idPlane.values.withUnsafeMutableBytes { idOut in
        categoryPlane.values.withUnsafeMutableBytes { categoryOut in
          var i = 0
          while i < count {
            let first = source.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
            let k = Int(min(first, last))
            if i + 8 <= count {
              let eight = source.loadUnaligned(fromByteOffset: 4 * i, as: SIMD4<UInt64>.self)
              let d = eight ^ SIMD4(repeating: UInt64(first) << 32 | UInt64(first))
              if d[0] | d[1] | d[2] | d[3] == 0 {
                idOut.storeBytes(of: SIMD8(repeating: ids[k]), toByteOffset: 2 * i, as: SIMD8<UInt16>.self)
                categoryOut.storeBytes(
                  of: SIMD8(repeating: categories[k]), toByteOffset: MemoryLayout<A>.size * i, as: SIMD8<A>.self)
                i += 8
                continue
              }
            }
            idOut.storeBytes(of: ids[k], toByteOffset: 2 * i, as: UInt16.self)
            categoryOut.storeBytes(of: categories[k], toByteOffset: MemoryLayout<A>.size * i, as: A.self)
            i += 1
          }
        }
      }
    }
  }
}
