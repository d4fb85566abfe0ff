import Geometry
import LaneMath
import Stage

/// What shading and coverage tests of a frame need to know of surfaces that are more than `ShadingMaterial` says. Empty for
/// a frame that has none.
struct SurfaceTables: ~Copyable {
  private(set) var materials = Scratch<SurfaceMaterial>()
  private(set) var instances = Scratch<SurfaceInstance>()
  private var decals = Scratch<SurfaceDecal>()
  /// Colours and tangents of the meshes that have them.
  private var attributes = Scratch<SIMD4<Float>>()
  /// For each material of the frame its place in `materials`, or -1 for the plain.
  private var places = Scratch<Int32>()
  private(set) var isEmpty = true

  /// The place in `materials` of a material by its frame-wide number, or -1.
  func place(_ material: Int) -> Int32 { isEmpty ? -1 : places.base[material] }

  /// Notes the instances' surfaces. `placed` are the frame's instances as the geometry stage has them, seen by the frame's
  /// camera.
  mutating func fill(_ frame: Frame, _ placed: [PlacedInstance]) {
    isEmpty = frame.instances.allSatisfy { $0.isPlain(frame.textureFilter) }
    if isEmpty { return }
    var number = 0
    places.reserve(frame.instances.reduce(0) { $0 + $1.materials.count })
    materials.reserve(frame.instances.reduce(0) { $0 + $1.materials.count })
    instances.reserve(frame.instances.count)
    attributes.reserve(frame.instances.reduce(0) { $0 + $1.mesh.colors.count + $1.mesh.tangents.count })
    decals.reserve(frame.instances.reduce(0) { $0 + $1.materials.reduce(0) { $0 + $1.decals.count } })
    var (count, attribute, decal) = (0, 0, 0)
    for (k, instance) in frame.instances.enumerated() {
      let hasColors = !instance.mesh.colors.isEmpty
      for m in instance.materials {
        defer { number += 1 }
        if !hasColors, m.isPlain(frame.textureFilter) {
          places.base[number] = -1
        } else {
          places.base[number] = Int32(count)
          materials.base[count] = SurfaceMaterial(m, filter: frame.textureFilter)
          if !m.decals.isEmpty {
            let own = decals.base + decal
            for d in m.decals {
              decals.base[decal] = SurfaceDecal(d)
              decal += 1
            }
            materials.base[count].decals = UnsafeBufferPointer(start: own, count: m.decals.count)
          }
          count += 1
        }
      }
      let colors = add(instance.mesh.colors, &attribute)
      let tangents = add(instance.mesh.tangents, &attribute)
      instances.base[k] = SurfaceInstance(
        instance, camera: frame.camera, firstVertex: placed[k].firstVertex, colors: colors, tangents: tangents)
    }
  }

  /// What decides which samples are covered; nil where no material asks. `frame` and `geometry` are those of the last `fill`.
  func coverageTest(_ frame: Frame, _ geometry: borrowing GeometryStage) -> CoverageTest? {
    if isEmpty { return nil }
    let camera = frame.camera
    return CoverageTest(
      positionU: geometry.positionU.base, normalV: geometry.normalV.base, materials: materials.base,
      places: places.base, instances: instances.base, rayScale: Vector2(1 / camera.fx, 1 / camera.fy),
      rayOrigin: Vector2(-camera.cx / camera.fx, -camera.cy / camera.fy), isParallel: camera.isParallel)
  }

  private func add(_ values: [SIMD4<Float>], _ count: inout Int) -> UnsafePointer<SIMD4<Float>>? {
    if values.isEmpty { return nil }
    let to = attributes.base + count
    for i in values.indices { to[i] = values[i] }
    count += values.count
    return UnsafePointer(to)
  }
}

/// An instance as general materials use it. Pointers are valid for the frame's rendering.
struct SurfaceInstance: BitwiseCopyable {
  /// Camera axes to the object's.
  let toObject: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  let origin: SIMD3<Float>
  /// Columns of the turn, scale and shear from the object's axes to the camera's.
  let toCamera: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  /// Where the transform mirrors.
  let isMirrored: Bool
  /// Subtracted from a frame-wide vertex number it gives the mesh's own.
  let firstVertex: UInt32
  /// One a vertex of the mesh, or nil.
  let colors: UnsafePointer<SIMD4<Float>>?
  let tangents: UnsafePointer<SIMD4<Float>>?

  init(
    _ instance: Instance, camera: Camera, firstVertex: Int, colors: UnsafePointer<SIMD4<Float>>?,
    tangents: UnsafePointer<SIMD4<Float>>?
  ) {
    let t = camera.worldToCamera * instance.objectToWorld
    let inverse = t.inverse ?? .identity
    toObject = (
      SIMD3<Float>(inverse.linear.row0), SIMD3<Float>(inverse.linear.row1), SIMD3<Float>(inverse.linear.row2)
    )
    // The object's origin rather than the camera's in object axes: what is near keeps its precision.
    origin = SIMD3<Float>(t.translation)
    toCamera = (
      SIMD3<Float>(t.linear.column0), SIMD3<Float>(t.linear.column1), SIMD3<Float>(t.linear.column2)
    )
    isMirrored = instance.objectToWorld.linear.determinant < 0
    self.firstVertex = UInt32(firstVertex)
    self.colors = colors
    self.tangents = tangents
  }

  /// A point in camera axes as the object has it.
  @inline(__always)
  func objectPoint(_ p: SIMD3<Float>) -> SIMD3<Float> { objectVector(p - origin) }

  @inline(__always)
  func objectVector(_ v: SIMD3<Float>) -> SIMD3<Float> {
    SIMD3(dot(toObject.0, v), dot(toObject.1, v), dot(toObject.2, v))
  }

  /// A normal of camera axes as the object has it: by the transpose of the way back. Not of unit length.
  @inline(__always)
  func objectNormal(_ n: SIMD3<Float>) -> SIMD3<Float> {
    SIMD3(dot(toCamera.0, n), dot(toCamera.1, n), dot(toCamera.2, n))
  }

  @inline(__always)
  func cameraVector(_ v: SIMD3<Float>) -> SIMD3<Float> { toCamera.0 * v.x + toCamera.1 * v.y + toCamera.2 * v.z }

  /// A normal of the object in camera axes, not of unit length.
  @inline(__always)
  func cameraNormal(_ n: SIMD3<Float>) -> SIMD3<Float> { toObject.0 * n.x + toObject.1 * n.y + toObject.2 * n.z }
}

extension Instance {
  func isPlain(_ filter: TextureFilter) -> Bool {
    mesh.colors.isEmpty && materials.allSatisfy { $0.isPlain(filter) }
  }
}
