// What a dataset holds, in one place: for people a page, for machines JSON, for CI metrics that can be required.
//
// It is a function of the dataset's files (and of the scene and the real set where they are given): no clock, no host, no number
// of threads enters.

import Annotators
import Dispatch
import Documents
import Formats
import Imaging
import Sampling
import Stage

public struct DatasetReport: Sendable {
  /// The dataset's name, as its scene gives it, and what it was made from.
  var name: String
  var header: DatasetHeader
  var labels: AnnotationStatistics
  var records: RecordStatistics
  var pictures: PictureStatistics
  var kept: [KeptFrame]
  var missing: [Int]
  var duplicates: [DuplicateGroup]
  var equals: EqualPictures
  var drawn: DrawnParameters?
  var partNames: [String]
  var partCounts: [Int]
  var leaks: [SplitLeak]
  var outliers: [Outlier]
  var tiles: ReportTiles
  var against: RealSet?
  /// How many frames the dataset has beyond those that were looked at more closely.
  var options: ReportOptions

  /// The set that this one is held against.
  struct RealSet: Sendable {
    var path: String
    var statistics: AnnotationStatistics
    var comparisons: [StatisticComparison]
  }

  /// - Parameter against: a COCO file of real pictures.
  /// - Returns: nil where it was stopped.
  /// - Throws: `.refused` where the dataset has no frame, or the scene is not the one it was made from.
  public init?(
    _ dataset: Dataset, _ options: ReportOptions, against: String? = nil, shouldStop: () -> Bool = { false }
  ) throws(DatasetError) {
    if let scene = options.scene, scene.digest != dataset.header.sceneDigest {
      throw .refused(
        "found a scene of digest \(scene.digest), expected that of \(dataset.folder) (\(dataset.header.sceneDigest))")
    }
    // What is wrong with the other file is said before the work.
    var real: AnnotationStatistics?
    if let against {
      real = try DatasetError.formats { () throws(FormatError) in try COCOImport(path: against).statistics }
    }
    var gatherer = ReportGatherer(dataset, options)
    try gatherer.run(shouldStop: shouldStop)
    guard !gatherer.isStopped else { return nil }
    guard gatherer.frames > 0 else { throw .refused("\(dataset.folder): found no frames, expected one or more") }
    if options.group != nil, gatherer.partNames.isEmpty {
      throw .refused(
        "\(dataset.folder): found --group for a dataset without parts, expected one that `diorama split` divided")
    }
    name = dataset.header.scene
    header = dataset.header
    self.options = options
    (labels, records, pictures, kept, missing) = (
      gatherer.labels, gatherer.records, gatherer.pictures, gatherer.kept, gatherer.missing
    )
    (partNames, partCounts) = (gatherer.partNames, gatherer.partCounts)
    duplicates = NearDuplicates.groups(kept)
    equals = EqualPictures(gatherer.identities)
    if let scene = options.scene {
      drawn = try DrawnParameters(
        scene, frames: gatherer.drawn, threads: options.threads, group: options.group, shouldStop: shouldStop)
    }
    leaks = []
    if !partNames.isEmpty {
      leaks = SplitLeak.among(gatherer.identities) + SplitLeak.among(duplicates, of: kept)
      if let group = options.group, let drawn {
        let identities = gatherer.identities
        leaks += SplitLeak.among(drawn.groups, named: group) { frame in
          // In order of frames.
          var (low, high) = (0, identities.count)
          while low < high {
            let middle = (low + high) / 2
            if Int(identities[middle].frame) < frame { low = middle + 1 } else { high = middle }
          }
          guard low < identities.count, Int(identities[low].frame) == frame, identities[low].part != 255 else {
            return nil
          }
          return Int(identities[low].part)
        }
      }
    }
    outliers = Outlier.list(gatherer.watches)
    if let real, let against {
      self.against = RealSet(path: against, statistics: real, comparisons: labels.compared(with: real))
    }
    guard !shouldStop() else { return nil }
    tiles = try ReportTiles(
      dataset, kept: kept, outliers: outliers, duplicates: duplicates, equals: equals, options: options)
  }
}

// MARK: Plain figures

extension DatasetReport {
  var frames: Int { records.frames }
  var objects: Int { records.all.seen }

  /// Objects of each class, in order of id.
  var classCounts: [Int] { labels.classes.map(\.shapes.objects) }

  /// How evenly the classes are represented, 0 to 1: the normalized entropy of their objects. Classes that the dataset names and
  /// never shows count too.
  var balance: Double { normalizedEntropy(classCounts) }

  /// Pictures that were read.
  var read: [KeptFrame] { kept.filter { $0.picture != nil } }

  var degenerate: [(frame: Int, what: String)] {
    kept.compactMap { k in k.picture?.degeneracy.map { (k.frame, $0) } }
  }

  /// Frames that repeat an earlier one nearly, of those whose pictures were read; frames of one sequence, which follow each other,
  /// do not count.
  var nearDuplicateFrames: Int {
    duplicates.reduce(0) { sum, group in
      let leader = kept[group.members[0]]
      return sum
        + group.members.dropFirst().count { leader.sequence == nil || kept[$0].sequence != leader.sequence }
    }
  }
}

extension DatasetHeader {
  /// Whether records say how much of objects is seen.
  var hasVisibility: Bool { annotations.contains { $0.name == "visibility" } }
}
