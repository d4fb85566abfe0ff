import Annotators

/// What descriptions of an export say of its frames: counted as they go by.
struct ExportTally {
  struct Split {
    var frames = 0
    /// Frames of which no instance within the thresholds is seen.
    var empty = 0
    /// Visible instances within the thresholds and the frames that show any, by class, from id 1.
    var instances: [Int]
    var images: [Int]
  }

  private(set) var splits: [Split]
  /// Visible instances below the thresholds.
  private(set) var ignored = 0
  /// Of the frames: the least and the greatest.
  private(set) var widths: ClosedRange<Int>?
  private(set) var heights: ClosedRange<Int>?

  init(_ export: FormatExport) {
    let none = export.classes.list.map { _ in 0 }
    splits = export.splits.map { _ in Split(instances: none, images: none) }
  }

  var frames: Int { splits.reduce(0) { $0 + $1.frames } }

  mutating func add(_ frame: ExportedFrame) {
    var shown: Set<Int> = []
    for i in frame.instances where i.record.box != nil {
      guard !i.isIgnored else {
        ignored += 1
        continue
      }
      splits[frame.split].instances[i.category - 1] += 1
      shown.insert(i.category)
    }
    splits[frame.split].frames += 1
    if shown.isEmpty { splits[frame.split].empty += 1 }
    for c in shown { splits[frame.split].images[c - 1] += 1 }
    let (w, h) = (frame.record.width, frame.record.height)
    widths = min(widths?.lowerBound ?? w, w)...max(widths?.upperBound ?? w, w)
    heights = min(heights?.lowerBound ?? h, h)...max(heights?.upperBound ?? h, h)
  }
}
