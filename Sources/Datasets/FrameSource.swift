import Annotators
import Formats
import Imaging
import Rasterization
import Stage

/// Where a dataset's frames come from: a scene, or a test's own. A frame is a function of its number alone, whichever
/// thread asks and in whatever order.
public struct FrameSource: Sendable {
  /// The scene's name.
  public var name: String
  /// Of the scene's document after overrides and of the assets it names.
  public var digest: Digest
  public var seed: UInt64
  /// The scene's document (`CompiledScene.text`), from which a frame can be made again; nil where there is none.
  public var document: String?
  /// The files that the frames are made from.
  public var assets: [DatasetAsset] = []
  /// How many frames the scene asks for.
  public var frameCount: Int
  /// In order of id, from 1.
  public var categories: [Stage.Category]
  /// Metres a unit of the 16-bit depth plane.
  public var depthScale: Double
  /// What frames are annotated with.
  public var annotations: AnnotationPlan
  /// The frame of that number, from 0. What it throws is taken as a fault of the scene or of an asset.
  public var frame: @Sendable (Int) throws -> Frame
  /// A frame's relative in its sequence; nil where there is none, as in scenes without time.
  public var neighbour: @Sendable (Int, SequenceStep) throws -> Frame?

  public init(
    name: String, digest: Digest, seed: UInt64, frameCount: Int, categories: [Stage.Category], depthScale: Double,
    annotations: AnnotationPlan = .standard,
    neighbour: @escaping @Sendable (Int, SequenceStep) throws -> Frame? = { _, _ in nil },
    frame: @escaping @Sendable (Int) throws -> Frame
  ) {
    self.name = name
    self.digest = digest
    self.seed = seed
    self.frameCount = frameCount
    self.categories = categories
    self.depthScale = depthScale
    self.annotations = annotations
    self.frame = frame
    self.neighbour = neighbour
  }

  /// Samples and draws a frame, and begins its annotation.
  func begin(
    _ annotation: FrameAnnotation, frame index: Int, _ render: FrameRenderer, _ clock: StageClock
  ) throws -> Frame {
    let frame = try clock.measure("sample") { try self.frame(index) }
    let rendered = try render(frame, annotations.needs)
    var neighbours = SequenceNeighbours()
    if !annotations.steps.isEmpty {
      neighbours = try clock.measure("neighbours") { try self.neighbours(of: index, render) }
    }
    try clock.measure("labels") { try annotation.begin(frame, rendered, neighbours) }
    return frame
  }

  /// What a frame's annotations take of its sequence; what has to be seen of it is drawn without a picture.
  private func neighbours(of index: Int, _ render: FrameRenderer) throws -> SequenceNeighbours {
    var found = SequenceNeighbours()
    for step in SequenceStep.allCases where annotations.steps.contains(step) {
      guard let other = try neighbour(index, step) else { continue }
      switch step {
      case .first: found.first = other
      case .previous: found.previous = SeenFrame(other, try render(other, .labelsOnly).gbuffer)
      case .next: found.next = SeenFrame(other, try render(other, .labelsOnly).gbuffer)
      }
    }
    return found
  }

  /// The dataset as annotators know it.
  public var dataset: AnnotatedDataset { AnnotatedDataset(categories: categories, depthScale: depthScale) }
}

/// Renders one frame after another on one thread, with what annotators need beside the picture and the G-buffer; it may keep
/// buffers between them.
public typealias FrameRenderer = (Frame, RenderNeeds) throws -> RenderedFrame

/// Makes a renderer for each worker thread, on that thread.
public typealias RendererFactory = @Sendable (StageClock) throws -> FrameRenderer
