import Formats

/// What a run reports while it runs, from any of its threads.
public enum RenderEvent: Sendable {
  /// The run has so many frames; its shard's, where it has one.
  case planned(Int)
  /// So many frames of the run were there already.
  case kept(Int)
  /// Work on a chunk begins, of which so many frames are not there yet.
  case opened(Int, frames: Int)
  /// A frame has been made; its files have temporary names as yet.
  case frame(Int)
  /// A chunk has been committed with so many frames.
  case chunk(Int, frames: Int)
  /// Something in the dataset was not as it should be and is made again.
  case damage(String)
  /// A frame could not be made, for this reason; nothing of its chunk is added to the dataset, the other chunks go on.
  case failed(chunk: Int, frame: Int, reason: String)
  /// The derived annotations are being written.
  case deriving
  /// A tenth of a second has passed; sent from the thread that called.
  case tick
}

/// How a dataset is to be rendered.
public struct RenderOptions: Sendable {
  /// The dataset's folder; made where it is missing.
  public var folder: String
  /// The frames to have in the dataset.
  public var frames: Range<Int>
  /// How many threads to use in all.
  public var threads: Int
  /// Frames a chunk; nil for the dataset's own, or 64 for a new one.
  public var chunk: Int?
  /// How the files of frames lie; nil for the dataset's own way, or a file each in a new one.
  public var layout: FileLayout?
  /// The part of the frames that is to be made; nil for all of them. A run of a shard derives no annotations: it is for
  /// `mergeDatasets` to do that when all are there.
  public var shard: Shard?
  /// Whether frames that are there are decoded and held against their digests.
  public var isChecked = false
  /// How many chunks may fail, each by a frame that cannot be made, before the run ends.
  public var maxFailures = RenderOptions.defaultMaxFailures
  /// How many frames are made at a time: a thread each, but no more than frames were asked for.
  public var workers: Int { max(1, min(threads, frames.count)) }
  /// How many threads share a frame: one, unless there are fewer frames than threads. Frames side by side use threads
  /// better than tiles side by side; the pixels are the same.
  public var frameThreads: Int { max(1, threads / workers) }
  /// What is derived at the end; nil for what a dataset of its size gets.
  public var formats: [DerivedFormat]?
  /// Whether to measure the stages of frames.
  public var isTimed = false
  /// Whether to wait until the disk has what was committed. Only tests and benchmarks go without.
  public var isDurable = true

  /// Sixty-four frames are a second or two of work at 640x480: little to lose with a process, while a commit's tens of
  /// milliseconds stay below a few per cent. Sets of millions want thousands.
  public static let defaultChunk = 64

  /// Enough to see whether it is one frame or all of them.
  public static let defaultMaxFailures = 10

  public init(folder: String, frames: Range<Int>, threads: Int, chunk: Int? = nil) {
    self.folder = folder
    self.frames = frames
    self.threads = threads
    self.chunk = chunk
  }
}

/// What a run has done.
public struct RenderSummary: Sendable, Equatable {
  /// Frames made by this run and committed.
  public var made = 0
  /// Whether it was asked to stop before its end.
  public var isStopped = false
  /// Summed over workers; empty unless asked for.
  public var times = StageSums()
}
