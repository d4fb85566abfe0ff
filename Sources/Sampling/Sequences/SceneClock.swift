// Time in scenes. With `frames_per_sequence: N` frame n is frame n % N of sequence n / N, and its time is (n % N) / fps
// seconds. All dice hang on the sequence's number in place of the frame's, so whatever is drawn lasts for the sequence;
// what moves is a function of the time. Each frame remains a function of its number alone.

import Documents
import Stage

/// How a scene's frames lie in time.
struct SceneClock: Sendable, Hashable {
  /// Nil where the scene has no time: every frame is a world of its own.
  var framesPerSequence: Int?
  /// Frames a second.
  var fps = 24.0

  static let defaultFPS = 24.0

  var hasTime: Bool { framesPerSequence != nil }

  /// - Parameter frames: the dataset's number of frames.
  func moment(_ frame: Int, of frames: Int) -> Moment {
    guard let n = framesPerSequence else {
      return Moment(
        frame: frame, frames: frames, world: frame, worlds: frames, step: Double(frame), steps: frames, seconds: 0)
    }
    let step = frame % n
    return Moment(
      frame: frame, frames: frames, world: frame / n, worlds: max((frames + n - 1) / n, 1), step: Double(step),
      steps: n,
      seconds: Double(step) / fps)
  }

  /// The place of a frame; nil where the scene has no time.
  func place(_ frame: Int) -> SequencePlace? {
    framesPerSequence.map { SequencePlace(sequence: frame / $0, index: frame % $0, time: Double(frame % $0) / fps) }
  }

  /// The frames of a frame's sequence: itself alone where the scene has no time.
  func sequence(of frame: Int) -> Range<Int> {
    guard let n = framesPerSequence else { return frame..<frame + 1 }
    return frame / n * n..<frame / n * n + n
  }
}

/// The moment that a document is sampled for.
struct Moment: Sendable, Hashable {
  /// The frame's number and how many the dataset has.
  var frame: Int
  var frames: Int
  /// What dice hang on: the sequence's number and how many there are; without time the frame's.
  var world: Int
  var worlds: Int
  /// The frame's number in its sequence, between two frames a fraction; and how many the sequence has. Without time the
  /// dataset is one sequence to those who ask.
  var step: Double
  var steps: Int
  /// From the sequence's first frame; 0 without time.
  var seconds: Double

  /// The sequence's beginning.
  var start: Moment {
    var first = self
    (first.step, first.seconds) = (0, 0)
    return first
  }

  /// The moment `delta` seconds later, at `fps` frames a second.
  func later(by delta: Double, fps: Double) -> Moment {
    var other = self
    other.seconds += delta
    other.step += delta * fps
    return other
  }
}
