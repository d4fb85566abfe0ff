/// Frame numbers as people write them: `0,7,100-120`.
public struct FrameList: Equatable, Sendable, CustomStringConvertible {
  /// Ascending, each once.
  public let numbers: [Int]

  /// The largest number that a frame may have.
  public static let last = Int(UInt32.max) - 2
  /// Lists are for frames that somebody looks at: not for whole datasets.
  public static let most = 10_000

  /// Nil where the text is no list of numbers and ranges, or names more than `most` frames.
  public init?(_ text: String) {
    var found: Set<Int> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = item.split(separator: "-", omittingEmptySubsequences: false).map { part -> Int? in
        part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
      }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
        last <= FrameList.last, last - first < FrameList.most
      else { return nil }
      found.formUnion(first...last)
      guard found.count <= FrameList.most else { return nil }
    }
    guard !found.isEmpty else { return nil }
    numbers = found.sorted()
  }

  /// Ascending numbers, each once, at least one.
  init?(numbers: [Int]) {
    guard let first = numbers.first, first >= 0, numbers.count <= FrameList.most,
      numbers[numbers.count - 1] <= FrameList.last,
      zip(numbers, numbers.dropFirst()).allSatisfy(<)
    else { return nil }
    self.numbers = numbers
  }

  public var description: String {
    var parts: [String] = []
    var k = 0
    while k < numbers.count {
      var end = k
      while end + 1 < numbers.count, numbers[end + 1] == numbers[end] + 1 { end += 1 }
      parts.append(end > k ? "\(numbers[k])-\(numbers[end])" : "\(numbers[k])")
      k = end + 1
    }
    return parts.joined(separator: ",")
  }
}
