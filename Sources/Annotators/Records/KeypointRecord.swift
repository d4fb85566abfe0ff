import Documents
import Geometry

/// A keypoint of an instance.
public struct KeypointRecord: Equatable, Sendable {
  public enum Visibility: Int, Sendable {
    /// Not declared by the object, behind the camera or outside the image.
    case absent = 0
    /// In the image, and hidden.
    case hidden = 1
    case visible = 2
  }

  public var name: String
  public var visibility: Visibility
  /// In the picture, raster units, also outside the image; nil where the camera cannot project it.
  public var image: Vector2?
  /// In camera axes and in the world, metres; nil where the object does not declare it.
  public var camera: Vector3?
  public var world: Vector3?

  public init(name: String, visibility: Visibility, image: Vector2?, camera: Vector3?, world: Vector3?) {
    self.name = name
    self.visibility = visibility
    self.image = image
    self.camera = camera
    self.world = world
  }
}

extension KeypointRecord {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.member("name", name)
    w.member("v", visibility.rawValue)
    w.key("image")
    if let image { w.numbers(image.x, image.y) } else { w.null() }
    w.key("camera")
    if let camera { camera.write(to: &w) } else { w.null() }
    w.key("world")
    if let world { world.write(to: &w) } else { w.null() }
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var name: String?
    var visibility: Visibility?
    var image: Vector2??
    var camera: Vector3??
    var world: Vector3??
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "name": try r.once(&name) { r throws(JSONError) in try r.string() }
      case "v":
        try r.once(&visibility) { r throws(JSONError) in
          guard let v = Visibility(rawValue: try r.integer()) else { throw r.error(expected: "0, 1 or 2 before this") }
          return v
        }
      case "image": try r.once(&image) { r throws(JSONError) in try r.isNull() ? nil : try r.vector2() }
      case "camera": try r.once(&camera) { r throws(JSONError) in try r.isNull() ? nil : try r.vector3() }
      case "world": try r.once(&world) { r throws(JSONError) in try r.isNull() ? nil : try r.vector3() }
      default: throw r.unknown(key, "a member of a keypoint")
      }
    }
    guard let name, let visibility, let image, let camera, let world else {
      throw r.error(expected: "all members of a keypoint before its end")
    }
    self.init(name: name, visibility: visibility, image: image, camera: camera, world: world)
  }
}

extension JSONReader {
  mutating func vector2() throws(JSONError) -> Vector2 {
    let v = try shortNumbers(2)
    return Vector2(v[0], v[1])
  }
}
