/// A box of a picture in 16 bytes, kept until the picture's other boxes have come.
struct PlacedBox: Equatable, Sendable {
  var image: UInt32
  var category: UInt32
  /// In 65535ths of the picture's width and height.
  var left: UInt16
  var top: UInt16
  var right: UInt16
  var bottom: UInt16

  init(_ object: ObjectSample, _ size: AnnotationStatistics.PictureSize, image: Int) {
    (self.image, category) = (UInt32(truncatingIfNeeded: image), UInt32(truncatingIfNeeded: object.category))
    func place(_ x: Double, _ whole: Int) -> UInt16 {
      UInt16(max(0, min(65535, (x / Double(whole) * 65535).rounded())))
    }
    let b = object.box
    (left, right) = (place(b.x, size.width), place(b.x + b.width, size.width))
    (top, bottom) = (place(b.y, size.height), place(b.y + b.height, size.height))
  }

  /// Calls `body` with the class of each box and the largest share of it that another box of its picture covers, in the order of
  /// pictures. Sorts the boxes; the time grows with the squares of the numbers of boxes a picture.
  static func forEachOverlap(_ boxes: inout [PlacedBox], _ body: (Int, Double) -> Void) {
    boxes.sort { ($0.image, $0.left, $0.top, $0.right, $0.bottom) < ($1.image, $1.left, $1.top, $1.right, $1.bottom) }
    var start = 0
    while start < boxes.count {
      let image = boxes[start].image
      var end = start
      while end < boxes.count, boxes[end].image == image { end += 1 }
      var largest = [Double](repeating: 0, count: end - start)
      for i in start..<end {
        let a = boxes[i]
        // Sorted by their left edges: behind the first that begins to the right of this box there is none that meets it.
        for j in i + 1..<max(end, i + 1) {
          let b = boxes[j]
          guard b.left < a.right else { break }
          let common =
            Double(Int(min(a.right, b.right)) - Int(b.left))
            * Double(Int(min(a.bottom, b.bottom)) - Int(max(a.top, b.top)))
          guard common > 0, min(a.bottom, b.bottom) > max(a.top, b.top) else { continue }
          largest[i - start] = max(largest[i - start], common / a.area)
          largest[j - start] = max(largest[j - start], common / b.area)
        }
      }
      for i in start..<end { body(Int(boxes[i].category), min(1, largest[i - start])) }
      start = end
    }
  }

  /// A box thinner than a 65535th of the picture has none; then nothing is covered of it.
  private var area: Double { max(1, Double(right - left) * Double(bottom - top)) }
}
