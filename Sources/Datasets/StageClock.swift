// Where a frame's time goes. Off unless asked: then a measurement is a test of one flag.

import Rasterization

/// Sums processor time by stage for one worker, on that worker's thread. Not for sharing between threads: workers' times are merged at the end.
public final class StageClock {
  public let isOn: Bool
  public private(set) var times = StageSums()

  public init(isOn: Bool = false) { self.isOn = isOn }

  /// Runs `body` and adds its time to `stage`.
  @inline(__always) public func measure<R, E: Error>(
    _ stage: @autoclosure () -> String, _ body: () throws(E) -> R
  ) throws(E) -> R {
    guard isOn else { return try body() }
    let start = StageTimes.thread
    defer { times.add(.nanoseconds(StageTimes.thread - start), to: stage()) }
    return try body()
  }

  /// Adds a time measured elsewhere, such as a stage inside the renderer.
  public func add(_ duration: Duration, to stage: String) {
    if isOn { times.add(duration, to: stage) }
  }
}

/// Times by stage, in the order in which stages were first met.
public struct StageSums: Sendable, Equatable {
  public private(set) var stages: [(name: String, time: Duration)] = []

  public init() {}

  public mutating func add(_ duration: Duration, to stage: String) {
    if let i = stages.firstIndex(where: { $0.name == stage }) {
      stages[i].time += duration
    } else {
      stages.append((stage, duration))
    }
  }

  public mutating func add(_ other: StageSums) {
    for s in other.stages { add(s.time, to: s.name) }
  }

  public static func == (a: StageSums, b: StageSums) -> Bool { a.stages.elementsEqual(b.stages, by: ==) }
}
