// What a report keeps of a frame whose picture it reads: enough to compare it with others and to choose what to show.

import Annotators
import Stage

/// A label of a kept frame.
struct KeptLabel: Sendable, Equatable {
  /// Id of its class.
  var category: Int
  /// x, y, width and height as shares of the picture.
  var box: SIMD4<Float>

  /// Intersection over union.
  func overlap(_ o: KeptLabel) -> Float {
    let w = min(box.x + box.z, o.box.x + o.box.z) - max(box.x, o.box.x)
    let h = min(box.y + box.w, o.box.y + o.box.w) - max(box.y, o.box.y)
    guard w > 0, h > 0 else { return 0 }
    let common = w * h
    return common / (box.z * box.w + o.box.z * o.box.w - common)
  }
}

struct KeptFrame: Sendable {
  var frame: Int
  /// Number of its sequence; nil in scenes without time.
  var sequence: Int?
  /// Index of its part of the split; nil where there is none.
  var part: Int?
  var labels: [KeptLabel]
  /// Nil where the file is missing.
  var picture: PictureSummary?

  init(_ record: FrameRecord, part: Int?) {
    frame = record.frame
    sequence = record.sequence?.sequence
    self.part = part
    let (w, h) = (Float(record.width), Float(record.height))
    labels = record.instances.compactMap { i in
      i.box.map { b in
        KeptLabel(
          category: i.category,
          box: SIMD4(Float(b.x) / w, Float(b.y) / h, Float(b.width) / w, Float(b.height) / h))
      }
    }
  }

  /// How like the labels of two frames are, from 0 to 1: labels of the same class are matched by overlap, the best first; the
  /// sum of the overlaps over the larger number of labels. Two frames without labels are alike.
  func labelSimilarity(_ other: KeptFrame) -> Double {
    let most = max(labels.count, other.labels.count)
    guard most > 0 else { return 1 }
    var pairs: [(overlap: Float, a: Int, b: Int)] = []
    for (i, a) in labels.enumerated() {
      for (j, b) in other.labels.enumerated() where a.category == b.category {
        let overlap = a.overlap(b)
        if overlap > 0 { pairs.append((overlap, i, j)) }
      }
    }
    pairs.sort { ($1.overlap, $0.a, $0.b) < ($0.overlap, $1.a, $1.b) }
    var (takenA, takenB) = (Set<Int>(), Set<Int>())
    var sum: Float = 0
    for p in pairs where !takenA.contains(p.a) && !takenB.contains(p.b) {
      takenA.insert(p.a)
      takenB.insert(p.b)
      sum += p.overlap
    }
    return Double(sum) / Double(most)
  }
}
