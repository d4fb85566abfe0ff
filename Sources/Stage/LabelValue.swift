/// A value that a scene attaches to an object or to a frame for others to learn from: an attribute, a named parameter.
public enum LabelValue: Hashable, Sendable {
  case boolean(Bool)
  case number(Double)
  case text(String)
  /// Two or more numbers: a position, a colour.
  case numbers([Double])
}

/// A label value with its name.
public struct NamedValue: Hashable, Sendable {
  public var name: String
  public var value: LabelValue

  public init(_ name: String, _ value: LabelValue) {
    self.name = name
    self.value = value
  }
}
