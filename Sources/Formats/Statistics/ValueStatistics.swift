// What came out at one place of a scene, or under one name in the records: numbers by component, or words.

import Stage

public struct ValueStatistics: Equatable, Sendable {
  /// The most different words that are counted each for itself.
  public static let wordLimit = 200

  /// How many values came.
  public private(set) var values = 0
  /// Numbers by component: one without a name for plain numbers, "0", "1", ... for lists.
  public private(set) var numbers: [String: WideningHistogram] = [:]
  /// How often each word came.
  public private(set) var words: [String: Int] = [:]
  /// Values that are words beyond `wordLimit` different ones.
  public private(set) var otherWords = 0

  public init() {}

  public mutating func begin() { values += 1 }

  public mutating func add(number: Double, component: String = "") {
    numbers[component, default: WideningHistogram()].add(number)
  }

  public mutating func add(word: String) {
    if words[word] == nil, words.count >= ValueStatistics.wordLimit {
      otherWords += 1
    } else {
      words[word, default: 0] += 1
    }
  }

  /// A value of a record.
  public mutating func add(_ value: LabelValue) {
    begin()
    switch value {
    case .boolean(let b): add(word: b ? "true" : "false")
    case .number(let x): add(number: x)
    case .text(let s): add(word: s.count > 60 ? s.prefix(57) + "..." : s)
    case .numbers(let list): for (i, x) in list.enumerated() { add(number: x, component: String(i)) }
    }
  }

  public mutating func add(_ other: ValueStatistics) {
    values += other.values
    for (k, h) in other.numbers { numbers[k, default: WideningHistogram()].add(h) }
    otherWords += other.otherWords
    for (w, n) in other.words.sorted(by: { $0.key < $1.key }) {
      if words[w] == nil, words.count >= ValueStatistics.wordLimit {
        otherWords += n
      } else {
        words[w, default: 0] += n
      }
    }
  }

  /// Components in their order: by number, then by name.
  public var components: [String] { numbers.keys.sorted { (Int($0) ?? 99, $0) < (Int($1) ?? 99, $1) } }

  /// Words, the most frequent first; of equals by name.
  public var ranking: [(word: String, count: Int)] {
    words.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
}
