// dataset.json: what the frames were made from, and what their numbers mean.
//
// It is written before the first chunk, without counts; a run that completes adds the counts last, after the derived
// annotations, and a run that has something to add takes them out first. A header with counts therefore stands for
// annotations that hold every frame. Seeds are written as text: JSON readers keep whole numbers to 2^53 only.

import Annotators
import Documents
import Formats
import Imaging
import Rasterization
import Stage

/// The head of a dataset.
public struct DatasetHeader: Equatable, Sendable {
  public static let version = 1

  public var scene: String
  public var sceneDigest: Digest
  public var seed: UInt64
  public var renderVersion: Int
  /// Frames in a chunk: frame n is in chunk n / chunk.
  public var chunk: Int
  /// How the files of frames lie. It is no part of what frames are made from: two layouts hold the same frames.
  public var layout: FileLayout
  public var depthScale: Double
  public var categories: [Stage.Category]
  /// What frames are annotated with, and how planes are stored.
  public var annotations: [AnnotationDescription]
  /// The files that the frames are made from; empty too in sets that are older than this list.
  public var assets: [DatasetAsset] = []
  /// The scene's document, from which `diorama replay` makes a frame again: what `sceneDigest` is of, beside the bytes of
  /// `assets`. Nil in sets that are older than this, and where it is longer than `longestDocument`.
  public var document: String?
  /// What the dataset holds; nil while frames are being added.
  public var counts: Counts?

  public struct Counts: Equatable, Sendable {
    public var frames = 0
    /// Labelled instances over all frames, seen or not.
    public var instances = 0
    /// Those with at least one visible pixel.
    public var visible = 0

    public init() {}
  }

  public init(_ source: FrameSource, chunk: Int, layout: FileLayout = .folder) {
    scene = source.name
    sceneDigest = source.digest
    seed = source.seed
    renderVersion = Rasterization.renderVersion
    self.chunk = chunk
    self.layout = layout
    depthScale = source.depthScale
    categories = source.categories
    annotations = source.annotations.descriptions(of: source.dataset)
    assets = source.assets
    document = source.document.flatMap { $0.utf8.count <= DatasetHeader.longestDocument ? $0 : nil }
  }

  /// Bytes of a document that is kept. Scenes are kilobytes; one whose aliases stand for millions of values is not to make
  /// every reader of the head wait.
  static let longestDocument = 4 << 20

  /// The dataset as annotators know it.
  public var dataset: AnnotatedDataset { AnnotatedDataset(categories: categories, depthScale: depthScale) }

  /// The files of a frame, the picture first.
  var planes: [PlaneKind] { annotations.compactMap { $0.plane.map { PlaneKind($0) } } }

  /// Whether the annotations are those of a dataset of which nothing is said.
  var isStandard: Bool {
    DatasetHeader.agree(annotations, AnnotationPlan.standard.descriptions(of: dataset))
  }

  private static func agree(_ a: [AnnotationDescription], _ b: [AnnotationDescription]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.agrees(with: $1) }
  }

  /// Stands in every record: frames with the same source may lie in one dataset.
  public var source: Digest { source(ofRecords: FrameRecord.version) }

  func source(ofRecords version: Int) -> Digest {
    var text = "diorama \(version) \(renderVersion) \(sceneDigest) \(seed)"
    // Sets of the standard annotations keep the digest that they had before there was a choice.
    if !isStandard { text += " " + annotations.map(\.form).joined(separator: " ") }
    return Digest(of: text)
  }

  public var description: DatasetDescription {
    var d = DatasetDescription(name: scene, categories: categories, chunk: chunk)
    d.annotations = annotations
    (d.source, d.seed, d.renderVersion) = (source, seed, renderVersion)
    d.assets = assets
    return d
  }

  /// How `other`'s frames differ in origin, in words; nil where they may lie in one dataset.
  func difference(from other: DatasetHeader) -> String? {
    if sceneDigest != other.sceneDigest {
      return scene == other.scene
        ? "another state of scene \"\(scene)\" (digest \(sceneDigest), not \(other.sceneDigest))"
        : "scene \"\(scene)\", not \"\(other.scene)\""
    }
    if seed != other.seed { return "seed \(seed), not \(other.seed)" }
    if renderVersion != other.renderVersion { return "render version \(renderVersion), not \(other.renderVersion)" }
    if chunk != other.chunk { return "chunks of \(chunk) frames, not \(other.chunk)" }
    if layout != other.layout { return "the \(layout.rawValue) layout, not \(other.layout.rawValue)" }
    if !DatasetHeader.agree(annotations, other.annotations) {
      return "the annotations \(annotations.map(\.form).joined(separator: ", ")), not "
        + other.annotations.map(\.form).joined(separator: ", ")
    }
    return nil
  }
}

extension AnnotationDescription {
  /// "depth/npy", "boxes(least_pixels=20)": what tells two kinds of it apart, for people and for digests.
  var form: String {
    var text = name
    if !options.isEmpty { text += "(\(options))" }
    if let plane, plane.file != .png { text += "/\(plane.file.rawValue)" }
    return text
  }
}
