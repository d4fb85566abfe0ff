/// Where a rasterizer's time went, in the order of the stages.
public struct StageTimes: Sendable {
  public enum Stage: Int, CaseIterable, Sendable {
    case geometry, bin, raster, shadow, shade
  }

  /// Nanoseconds by `Stage.rawValue`, summed over frames.
  public private(set) var nanoseconds = [Int64](repeating: 0, count: Stage.allCases.count)
  private var last = ContinuousClock.now

  public init() {}

  mutating func begin() { last = .now }

  /// Counts the time since the last call for `stage`.
  mutating func end(_ stage: Stage) {
    let now = ContinuousClock.now
    let (seconds, attoseconds) = (now - last).components
    nanoseconds[stage.rawValue] += seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    last = now
  }
}
