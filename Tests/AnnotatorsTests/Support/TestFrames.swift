import Geometry
import Imaging
import Rasterization
import Stage

@testable import Annotators

/// A small generator for tests (SplitMix64): the same numbers for a seed everywhere.
struct TestRandom {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// A plane of overlapping rectangles and single pixels of instances 0 ..< count over nothing.
func randomIndexPlane(width: Int, height: Int, count: Int, seed: UInt64) -> Plane<UInt32> {
  var random = TestRandom(seed)
  var plane = Plane<UInt32>(width: width, height: height, repeating: GBuffer.nothing)
  for k in 0..<count {
    let (x0, y0) = (random.below(width), random.below(height))
    let (x1, y1) = (min(width, x0 + 1 + random.below(width)), min(height, y0 + 1 + random.below(height)))
    for y in y0..<y1 { for x in x0..<x1 where random.below(8) > 0 { plane[x, y] = UInt32(k) } }
  }
  return plane
}

let triangleMesh = Mesh(
  vertices: [
    .init(position: [0, 0, 0], normal: [0, 0, 1], uv: [0, 0]),
    .init(position: [1, 0, 0], normal: [0, 0, 1], uv: [1, 0]),
    .init(position: [0, 1, 0], normal: [0, 0, 1], uv: [0, 1]),
  ], indices: [0, 1, 2])

func testInstance(id: UInt32, category: Int = 1, name: String? = nil) -> Instance {
  Instance(
    id: id, category: id == 0 ? 0 : category, name: name ?? "things[\(id)]", mesh: triangleMesh,
    objectToWorld: AffineTransform(
      linear: Matrix3(Vector3(0.1, 0, 1.0 / 3), Vector3(0, 1, -0.0), Vector3(1e-17, 0, 1)),
      translation: Vector3(1, Double.pi, -.leastNonzeroMagnitude)),
    materials: [Material()])
}

func testFrame(width: Int, height: Int, instances: [Instance]) -> Frame {
  Frame(
    index: 7, width: width, height: height,
    camera: Camera(
      fx: 500.1, fy: 499.9, cx: Double(width) / 2, cy: Double(height) / 2, rotation: .identity,
      translation: Vector3(0, 0.1 + 0.2, 3)), background: Vector3(0.1, 0.2, 0.3),
    sun: Sun(direction: Vector3(0, 0, 1), irradiance: Vector3(3, 2.9, 2.8)),
    ambient: HemisphericLight(sky: Vector3(0.3, 0.4, 0.5), ground: Vector3(0.1, 0.1, 0.1)), instances: instances)
}
