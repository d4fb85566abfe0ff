// Rendering a dataset: the pipeline from frame numbers to committed chunks.
//
// - The dataset is a set of frames. A run makes sure that its frames are in it: those that are there and whole are left
//   alone, so running a command again resumes it, and asking for more frames grows the set. Frame n lies in chunk
//   n / chunk size whatever was asked and by however many threads; a chunk of which only some frames were asked for
//   holds those, and its record file is written again when others join them.
// - Workers share nothing but the board. Each makes whole frames.
// - Asked to stop, the frames in work are finished, and what was made of open chunks is committed: nothing is lost.
// - A frame that cannot be made fails its chunk; the other chunks go on, up to a number of failures. On any other error
//   the run ends. Committed chunks stay, unfinished files are removed. A new dataset that nothing was committed to is
//   removed whole: it would stand in the way of the mended scene.
// - Several processes may work on one dataset (`DatasetLock`).

import CProcessShims
import Dispatch
import Formats
import Glibc
import Imaging
import Synchronization

/// Renders frames of `source` into a dataset, then derives its annotations where anything has changed.
///
/// - Parameters:
///   - renderer: called once on each worker's thread.
///   - shouldStop: asked between frames; true ends the run in order.
///   - events: called from any thread.
public func renderDataset(
  _ source: FrameSource, _ options: RenderOptions, renderer: @escaping RendererFactory,
  shouldStop: @escaping @Sendable () -> Bool = { false },
  events: @escaping @Sendable (RenderEvent) -> Void = { _ in }
) throws(DatasetError) -> RenderSummary {
  let (isNew, isNewFolder) = (!Dataset.exists(in: options.folder), !FileSystem.isFolder(options.folder))
  do {
    return try renderFrames(source, options, renderer: renderer, shouldStop: shouldStop, events: events)
  } catch {
    if isNew { removeIfEmpty(options.folder, DatasetHeader(source, chunk: 1).planes, andItself: isNewFolder) }
    throw error
  }
}

private func renderFrames(
  _ source: FrameSource, _ options: RenderOptions, renderer: @escaping RendererFactory,
  shouldStop: @escaping @Sendable () -> Bool, events: @escaping @Sendable (RenderEvent) -> Void
) throws(DatasetError) -> RenderSummary {
  let folder = options.folder
  // What cannot be derived at the end is said before the first frame.
  let description = DatasetHeader(source, chunk: 1).description
  try DatasetError.formats { () throws(FormatError) in
    for case .export(let format) in options.formats ?? [] {
      try Exporter.check(format.manual, description, ExportOptions())
    }
  }
  let (header, staging) = try prepareFolder(source, options)
  defer { staging.remove() }
  let frames = options.shard?.frames(of: options.frames, chunk: header.chunk) ?? options.frames
  events(.planned(frames.count))
  let run = RenderRun(
    source: source, header: header, folder: folder, staging: staging, isTimed: options.isTimed,
    board: ChunkBoard(
      frames: frames, folder: folder, header: header, isChecked: options.isChecked, maxFailures: options.maxFailures,
      events: events),
    committer: ChunkCommitter(folder: folder, header: header, staging: staging, isDurable: options.isDurable),
    renderer: renderer, shouldStop: shouldStop, events: events)

  // Serial queues, one a worker: each has a thread of its own, which may wait for the disk without holding others up.
  let group = DispatchGroup()
  for k in 0..<options.workers {
    DispatchQueue(label: "diorama.worker.\(k)").async(group: group) { run.work() }
  }
  while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut { events(.tick) }

  var summary = RenderSummary()
  let isStopped = shouldStop()
  if run.board.error == nil {
    for chunk in run.board.takeOpen() where !chunk.made.isEmpty { run.commit(chunk) }
  }
  let failures = run.board.failures
  if let error = run.board.error ?? failures.first {
    run.withdrawFirstImage()
    if case .frame = error, failures.count > 1 { throw .chunks(failed: failures.count, first: failures[0]) }
    throw error
  }
  summary.made = run.made
  summary.times = run.times
  summary.isStopped = isStopped
  let isUncounted = try Dataset(folder: folder).header.counts == nil
  let lacksFormat = options.formats?.contains { !$0.isThere(in: folder) } ?? false
  if !isStopped, options.shard == nil, run.hasCommitted || isUncounted || lacksFormat {
    events(.deriving)
    // The renderers are gone, and what they held is not to add to what reading records holds.
    diorama_return_memory()
    let clock = StageClock(isOn: options.isTimed)
    summary.isStopped = try clock.measure("derive") { () throws(DatasetError) in
      try !Dataset(folder: folder).derive(
        options.formats, meshes: meshSource(source), threads: options.threads, shouldStop: shouldStop)
    }
    summary.times.add(clock.times)
  }
  return summary
}

/// Removes the folders and the head of a dataset that holds nothing else.
private func removeIfEmpty(_ folder: String, _ kinds: [PlaneKind], andItself: Bool) {
  let folders = FileLayout.allCases.flatMap { $0.folders(kinds) }
  for f in folders + ["labels", DatasetLayout.chunks] { rmdir(folder + "/" + f) }
  guard let left = try? FileSystem.names(in: folder), Set(left).isSubset(of: [DatasetLayout.header]) else { return }
  FileSystem.remove(folder + "/" + DatasetLayout.header)
  if andItself { rmdir(folder) }
}

/// Makes the folders, and reads or writes the head.
private func prepareFolder(
  _ source: FrameSource, _ options: RenderOptions
) throws(DatasetError) -> (DatasetHeader, StagingFolder) {
  let header = DatasetHeader(
    source, chunk: options.chunk ?? RenderOptions.defaultChunk, layout: options.layout ?? .folder)
  let (found, staging) = try openFolder(options.folder, header, isDurable: options.isDurable)
  var asked = header
  asked.chunk = options.chunk ?? found.chunk
  asked.layout = options.layout ?? found.layout
  if let difference = found.difference(from: asked) {
    staging.remove()
    throw .refused("\(options.folder): found a dataset of \(difference); use another --out, or remove that one")
  }
  return (found, staging)
}

/// Makes a new dataset with that head, unless there is one; gives the head that is there, and a staging folder of our own.
///
/// - Parameter isDurable: whether all that leads to a record, the head and the folders, is on the disk when this returns.
func openFolder(
  _ folder: String, _ header: DatasetHeader, isDurable: Bool
) throws(DatasetError) -> (DatasetHeader, StagingFolder) {
  // Folders above the dataset's, up to one that is there: they get new entries.
  var above = [FileSystem.enclosing(folder)]
  while !FileSystem.isFolder(above[0]), above[0] != "/", above[0] != "." {
    above.insert(FileSystem.enclosing(above[0]), at: 0)
  }
  let isNew = !Dataset.exists(in: folder)
  if isNew { try DatasetError.files { () throws(FileError) in try FileSystem.makeFolder(folder) } }
  let staging = try DatasetError.files { () throws(FileError) in try StagingFolder(dataset: folder) }
  do throws(DatasetError) {
    if isNew {
      let orphans = try DatasetError.files { () throws(FileError) in
        try FileSystem.names(in: folder + "/" + DatasetLayout.chunks)
      }
      guard orphans.isEmpty else {
        throw .refused("\(folder): found chunks but no \(DatasetLayout.header), expected a dataset or an empty folder")
      }
      try DatasetError.files { () throws(FileError) in
        try createOnce(folder + "/" + DatasetLayout.header, header.json, sync: isDurable)
      }
    }
    let found = try Dataset(folder: folder).header
    // A process that was killed at its start may have left a head without folders.
    try DatasetError.files { () throws(FileError) in
      let folders = (found.layout.folders(found.planes) + [DatasetLayout.chunks]).map { folder + "/" + $0 }
      for f in folders { try FileSystem.makeFolder(f) }
      guard isDurable else { return }
      for f in Set(folders.map(FileSystem.enclosing)).sorted() { try FileSystem.syncFolder(f) }
      for f in above.reversed() {
        do throws(FileError) { try FileSystem.syncFolder(f) } catch {
          // Who may add to a folder need not be allowed to read it; then its owner's disk decides.
          guard error.code == EACCES else { throw error }
        }
      }
    }
    return (found, staging)
  } catch {
    staging.remove()
    throw error
  }
}

/// Everything that the workers of a run share.
private final class RenderRun: Sendable {
  let source: FrameSource
  let header: DatasetHeader
  let folder: String
  let staging: StagingFolder
  let isTimed: Bool
  let board: ChunkBoard
  let committer: ChunkCommitter
  let renderer: RendererFactory
  let shouldStop: @Sendable () -> Bool
  let events: @Sendable (RenderEvent) -> Void
  private let sums = Mutex((made: 0, times: StageSums(), hasCommitted: false, shown: Int?.none))

  init(
    source: FrameSource, header: DatasetHeader, folder: String, staging: StagingFolder, isTimed: Bool,
    board: ChunkBoard, committer: ChunkCommitter, renderer: @escaping RendererFactory,
    shouldStop: @escaping @Sendable () -> Bool, events: @escaping @Sendable (RenderEvent) -> Void
  ) {
    self.source = source
    self.header = header
    self.folder = folder
    self.staging = staging
    self.isTimed = isTimed
    self.board = board
    self.committer = committer
    self.renderer = renderer
    self.shouldStop = shouldStop
    self.events = events
  }

  var made: Int { sums.withLock { $0.made } }
  var hasCommitted: Bool { sums.withLock { $0.hasCommitted } }
  var times: StageSums { sums.withLock { $0.times } }

  /// One worker, from its first frame to its last.
  func work() {
    let clock = StageClock(isOn: isTimed)
    var worker: FrameWorker?
    while !shouldStop(), let task = board.claim() {
      do throws(DatasetError) {
        let frame: Int
        switch task {
        case .repair(let chunk):
          commit(chunk)
          continue
        case .check(let n, let planes, let archive):
          guard let damage = Dataset.damage(of: planes, header.planes, in: folder, archive: archive) else {
            if let chunk = board.keep(n) { commit(chunk) }
            continue
          }
          events(.damage(damage))
          frame = n
        case .make(let n): frame = n
        }
        let w: FrameWorker
        if let worker { w = worker } else { w = try makeWorker(clock, frame) }
        worker = w
        var staged = try w.make(frame)
        if board.claimFirstImage() {
          try committer.show(&staged)
          sums.withLock { $0.shown = frame }
        }
        events(.frame(frame))
        if let chunk = board.add(staged) { clock.measure("commit") { commit(chunk) } }
      } catch { board.fail(error) }
    }
    if shouldStop() { board.stop() }
    sums.withLock { $0.times.add(clock.times) }
  }

  func commit(_ chunk: ChunkBoard.OpenChunk) {
    do throws(DatasetError) {
      // From here on the annotations lack frames.
      sums.withLock { $0.hasCommitted = true }
      try committer.commit(chunk)
      sums.withLock { $0.made += chunk.made.count }
      events(.chunk(chunk.number, frames: chunk.made.count))
    } catch { board.fail(error) }
  }

  /// Removes the image that was shown ahead of its chunk, if that was never committed.
  func withdrawFirstImage() {
    guard let frame = sums.withLock({ $0.shown }),
      let chunk = try? ChunkState(chunk: frame / header.chunk, folder: folder, header: header),
      chunk.lines[frame] == nil
    else { return }
    if let picture = header.planes.first { FileSystem.remove(folder + "/" + picture.file(frame: frame)) }
  }

  private func makeWorker(_ clock: StageClock, _ frame: Int) throws(DatasetError) -> FrameWorker {
    do {
      return try FrameWorker(
        source: source, header: header, staging: staging.path, folder: folder, clock: clock,
        renderer: renderer)
    } catch { throw .frame(frame, "\(error)") }
  }
}
