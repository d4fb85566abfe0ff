import Documents
import Sampling

/// What of a scene's distributions may be fitted, and what may not and why.
struct FitAxes: Sendable {
  private(set) var axes: [FitAxis] = []
  /// Distributions that were passed over, with the reason.
  private(set) var notes: [String] = []

  /// Parts of the document that decide nothing about boxes.
  private static let bystanders: Set<String> = [
    "material", "materials", "decals", "texture", "attributes", "velocity", "angular_velocity", "lens", "near", "far",
    "up",
  ]
  private static let stages: Set<String> = ["camera", "objects", "prototypes", "let"]

  /// - Parameters:
  ///   - vary: paths to take in beside those that decide about boxes.
  ///   - keep: paths to leave as they are.
  init(_ editor: SceneEditor, vary: [String], keep: [String]) {
    for site in editor.sites {
      let isNamed = site.paths.contains { path in vary.contains { FitAxes.covers($0, path) } }
      guard isNamed || site.paths.contains(where: FitAxes.decidesBoxes),
        !site.paths.contains(where: { path in keep.contains { FitAxes.covers($0, path) } })
      else { continue }
      add(site, editor)
    }
  }

  /// Whether `path` is what `name` names, or lies within it.
  static func covers(_ name: String, _ path: String) -> Bool {
    guard path.utf8.starts(with: name.utf8) else { return false }
    let next = path.utf8.dropFirst(name.utf8.count).first
    return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
  }

  /// Whether the last name of a path says how many there are of something.
  static func isCount(_ path: String) -> Bool { path == "count" || path.hasSuffix(".count") }

  private static func decidesBoxes(_ path: String) -> Bool {
    let parts = path.split(separator: ".").map { $0.prefix { $0 != "[" } }
    guard let first = parts.first, stages.contains(String(first)) else { return false }
    return !parts.contains { bystanders.contains(String($0)) }
  }

  private mutating func add(_ site: DistributionSite, _ editor: SceneEditor) {
    func pass(_ reason: String) {
      notes.append("\(site.paths.first ?? "") ($\(site.kind), line \(site.mark.line)) stays as it is: \(reason)")
    }
    let p = site.parameters
    /// The numbers of one parameter, each where it stands; nil where they do not stand there as numbers.
    func numbers(_ name: String) -> [Node]? {
      guard let node = p[name] else { return nil }
      let list: [Node] = if case .sequence(let items) = node.content { items } else { [node] }
      return list.allSatisfy { editor.isEditable($0) } && !list.isEmpty ? list : nil
    }
    let isCount = site.paths.contains(where: FitAxes.isCount)
    func axis(
      _ family: FitFamily, _ reading: FitAxis.Reading, _ nodes: [Node], scale: Double, part: String = ""
    ) {
      let values = nodes.compactMap(\.number)
      let step = family == .wholeRange ? DecimalStep(exponent: 0) : DecimalStep(of: scale, digits: 2)
      axes.append(
        FitAxis(
          site: site, family: family, reading: reading, slots: nodes.map { .number($0.mark) }, start: values,
          steps: values.map { FitAxes.keeping($0, step) }, part: part, isCount: isCount))
    }
    let unreadable = "its numbers are drawn themselves, stand behind an anchor, or are not written"
    switch site.kind {
    case "uniform", "log_uniform", "integer", "yaw":
      guard let low = numbers("low"), let high = numbers("high"), low.count == high.count else {
        return pass(unreadable)
      }
      let family: FitFamily =
        site.kind == "integer" ? .wholeRange : site.kind == "log_uniform" ? .logRange : .range
      for (i, (a, b)) in zip(low, high).enumerated() {
        guard let x = a.number, let y = b.number, y > x, !(y - x >= 360 && FitAxes.turns(site)) else { continue }
        axis(family, .component(i), [a, b], scale: y - x, part: low.count > 1 ? "[\(i)]" : "")
      }
    case "normal":
      guard let mean = numbers("mean"), let deviation = numbers("deviation"), mean.count == deviation.count else {
        return pass(unreadable)
      }
      for (i, (m, d)) in zip(mean, deviation).enumerated() {
        guard let spread = d.number, spread > 0 else { continue }
        axis(.normal, .component(i), [m, d], scale: spread, part: mean.count > 1 ? "[\(i)]" : "")
      }
    case "truncated_normal":
      guard let mean = numbers("mean"), let deviation = numbers("deviation"), let low = p["low"]?.number,
        let high = p["high"]?.number, let spread = deviation[0].number
      else { return pass(unreadable) }
      axis(.truncatedNormal(low: low, high: high), .component(0), [mean[0], deviation[0]], scale: spread)
    case "poisson":
      guard let mean = numbers("mean"), let m = mean[0].number, m > 0 else { return pass(unreadable) }
      axis(.poisson, .component(0), [mean[0]], scale: m)
    case "boolean":
      guard let share = numbers("probability"), let x = share[0].number, x > 0, x < 1 else { return pass(unreadable) }
      axis(.coin, .component(0), [share[0]], scale: 1)
    case "in_box":
      guard let size = numbers("size"), size.count == 3 else { return pass(unreadable) }
      let center = numbers("center")
      guard center?.count == 3 || p["center"] == nil else { return pass(unreadable) }
      for i in 0..<3 {
        guard let s = size[i].number, s > 0 else { continue }
        axis(
          .extent(middle: 0), .component(i), [size[i]] + (center.map { [$0[i]] } ?? []), scale: s,
          part: "[\(i)]")
      }
    case "in_cylinder", "in_disc", "in_ball":
      let center = numbers("center")
      guard center?.count == 3 || p["center"] == nil else { return pass(unreadable) }
      let middle = center?.compactMap(\.number) ?? [0, 0, 0]
      let inner = p["inner_radius"].map { $0.number ?? -1 } ?? 0
      if let radius = numbers("radius"), let r = radius[0].number, inner >= 0, r > inner {
        axis(
          .radius(dimensions: site.kind == "in_ball" ? 3 : 2, inner: inner),
          .distance(site.kind == "in_cylinder" ? Array(middle.prefix(2)) : middle), [radius[0]], scale: r,
          part: ".radius")
      } else {
        pass(unreadable)
      }
      // Heights count from the middle of the bottom.
      if site.kind == "in_cylinder", middle[2] == 0, let height = numbers("height"), height.count == 2,
        let a = height[0].number, let b = height[1].number, b > a
      {
        axis(.range, .component(2), height, scale: b - a, part: ".height")
      }
    case "choice", "quota":
      addOptions(site, editor, isCount: isCount, unreadable: unreadable)
    case "variants": addVariants(site, editor)
    case "constant", "cycle", "permutation", "rgb", "hsv", "temperature", "rotation", "direction": return
    default: pass("fitting does not know this kind")
    }
  }

  /// Whether it is an angle that comes round: a whole turn of it stays one.
  private static func turns(_ site: DistributionSite) -> Bool {
    site.kind == "yaw" || site.paths.contains { p in ["azimuth", "yaw", "roll"].contains { p.hasSuffix($0) } }
      || site.paths.contains { $0.contains("euler") }
  }

  /// A step with which the number that the scene says can be written as it is.
  private static func keeping(_ value: Double, _ step: DecimalStep) -> DecimalStep {
    var step = step
    for _ in 0..<6 where step.rounded(value) != value { step.exponent -= 1 }
    return step
  }

  private mutating func addOptions(
    _ site: DistributionSite, _ editor: SceneEditor, isCount: Bool, unreadable: String
  ) {
    guard case .sequence(let options)? = site.parameters["options"]?.content, options.count > 1 else { return }
    let slots: [FitAxis.Slot]
    let start: [Double]
    if let weights = site.parameters[site.kind == "quota" ? "shares" : "weights"] {
      guard case .sequence(let list) = weights.content, list.allSatisfy({ editor.isEditable($0) }),
        list.count == options.count
      else {
        notes.append("\(site.paths.first ?? "") ($\(site.kind), line \(site.mark.line)) stays as it is: \(unreadable)")
        return
      }
      slots = list.map { .number($0.mark) }
      start = list.compactMap(\.number)
    } else {
      slots = options.map { _ in .implied }
      start = Array(repeating: 1, count: options.count)
    }
    append(options: site, slots, start, isCount: isCount)
  }

  private mutating func addVariants(_ site: DistributionSite, _ editor: SceneEditor) {
    guard case .sequence(let items) = site.parameters.content, items.count > 1 else { return }
    var slots: [FitAxis.Slot] = []
    var start: [Double] = []
    for item in items {
      if let weight = item["weight"] {
        guard editor.isEditable(weight), let w = weight.number else {
          notes.append("\(site.paths.first ?? "") (line \(site.mark.line)) stays as it is: a weight behind an anchor")
          return
        }
        slots.append(.number(weight.mark))
        start.append(w)
      } else if item["frames"] != nil {
        // Guaranteed to a share of the frames: beside that it has no weight, and a weight of 0 changes nothing.
        slots.append(.implied)
        start.append(0)
      } else {
        slots.append(.implied)
        start.append(1)
      }
    }
    append(options: site, slots, start, isCount: false)
  }

  private mutating func append(
    options site: DistributionSite, _ slots: [FitAxis.Slot], _ start: [Double], isCount: Bool
  ) {
    guard start.count(where: { $0 > 0 }) > 1 else { return }
    let step = DecimalStep(of: start.reduce(0, +), digits: 3)
    axes.append(
      FitAxis(
        site: site, family: .options, reading: .option, slots: slots, start: start,
        steps: start.map { FitAxes.keeping($0, step) }, isCount: isCount))
  }
}
