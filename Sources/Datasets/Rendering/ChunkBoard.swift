// Hands out frames to workers and gathers what they made, chunk by chunk.
//
// Frames go out in order, so that only the few chunks that workers are in are open: memory is bounded by the records of
// (threads + 1) chunks, whatever the length of the run. Which worker makes which frame decides nothing in the output.

import Annotators
import Formats
import Synchronization

final class ChunkBoard: Sendable {
  /// A chunk that is being made.
  struct OpenChunk: Sendable {
    let number: Int
    var made: [StagedFrame] = []
    /// Frames handed out or to be handed out, not yet made or found good.
    var missing: Int
    /// Whether its record file or archive is to be written again even if nothing is made.
    var isDamaged = false
    /// An archive that holds exactly the frames of `made`, where there is one.
    var archive: String?

    var needsCommit: Bool { isDamaged || !made.isEmpty }
  }

  /// What a worker is to do next.
  enum Task: Sendable {
    case make(frame: Int)
    /// Decode a frame's files, and make it again where they do not hold what its record says.
    case check(frame: Int, planes: [PlaneRecord], archive: TarIndex?)
    /// Write the record file of a chunk again from what is good in it; all its frames are whole.
    case repair(OpenChunk)
  }

  private struct State: Sendable {
    var nextChunk: Int
    /// What is to be done in the chunk that is being handed out, last first.
    var queue: [(frame: Int, task: Task)] = []
    var open: [Int: OpenChunk] = [:]
    var failed: Set<Int> = []
    var failures: [DatasetError] = []
    var error: DatasetError?
    var isStopped = false
    var isFirstImageShown = false
  }

  private let frames: Range<Int>
  private let folder: String
  private let header: DatasetHeader
  private let isChecked: Bool
  private let maxFailures: Int
  private let state: Mutex<State>
  private let events: @Sendable (RenderEvent) -> Void

  /// - Parameters:
  ///   - isChecked: whether the files of frames that are there are decoded and held against their digests.
  ///   - maxFailures: how many chunks may fail; one more ends the run.
  init(
    frames: Range<Int>, folder: String, header: DatasetHeader, isChecked: Bool, maxFailures: Int,
    events: @escaping @Sendable (RenderEvent) -> Void
  ) {
    self.frames = frames
    self.folder = folder
    self.header = header
    self.isChecked = isChecked
    self.maxFailures = maxFailures
    self.events = events
    state = Mutex(State(nextChunk: frames.lowerBound / header.chunk))
  }

  /// The next thing to do; nil where there is nothing left or the run is ending.
  func claim() -> Task? {
    state.withLock { s in
      while s.error == nil, !s.isStopped {
        if let next = s.queue.popLast() { return next.task }
        guard s.nextChunk * header.chunk < frames.upperBound else { return nil }
        let chunk = s.nextChunk
        s.nextChunk += 1
        do throws(DatasetError) {
          if try open(chunk, &s) { return .repair(OpenChunk(number: chunk, missing: 0, isDamaged: true)) }
        } catch { s.error = error }
      }
      return nil
    }
  }

  /// Queues what is missing of a chunk. True where nothing is, but its record file holds lines that are no good.
  private func open(_ chunk: Int, _ s: inout State) throws(DatasetError) -> Bool {
    let there = try state(of: chunk)
    let wanted = frames.clamped(to: chunk * header.chunk..<(chunk + 1) * header.chunk)
    for d in there.damage { events(.damage(d)) }
    let todo = Set(wanted).union(there.damagedFrames).subtracting(there.lines.keys)
    var tasks = todo.map { (frame: $0, task: Task.make(frame: $0)) }
    if isChecked {
      tasks += wanted.compactMap { n in
        there.planes[n].map { (n, Task.check(frame: n, planes: $0, archive: there.archive)) }
      }
    } else {
      events(.kept(wanted.count { there.lines[$0] != nil }))
    }
    guard !tasks.isEmpty else { return !there.damage.isEmpty }
    if !todo.isEmpty { events(.opened(chunk, frames: todo.count)) }
    s.queue = tasks.sorted { $0.frame > $1.frame }
    s.open[chunk] = OpenChunk(number: chunk, missing: tasks.count, isDamaged: !there.damage.isEmpty)
    return false
  }

  /// An archive and its records are written one after the other: between the two they do not agree, so another process's
  /// commit is waited for.
  private func state(of chunk: Int) throws(DatasetError) -> ChunkState {
    let lock =
      header.layout == .tar
      ? try DatasetError.files { () throws(FileError) in try DatasetLock(chunk: chunk, of: folder) } : nil
    defer { lock?.release() }
    return try ChunkState(chunk: chunk, folder: folder, header: header)
  }

  /// Takes a made frame; gives back its chunk where that is to be committed now.
  func add(_ made: StagedFrame) -> OpenChunk? {
    let chunk = made.frame / header.chunk
    let (isLost, complete) = state.withLock { s -> (Bool, OpenChunk?) in
      guard s.open[chunk] != nil else { return (true, nil) }
      s.open[chunk]?.made.append(made)
      return (false, close(chunk, &s))
    }
    // Of a chunk that failed meanwhile.
    if isLost { made.discard() }
    return complete
  }

  /// Notes that a frame that was there is whole; gives back its chunk where that is to be committed now.
  func keep(_ frame: Int) -> OpenChunk? {
    events(.kept(1))
    return state.withLock { close(frame / header.chunk, &$0) }
  }

  private func close(_ chunk: Int, _ s: inout State) -> OpenChunk? {
    s.open[chunk]?.missing -= 1
    guard s.open[chunk]?.missing == 0, let complete = s.open.removeValue(forKey: chunk) else { return nil }
    return complete.needsCommit ? complete : nil
  }

  /// True for the first caller only.
  func claimFirstImage() -> Bool {
    state.withLock { s in
      defer { s.isFirstImageShown = true }
      return !s.isFirstImageShown
    }
  }

  /// A frame that cannot be made fails its chunk, of which nothing more is made and nothing is kept that was not there
  /// before; the other chunks go on. Whatever else goes wrong ends the run.
  func fail(_ error: DatasetError) {
    guard case .frame(let frame, let reason) = error else {
      state.withLock { s in s.error = s.error ?? error }
      return
    }
    let chunk = frame / header.chunk
    let dropped = state.withLock { s -> OpenChunk? in
      guard s.failed.insert(chunk).inserted else { return nil }
      s.failures.append(error)
      if s.failures.count > maxFailures { s.error = s.error ?? error }
      s.queue.removeAll { $0.frame / header.chunk == chunk }
      return s.open.removeValue(forKey: chunk) ?? OpenChunk(number: chunk, missing: 0)
    }
    guard let dropped else { return }
    dropped.made.forEach { $0.discard() }
    events(.failed(chunk: chunk, frame: frame, reason: reason))
  }

  func stop() { state.withLock { s in s.isStopped = true } }

  /// What ended the run.
  var error: DatasetError? { state.withLock { $0.error } }
  /// What frames said that failed their chunks, in the order of failing.
  var failures: [DatasetError] { state.withLock { $0.failures } }

  /// The chunks that the end of the run left open, in order, with what was made of them.
  func takeOpen() -> [OpenChunk] {
    state.withLock { s in
      let open = s.open.values.sorted { $0.number < $1.number }
      s.open = [:]
      return open
    }
  }
}
