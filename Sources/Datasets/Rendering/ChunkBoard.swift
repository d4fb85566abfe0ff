// Hands out frames to workers and gathers what they made, chunk by chunk.
//
// Frames go out in order, so that only the few chunks that workers are in are open: memory is bounded by the records of
// (threads + 1) chunks, whatever the length of the run. Which worker makes which frame decides nothing in the output.

import Formats
import Synchronization

final class ChunkBoard: Sendable {
  /// A chunk that is being made.
  struct OpenChunk: Sendable {
    let number: Int
    var made: [StagedFrame] = []
    /// Frames handed out or to be handed out, not yet made.
    var missing: Int
  }

  private struct State: Sendable {
    var nextChunk: Int
    /// Frames of the chunk that is being handed out, last first.
    var queue: [Int] = []
    var open: [Int: OpenChunk] = [:]
    var error: DatasetError?
    var isStopped = false
    var isFirstImageShown = false
  }

  private let frames: Range<Int>
  private let folder: String
  private let header: DatasetHeader
  private let state: Mutex<State>
  private let events: @Sendable (RenderEvent) -> Void

  init(
    frames: Range<Int>, folder: String, header: DatasetHeader, events: @escaping @Sendable (RenderEvent) -> Void
  ) {
    self.frames = frames
    self.folder = folder
    self.header = header
    self.events = events
    state = Mutex(State(nextChunk: frames.lowerBound / header.chunk))
  }

  /// What a worker is to do next.
  enum Task {
    case make(frame: Int)
    /// Write the record file of a chunk again from what is good in it; all its frames are whole.
    case repair(OpenChunk)
  }

  /// The next thing to do; nil where there is nothing left or the run is ending.
  func claim() -> Task? {
    state.withLock { s in
      while s.error == nil, !s.isStopped {
        if let frame = s.queue.popLast() { return .make(frame: frame) }
        guard s.nextChunk * header.chunk < frames.upperBound else { return nil }
        let chunk = s.nextChunk
        s.nextChunk += 1
        do throws(DatasetError) {
          if try open(chunk, &s) { return .repair(OpenChunk(number: chunk, missing: 0)) }
        } catch { s.error = error }
      }
      return nil
    }
  }

  /// Queues what is missing of a chunk. True where nothing is, but its record file holds lines that are no good.
  private func open(_ chunk: Int, _ s: inout State) throws(DatasetError) -> Bool {
    let there = try ChunkState(chunk: chunk, folder: folder, header: header)
    let wanted = frames.clamped(to: chunk * header.chunk..<(chunk + 1) * header.chunk)
    for d in there.damage { events(.damage(d)) }
    let todo = Set(wanted).union(there.damagedFrames).subtracting(there.lines.keys).sorted()
    events(.kept(wanted.count { there.lines[$0] != nil }))
    guard !todo.isEmpty else { return !there.damage.isEmpty }
    s.queue = todo.reversed()
    s.open[chunk] = OpenChunk(number: chunk, missing: todo.count)
    return false
  }

  /// Takes a made frame; gives back its chunk where that is complete now.
  func add(_ made: StagedFrame) -> OpenChunk? {
    state.withLock { s in
      let chunk = made.frame / header.chunk
      s.open[chunk]?.made.append(made)
      s.open[chunk]?.missing -= 1
      return s.open[chunk]?.missing == 0 ? s.open.removeValue(forKey: chunk) : nil
    }
  }

  /// True for the first caller only.
  func claimFirstImage() -> Bool {
    state.withLock { s in
      defer { s.isFirstImageShown = true }
      return !s.isFirstImageShown
    }
  }

  func fail(_ error: DatasetError) { state.withLock { s in s.error = s.error ?? error } }
  func stop() { state.withLock { s in s.isStopped = true } }

  var error: DatasetError? { state.withLock { $0.error } }

  /// The chunks that the end of the run left open, in order, with what was made of them.
  func takeOpen() -> [OpenChunk] {
    state.withLock { s in
      let open = s.open.values.sorted { $0.number < $1.number }
      s.open = [:]
      return open
    }
  }
}
