import Documents
import Glibc
import Testing

@testable import Sampling

/// How evenly distributions spread over the frames of a dataset.
@Suite struct CoverageTests {
  /// The value of `exposure:` in every frame.
  private func values(_ exposure: String, frames: Int, of indices: [Int]? = nil, seed: Int = 1) throws -> [Node] {
    let scene = try compiled(
      "camera: {eye: [5, 0, 1]}\nframes: \(frames)\nseed: \(seed)\nlet: {v: \(exposure)}\n"
        + "objects: [{id: a, shape: box, position: [{$expr: v}, 0, 0]}]")
    return try (indices ?? Array(0..<frames)).map { k in
      guard case .sequence(let objects)? = try scene.document(frame: k)["objects"]?.content,
        case .sequence(let p)? = objects.first?["position"]?.content
      else { throw SceneError(message: "no position") }
      return p[0]
    }
  }

  @Test(arguments: [7, 100, 10_001]) func quotasAreExact(frames: Int) throws {
    let shares = [0.9, 0.06, 0.04]
    let expected = apportioned(shares, total: frames)
    #expect(expected.reduce(0, +) == frames)
    for (e, s) in zip(expected, shares) { #expect(abs(Double(e) - s * Double(frames)) < 1) }
    for shards in [1, 3, 16] {
      var counts = [0, 0, 0]
      for shard in 0..<shards {
        let range = (shard * frames / shards)..<((shard + 1) * frames / shards)
        if frames > 1000 {
          // What the sampler asks, without the rest of a document.
          for k in range {
            counts[quotaPick(shares, RandomStream(seed: 1, frame: k, frameCount: frames, path: .root.child("q")))] += 1
          }
        } else {
          let picked = try values(
            "{$quota: {options: [0, 1, 2], shares: [0.9, 0.06, 0.04]}}", frames: frames, of: Array(range))
          for case .integer(let i) in picked.map(\.content) { counts[i] += 1 }
        }
      }
      #expect(counts == expected, "\(frames) frames in \(shards) shards")
    }
  }

  @Test func cyclesTakeTurns() throws {
    let picked = try values("{$cycle: {options: [5, 6, 7], every: 2}}", frames: 9)
    #expect(picked.map { $0.number ?? -1 } == [5, 5, 6, 6, 7, 7, 5, 5, 6])
  }

  @Test(arguments: [1, 10, 97, 1024], ["latin", "stratified", "sobol"])
  func oneFallsInEveryPart(frames: Int, method: String) throws {
    guard method != "sobol" || frames == 1024 || frames == 1 else { return }
    let cells = try values("{$\(method): {$uniform: [0, 1]}}", frames: frames).map {
      Int(($0.number ?? -1) * Double(frames))
    }
    #expect(cells.sorted() == Array(0..<frames))
    if frames > 10 { #expect(cells != cells.sorted(), "in no order") }
  }

  @Test func sobolPairsFillCells() {
    // Any two of the first dimensions are a (t, m, 2)-net with small t: boxes of 16 x 16 hold four of 1024 points.
    for (p, q) in [(0, 1), (0, 2), (1, 2)] {
      var counts = [Int](repeating: 0, count: 64)
      for i in 0..<1024 as Range<UInt32> {
        let x = Sobol.value(index: i, dimension: p, key: 77)
        let y = Sobol.value(index: i, dimension: q, key: 77)
        counts[Int(x * 8) * 8 + Int(y * 8)] += 1
      }
      #expect(counts.allSatisfy { $0 == 16 }, "dimensions \(p), \(q)")
    }
    for d in 0..<Sobol.dimensions {
      var seen = Set<Int>()
      for i in 0..<256 as Range<UInt32> { seen.insert(Int(Sobol.value(index: i, dimension: d, key: 5) * 256)) }
      #expect(seen.count == 256, "dimension \(d)")
    }
  }

  /// L2-star discrepancy in two dimensions (Warnock 1972), which falls as n^-1/2 for independent points and about as
  /// 1/n for the others.
  @Test func discrepancies() throws {
    func discrepancy(_ points: [(Double, Double)]) -> Double {
      let n = Double(points.count)
      var single = 0.0
      var double = 0.0
      for p in points { single += (1 - p.0 * p.0) * (1 - p.1 * p.1) }
      for p in points { for q in points { double += (1 - max(p.0, q.0)) * (1 - max(p.1, q.1)) } }
      return (1.0 / 9 - single / (2 * n) + double / (n * n)).squareRoot()
    }
    func measured(_ method: String) throws -> Double {
      let n = 128
      var sum = 0.0
      for seed in 0..<3 {
        let scene = try compiled(
          "camera: {eye: [5, 0, 1]}\nframes: \(n)\nseed: \(seed)\n"
            + "objects: [{id: a, shape: box, position: \(method)}]")
        let points = try (0..<n).map { k -> (Double, Double) in
          guard case .sequence(let o)? = try scene.document(frame: k)["objects"]?.content,
            case .sequence(let p)? = o.first?["position"]?.content, let x = p[0].number, let y = p[1].number
          else { throw SceneError(message: "no position") }
          return (x, y)
        }
        sum += discrepancy(points)
      }
      return sum / 3
    }
    let uniform = "{$uniform: [[0, 0, 0], [1, 1, 0]]}"
    let independent = try measured(uniform)
    let latin = try measured("{$latin: \(uniform)}")
    let sobol = try measured("{$sobol: \(uniform)}")
    let stratified = try measured("{$stratified: {of: \(uniform), dimensions: 2}}")
    print(
      "L2-star discrepancy of 128 points: independent \(independent), latin \(latin), stratified \(stratified), sobol \(sobol)"
    )
    #expect(latin < independent * 0.8)
    #expect(stratified < independent * 0.5)
    #expect(sobol < independent * 0.25)
  }

  @Test func gridsWalk() throws {
    let picked = try values("{$grid: {of: {$uniform: [0, 8]}, steps: [4]}}", frames: 6)
    #expect(picked.map { $0.number ?? -1 } == [1, 3, 5, 7, 1, 3])
  }

  @Test func groupsSpreadTogether() throws {
    let text = """
      camera: {eye: [5, 0, 1]}
      frames: 256
      objects:
        - id: a
          shape: box
          position:
            - {$sobol: {of: {$uniform: [0, 16]}, group: g, dimension: 0}}
            - {$sobol: {of: {$uniform: [0, 16]}, group: g, dimension: 1}}
            - 0
      """
    let scene = try compiled(text)
    var cells = Set<Int>()
    for k in 0..<256 {
      guard case .sequence(let o)? = try scene.document(frame: k)["objects"]?.content,
        case .sequence(let p)? = o[0]["position"]?.content
      else { continue }
      cells.insert(Int(p[0].number ?? 0) * 16 + Int(p[1].number ?? 0))
    }
    #expect(cells.count == 256)
  }

  @Test func permutationsArePermutations() {
    for n in [1, 2, 3, 4, 5, 63, 64, 65, 1000] {
      let p = IndexPermutation(count: n, key: 42)
      #expect((0..<n).map { p($0) }.sorted() == Array(0..<n))
    }
  }
}
