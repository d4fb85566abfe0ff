import Annotators
import Dispatch
import Formats
import Synchronization

/// One reading of a whole dataset: what is there, what is missing, and the annotations of it.
struct DatasetExamination {
  private let options: MergeOptions
  private let dataset: Dataset
  private var derivation: Derivation
  private let recordFiles: [String: FileIdentity]
  private var report = MergeReport()
  /// The next frame that has to be there.
  private var next: Int
  /// Records whose files are to be decoded.
  private var unchecked: [FrameRecord] = []

  init(_ options: MergeOptions) throws(DatasetError) {
    self.options = options
    // The head is what it was made from; whether its annotations are complete is found out here.
    let dataset = try Dataset(folder: options.out)
    self.dataset = dataset
    recordFiles = try DatasetError.files { () throws(FileError) in try dataset.recordFiles() }
    derivation = try Derivation(dataset, options.formats)
    next = options.frames?.lowerBound ?? 0
  }

  mutating func run(shouldStop: () -> Bool, damage: (String) -> Void) throws(DatasetError) -> MergeReport {
    for chunk in try dataset.chunks() {
      guard !shouldStop() else { return stopped() }
      try examine(chunk, shouldStop, damage)
      guard !report.isStopped else { return report }
    }
    if let frames = options.frames { miss(next..<max(next, frames.upperBound)) }
    report.counts = derivation.counts
    listShards()
    if report.missingFrames == 0 || options.acceptsGaps {
      report.isDerived = try derivation.finish(recordFiles: recordFiles)
    }
    return report
  }

  private mutating func examine(
    _ chunk: Int, _ shouldStop: () -> Bool, _ damage: (String) -> Void
  ) throws(DatasetError) {
    let path = dataset.folder + "/" + DatasetLayout.chunkFile(chunk)
    let files =
      options.hasFiles ? FrameFiles(folder: dataset.folder, layout: dataset.header.layout, chunk: chunk) : nil
    if let fault = files?.fault { damage(fault) }
    do throws(DatasetError) {
      _ = try readRecords(path, threads: options.threads) { record, line throws(DatasetError) in
        if shouldStop() {
          report.isStopped = true
          return false
        }
        try dataset.check(record, at: path, line, chunk: chunk)
        if let fault = files?.fault(of: record, lineBytes: nil) {
          if files?.fault == nil { damage(fault) }
          return true
        }
        if options.isChecked {
          unchecked.append(record)
          if unchecked.count >= options.threads * 16 { try checkFiles(in: files?.index, damage) }
        } else {
          try take(record)
        }
        return true
      }
    } catch {
      // A record file that is damaged half-way lacks frames; the others are still worth naming.
      guard case .damaged = error else { throw error }
      damage("\(error)")
    }
    try checkFiles(in: files?.index, damage)
  }

  private func stopped() -> MergeReport {
    var report = report
    report.isStopped = true
    return report
  }

  /// Takes a record whose files are good.
  private mutating func take(_ record: FrameRecord) throws(DatasetError) {
    if record.frame >= next {
      // A gap, unless before the first frame that has to be there.
      miss(next..<max(next, min(record.frame, options.frames?.upperBound ?? Int.max)))
      next = record.frame + 1
    }
    try derivation.add(record)
  }

  private mutating func miss(_ frames: Range<Int>) {
    guard !frames.isEmpty else { return }
    report.missingFrames += frames.count
    for chunk in Shard.chunks(of: frames, chunk: dataset.header.chunk) where report.missingChunks.last != chunk {
      report.missingChunks.append(chunk)
    }
  }

  /// Decodes the files of the records that wait for it, several at a time, and takes those that are good.
  private mutating func checkFiles(in archive: TarIndex?, _ damage: (String) -> Void) throws(DatasetError) {
    let records = unchecked
    unchecked = []
    let faults = Mutex([Int: String]())
    let (folder, kinds) = (dataset.folder, dataset.header.planes)
    DispatchQueue.concurrentPerform(iterations: records.count) { i in
      if let fault = Dataset.damage(of: records[i].planes, kinds, in: folder, archive: archive) {
        faults.withLock { $0[i] = fault }
      }
    }
    let found = faults.withLock { $0 }
    for (i, record) in records.enumerated() {
      if let fault = found[i] { damage(fault) } else { try take(record) }
    }
  }

  /// Names the shards that have something to make.
  private mutating func listShards() {
    let frames = options.frames ?? 0..<next
    let chunk = dataset.header.chunk
    report.shardCount = options.shards ?? max(Shard.chunks(of: frames, chunk: chunk).count, 1)
    var missing = report.missingChunks[...]
    for index in 0..<report.shardCount where !missing.isEmpty {
      guard let shard = Shard(index: index, count: report.shardCount) else { break }
      let chunks = Shard.chunks(of: shard.frames(of: frames, chunk: chunk), chunk: chunk)
      let ours = missing.prefix { chunks.contains($0) }
      if !ours.isEmpty { report.missingShards.append(index) }
      missing = missing.dropFirst(ours.count)
    }
  }
}
