// Fitting a scene to a target: draw labels, find out by importance weights which parameters would come nearer, write them into
// the scene's text, draw again; until nothing is gained. See Documentation/Fitting.md.

import Formats
import Sampling

/// How a scene is fitted.
public struct FitOptions: Sendable {
  /// Of each round, and of each drawing of the validation.
  public var frames = 400
  public var rounds = 12
  /// In place of the scene's.
  public var seed: UInt64?
  /// Of the pictures that are drawn; nil for the scene's, reduced to `FitOptions.side` pixels at most.
  public var width: Int?
  public var height: Int?
  /// Paths of distributions to fit beside those that decide about boxes, and of constants to make into distributions.
  public var vary: [String] = []
  /// Paths of what is to stay.
  public var keep: [String] = []
  public var threads = 1
  /// Told of every round.
  public var progress: @Sendable (String) -> Void = { _ in }

  /// Pixels of the longer side: boxes are as good on small pictures, and they are quick.
  public static let side = 256

  public init() {}
}

/// A distribution that was changed.
public struct FitChange: Equatable, Sendable {
  public var path: String
  /// The distribution's name; `variants` for weights of variants.
  public var kind: String
  /// In the old file.
  public var line: Int
  public var before: String
  public var after: String
}

/// A fitted scene.
public struct FitResult: Sendable {
  /// The scene file's new text; the old one where nothing nearer was found.
  public var text: String
  public var changes: [FitChange]
  /// Each statistic of the scene as it was (`before`) and as it is now beside the target, of frames that the fit has not seen.
  public var before: [StatisticComparison]
  public var after: [StatisticComparison]
  /// The sum of all statistics' losses after each round's drawing, the first for the scene as it was.
  public var losses: [Double]
  /// What could not be fitted, and why.
  public var notes: [String]
  public var isChanged: Bool { !changes.isEmpty }

  /// Keys of the statistics that the fit looks at.
  public static var keys: [String] { FitTarget.keys }
}

/// Fits a scene.
///
/// - Parameters:
///   - path: the scene file.
///   - target: statistics of the classes to compare, by the scene's names.
/// - Throws: `.refused` where the scene is wrong or has nothing to vary, or where the target is empty.
public func fitScene(
  path: String, to target: AnnotationStatistics, _ options: FitOptions = FitOptions()
) throws(DatasetError) -> FitResult {
  do throws(SceneError) {
    var fit = try SceneFit(path: path, target, options)
    return try fit.run()
  } catch { throw .refused(error.description) }
}
