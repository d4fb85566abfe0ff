import Glibc
import Testing

@testable import Sampling

/// Sampling must cost next to nothing beside rendering. The limits hold for optimized builds; a debug build is let off
/// with thirty times as much.
@Suite(.serialized) struct PerformanceTests {
  private static var slack: Double {
    #if DEBUG
      30
    #else
      1
    #endif
  }

  /// Milliseconds of this thread's time in the fastest of several rounds: other programs do not count.
  private func milliseconds(rounds: Int = 5, _ work: () throws -> Void) rethrows -> Double {
    func now() -> Double {
      var t = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)
      return Double(t.tv_sec) * 1e3 + Double(t.tv_nsec) * 1e-6
    }
    var best = Double.infinity
    for _ in 0..<rounds {
      let start = now()
      try work()
      best = min(best, now() - start)
    }
    return best
  }

  @Test(arguments: [("dominoes", 1.0), ("shelf", 4), ("bin", 6), ("road", 3), ("characters", 2)])
  func framesOfTheScenes(name: String, limit: Double) throws {
    let assets = TestAssets()
    let scene = try CompiledScene.load(path: sceneFolder + name + ".yaml")
    scene.attach(assets: assets, visibility: nil)
    for k in 0..<5 { _ = try scene.frame(k, assets: assets) }
    let time = try milliseconds { for k in 0..<20 { _ = try scene.frame(k, assets: assets) } } / 20
    print("\(name): \(time) ms a frame")
    #expect(time < limit * PerformanceTests.slack)
  }

  @Test func framesOfTwoHundredObjects() throws {
    let scene = try compiled(
      """
      camera: {eye: [9, 0, 3]}
      objects:
        - id: boxes
          category: box
          count: 200
          shape: {box: {size: [1, 2, 0.3]}}
          scale: {$uniform: [0.4, 0.7]}
          position: {$in_cylinder: {radius: 3}}
          rotation: {$rotation: {}}
          material:
            roughness: {$uniform: [0.2, 0.7]}
            texture: {pattern: {$choice: [{checker: {}}, {stripes: {}}]}, colors: [{$hsv: {}}, {$hsv: {}}]}
      """)
    let assets = TestAssets()
    _ = try scene.frame(0, assets: assets)
    let time = try milliseconds(rounds: 20) { for k in 0..<20 { _ = try scene.frame(k, assets: assets) } } / 20
    print("200 objects: \(time) ms a frame")
    #expect(time < 1 * PerformanceTests.slack)
  }

  @Test func loading() throws {
    let time = try milliseconds { _ = try CompiledScene.load(path: sceneFolder + "road.yaml") }
    print("loading road.yaml: \(time) ms")
    #expect(time < 50 * PerformanceTests.slack)
  }
}
