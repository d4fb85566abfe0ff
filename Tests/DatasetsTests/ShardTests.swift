import Testing

@testable import Datasets

@Suite struct ShardTests {
  /// However many shards there are, they hold every frame once, whole chunks each.
  @Test(arguments: [1, 2, 3, 7, 64, 1000])
  func shardsPartitionTheFrames(count: Int) throws {
    for (frames, chunk) in [(0..<1000, 64), (0..<1, 64), (37..<1009, 10), (64..<128, 64), (0..<999, 1), (5..<5, 4)] {
      var next = frames.lowerBound
      for i in 0..<count {
        let shard = try #require(Shard(index: i, count: count))
        let ours = shard.frames(of: frames, chunk: chunk)
        guard !ours.isEmpty else { continue }
        #expect(ours.lowerBound == next)
        #expect(ours.lowerBound == frames.lowerBound || ours.lowerBound % chunk == 0)
        #expect(ours.upperBound == frames.upperBound || ours.upperBound % chunk == 0)
        next = ours.upperBound
      }
      #expect(next == frames.upperBound, "\(frames) in \(count) shards of chunks of \(chunk)")
    }
  }

  /// The sizes of shards differ by one chunk at most.
  @Test func shardsAreEven() throws {
    for count in [2, 3, 5, 17] {
      let sizes = try (0..<count).map { i in
        try #require(Shard(index: i, count: count)).frames(of: 0..<1000, chunk: 10).count
      }
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 10)
    }
  }

  @Test func indexLiesBelowCount() {
    #expect(Shard(index: 0, count: 1) != nil && Shard(index: 4, count: 5) != nil)
    for (i, n) in [(5, 5), (-1, 3), (0, 0), (0, Shard.largestCount + 1)] { #expect(Shard(index: i, count: n) == nil) }
  }

  @Test func arrayListsAreSlurms() {
    #expect(Shard.arrayList([]) == "")
    #expect(Shard.arrayList([5]) == "5")
    #expect(Shard.arrayList([0, 1, 2, 5, 7, 8, 10]) == "0-2,5,7-8,10")
  }
}
