// Two lists of instances, and who of the one is who of the other.
//
// Pairs are made in four rounds: instances that are alike in all but number and name, in their places first; of those left,
// instances of the same name, if it is one's alone; of the same number; and last of the same class with masks that overlap
// most. So two objects that changed places in the list are found to have done that, rather than to have moved.

import Annotators
import Documents
import Imaging

struct LabelComparison {
  let before: ComparedFrame
  let after: ComparedFrame
  let categories: (before: [Int: String], after: [Int: String])
  let tolerance: Tolerance
  private(set) var differences: [Difference] = []

  init(
    _ before: ComparedFrame, _ after: ComparedFrame, _ categories: (before: [Int: String], after: [Int: String]),
    _ tolerance: Tolerance
  ) {
    (self.before, self.after, self.categories, self.tolerance) = (before, after, categories, tolerance)
  }

  mutating func run() {
    compareClassNames()
    guard let a = before.labels, let b = after.labels, a.json != b.json else { return }
    compareFrameValues(a, b)
    let (x, y) = (before.instances, after.instances)
    let pairs = LabelComparison.pairs(x, y, before.size, after.size)
    for (i, one) in x.enumerated() where pairs[i] == nil {
      note(.instanceRemoved, "instance", [name(one, isAfter: false)], "it is not there any more", degree: 1)
    }
    let known = Set(pairs.values)
    for (j, one) in y.enumerated() where !known.contains(j) {
      note(.instanceAdded, "instance", [name(one, isAfter: true)], "it was not there before", degree: 1)
    }
    compareOrder(x, y, pairs)
    for i in x.indices { if let j = pairs[i] { compare(x[i], y[j]) } }
    // Something differs in bits that no value shows, such as the sign of a zero.
    if differences.isEmpty && pairs.count == x.count { note(.value, "records", [], "the records differ in form alone") }
  }

  private mutating func note(
    _ kind: Difference.Kind, _ plane: String, _ instances: [InstanceName], _ what: String, degree: Double = 0,
    isTolerated: Bool = false
  ) {
    var d = Difference(kind, plane, instances, what, degree: degree)
    d.isTolerated = isTolerated
    differences.append(d)
  }

  private func name(_ i: ComparedInstance, isAfter: Bool) -> InstanceName {
    let names = isAfter ? categories.after : categories.before
    return InstanceName(id: i.id, name: i.name, category: names[i.category] ?? "class \(i.category)")
  }

  // MARK: - The frame

  private mutating func compareFrameValues(_ a: Node, _ b: Node) {
    for key in memberKeys(a, b) where key != "instances" {
      let (x, y) = (a[key], b[key])
      guard x?.json != y?.json else { continue }
      let plane = ["sun", "ambient", "background", "exposure"].contains(key) ? "light" : key
      for change in valueChanges(key, x, y) {
        note(
          .value, plane, [], "\(change.path) \(change.before) -> \(change.after)", isTolerated: allows(change))
      }
    }
  }

  /// Classes whose number stands for another name now, with the instances that they are of.
  private mutating func compareClassNames() {
    for id in categories.before.keys.sorted() {
      guard let old = categories.before[id], let new = categories.after[id], old != new else { continue }
      let own = after.instances.filter { $0.category == id }.map { name($0, isAfter: true) }
      if !own.isEmpty { note(.category, "semantic", own, "class \(id) renamed: \"\(old)\" -> \"\(new)\"", degree: 1) }
    }
  }

  // MARK: - One instance

  private mutating func compare(_ a: ComparedInstance, _ b: ComparedInstance) {
    let names = [name(b, isAfter: true)]
    if a.category != b.category {
      let (x, y) = (categories.before[a.category] ?? "?", categories.after[b.category] ?? "?")
      note(.category, "semantic", names, "\(x) (\(a.category)) -> \(y) (\(b.category))", degree: 1)
    }
    for key in memberKeys(a.node, b.node) where !["id", "name", "category"].contains(key) {
      let (x, y) = (a.node[key], b.node[key])
      guard x?.json != y?.json else { continue }
      switch key {
      case "box":
        let shift = LabelComparison.shift(x, y)
        note(
          .box, "boxes", names, "\(brief(x)) -> \(brief(y))", degree: shift.map { $0 / ($0 + 10) } ?? 1,
          isTolerated: tolerance.box.flatMap { limit in shift.map { $0 <= limit } } ?? false)
      case "rle": compareMasks(a, b, names)
      // The mask's own size: said with the mask.
      case "visible": continue
      default:
        for change in valueChanges(key, x, y) {
          note(
            .value, LabelComparison.annotation(of: key), names, "\(change.path) \(change.before) -> \(change.after)",
            isTolerated: allows(change))
        }
      }
    }
    if a.name != b.name, a.id == b.id { note(.value, "instance", names, "name \"\(a.name)\" -> \"\(b.name)\"") }
  }

  private mutating func compareMasks(_ a: ComparedInstance, _ b: ComparedInstance, _ names: [InstanceName]) {
    guard let size = before.size, let other = after.size, size == other,
      let x = a.mask(width: size.width, height: size.height), let y = b.mask(width: size.width, height: size.height)
    else {
      note(.mask, "masks", names, "the runs differ, in images of other sizes or in no order", degree: 1)
      return
    }
    let changed = zip(x.plane.values, y.plane.values).count { $0 != $1 }
    let share = Double(changed) / Double(max(x.area, y.area, 1))
    note(
      .mask, "masks", names, "\(changed) pixels joined or left it, which had \(x.area) and has \(y.area)",
      degree: share, isTolerated: tolerance.area.map { share <= $0 } ?? false)
  }

  /// The annotation that a member of a record stands for.
  private static func annotation(of key: String) -> String {
    switch key {
    case "amodal_box", "amodal_box_full": "amodal_boxes"
    case "amodal_rle": "amodal_masks"
    case "occluded_by": "occluders"
    case "oriented_box": "oriented_boxes"
    case "parts": "part_masks"
    case "box_3d": "boxes_3d"
    case "pose_camera": "poses"
    default: key
    }
  }

  /// How far an edge of a box has moved at most; nil where there is none before or after.
  private static func shift(_ a: Node?, _ b: Node?) -> Double? {
    guard case .sequence(let p)? = a?.content, case .sequence(let q)? = b?.content, p.count == 4, q.count == 4 else {
      return nil
    }
    let (x, y) = (p.map { $0.number ?? 0 }, q.map { $0.number ?? 0 })
    return [
      abs(x[0] - y[0]), abs(x[1] - y[1]), abs(x[0] + x[2] - y[0] - y[2]), abs(x[1] + x[3] - y[1] - y[3]),
    ].max()
  }

  // MARK: - Order

  /// Pairs whose order among each other, or whose number, is another one.
  private mutating func compareOrder(_ x: [ComparedInstance], _ y: [ComparedInstance], _ pairs: [Int: Int]) {
    let matched = x.indices.compactMap { i in pairs[i].map { (before: i, after: $0) } }
    let sorted = matched.map(\.after).sorted()
    var moved: [InstanceName] = []
    var words: [String] = []
    for (k, pair) in matched.enumerated() {
      let (a, b) = (x[pair.before], y[pair.after])
      guard a.id != b.id || sorted[k] != pair.after else { continue }
      moved.append(name(b, isAfter: true))
      if words.count < 4 { words.append("number \(a.id) -> \(b.id)") }
    }
    guard !moved.isEmpty else { return }
    let isSwapped = zip(matched.map(\.after), sorted).contains { $0 != $1 }
    note(
      .order, "instance", moved, (isSwapped ? "swapped places: " : "numbered anew: ") + words.joined(separator: ", "),
      degree: isSwapped ? 1 : 0.5)
  }

  // MARK: - Pairs

  private static func pairs(
    _ x: [ComparedInstance], _ y: [ComparedInstance], _ size: (width: Int, height: Int)?,
    _ otherSize: (width: Int, height: Int)?
  ) -> [Int: Int] {
    var pairs: [Int: Int] = [:]
    var free = Set(y.indices)
    func pair(_ i: Int, _ j: Int) {
      pairs[i] = j
      free.remove(j)
    }
    let (contents, others) = (x.map(\.content), y.map(\.content))
    for i in x.indices where i < y.count && x[i].name == y[i].name && contents[i] == others[i] { pair(i, i) }
    var byContent: [String: [Int]] = [:]
    for j in y.indices where free.contains(j) { byContent[others[j], default: []].append(j) }
    for i in x.indices where pairs[i] == nil {
      if let j = byContent[contents[i]]?.first {
        byContent[contents[i]]?.removeFirst()
        pair(i, j)
      }
    }
    // What is one's alone among those left.
    func round<Key: Hashable>(_ key: (ComparedInstance) -> Key) {
      var groups: [Key: (left: [Int], right: [Int])] = [:]
      for i in x.indices where pairs[i] == nil { groups[key(x[i]), default: ([], [])].left.append(i) }
      for j in y.indices where free.contains(j) { groups[key(y[j]), default: ([], [])].right.append(j) }
      for g in groups.values where g.left.count == 1 && g.right.count == 1 { pair(g.left[0], g.right[0]) }
    }
    round(\.name)
    round(\.id)
    guard let size, let otherSize, size == otherSize else { return pairs }
    func plane(_ i: ComparedInstance) -> Plane<UInt8>? { i.mask(width: size.width, height: size.height)?.plane }
    let left = x.indices.filter { pairs[$0] == nil }
    if left.isEmpty || free.isEmpty { return pairs }
    // Each is decoded once.
    var masks: [Int: Plane<UInt8>] = [:]
    for j in free { masks[j] = plane(y[j]) }
    for i in left {
      guard let mask = plane(x[i]) else { continue }
      var best: (share: Double, j: Int)?
      for j in y.indices where free.contains(j) && y[j].category == x[i].category {
        guard let other = masks[j] else { continue }
        var (both, either) = (0, 0)
        for k in mask.values.indices {
          both += Int(mask.values[k] & other.values[k])
          either += Int(mask.values[k] | other.values[k])
        }
        let share = either > 0 ? Double(both) / Double(either) : 0
        if share >= 0.5, share > best?.share ?? 0 { best = (share, j) }
      }
      if let best { pair(i, best.j) }
    }
    return pairs
  }

  // MARK: - Values

  private struct ValueChange {
    var path: String
    var before: String
    var after: String
    /// How far two numbers lie apart, relative to the larger of 1 and their size; nil for other values.
    var distance: Double?
  }

  private func allows(_ change: ValueChange) -> Bool {
    guard let limit = tolerance.values, let d = change.distance else { return false }
    return d <= limit
  }

  /// The changes below a member. Lists of plain values count as one.
  private func valueChanges(_ path: String, _ a: Node?, _ b: Node?) -> [ValueChange] {
    guard a?.json != b?.json else { return [] }
    if let a, let b {
      if case .mapping = a.content, case .mapping = b.content {
        return memberKeys(a, b).flatMap { valueChanges(path + "." + $0, a[$0], b[$0]) }
      }
      if case .sequence(let x) = a.content, case .sequence(let y) = b.content, x.count == y.count {
        let isDeep = x.contains {
          if case .mapping = $0.content { true } else { false }
        }
        if isDeep { return x.indices.flatMap { valueChanges(path + "[\($0)]", x[$0], y[$0]) } }
      }
    }
    return [ValueChange(path: path, before: brief(a), after: brief(b), distance: distance(a, b))]
  }

  private func distance(_ a: Node?, _ b: Node?) -> Double? {
    guard let a, let b else { return nil }
    if let x = a.number, let y = b.number { return abs(x - y) / max(1, abs(x), abs(y)) }
    guard case .sequence(let x) = a.content, case .sequence(let y) = b.content, x.count == y.count else {
      return a == b ? 0 : nil
    }
    var largest = 0.0
    for (p, q) in zip(x, y) {
      guard let d = distance(p, q) else { return nil }
      largest = max(largest, d)
    }
    return largest
  }

  private func brief(_ node: Node?) -> String {
    guard let node else { return "nothing" }
    let text = node.json
    return text.count <= 80 ? text : String(text.prefix(77)) + "..."
  }

  /// The keys of two mappings, in the order of the first; those of the second alone at the end.
  private func memberKeys(_ a: Node, _ b: Node) -> [String] {
    guard case .mapping(let x) = a.content, case .mapping(let y) = b.content else { return [] }
    let known = Set(x.map(\.key))
    return x.map(\.key) + y.map(\.key).filter { !known.contains($0) }
  }
}
