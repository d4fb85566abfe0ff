import Datasets
import Glibc
import Sampling
import Stage

/// What reading a scene and sampling its frames cost, without rendering, on this thread.
struct SamplingBench {
  /// Milliseconds of this thread's processor time, the fastest of several rounds.
  let load: Double
  let frame: Double
  let objects: Int

  /// A scene of 200 objects whose every parameter varies, to measure where none is given.
  static let twoHundredObjects = """
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
    """

  init(_ make: () throws(SceneError) -> CompiledScene) throws(SceneError) {
    var scene = try make()
    var best = Double.infinity
    for _ in 0..<5 {
      let start = SamplingBench.now
      scene = try make()
      best = min(best, SamplingBench.now - start)
    }
    load = best
    let assets = equip(scene)
    objects = try scene.frame(0, assets: assets).instances.count
    best = .infinity
    for round in 0..<10 {
      let start = SamplingBench.now
      for k in 0..<20 { _ = try scene.frame(20 * round + k, assets: assets) }
      best = min(best, (SamplingBench.now - start) / 20)
    }
    frame = best
  }

  private static var now: Double {
    var t = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)
    return Double(t.tv_sec) * 1e3 + Double(t.tv_nsec) * 1e-6
  }
}
