// Leakage: what lies in two parts of a split that a model should not see in both.

/// Something that two or more parts share.
struct SplitLeak: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    /// Frames of one sequence.
    case sequence
    /// Frames whose pictures are the same, pixel by pixel.
    case samePicture = "same picture"
    /// Frames that resemble each other; of those whose pictures were read.
    case nearDuplicate = "near duplicate"
    /// Frames of one value of the group that was asked for; of those that were sampled.
    case group
  }

  var kind: Kind
  /// "sequence 7", "table = wood.png".
  var what: String
  /// Indices of the parts, ascending.
  var parts: [Int]
  /// Some of the frames, one of each part.
  var frames: [Int]
}

/// Frames whose pictures are the same to the pixel: by the digests in all records.
struct EqualPictures: Sendable {
  /// Each group in order of frames; frames of one sequence that stands still are not alike by accident, but are listed too.
  private(set) var groups: [[Int]] = []
  /// Frames that repeat an earlier one.
  private(set) var repeats = 0

  static let mostGroups = 100

  init(_ identities: [ReportGatherer.FrameIdentity]) {
    let sorted = identities.filter { $0.digest != 0 }.sorted { ($0.digest, $0.frame) < ($1.digest, $1.frame) }
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].digest == sorted[start].digest { end += 1 }
      if end - start > 1 {
        repeats += end - start - 1
        if groups.count < EqualPictures.mostGroups {
          groups.append(sorted[start..<end].prefix(100).map { Int($0.frame) })
        }
      }
      start = end
    }
    groups.sort { ($0.first ?? 0) < ($1.first ?? 0) }
  }
}

extension SplitLeak {
  /// Leaks of sequences and of equal pictures, from all frames.
  static func among(_ identities: [ReportGatherer.FrameIdentity]) -> [SplitLeak] {
    func leaks(
      _ kind: Kind, _ name: (ReportGatherer.FrameIdentity) -> String, _ list: [ReportGatherer.FrameIdentity],
      _ isSame: (ReportGatherer.FrameIdentity, ReportGatherer.FrameIdentity) -> Bool
    ) -> [SplitLeak] {
      var found: [SplitLeak] = []
      var start = 0
      while start < list.count {
        var end = start + 1
        while end < list.count, isSame(list[start], list[end]) { end += 1 }
        var first: [UInt8: Int] = [:]
        for i in list[start..<end] where i.part != 255 && first[i.part] == nil { first[i.part] = Int(i.frame) }
        if first.count > 1 {
          let parts = first.keys.sorted()
          found.append(
            SplitLeak(
              kind: kind, what: name(list[start]), parts: parts.map(Int.init), frames: parts.map { first[$0] ?? 0 }))
        }
        start = end
      }
      return found.sorted { ($0.frames.min() ?? 0) < ($1.frames.min() ?? 0) }
    }
    let sequences = identities.filter { $0.sequence != UInt32.max }
      .sorted { ($0.sequence, $0.frame) < ($1.sequence, $1.frame) }
    let pictures = identities.filter { $0.digest != 0 }.sorted { ($0.digest, $0.frame) < ($1.digest, $1.frame) }
    return leaks(.sequence, { "sequence \($0.sequence)" }, sequences) { $0.sequence == $1.sequence }
      + leaks(.samePicture, { "the picture of frame \($0.frame)" }, pictures) { $0.digest == $1.digest }
  }

  /// Leaks of near duplicates, from the frames whose pictures were read.
  static func among(_ groups: [DuplicateGroup], of kept: [KeptFrame]) -> [SplitLeak] {
    groups.compactMap { group in
      var first: [Int: Int] = [:]
      for m in group.members { if let part = kept[m].part, first[part] == nil { first[part] = kept[m].frame } }
      guard first.count > 1 else { return nil }
      let parts = first.keys.sorted()
      return SplitLeak(
        kind: .nearDuplicate, what: "frames like frame \(kept[group.members[0]].frame)", parts: parts,
        frames: parts.map { first[$0] ?? 0 })
    }
  }

  /// Leaks of a value of the scene.
  static func among(
    _ values: [(frame: Int, value: String)], named name: String, partOf part: (Int) -> Int?
  ) -> [SplitLeak] {
    var first: [String: [Int: Int]] = [:]
    for (frame, value) in values {
      guard let p = part(frame) else { continue }
      if first[value]?[p] == nil { first[value, default: [:]][p] = frame }
    }
    return first.sorted { $0.key < $1.key }.compactMap { value, parts in
      guard parts.count > 1 else { return nil }
      let order = parts.keys.sorted()
      return SplitLeak(
        kind: .group, what: "\(name) = \(value.split(separator: "\n").joined(separator: " "))", parts: order,
        frames: order.map { parts[$0] ?? 0 })
    }
  }
}
