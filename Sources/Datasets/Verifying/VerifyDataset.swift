// Verifying: what a dataset's records say is derived again from its planes, and from each other, and every disagreement is
// told with its frame and instance. Nothing is rendered; a set can be verified without its scene.

import Annotators
import Dispatch
import Formats
import Stage
import Synchronization

/// Something that two parts of a dataset say differently.
public struct Disagreement: Hashable, Sendable, CustomStringConvertible {
  public var frame: Int
  /// Nil where it is about the frame as a whole.
  public var instance: UInt32?
  public var what: String

  public var description: String {
    "frame \(frame)" + (instance.map { ", instance \($0)" } ?? "") + ": \(what)"
  }
}

/// How many frames and instances were looked at.
public struct VerifyReport: Equatable, Sendable {
  public var frames = 0
  public var instances = 0
  public var disagreements = 0
  public var isStopped = false
}

/// Looks at the frames of a dataset, as far as `frames` holds them.
///
/// - Parameters:
///   - threads: how many frames are looked at at a time.
///   - tell: called in order of frames, on the caller's thread.
public func verifyDataset(
  _ folder: String, frames: Range<Int>? = nil, threads: Int = 1, shouldStop: () -> Bool = { false },
  tell: (Disagreement) -> Void
) throws(DatasetError) -> VerifyReport {
  let dataset = try Dataset(folder: folder)
  var report = VerifyReport()
  var waiting: [(record: FrameRecord, earlier: FrameRecord?)] = []
  /// The last frame of each camera: motion is told between neighbours.
  var last: [String: FrameRecord] = [:]
  func flush() {
    let found = Mutex([Int: [Disagreement]]())
    let records = waiting
    DispatchQueue.concurrentPerform(iterations: records.count) { i in
      var verifier = FrameVerifier(records[i].record, dataset, earlier: records[i].earlier)
      verifier.run()
      let told = verifier.disagreements
      found.withLock { $0[i] = told }
    }
    for (i, pair) in records.enumerated() {
      report.frames += 1
      report.instances += pair.record.instances.count
      for d in found.withLock({ $0[i] ?? [] }) {
        report.disagreements += 1
        tell(d)
      }
    }
    waiting = []
  }
  try dataset.forEachRecord(threads: threads) { record throws(DatasetError) in
    report.isStopped = shouldStop()
    guard !report.isStopped else { return false }
    guard frames?.contains(record.frame) ?? true else { return true }
    let before = last.updateValue(record, forKey: record.camera.view)
    waiting.append((record, before.flatMap { $0.isFollowed(by: record) ? $0 : nil }))
    if waiting.count >= max(threads, 1) { flush() }
    return true
  }
  flush()
  return report
}
