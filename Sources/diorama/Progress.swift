// What a run tells while it runs: a bar for people, lines of JSON for logs. Both go to standard error, so that standard
// output carries nothing but results.

import Annotators
import Datasets
import Documents
import Glibc
import Imaging
import Rasterization
import Sampling
import Synchronization

final class Progress: Sendable {
  private struct State {
    /// Frames of the run, of its shard where it has one.
    var total: Int
    var made = 0
    var kept = 0
    var lastDrawn: Duration = .zero
    var lastBeat: Duration = .zero
    var isDeriving = false
    var isBarShown = false
  }

  private enum Style { case quiet, bar, lines }

  private let folder: String
  private let style: Style
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  private var total: Int { state.withLock { $0.total } }

  init(scene: CompiledScene, _ options: RenderOptions, isQuiet: Bool) {
    state = Mutex(State(total: options.frames.count))
    folder = options.folder
    style = isQuiet ? .quiet : isatty(2) == 1 ? .bar : .lines
    emit("start") { w in
      w.member("scene", scene.name)
      w.member("scene_digest", scene.digest.description)
      w.member("seed", "\(scene.seed)")
      w.member("render_version", renderVersion)
      w.member("out", options.folder)
      w.member("first", options.frames.lowerBound)
      w.member("frames", options.frames.count)
      if let shard = options.shard {
        w.member("shard", shard.description)
      }
      w.member("threads", options.threads)
    }
  }

  func note(_ event: RenderEvent) {
    switch event {
    case .planned(let n): state.withLock { $0.total = n }
    case .failed(let chunk, let frame, let reason):
      emit("failed") { w in
        w.member("chunk", chunk)
        w.member("frame", frame)
        w.member("reason", reason)
      }
    case .kept(let n): state.withLock { $0.kept += n }
    case .frame: state.withLock { $0.made += 1 }
    case .opened(let n, let frames):
      emit("open") { w in
        w.member("chunk", n)
        w.member("frames", frames)
      }
    case .chunk(let n, let frames):
      emit("chunk") { w in
        w.member("chunk", n)
        w.member("frames", frames)
      }
    case .damage(let what):
      if style == .bar { clear() }
      if style != .lines { printError("diorama: made again: \(what)") }
      emit("damage") { w in
        w.member("what", what)
      }
    case .deriving:
      state.withLock { $0.isDeriving = true }
      emit("deriving") { _ in }
    case .tick: tick()
    }
  }

  /// Says what a mesh file holds that is not drawn.
  func note(ofFile what: String) {
    clear()
    if style == .bar { printNote(what) }
    emit("note") { w in
      w.member("what", what)
    }
  }

  func finish(_ summary: RenderSummary) {
    let seconds = self.seconds
    clear()
    if style == .bar {
      let rate = summary.made > 0 ? ", \(oneDecimal(Double(summary.made) / seconds)) images/s" : ""
      let kept = state.withLock { $0.kept }
      let was = kept > 0 ? " (\(kept) were there)" : ""
      printError(
        summary.isStopped
          ? "stopped with \(total - kept - summary.made) of \(total) frames left; the same command goes on"
          : "\(folder): \(summary.made) frames in \(oneDecimal(seconds)) s\(rate)\(was)")
    }
    emit(summary.isStopped ? "stopped" : "done") { w in
      w.member("made", summary.made)
      w.member("kept", state.withLock { $0.kept })
      w.member("images_per_second", rounded(Double(summary.made) / seconds))
      w.member("peak_bytes", ProcessAllotment.memory.peak)
    }
  }

  /// Takes the bar off the terminal.
  func clear() {
    guard style == .bar else { return }
    let isShown = state.withLock { s in
      defer { s.isBarShown = false }
      return s.isBarShown
    }
    if isShown { write("\r\u{1B}[K") }
  }

  private func tick() {
    let now = ContinuousClock.now - start
    switch style {
    case .quiet: break
    case .bar: draw()
    case .lines:
      let isDue = state.withLock { s in
        guard now - s.lastBeat >= .seconds(10) else { return false }
        s.lastBeat = now
        return true
      }
      guard isDue else { return }
      let (made, kept) = state.withLock { ($0.made, $0.kept) }
      emit("heartbeat") { w in
        w.member("made", made)
        w.member("kept", kept)
        w.member("done", made + kept)
        w.member("total", total)
        w.member("images_per_second", rounded(Double(made) / seconds))
        let memory = ProcessAllotment.memory
        w.member("bytes", memory.now)
        w.member("peak_bytes", memory.peak)
      }
    }
  }

  /// `[#####.....]  512/1000  54.2 images/s  0:09 left`
  private func draw() {
    let (made, kept, isDeriving) = state.withLock { s in
      s.isBarShown = true
      return (s.made, s.kept, s.isDeriving)
    }
    let (done, total) = (made + kept, total)
    let width = 30
    let filled = total > 0 ? min(width, done * width / total) : width
    var line = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    line += "  \(done)/\(total)"
    if isDeriving {
      line += "  writing annotations"
    } else if made > 0 {
      let rate = Double(made) / seconds
      let left = Int(Double(total - done) / rate + 0.5)
      line += "  \(oneDecimal(rate)) images/s  " + clock(left) + " left"
    }
    write("\r\(line)\u{1B}[K")
  }

  private var seconds: Double {
    let (s, a) = (ContinuousClock.now - start).components
    return max(Double(s) + Double(a) * 1e-18, 1e-3)
  }

  private func emit(_ event: String, _ members: (inout JSONWriter) -> Void) {
    guard style == .lines else { return }
    var w = JSONWriter()
    w.beginObject()
    w.member("event", event)
    w.member("seconds", rounded(seconds))
    members(&w)
    w.endObject()
    w.newline()
    write(String(decoding: w.bytes, as: UTF8.self))
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    // Progress that nobody can read (a closed pipe) is no reason to end.
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }

  private func rounded(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }
  private func oneDecimal(_ x: Double) -> String { "\((x * 10).rounded() / 10)" }

  private func clock(_ seconds: Int) -> String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    return h > 0 ? "\(h):\(two(m)):\(two(s))" : "\(m):\(two(s))"
  }
}
