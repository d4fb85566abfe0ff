import Documents
import Imaging
import Rasterization
import Stage

/// What a dataset is annotated with: annotators in the registry's order, each once.
public struct AnnotationPlan: Sendable {
  public let annotators: [any Annotator]

  /// What a dataset has where nothing is said.
  public static let standardNames = ["rgb", "boxes", "masks", "instance", "semantic", "depth"]
  /// What every dataset has: records and formats stand on them.
  public static let alwaysThere = ["rgb", "boxes", "masks"]
  public static let standard = AnnotationPlan(PlanSyntax.plain(standardNames))

  private init(_ chosen: [any Annotator]) {
    let order = annotatorRegistry.names
    annotators = chosen.sorted {
      (order.firstIndex(of: $0.name) ?? order.count) < (order.firstIndex(of: $1.name) ?? order.count)
    }
  }

  /// Reads a list of names and of names with options: `[depth, {normal: {encoding: exr}}]`. What every dataset has need
  /// not be named.
  public init(_ node: Node) throws(DocumentError) {
    guard case .sequence(let items) = node.content else {
      throw DocumentError(node, expected: "a list of annotations, such as [instance, depth, normal]")
    }
    var chosen: [any Annotator] = []
    for (i, item) in items.enumerated() {
      do throws(DocumentError) {
        let one = try annotatorRegistry.decode(item)
        guard !chosen.contains(where: { $0.name == one.name }) else {
          throw DocumentError(item.mark, found: "\"\(one.name)\" a second time", expected: "each annotation once")
        }
        chosen.append(one)
      } catch { throw error.inside(index: i) }
    }
    for name in AnnotationPlan.alwaysThere where !chosen.contains(where: { $0.name == name }) {
      chosen.append(try annotatorRegistry.decode(Node(.string(name))))
    }
    self.init(chosen)
  }

  /// The annotators of these names, with their defaults.
  public init(names: [String]) throws(DocumentError) {
    try self.init(Node(.sequence(names.map { Node(.string($0)) })))
  }

  public var needs: RenderNeeds { annotators.reduce([]) { $0.union($1.needs) } }
  public var geometry: GeometryChannels { annotators.reduce([]) { $0.union($1.geometry) } }

  /// The other frames of a sequence that it takes to annotate one.
  public var steps: Set<SequenceStep> { annotators.reduce([]) { $0.union($1.steps) } }

  /// How the set describes itself in a dataset's head.
  public func descriptions(of dataset: AnnotatedDataset) -> [AnnotationDescription] {
    annotators.map {
      AnnotationDescription(
        name: $0.name, meaning: type(of: $0).manual.summary, options: $0.options, plane: $0.plane(of: dataset))
    }
  }

  public func annotator<A: Annotator>(_ type: A.Type) -> A? {
    for a in annotators { if let found = a as? A { return found } }
    return nil
  }
}

/// Registered names are known to be good.
private enum PlanSyntax {
  static func plain(_ names: [String]) -> [any Annotator] {
    names.compactMap { try? annotatorRegistry.decode(Node(.string($0))) }
  }
}

/// One annotation of a dataset, as its head describes it: what its values mean and how a plane's are stored.
public struct AnnotationDescription: Hashable, Sendable {
  public var name: String
  /// One sentence.
  public var meaning: String
  /// See `Annotator.options`.
  public var options: String
  public var plane: PlaneDescription?

  public init(name: String, meaning: String, options: String, plane: PlaneDescription?) {
    self.name = name
    self.meaning = meaning
    self.options = options
    self.plane = plane
  }

  /// Whether another set's annotation holds the same kind of values. The wording of the meaning does not matter.
  public func agrees(with other: AnnotationDescription) -> Bool {
    name == other.name && options == other.options && plane == other.plane
  }
}
