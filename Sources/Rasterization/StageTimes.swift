import Glibc

/// Where a rasterizer's time went, in the order of the stages: processor time of the thread that asked for the frame,
/// which a busy machine does not stretch. Threads that share a frame are not counted, as they work at the same time.
public struct StageTimes: Sendable {
  public enum Stage: Int, CaseIterable, Sendable {
    case geometry, bin, raster, shadow, occlusion, shade, surfaces, amodal
  }

  /// Nanoseconds by `Stage.rawValue`, summed over frames.
  public private(set) var nanoseconds = [Int64](repeating: 0, count: Stage.allCases.count)
  private var last: Int64 = 0

  public init() {}

  /// The processor time that this thread has used, in nanoseconds.
  public static var thread: Int64 {
    var t = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)
    return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
  }

  mutating func begin() { last = StageTimes.thread }

  /// Counts the time since the last call for `stage`.
  mutating func end(_ stage: Stage) {
    let now = StageTimes.thread
    nanoseconds[stage.rawValue] += now - last
    last = now
  }
}
