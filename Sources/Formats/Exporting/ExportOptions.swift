/// How pictures get into an exported folder.
public enum LinkMode: String, CaseIterable, Sendable {
  /// A second name of the same file: nothing is copied, and the dataset may go away. One file system only.
  case hard
  /// A relative symbolic link: the two folders have to keep their places to each other.
  case symlink
  case copy
}

/// How a dataset is to be exported.
public struct ExportOptions: Sendable {
  /// Instances of which a smaller share is visible become what the format has for that, or are left out. From 0 to 1.
  public var minVisibility = 0.0
  /// The same for those with fewer visible pixels.
  public var minArea = 0
  /// What masks become; nil for the format's own way.
  public var polygons: PolygonStyle?
  public var link = LinkMode.hard
  /// What pictures are in; nil for the format's own way.
  public var pictures: PictureFile?
  /// The contents that must be carried; nil for those that the dataset and the format both have.
  public var wanted: [FormatContent]?
  public var classes = ClassMapping.identity

  public init() {}

  /// What stands in an export's report.
  var description: [(String, String)] {
    var list: [(String, String)] = []
    if minVisibility > 0 { list.append(("min_visibility", "\(minVisibility)")) }
    if minArea > 0 { list.append(("min_area", "\(minArea)")) }
    if let polygons { list.append(("polygons", polygons.rawValue)) }
    if let pictures { list.append(("pictures", pictures.rawValue)) }
    return list
  }
}
