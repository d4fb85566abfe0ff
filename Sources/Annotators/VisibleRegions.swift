import Imaging
import Rasterization

/// The pixels that one instance owns: those whose centre sees it.
public struct VisibleRegion: Equatable, Sendable {
  /// Number of pixels owned; 0 for an instance that is hidden, out of frame or too small to meet a pixel's centre.
  public var pixels: Int
  /// Bounds of the owned pixels; nil where there are none.
  public var box: PixelBox?
  /// The owned pixels in canonical runs; one run of the whole image where there are none.
  public var mask: RunLengthMask

  public init(pixels: Int, box: PixelBox?, mask: RunLengthMask) {
    self.pixels = pixels
    self.box = box
    self.mask = mask
  }
}

/// Finds the visible regions of all instances of a frame in one pass over the instance plane.
///
/// COCO's runs go down the columns, the plane lies in rows. Instead of turning the plane, each row is compared with the
/// one above it: nearly all pixels are equal, and a comparison of eight takes a cycle or two. Where they differ, a piece
/// of that column ends. Sorting these ends by column (they are found in order of rows, so counting suffices) gives the
/// runs in COCO's order, and counts and boxes with them. Time: one sweep of the plane plus the number of pieces.
///
/// One a thread: the scratch is kept from frame to frame.
public final class VisibleRegionScanner {
  /// A pixel of `column` that differs from the one above it, in the order of rows.
  private struct Change {
    var column: UInt32
    var row: UInt32
    /// What the column shows from here on.
    var value: UInt32
  }
  private var changes: [Change] = []
  private var sorted: [Change] = []
  private var columnStarts: [Int] = []

  public init() {}

  /// - Parameters:
  ///   - plane: for each pixel the index of its instance, or `GBuffer.nothing`.
  ///   - count: number of instances in the frame.
  /// - Returns: one region an instance, in their order.
  /// - Throws: `LabelError.unknownInstance` where a pixel names an instance of `count` or above.
  public func regions(of plane: Plane<UInt32>, instanceCount count: Int) throws(LabelError) -> [VisibleRegion] {
    let (width, height) = (plane.width, plane.height)
    plane.values.withUnsafeBufferPointer { findChanges($0, width: width, height: height) }
    sortByColumn(width: width)

    var counts = [[UInt32]](repeating: [], count: count)
    var bounds = [PixelBounds](repeating: PixelBounds(), count: count)
    var pixels = [Int](repeating: 0, count: count)
    var ends = [Int](repeating: 0, count: count)
    for x in 0..<width {
      let last = columnStarts[x + 1]
      for i in columnStarts[x]..<last {
        let piece = sorted[i]
        guard piece.value != GBuffer.nothing else { continue }
        guard piece.value < UInt32(count) else {
          throw .unknownInstance(piece.value, x: x, y: Int(piece.row))
        }
        let k = Int(piece.value)
        let top = Int(piece.row)
        let bottom = i + 1 < last ? Int(sorted[i + 1].row) : height
        let start = x * height + top
        if start == ends[k], !counts[k].isEmpty {
          // The run goes on from the foot of the column before.
          counts[k][counts[k].count - 1] += UInt32(bottom - top)
        } else {
          counts[k].append(UInt32(start - ends[k]))
          counts[k].append(UInt32(bottom - top))
        }
        ends[k] = x * height + bottom
        bounds[k].include(x: x, top: top, bottom: bottom)
        pixels[k] += bottom - top
      }
    }
    var regions: [VisibleRegion] = []
    regions.reserveCapacity(count)
    for k in 0..<count {
      if ends[k] < width * height { counts[k].append(UInt32(width * height - ends[k])) }
      regions.append(
        VisibleRegion(
          pixels: pixels[k], box: bounds[k].box,
          mask: RunLengthMask(width: width, height: height, counts: counts[k])))
    }
    return regions
  }

  /// Fills `changes` row by row; the first row differs from the nothing above it everywhere.
  private func findChanges(_ values: UnsafeBufferPointer<UInt32>, width: Int, height: Int) {
    changes.removeAll(keepingCapacity: true)
    for x in 0..<width { changes.append(Change(column: UInt32(x), row: 0, value: values[x])) }
    let bytes = UnsafeRawBufferPointer(values)
    for y in 1..<max(height, 1) {
      let (row, above) = (y * width, (y - 1) * width)
      var x = 0
      while x < width {
        let end = min(x + 8, width)
        if end - x == 8 {
          // Eight pixels are equal where no bit of them differs.
          let a = bytes.loadUnaligned(fromByteOffset: (row + x) * 4, as: SIMD4<UInt64>.self)
          let b = bytes.loadUnaligned(fromByteOffset: (above + x) * 4, as: SIMD4<UInt64>.self)
          let d = a ^ b
          if d[0] | d[1] | d[2] | d[3] == 0 {
            x = end
            continue
          }
        }
        for i in x..<end where values[row + i] != values[above + i] {
          changes.append(Change(column: UInt32(i), row: UInt32(y), value: values[row + i]))
        }
        x = end
      }
    }
  }

  /// Counting sort of `changes` into `sorted`: by column, and by row within a column since rows came in order.
  private func sortByColumn(width: Int) {
    columnStarts.removeAll(keepingCapacity: true)
    columnStarts.append(contentsOf: repeatElement(0, count: width + 1))
    for c in changes { columnStarts[Int(c.column) + 1] += 1 }
    for x in 0..<width { columnStarts[x + 1] += columnStarts[x] }
    if sorted.count < changes.count {
      sorted = [Change](repeating: Change(column: 0, row: 0, value: 0), count: changes.count * 3 / 2)
    }
    for c in changes {
      let at = columnStarts[Int(c.column)]
      sorted[at] = c
      columnStarts[Int(c.column)] = at + 1
    }
    // Each start has moved to its column's end, which is the next column's start.
    for x in stride(from: width, to: 0, by: -1) { columnStarts[x] = columnStarts[x - 1] }
    columnStarts[0] = 0
  }
}
