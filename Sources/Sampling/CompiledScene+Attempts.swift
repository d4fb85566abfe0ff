import Documents
import Stage
import Synchronization

// Which attempt a frame is: the first that its layouts find room for and no rule objects to.

extension CompiledScene {
  /// One attempt at a frame.
  struct Sample {
    var document: Node
    var attempt: Int
    /// Where a layout found no room.
    var failure: UnmetRule?
    var trace: [TracedDraw]
    var log: [LoggedDraw] = []
  }

  func sampled(
    frame: Int, attempt: Int, traced: Bool = false, logging: Set<Mark>? = nil
  ) throws(DocumentError) -> Sample {
    guard frame >= 0, frame < Int(UInt32.max) else {
      throw DocumentError(.none, found: "frame \(frame)", expected: "a frame number from 0 to 2^32 - 2")
    }
    let moment = clock.moment(frame, of: frameCount)
    var sample = try sampled(moment, attempt: attempt, traced: traced, logging: logging)
    if clock.hasTime, sample.failure == nil { try addShutterMotion(to: &sample.document, at: moment, attempt: attempt) }
    // The objects stay last, as they do when what is printed is read and sampled again.
    if let place = clock.place(frame), let objects = sample.document["objects"] {
      sample.document.remove("objects")
      sample.document.set("sequence", to: SequenceSpec.node(place))
      sample.document.set("objects", to: objects)
    }
    return sample
  }

  /// The document of one moment, which may lie between two frames; without its `sequence`.
  func sampled(
    _ moment: Moment, attempt: Int, traced: Bool = false, logging: Set<Mark>? = nil
  ) throws(DocumentError) -> Sample {
    func sampler(_ moment: Moment) -> Sampler {
      Sampler(seed: seed, moment: moment, attempt: attempt, lets: template.lets, traced: traced, logging: logging)
    }
    var first = sampler(moment.start)
    if clock.hasTime, !template.isAlwaysPlaced, moment.seconds != 0 {
      // Layouts decide at the sequence's beginning.
      let document = try template.sample(&first, bounds)
      if let failure = first.failure {
        return Sample(document: document, attempt: attempt, failure: failure, trace: first.trace ?? [])
      }
    }
    var own = sampler(moment)
    if clock.hasTime, moment.seconds != 0 { own.placements = first.placements.kept }
    let document = try template.sample(&own, bounds)
    return Sample(
      document: document, attempt: attempt, failure: own.failure, trace: own.trace ?? [], log: own.log?.draws ?? [])
  }

  func accepted(
    _ frame: Int, _ assets: any AssetSource
  ) throws(DocumentError) -> (document: Node, attempt: Int, frame: Frame) {
    var result: Frame?
    let sample = try attempt(frame) { (number, sample) throws(DocumentError) in
      if let failure = sample.failure { return .failure(failure) }
      // Where there is nothing to judge, only the frame itself is made.
      if number != frame, rules.isEmpty { return .success(()) }
      let made = try assembled(sample.document, number, assets)
      if number == frame { result = made }
      return try unmet(made).map { .failure($0) } ?? .success(())
    }
    if let result { return (sample.document, sample.attempt, result) }
    return (sample.document, sample.attempt, try assembled(sample.document, frame, assets))
  }

  /// The attempt that a frame is, with what there is to judge it.
  func acceptedSample(_ frame: Int) throws(DocumentError) -> Sample {
    if rules.isEmpty, template.isAlwaysPlaced { return try sampled(frame: frame, attempt: 0) }
    guard let judge = judge.withLock({ $0 }) else {
      if rules.isEmpty {
        return try attempt(frame) { (_, sample) throws(DocumentError) in
          sample.failure.map { .failure($0) } ?? .success(())
        }
      }
      throw DocumentError(.none, found: "rules and nothing to judge them with", expected: "attached assets")
    }
    return try sampled(frame: frame, attempt: try accepted(frame, judge.assets).attempt)
  }

  /// The attempt that a frame is, counted from 0.
  func acceptedAttempt(_ frame: Int, _ assets: any AssetSource) throws(DocumentError) -> Int {
    try accepted(frame, assets).attempt
  }

  private enum Outcome {
    case success(Void)
    case failure(UnmetRule)
  }

  /// The first attempt that passes: of a sequence, the first of which all frames do, so that nothing jumps within it. A
  /// sequence of n frames costs up to n samples and judgements an attempt, once for all its frames that this process makes:
  /// what one thread finds the others take.
  private func attempt(
    _ frame: Int, _ judged: (Int, Sample) throws(DocumentError) -> Outcome
  ) throws(DocumentError) -> Sample {
    let isFree = rules.isEmpty && template.isAlwaysPlaced
    guard clock.hasTime, !isFree else { return try search(frame, judged) }
    let sequence = clock.sequence(of: frame)
    var own: Sample?
    let number = try foundAttempts.attempt(ofSequence: sequence.lowerBound / sequence.count) {
      () throws(DocumentError) in
      let sample = try search(frame, judged)
      own = sample
      return sample.attempt
    }
    return if let own { own } else { try sampled(frame: frame, attempt: number) }
  }

  /// The same, looked for.
  private func search(
    _ frame: Int, _ judged: (Int, Sample) throws(DocumentError) -> Outcome
  ) throws(DocumentError) -> Sample {
    var failures: [(rule: UnmetRule, count: Int)] = []
    let isFree = rules.isEmpty && template.isAlwaysPlaced
    let sequence = clock.sequence(of: frame)
    if sequence.count > 1, isFree { return try sampled(frame: frame, attempt: 0) }
    for k in 0..<attempts {
      var own: Sample?
      var outcome = Outcome.success(())
      for number in sequence {
        let sample = try sampled(frame: number, attempt: k)
        if number == frame { own = sample }
        outcome = try judged(number, sample)
        if case .failure = outcome { break }
      }
      switch outcome {
      case .success:
        guard let own else { break }
        return own
      case .failure(let rule):
        if let i = failures.firstIndex(where: { $0.rule.mark == rule.mark && $0.rule.name == rule.name }) {
          failures[i].count += 1
          if rule.shortfall < failures[i].rule.shortfall { failures[i].rule = rule }
        } else {
          failures.append((rule, 1))
        }
      }
    }
    // The rule that failed most often, and how near it came.
    guard let worst = failures.max(by: { $0.count < $1.count }) else {
      throw DocumentError(.none, found: "no attempt", expected: "one")
    }
    throw DocumentError(
      worst.rule.mark,
      found: "that \(worst.count) of \(attempts) attempts break it, the nearest with \(worst.rule.nearest)",
      expected: "a frame that satisfies it", path: worst.rule.name)
  }

  /// The first rule that a frame breaks; those that need no pixels first.
  private func unmet(_ frame: Frame) throws(DocumentError) -> UnmetRule? {
    guard !rules.isEmpty else { return nil }
    for (rule, verdict) in try verdicts(frame, all: false) where verdict.shortfall > 0 {
      return UnmetRule(
        name: "rule \"\(rule.name)\"", mark: rule.mark, shortfall: verdict.shortfall, nearest: verdict.nearest)
    }
    return nil
  }

  /// What the rules say of a frame, those that need no pixels first; up to the first that it breaks, or all.
  func verdicts(_ frame: Frame, all: Bool) throws(DocumentError) -> [(PlacedRule, Verdict)] {
    var judged = JudgedFrame(frame: frame, categories: categories)
    var list: [(PlacedRule, Verdict)] = []
    for rule in rules where !type(of: rule.rule).needsVisibility {
      let verdict = rule.rule.judge(judged)
      list.append((rule, verdict))
      if verdict.shortfall > 0, !all { return list }
    }
    let seeing = rules.filter { type(of: $0.rule).needsVisibility }
    guard let first = seeing.first else { return list }
    guard let pass = judge.withLock({ $0?.visibility }) else {
      throw DocumentError(
        first.mark, found: "a rule on what is seen", expected: "a program that can see", path: "rule \"\(first.name)\"")
    }
    let (instances, scale) = pass(frame)
    guard instances.count == frame.instances.count else { return list }
    (judged.visibility, judged.scale) = (instances, scale)
    for rule in seeing {
      let verdict = rule.rule.judge(judged)
      list.append((rule, verdict))
      if verdict.shortfall > 0, !all { return list }
    }
    return list
  }
}
