import Sampling

/// What a report looks at, and how closely.
public struct ReportOptions: Sendable {
  /// How many pictures are read, spread evenly over the frames.
  public var pictures = 1000
  /// Of how many frames the scene is asked what it drew, spread evenly.
  public var draws = 1000
  /// How many frames the contact sheet shows, at most.
  public var tiles = 60
  public var threads = 1
  /// Whether the lists of `diorama split` are looked at, where there are any.
  public var usesSplits = true
  /// The scene that the dataset was made from; nil where only records are to speak.
  public var scene: CompiledScene?
  /// A path of the scene of which no value is to lie in two parts of the split.
  public var group: String?

  public init() {}

  public static let mostPictures = 20_000
}
