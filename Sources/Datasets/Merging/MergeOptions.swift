import Formats

/// How datasets are to be put together.
public struct MergeOptions: Sendable {
  /// Datasets of the same scene, seed, render version, chunk size and layout: shards in folders of their own, or one
  /// folder that shards wrote together. At least one.
  public var sources: [String]
  /// The dataset that holds all frames afterwards. It may be one of `sources`; what is there stays.
  public var out: String
  /// The frames that must be there; nil for all from 0 to the last that is.
  public var frames: Range<Int>?
  /// How many shards the frames were rendered in, to name those to be run again; nil for one a chunk.
  public var shards: Int?
  /// Whether to decode every file and hold its pixels against the record's digest.
  public var isChecked = false
  /// Whether the files of frames are looked at at all. Where they lie in object storage there are only records.
  public var hasFiles = true
  /// Whether annotations are made of what is there even if frames are missing.
  public var acceptsGaps = false
  /// How many threads read records and check files.
  public var threads: Int
  /// Nil for those that a dataset of its size gets.
  public var formats: [DerivedFormat]?
  /// Whether to wait until the disk has what was written. Only tests go without.
  public var isDurable = true

  public init(sources: [String], out: String, threads: Int = 1) {
    self.sources = sources
    self.out = out
    self.threads = threads
  }
}

/// What a merge found.
public struct MergeReport: Sendable, Equatable {
  public var counts = DatasetHeader.Counts()
  /// Frames that should be there and are not, or are damaged.
  public var missingFrames = 0
  /// The chunks that they lie in, ascending.
  public var missingChunks: [Int] = []
  /// The shards, of `shardCount`, that have something to make, ascending.
  public var missingShards: [Int] = []
  public var shardCount = 0
  /// Whether the annotations hold the frames that are there.
  public var isDerived = false
  public var isStopped = false

  public init() {}
}
