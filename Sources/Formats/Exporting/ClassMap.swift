// Classes on export: renamed, put together, dropped.
//
//     classes: {car: vehicle, truck: vehicle, tree: null}   # two become one, one is dropped
//     others: keep                                          # or drop: what happens to classes that are not named
//     order: [vehicle, person]                              # optional: the ids of the new classes, from 1
//
// Without `order` the new classes have ids in the order of their first source. A class made of several takes the
// supercategory and the parts of the first; they must agree in being stuff or things, and in their keypoints.

import Documents
import Stage

/// A class map as a file says it; `mapping(of:)` applies it to a dataset's classes.
public struct ClassMap: DocumentRecord {
  var classes = ClassTargets()
  var others = OtherClasses.keep
  var order: [String]?

  public static let fields: [Field<ClassMap>] = [
    Field("classes", \.classes, "For each class its new name, or null to drop it."),
    Field("others", \.others, "What happens to classes that are not named: keep or drop. Default: keep."),
    Field("order", \.order, "The new classes in order of their ids. Default: the order of their first sources."),
  ]

  public init() {}

  public func mapping(of categories: [Stage.Category]) throws(DocumentError) -> ClassMapping {
    let names = categories.map(\.name)
    for m in classes.members where !names.contains(m.key) {
      throw DocumentError(unknown: "class", m.key, at: m.keyMark, among: names).inside("classes")
    }
    var targets: [String?] = []
    for c in categories {
      if let m = classes.members.first(where: { $0.key == c.name }) {
        targets.append(m.value.isNull ? nil : try String.decode(m.value))
      } else {
        targets.append(others == .keep ? c.name : nil)
      }
    }
    var made: [Stage.Category] = []
    for (c, target) in zip(categories, targets) {
      guard let target else { continue }
      if let first = made.first(where: { $0.name == target }) {
        guard first.isStuff == c.isStuff else {
          let mark = classes.members.first { $0.key == c.name }?.keyMark ?? .none
          throw DocumentError(
            mark, found: "\(c.isStuff ? "stuff" : "things") \"\(c.name)\" in \"\(target)\"",
            expected: "\(first.isStuff ? "stuff" : "things") as the classes before it", path: "classes")
        }
        guard first.keypoints == c.keypoints else {
          let mark = classes.members.first { $0.key == c.name }?.keyMark ?? .none
          throw DocumentError(
            mark, found: "\"\(c.name)\", whose keypoints are others, in \"\(target)\"",
            expected: "classes with the same keypoints", path: "classes")
        }
        continue
      }
      var new = c
      new.name = target
      made.append(new)
    }
    if let order {
      for name in order where !made.contains(where: { $0.name == name }) {
        throw DocumentError(unknown: "class", name, at: .none, among: made.map(\.name)).inside("order")
      }
      for c in made where !order.contains(c.name) {
        throw DocumentError(.none, found: "an order without \"\(c.name)\"", expected: "every new class", path: "order")
      }
      made = order.compactMap { name in made.first { $0.name == name } }
      guard Set(order).count == order.count else {
        throw DocumentError(.none, found: "a class twice", expected: "each class once", path: "order")
      }
    }
    guard !made.isEmpty else {
      throw DocumentError(.none, found: "that every class is dropped", expected: "at least one that is kept")
    }
    for i in made.indices { made[i].id = i + 1 }
    let ids = targets.map { t in made.first { $0.name == t }?.id }
    return ClassMapping(list: made, targets: Dictionary(uniqueKeysWithValues: zip(categories.map(\.id), ids)))
  }
}

enum OtherClasses: String, DocumentWord { case keep, drop }

/// The members of `classes:`.
struct ClassTargets: DocumentValue {
  var members: [Node.Member] = []

  static var grammar: Grammar { .dictionary(.optional(.string)) }

  static func decode(_ node: Node) throws(DocumentError) -> ClassTargets {
    guard case .mapping(let members) = node.content else {
      throw DocumentError(node, expected: "a mapping from classes to new names")
    }
    for m in members where !m.value.isNull {
      do throws(DocumentError) {
        guard try !String.decode(m.value).isEmpty else { throw DocumentError(m.value, expected: "a name, or null") }
      } catch { throw error.inside(m.key) }
    }
    return ClassTargets(members: members)
  }
}

/// Which class of an export each class of a dataset belongs to.
public struct ClassMapping: Sendable {
  /// In order of id, from 1 without gaps. For the identity it is empty until an export fills it in.
  public internal(set) var list: [Stage.Category]
  /// By the dataset's ids; nil for those that are dropped.
  private var targets: [Int: Int?]?

  /// Every class as it is.
  public static let identity = ClassMapping(list: [], targets: nil)

  init(list: [Stage.Category], targets: [Int: Int?]?) {
    self.list = list
    self.targets = targets
  }

  /// The mapping with its list, which for the identity is the dataset's.
  func resolved(for categories: [Stage.Category]) -> ClassMapping {
    targets == nil ? ClassMapping(list: categories, targets: nil) : self
  }

  /// The exported id of a dataset's class; nil where it is dropped.
  public func id(of category: Int) -> Int? {
    guard let targets else { return category }
    return targets[category] ?? nil
  }

  public var isIdentity: Bool { targets == nil }
}
