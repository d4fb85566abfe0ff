import Documents
import Geometry

/// A round tube along a path: cables, pipes, handles, rings.
public struct Tube: Shape {
  /// What a tube ends in.
  public enum End: String, DocumentWord {
    case flat, round
  }

  /// In metres.
  public var path = [Vector3(0, 0, -0.5), Vector3(0, 0, 0.5)]
  public var radius = 0.05
  /// At the end of the path, in metres; nil for the same all along.
  public var endRadius: Double?
  /// Whether the path closes on itself.
  public var closed = false
  public var end = End.flat
  /// Steps of a curve through each stretch of the path; 1 joins its points by straight lines.
  public var smoothness = 8
  /// Steps around the tube.
  public var segments = 24

  public init() {}

  public init(
    path: [Vector3], radius: Double, endRadius: Double? = nil, closed: Bool = false, end: End = .flat,
    smoothness: Int = 8, segments: Int = 24
  ) {
    self.path = path
    self.radius = radius
    self.endRadius = endRadius
    self.closed = closed
    self.end = end
    self.smoothness = smoothness
    self.segments = segments
  }

  public static let manual = Manual(
    name: "tube",
    summary: "A round tube along a path, a curve through its points: cables, pipes, handles, rings.",
    sample: """
      tube:
        path: [[0, 0, 0], [0.05, 0, 0.08], [0.12, 0.05, 0.02], [0.2, 0, 0]]
        radius: 0.006
        end: round
      """,
    limits: """
      A solid rod, closed by flat discs or half balls. It folds over itself where the path turns more sharply than the \
      tube's radius. u runs around, v along, one picture for each circumference.
      """)

  public static let fields: [Field<Tube>] = [
    Field("path", \.path, "Points of the way in metres, 2 to 256.", required: true),
    Field("radius", \.radius, "Radius in metres; default 0.05.", in: ShapeBound.length),
    Field("end_radius", \.endRadius, "Radius at the path's end in metres; default: the same.", in: ShapeBound.length),
    Field("closed", \.closed, "Whether the path closes on itself; default false."),
    Field("end", \.end, "What the tube ends in: flat, the default, or round."),
    Field(
      "smoothness", \.smoothness, "Steps of the curve through each stretch; 1 is straight. Default: 8.",
      in: .closed(1, 64)),
    Field("segments", \.segments, "Steps around the tube; default 24.", in: .closed(3, 256)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    let place = node["path"] ?? node
    func fail(_ found: String, _ expected: String) -> DocumentError {
      DocumentError(place.mark, found: found, expected: expected, path: "path")
    }
    guard (closed ? 3 : 2)...256 ~= path.count else {
      throw fail("\(path.count) points", closed ? "3 to 256 points" : "2 to 256 points")
    }
    for i in path.indices where closed || i > 0 {
      let last = path[(i + path.count - 1) % path.count]
      guard (path[i] - last).length > 1e-9 else { throw fail("the same point twice in a row", "points apart") }
      guard path[i].max() <= 1e6, path[i].min() >= -1e6 else { throw fail("a point beyond 1e6", "points within 1e6") }
    }
    if closed, endRadius != nil {
      throw DocumentError(
        (node["end_radius"] ?? node).mark, found: "end_radius of a closed tube", expected: "a tube with an end")
    }
  }

  public func makeMesh() -> Mesh {
    var points = smoothed(path, closed: closed, steps: smoothness)
    // A curve may stand still where points lie close together; a tube cannot.
    points = points.enumerated().filter { $0.offset == 0 || ($0.element - points[$0.offset - 1]).length > 1e-9 }
      .map(\.element)
    let last = Double(max(points.count - 1, 1))
    let radii = points.indices.map { i in radius + ((endRadius ?? radius) - radius) * (Double(i) / last) }
    var surface = SurfaceBuilder()
    TubeSweep(
      points: points, radii: radii, segments: segments, ends: closed ? .ring : end == .round ? .round : .flat
    ).build(into: &surface)
    return surface.mesh()
  }
}
