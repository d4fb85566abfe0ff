import Documents
import Geometry
import Stage

/// What `diorama check` finds out about a scene by sampling some of its frames.
public struct SceneCheck: Sendable {
  /// How often a rule held over all first attempts.
  public struct Acceptance: Sendable {
    public var rule: String
    public var mark: Mark
    public var held: Int
    public var tested: Int
  }

  /// The numbers that one distribution drew, for all copies together.
  public struct Histogram: Sendable {
    public var path: String
    public var distribution: String
    /// Counts in equal parts between `low` and `high`; or, for words, the counts of `words`.
    public var counts: [Int]
    public var low: Double
    public var high: Double
    public var words: [String]
  }

  public var frames: Int
  /// Least and largest number of objects of a frame.
  public var objects: ClosedRange<Int>
  public var categories: [(name: String, count: Int)]
  public var rules: [Acceptance]
  public var histograms: [Histogram]

  /// Samples the first `frames` frames of a scene.
  ///
  /// - Throws: what is wrong in any of them.
  public init(_ scene: CompiledScene, frames: Int = 100, assets: any AssetSource) throws(SceneError) {
    var draws: [String: [TracedDraw]] = [:]
    var order: [String] = []
    var counts: [Int] = []
    var perCategory = [Int](repeating: 0, count: scene.categories.count + 1)
    var held: [(PlacedRule, held: Int, tested: Int)] = scene.rules.map { ($0, 0, 0) }
    var room = (held: 0, tested: 0)
    for k in 0..<max(frames, 1) {
      do throws(DocumentError) {
        let sample = try scene.sampled(frame: k, attempt: 0, traced: true)
        for d in sample.trace {
          let path = SceneCheck.generalized(d.path)
          if draws[path] == nil { order.append(path) }
          draws[path, default: []].append(d)
        }
        let frame = try scene.assembled(sample.document, k, assets)
        counts.append(frame.instances.count)
        for i in frame.instances where i.category < perCategory.count { perCategory[i.category] += 1 }
        room.tested += 1
        if sample.failure == nil { room.held += 1 }
        guard sample.failure == nil else { continue }
        for (rule, verdict) in try scene.verdicts(frame, all: true) {
          guard let i = held.firstIndex(where: { $0.0.mark == rule.mark }) else { continue }
          held[i].tested += 1
          if verdict.shortfall <= 0 { held[i].held += 1 }
        }
      } catch { throw scene.failure(error, frame: k) }
    }
    self.frames = max(frames, 1)
    objects = (counts.min() ?? 0)...(counts.max() ?? 0)
    categories = scene.categories.map { ($0.name, perCategory[$0.id]) }
    rules = held.map { Acceptance(rule: $0.0.name, mark: $0.0.mark, held: $0.held, tested: $0.tested) }
    if room.held < room.tested {
      rules.insert(Acceptance(rule: "layouts find room", mark: .none, held: room.held, tested: room.tested), at: 0)
    }
    histograms = order.compactMap { path in SceneCheck.histogram(path, draws[path] ?? []) }
  }

  /// `objects.boxes[3].position` as `objects.boxes[*].position`.
  static func generalized(_ path: String) -> String {
    var result = ""
    var digits = ""
    var inside = false
    for c in path {
      if inside {
        if c.isASCII, c.isNumber {
          digits.append(c)
          continue
        }
        result += c == "]" && !digits.isEmpty ? "*]" : digits + String(c)
        inside = false
        digits = ""
      } else {
        result.append(c)
        inside = c == "["
      }
    }
    return result + digits
  }

  private static func histogram(_ path: String, _ draws: [TracedDraw]) -> Histogram? {
    guard let first = draws.first else { return nil }
    var numbers: [Double] = []
    var words: [String: Int] = [:]
    for d in draws {
      if let x = d.value.number {
        numbers.append(x)
      } else if case .sequence(let items) = d.value.content, !items.isEmpty, items.allSatisfy({ $0.number != nil }) {
        numbers.append(contentsOf: items.compactMap(\.number))
      } else {
        let text = yaml(d.value).split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
        words[text.count > 40 ? text.prefix(37) + "..." : text, default: 0] += 1
      }
    }
    if !words.isEmpty {
      let sorted = words.sorted { $0.key < $1.key }
      return Histogram(
        path: path, distribution: first.distribution, counts: sorted.map(\.value), low: 0, high: 0,
        words: sorted.map(\.key))
    }
    let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
    var counts = [Int](repeating: 0, count: 16)
    for x in numbers { counts[high > low ? min(Int((x - low) / (high - low) * 16), 15) : 0] += 1 }
    return Histogram(
      path: path, distribution: first.distribution, counts: counts, low: low, high: high, words: [])
  }

  /// How many different values of a choice the report lists.
  private static let wordsShown = 12

  /// The report for a reader.
  public func text() -> String {
    var text = "\(frames) frames sampled, \(objects.lowerBound) to \(objects.upperBound) objects each\n"
    for c in categories { text += "  \(c.name): \(SceneCheck.rounded(Double(c.count) / Double(frames))) a frame\n" }
    for r in rules {
      let share = r.tested > 0 ? percent(Double(r.held) / Double(r.tested)) : "never tested"
      text += "rule \(r.rule)\(r.mark.line > 0 ? " (line \(r.mark.line))" : ""): holds in \(share)\n"
    }
    for h in histograms {
      text += "\(h.path)  $\(h.distribution)\n"
      if h.words.isEmpty {
        text += "  \(SceneCheck.rounded(h.low)) |\(SceneCheck.bars(h.counts))| \(SceneCheck.rounded(h.high))\n"
      } else {
        // The most frequent first; of equals, as they came.
        let ranked = zip(h.words, h.counts).enumerated().sorted {
          ($0.element.1, -$0.offset) > ($1.element.1, -$1.offset)
        }
        for r in ranked.prefix(SceneCheck.wordsShown) { text += "  \(r.element.1) x \(r.element.0)\n" }
        if ranked.count > SceneCheck.wordsShown { text += "  and \(ranked.count - SceneCheck.wordsShown) others\n" }
      }
    }
    return text
  }

  private static func rounded(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }

  /// Eight heights of bars; nothing at all is a space.
  private static func bars(_ counts: [Int]) -> String {
    let most = max(counts.max() ?? 1, 1)
    let heights: [Character] = [
      "\u{2581}", "\u{2582}", "\u{2583}", "\u{2584}", "\u{2585}", "\u{2586}", "\u{2587}", "\u{2588}",
    ]
    return String(counts.map { $0 == 0 ? " " : heights[min($0 * 8 / (most + 1), 7)] })
  }
}
