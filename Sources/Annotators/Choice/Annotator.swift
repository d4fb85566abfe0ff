// An annotator finds out one thing about a frame: a plane of values, or values for its record.
//
// It is one file in `Planes/` or `Values/` that opens with its manual, one line in `annotatorRegistry`, and one test that
// calls `checkAnnotator`. A plane annotator says how its plane is stored and draws it; a value annotator adds to the
// record. Both read `FrameAnnotation`, which finds common things out once a frame.
//
// Motion looks at other frames of the sequence: an annotator says which in `steps`, and finds them in `FrameAnnotation`.

import Documents
import Imaging
import Rasterization
import Stage

/// A part of a frame's ground truth, with the options that the scene gives it.
public protocol Annotator: DocumentPart {
  /// What it needs of the renderer beside the G-buffer.
  var needs: RenderNeeds { get }
  /// What it needs of the geometry behind the pixels.
  var geometry: GeometryChannels { get }
  /// Which other frames of the sequence it looks at.
  var steps: Set<SequenceStep> { get }
  /// The options that are not at their defaults, in words that follow from them alone; empty where there are none.
  var options: String { get }
  /// How its plane is stored; nil for one of values alone.
  func plane(of dataset: AnnotatedDataset) -> PlaneDescription?
  /// Its plane of a frame, as `plane(of:)` describes it; called only where that is not nil.
  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage
  /// Whether it adds to records.
  var hasValues: Bool { get }
  /// Adds its values to a record, whose instances are those of the frame that are listed.
  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError)
}

extension Annotator {
  public var needs: RenderNeeds { [] }
  public var geometry: GeometryChannels { [] }
  public var steps: Set<SequenceStep> { [] }
  public var options: String { "" }
  public var hasValues: Bool { false }
  public var name: String { Self.manual.name }
  public func plane(of dataset: AnnotatedDataset) -> PlaneDescription? { nil }

  public func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    preconditionFailure("an annotator without a plane draws none")
  }

  public func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {}
}

/// What annotators know of the dataset that a frame belongs to.
public struct AnnotatedDataset: Sendable {
  /// In order of id, from 1.
  public var categories: [Stage.Category]
  /// Metres a unit of 16-bit depths.
  public var depthScale: Double

  public init(categories: [Stage.Category], depthScale: Double) {
    self.categories = categories
    self.depthScale = depthScale
  }

  /// The classes that parts of objects are: for each category its parts in their order. Ids begin at 1.
  public var partClasses: [(category: Int, name: String)] {
    categories.flatMap { c in c.parts.map { (c.id, $0) } }
  }
}

/// Every annotator: one line each, in the order of planes and values in files.
public let annotatorRegistry = PartRegistry<any Annotator>(
  kind: "annotation",
  [
    .init(PictureAnnotator.self) { $0 }, .init(BoxAnnotator.self) { $0 }, .init(MaskAnnotator.self) { $0 },
    .init(InstancePlane.self) { $0 }, .init(SemanticPlane.self) { $0 }, .init(DepthPlane.self) { $0 },
    .init(Instance32Plane.self) { $0 }, .init(PanopticPlane.self) { $0 }, .init(PartPlane.self) { $0 },
    .init(MaterialPlane.self) { $0 }, .init(CoveragePlane.self) { $0 }, .init(DistancePlane.self) { $0 },
    .init(NormalPlane.self) { $0 }, .init(ShadingNormalPlane.self) { $0 }, .init(WorldPositionPlane.self) { $0 },
    .init(CameraPositionPlane.self) { $0 }, .init(ObjectCoordinatePlane.self) { $0 }, .init(UVPlane.self) { $0 },
    .init(AlbedoPlane.self) { $0 }, .init(RoughnessPlane.self) { $0 }, .init(MetallicPlane.self) { $0 },
    .init(EmissionPlane.self) { $0 }, .init(ShadingPlane.self) { $0 },
    .init(AmodalBoxes.self) { $0 }, .init(AmodalMasks.self) { $0 }, .init(VisibilityAnnotator.self) { $0 },
    .init(OccluderAnnotator.self) { $0 }, .init(OrientedBoxes.self) { $0 }, .init(PartMasks.self) { $0 },
    .init(Boxes3D.self) { $0 }, .init(PoseAnnotator.self) { $0 }, .init(AttributeAnnotator.self) { $0 },
    .init(ImageLabels.self) { $0 }, .init(KeypointAnnotator.self) { $0 }, .init(PolylineAnnotator.self) { $0 },
    .init(HorizonAnnotator.self) { $0 }, .init(VanishingPointAnnotator.self) { $0 },
    .init(FlowForwardPlane.self) { $0 }, .init(FlowBackwardPlane.self) { $0 }, .init(SceneFlowPlane.self) { $0 },
    .init(TrackAnnotator.self) { $0 },
  ])
