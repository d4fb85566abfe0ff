import Documents

extension CategorySpec.Full {
  /// Refuses what is no pair of two of the keypoints.
  func check(_ pairs: [[String]], _ node: Node, _ key: String) throws(DocumentError) {
    let own = node[key] ?? node
    let items: [Node] = if case .sequence(let s) = own.content { s } else { [] }
    for (i, pair) in pairs.enumerated() {
      let place = i < items.count ? items[i] : own
      guard pair.count == 2, pair[0] != pair[1] else {
        throw DocumentError(place, expected: "a pair of two keypoints").inside(index: i).inside(key)
      }
      for name in pair where !keypoints.contains(name) {
        throw DocumentError(unknown: "keypoint", name, at: place.mark, among: keypoints).inside(index: i).inside(key)
      }
    }
  }

  /// Pairs of names as pairs of places in `keypoints`.
  func places(of pairs: [[String]]) -> [SIMD2<Int>] {
    pairs.compactMap { pair in
      guard pair.count == 2, let a = keypoints.firstIndex(of: pair[0]), let b = keypoints.firstIndex(of: pair[1])
      else { return nil }
      return SIMD2(a, b)
    }
  }

  /// For each keypoint the one that it becomes in a flipped picture.
  var counterparts: [Int] {
    var flipped = Array(keypoints.indices)
    for pair in places(of: flip) { (flipped[pair.x], flipped[pair.y]) = (pair.y, pair.x) }
    return flipped
  }
}
