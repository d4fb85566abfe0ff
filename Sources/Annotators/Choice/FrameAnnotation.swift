import Geometry
import Imaging
import Rasterization
import Stage

/// A frame on its way to annotations: what was drawn of it, and what several annotators want to know, found out once. One a
/// thread; its buffers are kept from frame to frame.
public final class FrameAnnotation {
  public let dataset: AnnotatedDataset
  public private(set) var frame: Frame
  public private(set) var rendered: RenderedFrame
  /// One an instance of the frame, in their order.
  public private(set) var regions: [VisibleRegion] = []

  private let plan: AnnotationPlan
  private let scanner = VisibleRegionScanner()
  let labels: LabelPlanes
  private var hasIdentities = false
  private var hasDepth = false
  private var rays = PixelRays()
  private var points: SurfacePoints?
  private var listed: [Int] = []
  private var neighbours = SequenceNeighbours()
  private var motions: [SequenceStep: MotionField] = [:]

  public init(_ plan: AnnotationPlan, _ dataset: AnnotatedDataset) {
    self.plan = plan
    self.dataset = dataset
    labels = LabelPlanes(categories: dataset.categories)
    frame = Frame(
      width: 1, height: 1,
      camera: Camera(fx: 1, fy: 1, cx: 0.5, cy: 0.5, rotation: .identity, translation: Vector3()))
    rendered = RenderedFrame(
      rgb: RasterImage(width: 1, height: 1, channels: 3, samples: .eight([0, 0, 0])),
      gbuffer: GBuffer(width: 1, height: 1))
  }

  /// Begins a frame: finds its visible regions, and that ids are as they must be.
  ///
  /// - Parameter neighbours: those frames of its sequence that the plan's `steps` ask for and that there are.
  public func begin(
    _ frame: Frame, _ rendered: RenderedFrame, _ neighbours: SequenceNeighbours = SequenceNeighbours()
  ) throws(LabelError) {
    self.frame = frame
    self.rendered = rendered
    (hasIdentities, hasDepth, points) = (false, false, nil)
    try neighbours.check(against: frame)
    (self.neighbours, motions) = (neighbours, [:])
    let g = rendered.gbuffer
    guard g.width == frame.width, g.height == frame.height else {
      throw .size(width: g.width, height: g.height, expectedWidth: frame.width, expectedHeight: frame.height)
    }
    regions = try scanner.regions(of: g.instanceIndex, instanceCount: frame.instances.count)
    let least = plan.annotator(BoxAnnotator.self)?.leastPixels ?? 0
    listed = frame.instances.indices.filter { frame.instances[$0].id != 0 && regions[$0].pixels >= least }
  }

  /// Fills a record's instances and lets every annotator add to it.
  ///
  /// - Parameter measured: calls what it is given, an annotator's part, by name.
  public func describe(
    _ record: inout FrameRecord,
    measured: (String, () throws(LabelError) -> Void) throws(LabelError) -> Void = { (_, body) throws(LabelError) in
      try body()
    }
  ) throws(LabelError) {
    record.sequence = frame.sequence
    record.instances = listed.map { InstanceRecord(frame.instances[$0], regions[$0]) }
    for a in plan.annotators where a.hasValues {
      try measured(a.name) { () throws(LabelError) in try a.describe(self, in: &record) }
    }
  }

  /// Calls `body` for each listed instance with its record and its place in the frame.
  func forEachListed(
    _ record: inout FrameRecord, _ body: (inout InstanceRecord, Int) throws(LabelError) -> Void
  ) throws(LabelError) {
    for (i, k) in listed.enumerated() { try body(&record.instances[i], k) }
  }

  /// The instance and semantic planes.
  func identities() throws(LabelError) -> LabelPlanes {
    if !hasIdentities { try labels.fillIdentities(frame, rendered.gbuffer.instanceIndex) }
    hasIdentities = true
    return labels
  }

  /// The 16-bit depth plane.
  func depth() throws(LabelError) -> Plane<UInt16> {
    if !hasDepth { try labels.fillDepth(rendered.gbuffer.depth, scale: dataset.depthScale) }
    hasDepth = true
    return labels.depth
  }

  /// The geometry behind the pixels, as far as the plan's annotators need it.
  var surface: SurfacePoints {
    if let points { return points }
    let made = SurfacePoints(frame, rendered.gbuffer, plan.geometry, &rays)
    points = made
    return made
  }

  /// Where all that is seen is in the frame before or after; nil where there is none.
  func motion(_ step: SequenceStep) -> MotionField? {
    if let known = motions[step] { return known }
    guard let there = step == .previous ? neighbours.previous : neighbours.next else { return nil }
    let axes = step == .next ? plan.annotator(SceneFlowPlane.self)?.axes : nil
    let made = MotionField(SeenFrame(frame, rendered.gbuffer), there, sceneFlow: axes, &rays)
    motions[step] = made
    return made
  }

  /// The instance as it is in the sequence's first frame; the same where that is not known.
  func atFirst(_ k: Int) -> Instance {
    guard let first = neighbours.first, k < first.instances.count else { return frame.instances[k] }
    return first.instances[k]
  }

  /// What the renderer found of surfaces.
  func surfaces() throws(LabelError) -> SurfacePlanes {
    guard let found = rendered.surfaces else { throw .missing("what materials are like at the pixels") }
    return found
  }

  /// What an instance would own alone.
  func amodal(_ k: Int) throws(LabelError) -> AmodalRegion {
    guard let all = rendered.amodal, all.count == frame.instances.count else { throw .missing("amodal regions") }
    return all[k]
  }

  /// For each pixel a value that follows from its instance; `nothing` where there is none.
  func perInstance<T: Sendable>(_ values: [T], nothing: T) -> Plane<T> {
    let index = rendered.gbuffer.instanceIndex
    return Plane(
      width: index.width, height: index.height,
      values: index.values.map { $0 == GBuffer.nothing ? nothing : values[Int($0)] })
  }
}
