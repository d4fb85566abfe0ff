// Masks to planes of pixels, and back.

import Annotators
import Imaging

extension RunLengthMask {
  /// Hands the runs of the mask to `body`, column by column and from the top down; a run that goes on in the next column is
  /// one in each.
  @inline(__always) package func forEachRun(_ body: (_ x: Int, _ rows: Range<Int>) -> Void) {
    var at = 0
    for (i, count) in counts.enumerated() {
      let end = at + Int(count)
      var from = at
      while i & 1 == 1, from < end {
        let x = from / height
        let to = min(end, (x + 1) * height)
        body(x, from - x * height..<to - x * height)
        from = to
      }
      at = end
    }
  }

  /// Gives the mask's pixels a value.
  func paint<Value>(_ value: Value, into plane: inout Plane<Value>) {
    forEachRun { x, rows in for y in rows { plane[x, y] = value } }
  }

  /// The pixels of a plane whose values are as asked.
  init<Value>(where plane: Plane<Value>, _ isInside: (Value) -> Bool) {
    var counts: [UInt32] = [0]
    var inside = false
    for x in 0..<plane.width {
      for y in 0..<plane.height {
        if isInside(plane[x, y]) != inside {
          inside.toggle()
          counts.append(0)
        }
        counts[counts.count - 1] += 1
      }
    }
    self.init(width: plane.width, height: plane.height, counts: counts)
  }
}
