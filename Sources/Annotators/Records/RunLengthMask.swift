import Imaging

// Run-length masks as COCO writes them.
//
// The mask is read column by column, from the top left downwards. Runs alternate, beginning with pixels outside the
// mask (a run that may be empty, the only one that may); a run outside the mask after its last pixel is kept, so the
// runs always sum to width x height. That fixes one form for every mask.

/// A mask as its run lengths.
public struct RunLengthMask: Hashable, Sendable {
  public var width: Int
  public var height: Int
  /// Column-major run lengths, beginning with the pixels outside; they sum to `width * height`.
  public var counts: [UInt32]

  public init(width: Int, height: Int, counts: [UInt32]) {
    self.width = width
    self.height = height
    self.counts = counts
  }

  /// Number of pixels in the mask.
  public var area: Int {
    var sum = 0
    for i in stride(from: 1, to: counts.count, by: 2) { sum += Int(counts[i]) }
    return sum
  }

  /// Bounds of the mask; nil where it is empty.
  public var box: PixelBox? {
    var bounds = PixelBounds()
    var at = 0
    for (i, count) in counts.enumerated() {
      let end = at + Int(count)
      if i & 1 == 1, end > at {
        let (firstColumn, lastColumn) = (at / height, (end - 1) / height)
        if firstColumn == lastColumn {
          bounds.include(x: firstColumn, top: at % height, bottom: (end - 1) % height + 1)
        } else {
          // A run that turns the corner of a column touches both the last and the first row.
          bounds.include(x: firstColumn, top: 0, bottom: height)
          bounds.include(x: lastColumn, top: 0, bottom: height)
        }
      }
      at = end
    }
    return bounds.box
  }

  /// The mask as a plane of 0 and 1.
  public var plane: Plane<UInt8> {
    var p = Plane<UInt8>(width: width, height: height, repeating: 0)
    var at = 0
    for (i, count) in counts.enumerated() {
      if i & 1 == 1 { for k in at..<(at + Int(count)) { p[k / height, k % height] = 1 } }
      at += Int(count)
    }
    return p
  }

  /// COCO's compressed form. From the third run on, the difference to the run before the previous one is written (runs
  /// of like kind resemble each other), in digits of five bits, least first, with a continuation bit above and the sign
  /// in the last digit, each as the character 48 + digit.
  public var compressed: CompressedMask {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(counts.count * 2)
    for i in 0..<counts.count {
      var rest = Int(counts[i])
      if i > 2 { rest -= Int(counts[i - 2]) }
      while true {
        let digit = UInt8(truncatingIfNeeded: rest & 31)
        rest >>= 5
        // The rest is spelt out once it is all sign.
        let isLast = digit & 16 != 0 ? rest == -1 : rest == 0
        bytes.append((isLast ? digit : digit | 32) + 48)
        if isLast { break }
      }
    }
    return CompressedMask(bytes: bytes)
  }

  /// Reads the compressed form; nil where it is malformed, or the runs do not fill `width * height`.
  public init?(_ compressed: CompressedMask, width: Int, height: Int) {
    var counts: [UInt32] = []
    var value = 0
    var shift = 0
    for byte in compressed.bytes {
      guard byte >= 48, byte < 48 + 64, shift < 40 else { return nil }
      let digit = Int(byte - 48)
      value |= (digit & 31) << shift
      shift += 5
      guard digit & 32 == 0 else { continue }
      if digit & 16 != 0 { value |= -1 << shift }
      if counts.count > 2 { value += Int(counts[counts.count - 2]) }
      guard value >= 0, value <= width * height else { return nil }
      counts.append(UInt32(value))
      value = 0
      shift = 0
    }
    guard shift == 0, counts.reduce(0, { $0 + Int($1) }) == width * height else { return nil }
    self.init(width: width, height: height, counts: counts)
  }
}

/// A mask in COCO's compressed form: printable ASCII from "0" to "o". Its size stands beside it, in the record.
public struct CompressedMask: Hashable, Sendable {
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// A box of whole pixels: the pixels [x, x+width) x [y, y+height). In continuous image coordinates its edges are x and
/// x + width.
public struct PixelBox: Hashable, Sendable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// Bounds that grow by pieces of columns.
struct PixelBounds {
  var left = Int.max
  var right = Int.min
  var top = Int.max
  var bottom = Int.min

  /// Includes pixels `top..<bottom` of column `x`.
  @inline(__always) mutating func include(x: Int, top: Int, bottom: Int) {
    left = min(left, x)
    right = max(right, x + 1)
    self.top = min(self.top, top)
    self.bottom = max(self.bottom, bottom)
  }

  var box: PixelBox? {
    left < right ? PixelBox(x: left, y: top, width: right - left, height: bottom - top) : nil
  }
}
