/// One of N equal parts of a run, for one of N machines. Shard i has the chunks [i * M / N, (i + 1) * M / N) of the run's M
/// chunks: whole chunks only, so that no two shards ever write the same file, and so that the bytes do not depend on N.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
  /// From 0.
  public var index: Int
  /// At least 1, and more than `index`.
  public var count: Int

  /// Nil unless 0 <= index < count.
  public init?(index: Int, count: Int) {
    guard index >= 0, index < count, count <= Shard.largestCount else { return nil }
    self.index = index
    self.count = count
  }

  /// Keeps products with numbers of chunks within 64 bits.
  public static let largestCount = 1 << 24

  public var description: String { "\(index)/\(count)" }

  /// The frames of this shard among `frames`; empty where there are more shards than chunks.
  public func frames(of frames: Range<Int>, chunk: Int) -> Range<Int> {
    let chunks = Shard.chunks(of: frames, chunk: chunk)
    let first = chunks.lowerBound + index * chunks.count / count
    let end = chunks.lowerBound + (index + 1) * chunks.count / count
    return (first * chunk..<end * chunk).clamped(to: frames)
  }

  /// The numbers of the chunks that hold `frames`.
  static func chunks(of frames: Range<Int>, chunk: Int) -> Range<Int> {
    frames.isEmpty
      ? frames.lowerBound / chunk..<frames.lowerBound / chunk
      : frames.lowerBound / chunk..<(frames.upperBound + chunk - 1) / chunk
  }

  /// Numbers as Slurm's --array takes them: ascending, without repetition, runs as "first-last".
  public static func arrayList(_ numbers: [Int]) -> String {
    var runs: [(first: Int, last: Int)] = []
    for n in numbers {
      if let run = runs.last, run.last + 1 == n { runs[runs.count - 1].last = n } else { runs.append((n, n)) }
    }
    return runs.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
  }
}
