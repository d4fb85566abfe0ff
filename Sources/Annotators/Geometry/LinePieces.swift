// Lines of several corners, put together from the stretches that the image shows, and cut where what hides them begins and
// ends.

import Geometry
import Stage

/// Joins stretches to pieces of one visibility.
struct LinePieces {
  let tracer: LineTracer
  private(set) var pieces: [PolylineRecord.Piece] = []
  /// The piece that grows.
  private var open: PolylineRecord.Piece?

  init(_ tracer: LineTracer) { self.tracer = tracer }

  /// Lines are looked at in steps of a pixel; where they disappear is found to this many pixels.
  static let step = 1.0
  static let edge = 0.05

  /// All pieces of a line.
  ///
  /// - Parameters:
  ///   - corners: in camera axes.
  ///   - isVisible: called for points inside the image.
  static func of(
    _ corners: [Vector3], isClosed: Bool, _ tracer: LineTracer, _ isVisible: (LineTracer.Sample) -> Bool
  ) -> [PolylineRecord.Piece] {
    var line = LinePieces(tracer)
    let count = isClosed ? corners.count : corners.count - 1
    for i in 0..<count {
      let (a, b) = (corners[i], corners[(i + 1) % corners.count])
      for stretch in tracer.stretches(a, b) { line.add(stretch, a, b, isVisible) }
    }
    line.close()
    // What is seen end on is no line.
    return line.pieces.filter { piece in piece.image.contains { $0 != piece.image[0] } }
  }

  private mutating func close() {
    if let open, open.image.count > 1 { pieces.append(open) }
    open = nil
  }

  private mutating func put(_ s: LineTracer.Sample) {
    open?.image.append(s.place)
    open?.camera.append(s.point)
  }

  private mutating func begin(_ s: LineTracer.Sample, _ isVisible: Bool) {
    // A corner of the line is the end of one stretch and the beginning of the next.
    if let open, open.isVisible == isVisible, open.camera.last == s.point { return }
    close()
    open = .init(isVisible: isVisible, image: [s.place], camera: [s.point])
  }

  private mutating func add(
    _ stretch: [LineTracer.Sample], _ a: Vector3, _ b: Vector3, _ isVisible: (LineTracer.Sample) -> Bool
  ) {
    var seen = isVisible(stretch[0])
    begin(stretch[0], seen)
    for (from, to) in zip(stretch, stretch.dropFirst()) {
      let chord = to.place - from.place
      let steps = max(Int((dot(chord, chord).squareRoot() / LinePieces.step).rounded(.up)), 1)
      var last = from
      for i in 1...steps {
        guard let next = i == steps ? to : tracer.sample(tracer.along(Double(i) / Double(steps), from, to), a, b) else {
          continue
        }
        let now = isVisible(next)
        if now != seen {
          let cut = change(last, next, a, b, seen, isVisible)
          put(cut)
          close()
          open = .init(isVisible: now, image: [cut.place], camera: [cut.point])
          seen = now
        }
        last = next
      }
      put(to)
    }
  }

  /// Where a line that was seen, or hidden, ceases to be.
  private func change(
    _ from: LineTracer.Sample, _ to: LineTracer.Sample, _ a: Vector3, _ b: Vector3, _ seen: Bool,
    _ isVisible: (LineTracer.Sample) -> Bool
  ) -> LineTracer.Sample {
    var (x, y) = (from, to)
    for _ in 0..<40 {
      let d = y.place - x.place
      if dot(d, d) <= LinePieces.edge * LinePieces.edge { break }
      guard let middle = tracer.sample(tracer.along(0.5, x, y), a, b), middle.t > x.t, middle.t < y.t else { break }
      if isVisible(middle) == seen { x = middle } else { y = middle }
    }
    return y
  }
}
