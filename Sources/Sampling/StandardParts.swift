import Stage

extension SceneParts {
  /// Every shape and pattern of the house.
  public static let standard = SceneParts(shapes: shapeRegistry, patterns: patternRegistry)
}
