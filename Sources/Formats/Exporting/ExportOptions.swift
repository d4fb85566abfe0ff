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
  /// What descriptions of the dataset say of it: an SPDX name or a URL, a day as 2026-01-31, a URL. Nothing is said where they
  /// are nil.
  public var license: String?
  public var date: String?
  public var url: String?
  /// A format that packs pictures into files begins a new one before this many bytes, or with a picture that is larger.
  public var shardBytes = ExportOptions.standardShardBytes

  /// Large enough for long reads, small enough for a set of gigabytes to be read by several workers.
  public static let standardShardBytes = 256 << 20

  public init() {}

  /// What stands in an export's report.
  var description: [(String, String)] {
    var list: [(String, String)] = []
    if minVisibility > 0 { list.append(("min_visibility", "\(minVisibility)")) }
    if minArea > 0 { list.append(("min_area", "\(minArea)")) }
    if let polygons { list.append(("polygons", polygons.rawValue)) }
    if let pictures { list.append(("pictures", pictures.rawValue)) }
    for (name, value) in [("license", license), ("date", date), ("url", url)] {
      if let value { list.append((name, value)) }
    }
    if shardBytes != ExportOptions.standardShardBytes { list.append(("shard_bytes", "\(shardBytes)")) }
    return list
  }
}
