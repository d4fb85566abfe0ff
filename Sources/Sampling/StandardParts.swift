import Stage

extension SceneParts {
  /// Every shape, pattern and sky of the house.
  public static let standard = SceneParts(shapes: shapeRegistry, patterns: patternRegistry, skies: skyRegistry)
}
