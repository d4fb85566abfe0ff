import CLanes
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
  /// What is gathered of one instance.
  private struct Gathered {
    var bounds = PixelBounds()
    var pixels = 0
    /// Where its last run ends in the column-major order of pixels.
    var end = 0
    /// Its part of the runs.
    var first = 0
    var next = 0
  }
  // Arrays that only grow; what is used of them is known to the functions below.
  private var changes: [Change] = []
  private var sorted: [Change] = []
  private var columnStarts: [Int] = []
  private var runs: [UInt32] = []

  public init() {}

  /// - Parameters:
  ///   - plane: for each pixel the index of its instance, or `GBuffer.nothing`.
  ///   - count: number of instances in the frame.
  /// - Returns: one region an instance, in their order.
  /// - Throws: `LabelError.unknownInstance` where a pixel names an instance of `count` or above.
  public func regions(of plane: Plane<UInt32>, instanceCount count: Int) throws(LabelError) -> [VisibleRegion] {
    let (width, height) = (plane.width, plane.height)
    let found = plane.values.withUnsafeBufferPointer { findChanges($0, width: width, height: height) }
    sortByColumn(found, width: width)
    if let stray = sorted[..<found].first(where: { $0.value != GBuffer.nothing && $0.value >= UInt32(count) }) {
      throw .unknownInstance(stray.value, x: Int(stray.column), y: Int(stray.row))
    }
    let gathered = gather(found, width: width, height: height, instances: count)
    return gathered.map { g in
      var counts = Array(runs[g.first..<g.next])
      if g.end < width * height { counts.append(UInt32(width * height - g.end)) }
      return VisibleRegion(
        pixels: g.pixels, box: g.bounds.box, mask: RunLengthMask(width: width, height: height, counts: counts))
    }
  }

  /// Puts the runs of each instance together, from the changes in the order of columns.
  private func gather(_ found: Int, width: Int, height: Int, instances count: Int) -> [Gathered] {
    var gathered = [Gathered](repeating: Gathered(), count: count)
    if runs.count < 2 * found { runs = [UInt32](repeating: 0, count: 3 * found) }
    gathered.withUnsafeMutableBufferPointer { all in
      sorted.withUnsafeBufferPointer { sorted in
        runs.withUnsafeMutableBufferPointer { runs in
          // Each piece makes at most one run of the instance, and one of what lies before it.
          for i in 0..<found where sorted[i].value != GBuffer.nothing { all[Int(sorted[i].value)].first += 2 }
          var free = 0
          for k in 0..<count {
            (all[k].first, all[k].next, free) = (free, free, free + all[k].first)
          }
          for i in 0..<found {
            let piece = sorted[i]
            guard piece.value != GBuffer.nothing else { continue }
            let (x, top) = (Int(piece.column), Int(piece.row))
            let goesOn = i + 1 < found && sorted[i + 1].column == piece.column
            let bottom = goesOn ? Int(sorted[i + 1].row) : height
            let start = x &* height &+ top
            let k = Int(piece.value)
            let next = all[k].next
            if start == all[k].end, next > all[k].first {
              // The run goes on from the foot of the column before.
              runs[next - 1] += UInt32(bottom &- top)
            } else {
              runs[next] = UInt32(start &- all[k].end)
              runs[next + 1] = UInt32(bottom &- top)
              all[k].next = next + 2
            }
            all[k].end = start &+ bottom &- top
            all[k].bounds.include(x: x, top: top, bottom: bottom)
            all[k].pixels += bottom &- top
          }
        }
      }
    }
    return gathered
  }

  /// Fills `changes` row by row and returns their number; the first row differs from the nothing above it everywhere.
  private func findChanges(_ values: UnsafeBufferPointer<UInt32>, width: Int, height: Int) -> Int {
    var found = 0
    for y in 0..<height {
      if changes.count < found + width {
        let none = Change(column: 0, row: 0, value: 0)
        changes.append(contentsOf: repeatElement(none, count: max(changes.count, 4 * width)))
      }
      let row = UnsafeBufferPointer(rebasing: values[y * width..<(y + 1) * width])
      found = changes.withUnsafeMutableBufferPointer { out in
        if y == 0 {
          for x in 0..<width { out[x] = Change(column: UInt32(x), row: 0, value: row[x]) }
          return width
        }
        let above = UnsafeBufferPointer(rebasing: values[(y - 1) * width..<y * width])
        return VisibleRegionScanner.compare(row, above, y: y, out, from: found)
      }
    }
    return found
  }

  /// Puts the changes of a row behind the first `from` of `out`; returns the number that there are then.
  @inline(__always)
  private static func compare(
    _ row: UnsafeBufferPointer<UInt32>, _ above: UnsafeBufferPointer<UInt32>, y: Int,
    _ out: UnsafeMutableBufferPointer<Change>, from: Int
  ) -> Int {
    var found = from
    let (a, b) = (UnsafeRawBufferPointer(row), UnsafeRawBufferPointer(above))
    var x = 0
    while x + 8 <= row.count {
      let p = a.loadUnaligned(fromByteOffset: 4 &* x, as: SIMD8<Int32>.self)
      let q = b.loadUnaligned(fromByteOffset: 4 &* x, as: SIMD8<Int32>.self)
      var differ = ~lanes_sign_bits(lanes_equal_int(p, q)) & 0xff
      while differ != 0 {
        let i = x &+ differ.trailingZeroBitCount
        out[found] = Change(column: UInt32(truncatingIfNeeded: i), row: UInt32(truncatingIfNeeded: y), value: row[i])
        found &+= 1
        differ &= differ &- 1
      }
      x &+= 8
    }
    while x < row.count {
      if row[x] != above[x] {
        out[found] = Change(column: UInt32(x), row: UInt32(y), value: row[x])
        found += 1
      }
      x += 1
    }
    return found
  }

  /// Counting sort of the first `found` changes into `sorted`: by column, and by row within a column since rows came in
  /// order.
  private func sortByColumn(_ found: Int, width: Int) {
    columnStarts.removeAll(keepingCapacity: true)
    columnStarts.append(contentsOf: repeatElement(0, count: width + 1))
    if sorted.count < found {
      sorted = [Change](repeating: Change(column: 0, row: 0, value: 0), count: found * 3 / 2)
    }
    changes.withUnsafeBufferPointer { changes in
      columnStarts.withUnsafeMutableBufferPointer { starts in
        sorted.withUnsafeMutableBufferPointer { sorted in
          for i in 0..<found { starts[Int(changes[i].column) + 1] += 1 }
          for x in 0..<width { starts[x + 1] += starts[x] }
          for i in 0..<found {
            let column = Int(changes[i].column)
            sorted[starts[column]] = changes[i]
            starts[column] += 1
          }
        }
      }
    }
  }
}
