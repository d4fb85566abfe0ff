// What formats say of themselves. The table in Documentation/Formats.md, the errors of `diorama export` and the losses that
// it reports are all made from these declarations.

/// A kind of annotation, as far as formats tell them apart.
public enum FormatContent: String, CaseIterable, Sendable {
  case boxes
  case amodalBoxes = "amodal_boxes"
  case masks
  case amodalMasks = "amodal_masks"
  case orientedBoxes = "oriented_boxes"
  case keypoints
  case polylines
  case boxes3D = "boxes_3d"
  case poses
  case camera
  case depth
  case flow
  case normal
  case instance
  case semantic
  case panoptic
  case parts
  case visibility
  case occluders
  case attributes
  case tracks
  case imageLabels = "image_labels"
  /// Planes of other values: albedo, uv, ...
  case planes

  /// The kind that an annotation of a dataset is of; nil for the picture itself, which every format carries.
  public init?(annotation name: String) {
    switch name {
    case "rgb": return nil
    case "instance32": self = .instance
    case "distance": self = .depth
    case "shading_normal": self = .normal
    case "part", "part_masks": self = .parts
    case "flow_forward", "flow_backward", "scene_flow": self = .flow
    case "horizon", "vanishing_points": self = .polylines
    default: self = FormatContent(rawValue: name) ?? .planes
    }
  }
}

/// How a format takes a kind of annotation.
public enum Carriage: Equatable, Sendable {
  case carried
  /// Carried, but not all of it: what is lost, in words.
  case lossy(String)
  case absent
}

/// What a mask becomes where a format has polygons.
public enum PolygonStyle: String, CaseIterable, Sendable {
  /// Run lengths, exact.
  case rle
  /// Polygons along pixel edges, one a part, exact; a mask with holes goes out as run lengths.
  case outlines
  /// One polygon along pixel edges, exact: parts and holes are joined by bridges without width.
  case bridged
  /// The largest outline alone: other parts are lost and holes are filled.
  case largest
}

/// The files that pictures are in.
public enum PictureFile: String, CaseIterable, Sendable {
  /// The dataset's own.
  case png
  /// Encoded anew at quality 95, colour at full size.
  case jpeg

  /// How the files end.
  var ending: String { self == .png ? "png" : "jpg" }
}

/// What a dataset must have been annotated with.
public struct FormatNeed: Sendable, Equatable {
  /// Names of annotations, any one of which will do; the first is the one that is recommended.
  public var anyOf: [String]
  /// What the format makes of it.
  public var purpose: String

  public init(_ anyOf: String..., purpose: String) {
    self.anyOf = anyOf
    self.purpose = purpose
  }
}

/// What a format says of itself.
public struct FormatManual: Sendable {
  /// The name that `--format` knows it by.
  public var name: String
  /// One sentence.
  public var summary: String
  /// Contents that are not named are absent.
  public var carries: [FormatContent: Carriage]
  public var needs: [FormatNeed]
  /// What an instance below the thresholds becomes ("iscrowd 1"); nil where it is left out.
  public var ignored: String?
  /// What masks can become; the first is the default. Empty where there are no polygons.
  public var polygons: [PolygonStyle]
  /// What pictures can be in; the first is the default.
  public var pictures: [PictureFile]
  /// What the format wants of the dataset that is no annotation, in words of a limit: "at least one stuff class".
  public var limits: String

  public init(
    name: String, summary: String, carries: [FormatContent: Carriage], needs: [FormatNeed] = [],
    ignored: String? = nil, polygons: [PolygonStyle] = [],
    pictures: [PictureFile] = [.png, .jpeg], limits: String = ""
  ) {
    self.name = name
    self.summary = summary
    self.carries = carries
    self.needs = needs
    self.ignored = ignored
    self.polygons = polygons
    self.pictures = pictures
    self.limits = limits
  }

  public func carriage(of content: FormatContent) -> Carriage { carries[content] ?? .absent }
}
