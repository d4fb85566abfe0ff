// Every parameter that the scene draws: what it was asked for against what came out. Frames are sampled again, not drawn; copies
// of a population stand together (`objects.boxes[*].scale`).

import Dispatch
import Documents
import Formats
import Sampling
import Stage
import Synchronization

/// One parameter of the scene.
struct ParameterStatistics: Sendable {
  /// Its path, distribution and place in the scene's files.
  var key: String
  var path: String
  /// The distribution's name without its dollar sign.
  var distribution: String
  /// Nil where it is not the same for all draws, or cannot be said.
  var asked: AskedValues?
  var values = ValueStatistics()
  /// How often each option was picked, where it is asked to pick one of several.
  var options: [Int] = []

  /// The share of the asked range that lies between the least and the greatest value, for each component; empty where there is
  /// no range to compare with. Options: the share of those asked for that came.
  var coverage: [Double] {
    switch asked {
    case .numbers(let ranges, _):
      let keys = values.components
      guard keys.count == ranges.count else { return [] }
      return zip(keys, ranges).compactMap { key, range in
        guard let h = values.numbers[key], h.total > 0, range.upperBound > range.lowerBound else { return nil }
        return max(0, min(h.greatest, range.upperBound) - max(h.least, range.lowerBound))
          / (range.upperBound - range.lowerBound)
      }
    case .options(let names, let shares):
      let wanted = names.indices.filter { shares[$0] > 0 }
      guard !wanted.isEmpty, options.count == names.count else { return [] }
      return [Double(wanted.count { options[$0] > 0 }) / Double(wanted.count)]
    case .spread, nil: return []
    }
  }

  /// Whether anything lies outside of what was asked for, beyond rounding.
  var isOutside: Bool {
    guard case .numbers(let ranges, _) = asked, values.components.count == ranges.count else { return false }
    return zip(values.components, ranges).contains { key, range in
      guard let h = values.numbers[key], h.total > 0 else { return false }
      let slack = 1e-9 * max(1, abs(range.lowerBound), abs(range.upperBound))
      return h.least < range.lowerBound - slack || h.greatest > range.upperBound + slack
    }
  }

  mutating func add(_ draw: TracedDraw) {
    values.begin()
    if case .options(let names, _) = asked {
      if options.isEmpty { options = Array(repeating: 0, count: names.count) }
      if let k = draw.option ?? names.firstIndex(of: AskedValues.line(draw.value)), options.indices.contains(k) {
        options[k] += 1
      }
      return
    }
    add(draw.value, component: "")
  }

  /// Numbers of lists and mappings by component; anything else as a word.
  private mutating func add(_ value: Node, component: String) {
    if let x = value.number {
      values.add(number: x, component: component)
      return
    }
    switch value.content {
    case .sequence(let items) where component.isEmpty && !items.isEmpty && items.allSatisfy { $0.number != nil }:
      for (i, item) in items.enumerated() { values.add(number: item.number ?? 0, component: String(i)) }
    case .mapping(let members)
    where component.isEmpty && members.count == 1 && members.allSatisfy { $0.value.number != nil }:
      for m in members { values.add(number: m.value.number ?? 0, component: m.key) }
    default: values.add(word: AskedValues.short(AskedValues.line(value)))
    }
  }

  mutating func add(_ other: ParameterStatistics) {
    values.add(other.values)
    if options.isEmpty {
      options = other.options
    } else {
      for i in other.options.indices { options[i] += other.options[i] }
    }
  }
}

/// What the scene drew in some frames.
struct DrawnParameters: Sendable {
  /// In order of their paths, however the scene is written.
  private(set) var parameters: [ParameterStatistics] = []
  private(set) var frames = 0
  /// The value of the group's path in each frame that was sampled, in order; empty where no group is asked for.
  private(set) var groups: [(frame: Int, value: String)] = []
  private var places: [String: Int] = [:]

  /// Frames go in blocks of so many, whatever the number of threads, so that sums are made in one order.
  private static let block = 16

  private init() {}

  /// - Throws: `.frame` where the scene cannot be sampled, `.refused` where the group's path is drawn nowhere, or several times
  ///   in a frame.
  init(
    _ scene: CompiledScene, frames: [Int], threads: Int, group: String?, shouldStop: () -> Bool
  ) throws(DatasetError) {
    let assets = equip(scene)
    // The frames of a sequence and the views of a rig share their draws: they count once. A group is asked of each frame.
    let perWorld = scene.pictures * (scene.framesPerSequence ?? 1)
    var worlds: Set<Int> = []
    let first = Set(frames.filter { worlds.insert($0 / perWorld).inserted })
    let frames = group == nil ? frames.filter(first.contains) : frames
    let blocks = stride(from: 0, to: frames.count, by: DrawnParameters.block).map {
      Array(frames[$0..<min($0 + DrawnParameters.block, frames.count)])
    }
    for start in stride(from: 0, to: blocks.count, by: max(threads, 1)) {
      guard !shouldStop() else { return }
      let some = blocks[start..<min(start + max(threads, 1), blocks.count)]
      let found = Mutex([Int: Result<DrawnParameters, DatasetError>]())
      DispatchQueue.concurrentPerform(iterations: some.count) { i in
        let result = Result { () throws(DatasetError) in
          try DrawnParameters.block(of: some[some.startIndex + i], first, scene, assets, group)
        }
        found.withLock { $0[i] = result }
      }
      let results = found.withLock { $0 }
      for i in 0..<some.count {
        switch results[i] {
        case .success(let block): add(block)
        case .failure(let error): throw error
        case nil: break
        }
      }
    }
    places = [:]
    parameters.sort { ($0.path, $0.distribution) < ($1.path, $1.distribution) }
  }

  /// - Parameter counted: the frames whose draws are counted.
  private static func block(
    of frames: [Int], _ counted: Set<Int>, _ scene: CompiledScene, _ assets: any AssetSource, _ group: String?
  ) throws(DatasetError) -> DrawnParameters {
    var own = DrawnParameters()
    for frame in frames {
      let draws: [TracedDraw]
      do { draws = try scene.draws(frame: frame / scene.pictures, assets: assets) } catch {
        throw .frame(frame, error.description)
      }
      if counted.contains(frame) {
        own.frames += 1
        for d in draws { own.add(d) }
      }
      if let group {
        let ours = draws.filter { $0.path == group }
        guard ours.count == 1 else {
          throw .refused("frame \(frame): found \(ours.count) draws at \"\(group)\", expected one")
        }
        own.groups.append((frame, yaml(ours[0].value)))
      }
    }
    return own
  }

  private mutating func add(_ draw: TracedDraw) {
    let path = draw.parameter
    // Several distributions may stand at one path: a choice and what it picked, variants of a population. Their places in the
    // file tell them apart.
    let key = path + " \(draw.distribution) \(draw.mark.file):\(draw.mark.line):\(draw.mark.column)"
    let place = index(of: key) {
      ParameterStatistics(key: key, path: path, distribution: draw.distribution, asked: draw.asked)
    }
    parameters[place].add(draw)
  }

  private mutating func index(of key: String, _ make: () -> ParameterStatistics) -> Int {
    if let known = places[key] { return known }
    places[key] = parameters.count
    parameters.append(make())
    return parameters.count - 1
  }

  private mutating func add(_ other: DrawnParameters) {
    frames += other.frames
    groups += other.groups
    for p in other.parameters {
      let place = index(of: p.key) {
        ParameterStatistics(key: p.key, path: p.path, distribution: p.distribution, asked: p.asked)
      }
      parameters[place].add(p)
    }
  }
}
