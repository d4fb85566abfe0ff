/// Where in time a frame lies, in scenes that have time: frame n is frame n % N of sequence n / N.
public struct SequencePlace: Hashable, Sendable {
  /// The sequence's number in the dataset, from 0.
  public var sequence: Int
  /// The frame's number in its sequence, from 0.
  public var index: Int
  /// Seconds from the sequence's first frame.
  public var time: Double

  public init(sequence: Int, index: Int, time: Double) {
    self.sequence = sequence
    self.index = index
    self.time = time
  }
}

/// A frame's relatives in its sequence.
public enum SequenceStep: String, CaseIterable, Hashable, Sendable {
  case previous, next
  /// The sequence's first frame, which may be the frame itself.
  case first
}
