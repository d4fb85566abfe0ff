// What only records say of a set: how much of objects is seen, how far away they are, from which side the camera sees them, and
// in what light. COCO files of others have no such values, so these stand beside `AnnotationStatistics`, not in it.
//
// - An object is a label where at least one pixel sees it; every distribution here is of labels. What is listed and not seen is
//   counted.
// - An object's place is the middle of its 3D box where the record has one, else its mesh's origin.
// - The viewpoint is the direction from that place to the camera in the object's own frame: azimuth from +x towards +y,
//   elevation from the object's xy plane towards +z, in degrees. So it says which side of the object is seen.
// - Visibility and truncation are the records' own (`visibility` among the annotations); where they lack it, nothing is counted.

import Annotators
import Geometry
import Stage

public struct RecordStatistics: Equatable, Sendable {
  /// A box is tiny where one of its sides is shorter than so many pixels.
  public static let tinySide = 4
  /// From this share of its pixels on, an object counts as wholly seen.
  public static let wholly = 0.99

  /// What is counted of a class.
  public struct Shares: Equatable, Sendable {
    /// Instances listed, and those of them with a pixel.
    public var listed = 0
    public var seen = 0
    /// Labels with a known visibility, and their sum.
    public var known = 0
    public var visibility = 0.0
    public var wholly = 0
    public var tiny = 0
  }

  public private(set) var frames = 0
  public private(set) var all = Shares()
  /// By class, in order of id from 1.
  public private(set) var classes: [Shares]
  /// Labels whose box has its centre in the middle third of the picture's width and height.
  public private(set) var centred = 0
  public private(set) var visibility = Histogram(0...1, bins: 20)
  public private(set) var truncation = Histogram(0...1, bins: 20)
  /// Metres from the camera's centre; not of orthographic cameras, which stand nowhere.
  public private(set) var distance = WideningHistogram()
  /// Degrees.
  public private(set) var azimuth = Histogram(-180...180, bins: 36)
  public private(set) var elevation = Histogram(-90...90, bins: 36)
  /// Labels by viewpoint: rows of elevation from the top down, columns of azimuth, 10 degrees each.
  public private(set) var viewpoints = [Int](repeating: 0, count: 36 * 18)
  /// Of frames: how far the camera looks down from the horizontal, degrees; its height, metres.
  public private(set) var pitch = Histogram(-90...90, bins: 36)
  public private(set) var height = WideningHistogram()
  /// Frames with a sun; where it stands, degrees (azimuth from world +x towards +y); luminance of its irradiance.
  public private(set) var suns = 0
  public private(set) var sunAzimuth = Histogram(-180...180, bins: 36)
  public private(set) var sunElevation = Histogram(-90...90, bins: 36)
  public private(set) var sunStrength = WideningHistogram()
  /// Luminance of the light from all around, from above and below on average.
  public private(set) var ambient = WideningHistogram()
  /// Stops.
  public private(set) var exposure = WideningHistogram()
  /// Attributes of labels and parameters of frames, by name.
  public private(set) var attributes: [String: ValueStatistics] = [:]
  public private(set) var parameters: [String: ValueStatistics] = [:]
  /// Frames of each view of a rig.
  public private(set) var views: [String: Int] = [:]

  public init(classes: Int) { self.classes = Array(repeating: Shares(), count: classes) }

  public mutating func add(_ record: FrameRecord) {
    frames += 1
    addLight(record)
    let camera = record.camera
    if !camera.view.isEmpty { views[camera.view, default: 0] += 1 }
    let forward = camera.rotation.row2
    pitch.add(-StableMath.asin(min(max(forward.z, -1), 1)) * degrees)
    if !camera.isOrthographic { height.add(camera.position.z) }
    for p in record.image?.parameters ?? [] { parameters[p.name, default: ValueStatistics()].add(p.value) }
    for i in record.instances { add(i, record) }
  }

  private mutating func addLight(_ record: FrameRecord) {
    if let sun = record.sun {
      suns += 1
      let (azimuth, elevation) = direction(sun.direction)
      sunAzimuth.add(azimuth)
      sunElevation.add(elevation)
      sunStrength.add(luminance(sun.irradiance))
    }
    ambient.add((luminance(record.ambient.sky) + luminance(record.ambient.ground)) / 2)
    exposure.add(record.exposure)
  }

  private mutating func add(_ i: InstanceRecord, _ record: FrameRecord) {
    var shares = Shares()
    shares.listed = 1
    if let box = i.box {
      shares.seen = 1
      shares.tiny = min(box.width, box.height) < RecordStatistics.tinySide ? 1 : 0
      let x = (Double(box.x) + Double(box.width) / 2) / Double(record.width)
      let y = (Double(box.y) + Double(box.height) / 2) / Double(record.height)
      if abs(x - 0.5) <= 1.0 / 6, abs(y - 0.5) <= 1.0 / 6 { centred += 1 }
      if let v = i.values.visibility?.visibility {
        visibility.add(v)
        shares.known = 1
        shares.visibility = v
        shares.wholly = v >= RecordStatistics.wholly ? 1 : 0
      }
      if let t = i.values.visibility?.truncation { truncation.add(t) }
      addViewpoint(i, record.camera)
      for a in i.values.attributes ?? [] { attributes[a.name, default: ValueStatistics()].add(a.value) }
    }
    all.add(shares)
    if classes.indices.contains(i.category - 1) { classes[i.category - 1].add(shares) }
  }

  private mutating func addViewpoint(_ i: InstanceRecord, _ camera: Camera) {
    let place = i.values.box3D?.center ?? i.objectToWorld.translation
    let toCamera: Vector3
    if camera.isOrthographic {
      toCamera = -camera.rotation.row2
    } else {
      toCamera = camera.position - place
      distance.add(toCamera.length)
    }
    // The object's axes in the world, whatever its scale.
    let m = i.objectToWorld.linear
    guard let x = m.column0.normalized, let y = m.column1.normalized, let z = m.column2.normalized,
      let own = Vector3(dot(x, toCamera), dot(y, toCamera), dot(z, toCamera)).normalized
    else { return }
    let (a, e) = direction(own)
    azimuth.add(a)
    elevation.add(e)
    let column = min(max(Int((a + 180) / 10), 0), 35)
    let row = min(max(Int((90 - e) / 10), 0), 17)
    viewpoints[row * 36 + column] += 1
  }

  /// Azimuth and elevation of a unit vector, degrees.
  private func direction(_ v: Vector3) -> (azimuth: Double, elevation: Double) {
    (StableMath.atan2(v.y, v.x) * degrees, StableMath.asin(min(max(v.z, -1), 1)) * degrees)
  }

  /// Of linear RGB with the primaries of ITU-R BT.709.
  private func luminance(_ c: Vector3) -> Double { 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z }

  private var degrees: Double { 180 / Double.pi }
}

extension RecordStatistics.Shares {
  fileprivate mutating func add(_ o: RecordStatistics.Shares) {
    listed += o.listed
    seen += o.seen
    known += o.known
    visibility += o.visibility
    wholly += o.wholly
    tiny += o.tiny
  }
}

extension Camera {
  /// Whether its rays are parallel.
  package var isOrthographic: Bool { if case .orthographic = projection { true } else { false } }
}
