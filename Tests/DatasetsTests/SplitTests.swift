import Testing

@testable import Datasets

@Suite struct SplitTests {
  let rule = SplitRule(parts: [
    .init(name: "train", weight: 8), .init(name: "val", weight: 1), .init(name: "test", weight: 1),
  ])

  /// Over many keys, shares are the weights': 5 standard deviations of a binomial count leave one failure in a million.
  @Test func sharesAreTheWeights() throws {
    let rule = try #require(rule)
    let n = 20_000
    var counts = [0, 0, 0]
    for frame in 0..<n { counts[rule.part(of: "frame \(frame)")] += 1 }
    for (count, share) in zip(counts, [0.8, 0.1, 0.1]) {
      let deviation = (Double(n) * share * (1 - share)).squareRoot()
      #expect(abs(Double(count) - Double(n) * share) < 5 * deviation, "\(counts)")
    }
  }

  @Test func saltGivesAnother() throws {
    let first = try #require(rule)
    let second = try #require(SplitRule(parts: first.parts, salt: "x"))
    let differing = (0..<1000).count { first.part(of: "frame \($0)") != second.part(of: "frame \($0)") }
    // Two independent splits by 0.8, 0.1, 0.1 differ in 1 - 0.66 of all frames.
    #expect((250..<430).contains(differing))
  }

  @Test func partsHavePlainNamesAndWeights() {
    for (name, weight) in [("", 1), ("a/b", 1), ("..", 1), ("train", 0), ("é", 1), ("a b", 1)] {
      #expect(SplitRule(parts: [.init(name: name, weight: weight)]) == nil, "\(name) \(weight)")
    }
    #expect(SplitRule(parts: []) == nil)
    #expect(SplitRule(parts: [.init(name: "a", weight: 1), .init(name: "a", weight: 2)]) == nil)
  }

  func parts(_ folder: TestFolder) throws -> [String: [Int]] {
    var found: [String: [Int]] = [:]
    for (name, bytes) in try folder.files() where name.hasPrefix("splits/") && name.hasSuffix(".txt") {
      found[name] = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
    }
    return found
  }

  @Test func partsHoldEveryFrameOnceAndStayWhenTheSetGrows() throws {
    let rule = try #require(rule)
    let folder = try TestFolder()
    var before: [String: [Int]] = [:]
    for count in [8, 20] {
      _ = try renderDataset(testSource(), testOptions(folder, 0..<count), renderer: testRenderer)
      let counts = try splitDataset(try Dataset(folder: folder.path), rule, by: .frame)
      let now = try parts(folder)
      #expect(counts.reduce(0, +) == count && now.values.flatMap { $0 }.sorted() == Array(0..<count))
      for (name, frames) in before { #expect(now[name]?.filter { $0 < 8 } == frames) }
      before = now
    }
    let files = try folder.files()
    #expect(files["annotations/coco-train.json"] != nil && files["splits/split.json"] != nil)
    #expect(!files.keys.contains { $0.contains(".part") })
  }

  /// Nothing with the same key is in two parts.
  @Test func keysDoNotLeak() throws {
    let rule = try #require(SplitRule(parts: [.init(name: "a", weight: 1), .init(name: "b", weight: 1)]))
    let folder = try TestFolder()
    _ = try renderDataset(testSource(), testOptions(folder, 0..<20), renderer: testRenderer)
    let dataset = try Dataset(folder: folder.path)
    for (key, value) in [
      (SplitKey.sequence(3), { $0 / 3 }), (.value(name: "texture", { "\($0 % 7)" }), { $0 % 7 }),
    ] as [(SplitKey, (Int) -> Int)] {
      _ = try splitDataset(dataset, rule, by: key)
      let found = try parts(folder)
      let (a, b) = (Set((found["splits/a.txt"] ?? []).map(value)), Set((found["splits/b.txt"] ?? []).map(value)))
      #expect(a.isDisjoint(with: b) && !a.isEmpty && !b.isEmpty)
    }
  }
}
