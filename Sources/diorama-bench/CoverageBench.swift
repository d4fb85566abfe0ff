import Documents
import Sampling

/// How evenly the ways to cover a range spread the frames of a dataset: the discrepancy of two parameters over N frames,
/// measured on the scenes' own documents. Documentation/Coverage.md shows the table as a plot.
enum CoverageBench {
  /// Two parameters on the unit square: what stands for `position` in a scene.
  private static let methods: [(name: String, position: String)] = {
    let square = "{$uniform: [[0, 0, 0], [1, 1, 0]]}"
    return [
      ("independent", square), ("latin", "{$latin: \(square)}"),
      ("stratified", "{$stratified: {of: \(square), dimensions: 2}}"), ("sobol", "{$sobol: \(square)}"),
    ]
  }()

  /// Lines of `method,frames,discrepancy`, each the root mean square over `seeds` seeds.
  static func table(seeds: Int = 16) throws(SceneError) -> String {
    var lines = ["method,frames,discrepancy"]
    for (name, position) in methods {
      for n in (4...10).map({ 1 << $0 }) {
        var sum = 0.0
        for seed in 0..<seeds { sum += squaredDiscrepancy(try points(position, frames: n, seed: seed)) }
        lines.append("\(name),\(n),\((sum / Double(seeds)).squareRoot())")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func points(_ position: String, frames: Int, seed: Int) throws(SceneError) -> [SIMD2<Double>] {
    let text = """
      camera: {eye: [5, 0, 1]}
      frames: \(frames)
      seed: \(seed)
      objects: [{id: a, shape: box, position: \(position)}]
      """
    let scene = try CompiledScene(text: text, path: "coverage.yaml")
    var points: [SIMD2<Double>] = []
    for k in 0..<frames {
      guard case .sequence(let objects)? = try scene.document(frame: k)["objects"]?.content,
        case .sequence(let p)? = objects.first?["position"]?.content, let x = p[0].number, let y = p[1].number
      else { continue }
      points.append(SIMD2(x, y))
    }
    return points
  }

  /// The square of the L2-star discrepancy (Warnock 1972): the mean, over all boxes from the origin, of the squared
  /// difference between the share of points in the box and its area.
  private static func squaredDiscrepancy(_ points: [SIMD2<Double>]) -> Double {
    let n = Double(points.count)
    var single = 0.0
    var double = 0.0
    for p in points {
      single += (1 - p.x * p.x) * (1 - p.y * p.y)
      for q in points { double += (1 - max(p.x, q.x)) * (1 - max(p.y, q.y)) }
    }
    return 1.0 / 9 - single / (2 * n) + double / (n * n)
  }
}
