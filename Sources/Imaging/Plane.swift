/// A rectangle of values, row by row from the top left.
public struct Plane<Element: Sendable>: Sendable {
  /// In pixels; both are at least 1.
  public let width: Int
  public let height: Int
  /// `width * height` values; the value of pixel (x, y) is at `y * width + x`.
  public var values: [Element]

  public init(width: Int, height: Int, repeating value: Element) {
    precondition(width > 0 && height > 0, "a plane has at least one pixel")
    self.width = width
    self.height = height
    values = Array(repeating: value, count: width * height)
  }

  /// Takes `width * height` values in row order.
  public init(width: Int, height: Int, values: [Element]) {
    precondition(width > 0 && height > 0 && values.count == width * height, "a plane holds width x height values")
    self.width = width
    self.height = height
    self.values = values
  }

  @inlinable public subscript(x: Int, y: Int) -> Element {
    get { values[y * width + x] }
    set { values[y * width + x] = newValue }
  }
}

extension Plane: Equatable where Element: Equatable {}
