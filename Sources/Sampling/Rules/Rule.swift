import Documents
import Geometry
import Stage

/// A part that a frame must satisfy; a frame that does not is drawn again. A rule is one file in `Rules/`, one line in
/// `ruleRegistry` and one test.
protocol Rule: DocumentPart {
  /// Whether the rule asks what is seen, which takes a small visibility pass.
  static var needsVisibility: Bool { get }
  func judge(_ frame: JudgedFrame) -> Verdict
}

/// What a rule says of a frame.
struct Verdict {
  /// How far the frame is from satisfying the rule, in a unit of the rule's own; 0 where it does.
  var shortfall: Double
  /// What the frame has to show, for the message: "2 of 3 objects visible".
  var nearest: String

  static let holds = Verdict(shortfall: 0, nearest: "")
}

/// How much of an object a frame shows; what an injected visibility pass answers for every instance of a frame.
public struct InstanceVisibility: Sendable, Hashable {
  /// Pixels whose nearest surface is the object's.
  public var visiblePixels: Int
  /// Pixels of the image whose centre the object covers with everything else taken away.
  public var amodalPixels: Int

  public init(visiblePixels: Int, amodalPixels: Int) {
    self.visiblePixels = visiblePixels
    self.amodalPixels = amodalPixels
  }

  /// Visible over amodal pixels; 0 for what is outside the image.
  public var fraction: Double { amodalPixels > 0 ? Double(visiblePixels) / Double(amodalPixels) : 0 }
}

/// One answer for each of `frame.instances`, in their order. The pixels may be those of a smaller image of the same view:
/// `scale` says how many pixels of the frame one of them stands for.
public typealias VisibilityPass = @Sendable (Frame) -> (instances: [InstanceVisibility], scale: Double)

/// A rule that a frame does not satisfy.
struct UnmetRule: Sendable {
  var name: String
  var mark: Mark
  var shortfall: Double
  var nearest: String
}

/// A frame with what rules want to know of it.
struct JudgedFrame {
  var frame: Frame
  var categories: [Category]
  /// Nil where no visibility pass was made.
  var visibility: [InstanceVisibility]?
  /// Pixels of the frame for each pixel counted.
  var scale = 1.0

  func box(_ i: Int) -> OrientedBox {
    let instance = frame.instances[i]
    return OrientedBox(
      lower: instance.mesh.lowerBound, upper: instance.mesh.upperBound, instance.objectToWorld)
  }
}

/// Which objects a rule is about.
struct RuleTarget: Sendable, Hashable {
  /// Objects of this class.
  var category: String?
  /// Objects of this id: the object itself, the copies of the population, all in the group.
  var objects: String?

  /// Indices of the instances meant; all labelled ones where nothing is said.
  func instances(_ judged: JudgedFrame) -> [Int] {
    let id = category.flatMap { name in judged.categories.first { $0.name == name }?.id }
    return judged.frame.instances.indices.filter { i in
      let instance = judged.frame.instances[i]
      if let objects {
        return RuleTarget.matches(instance.name, objects) && (category == nil || instance.category == id)
      }
      return category != nil ? instance.category == id : instance.id != 0
    }
  }

  static func matches(_ name: String, _ id: String) -> Bool {
    guard name.hasPrefix(id) else { return false }
    let rest = name.dropFirst(id.count).first
    return rest == nil || rest == "[" || rest == "."
  }

  var described: String {
    switch (category, objects) {
    case (let c?, let o?): "\"\(c)\" among \"\(o)\""
    case (let c?, nil): "\"\(c)\""
    case (nil, let o?): "\"\(o)\""
    default: "labelled objects"
    }
  }

}

/// Every rule: one line each.
let ruleRegistry = PartRegistry<any Rule>(
  kind: "rule",
  [
    .init(CountRule.self) { $0 }, .init(VisibleRule.self) { $0 }, .init(EachVisibleRule.self) { $0 },
    .init(SizeRule.self) { $0 }, .init(InFrameRule.self) { $0 }, .init(NoIntersectionRule.self) { $0 },
    .init(DistanceRule.self) { $0 }, .init(CameraClearRule.self) { $0 },
  ])

/// A rule with its place in the document.
struct PlacedRule: Sendable {
  var rule: any Rule
  var name: String
  var mark: Mark

  static func list(_ node: Node?) throws(DocumentError) -> [PlacedRule] {
    guard let node, !node.isNull else { return [] }
    guard case .sequence(let items) = node.content else { throw DocumentError(node, expected: "a list of rules") }
    var rules: [PlacedRule] = []
    for (i, item) in items.enumerated() {
      do throws(DocumentError) {
        if let dice = item.firstDice {
          throw DocumentError(dice, found: "something drawn", expected: "a rule that is fixed for all frames")
        }
        let rule = try ruleRegistry.decode(item)
        rules.append(PlacedRule(rule: rule, name: type(of: rule).manual.name, mark: item.mark))
      } catch { throw error.inside(index: i) }
    }
    return rules
  }
}
