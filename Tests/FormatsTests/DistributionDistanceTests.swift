import Testing

@testable import Formats

@Suite struct DistributionDistanceTests {
  @Test func alikeIsZeroWhateverTheCounts() {
    let d = DistributionDistance([1, 2, 3], [10, 20, 30], binWidth: 0.5)
    #expect(d.jensenShannon < 1e-7 && d.kolmogorovSmirnov! < 1e-12 && d.wasserstein! < 1e-12)
  }

  /// All of one in the first bin, all of the other in the last: nothing in common, the whole way to go.
  @Test func apartIsOne() {
    let d = DistributionDistance([4, 0, 0, 0], [0, 0, 0, 9], binWidth: 2)
    #expect(d.jensenShannon == 1 && d.kolmogorovSmirnov == 1 && d.wasserstein == 6)
  }

  /// p = (1/2, 1/2), q = (1, 0): the divergence is 1/4 log2(2/3) + 1/4 log2 2 + 1/2 log2(4/3).
  @Test func halfOfOneMoved() {
    let d = DistributionDistance([1, 1], [2, 0], binWidth: 1)
    #expect(abs(d.jensenShannon - 0.5579230452841438) < 1e-12)
    #expect(d.kolmogorovSmirnov == 0.5 && d.wasserstein == 0.5)
  }

  @Test func namesHaveNoOrder() {
    let d = DistributionDistance([1, 0], [0, 1], binWidth: nil)
    #expect(d == DistributionDistance(jensenShannon: 1))
  }

  @Test func anEmptySideLiesAsFarAsCanBe() {
    #expect(
      DistributionDistance([0, 0], [1, 1], binWidth: 3)
        == DistributionDistance(jensenShannon: 1, kolmogorovSmirnov: 1, wasserstein: 6))
    #expect(
      DistributionDistance([0, 0], [0, 0], binWidth: 3)
        == DistributionDistance(jensenShannon: 0, kolmogorovSmirnov: 0, wasserstein: 0))
  }

  @Test func classesMeetByName() throws {
    func set(_ classes: [(id: Int, name: String)], _ of: [Int]) -> AnnotationStatistics {
      var s = AnnotationStatistics(classes: classes)
      for c in of {
        let image = s.addImage(width: 100, height: 50)
        s.add(ObjectSample(category: c, box: (10, 10, 20, 20), area: 300), toImage: image)
      }
      s.finish()
      return s
    }
    let ours = set([(1, "cup"), (2, "fork")], [0, 0, 0, 1])
    let theirs = set([(7, "fork"), (9, "knife")], [0, 1])
    let all = ours.compared(with: theirs)
    let classes = try #require(all.first { $0.key == "classes" })
    #expect(classes.bins == .names(["cup", "fork", "knife"]))
    #expect(classes.ours == [3, 1, 0] && classes.theirs == [0, 1, 1])
    let counts = try #require(all.first { $0.key == "objects_per_image" })
    #expect(counts.ours == [0, 4] && counts.theirs == [0, 2] && counts.distance.jensenShannon == 0)
    #expect(all.first { $0.key == "size" }?.distance.wasserstein == 0)
  }
}
