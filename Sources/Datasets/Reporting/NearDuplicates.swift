// Frames that resemble each other: in their pictures and in their labels.
//
// Two pictures are alike where their perceptual hashes differ in at most `hashBits` of 64 bits and the mean colours of 16 x 16
// cells by at most `colourCodes` of 255 on average. Two frames are near duplicates where the pictures are alike and the labels
// too (`labelSimilarity`): small objects that moved over one background change no hash, but they change labels.
//
// Each frame is held against the first of each group that there is, in order of frames: what resembles one joins its group.
// That takes frames times groups steps, however many are alike.

/// A frame and those that resemble it.
struct DuplicateGroup: Sendable, Equatable {
  /// Indices into the kept frames; the first is the one that the others resemble.
  var members: [Int]
  /// Bits of the hash and similarity of labels of the nearest of the others.
  var bits: Int
  var similarity: Double
}

enum NearDuplicates {
  static let hashBits = 6
  static let colourCodes = 6.0
  static let labelSimilarity = 0.8

  /// - Returns: groups of two or more.
  static func groups(_ frames: [KeptFrame]) -> [DuplicateGroup] {
    var groups: [DuplicateGroup] = []
    for (i, frame) in frames.enumerated() {
      guard let picture = frame.picture else { continue }
      var isFound = false
      for g in groups.indices {
        let leader = frames[groups[g].members[0]]
        guard let other = leader.picture else { continue }
        let bits = (picture.hash ^ other.hash).nonzeroBitCount
        guard bits <= hashBits, colourDistance(picture, other) <= colourCodes else { continue }
        let similarity = frame.labelSimilarity(leader)
        guard similarity >= labelSimilarity else { continue }
        if groups[g].members.count == 1 || bits < groups[g].bits {
          (groups[g].bits, groups[g].similarity) = (bits, similarity)
        }
        groups[g].members.append(i)
        isFound = true
        break
      }
      if !isFound { groups.append(DuplicateGroup(members: [i], bits: 0, similarity: 1)) }
    }
    return groups.filter { $0.members.count > 1 }
  }

  /// The mean difference of the cells' codes.
  static func colourDistance(_ a: PictureSummary, _ b: PictureSummary) -> Double {
    var sum = 0
    for (x, y) in zip(a.cells, b.cells) { sum += abs(Int(x) - Int(y)) }
    return Double(sum) / Double(max(a.cells.count, 1))
  }
}
