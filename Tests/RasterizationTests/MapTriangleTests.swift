import LaneMath
import Testing

@testable import Rasterization

@Suite struct MapTriangleTests {
  /// A map that triangles are drawn into.
  private struct Map {
    let width = 90
    let height = 70
    var stride: Int { width + 8 }
    var depths: [Float]

    init() { depths = [Float](repeating: .infinity, count: 98 * 70) }

    mutating func draw(_ body: (MapTriangles) -> Void) {
      let (width, height, stride) = (width, height, stride)
      depths.withUnsafeMutableBufferPointer {
        guard let base = $0.baseAddress else { return }
        body(MapTriangles(map: base, stride: stride, width: width, height: height))
      }
    }

    /// What is on the map: behind each row lies room for a vector's overhang.
    var texels: [Float] { (0..<height).flatMap { Array(depths[$0 * stride..<$0 * stride + width]) } }
  }

  /// Vertices of triangles about `size` texels large, some beside the map, some no numbers.
  private func vertices(_ count: Int, size: Double, seed: UInt64) -> [ShadowMap.LightVertex] {
    var random = Randoms(seed: seed)
    return (0..<count).flatMap { _ in
      let (x, y) = (Double.random(in: -20...110, using: &random), Double.random(in: -20...90, using: &random))
      return (0..<3).map { _ in
        let isBroken = Double.random(in: 0...1, using: &random) < 0.01
        return ShadowMap.LightVertex(
          x: isBroken ? .infinity : Float(x + Double.random(in: -size...size, using: &random)),
          y: Float(y + Double.random(in: -size...size, using: &random)),
          z: Float(Double.random(in: 1...9, using: &random)))
      }
    }
  }

  @Test(arguments: [0.7, 3, 12, 60, 900], [nil, -1, 1] as [Float?])
  func eightAtOnceAreEightOneByOne(_ size: Double, _ facing: Float?) {
    for seed in 0..<8 as Range<UInt64> {
      let vertices = vertices(400, size: size, seed: seed)
      let indices = (0..<UInt32(vertices.count)).map { $0 }
      var (together, alone) = (Map(), Map())
      together.draw { triangles in
        let fields = UnsafeMutablePointer<Lanes>.allocate(capacity: MapTriangleGroup.Field.count)
        defer { fields.deallocate() }
        let group = MapTriangleGroup(triangles: triangles, facing: facing, fields: fields)
        vertices.withUnsafeBufferPointer { v in
          indices.withUnsafeBufferPointer { i in
            guard let v = v.baseAddress, let i = i.baseAddress else { return }
            for k in stride(from: 0, to: indices.count, by: 24) { group.draw(v, i + k) }
          }
        }
      }
      alone.draw { triangles in
        for k in stride(from: 0, to: vertices.count, by: 3) {
          triangles.draw(vertices[k], vertices[k + 1], vertices[k + 2], facing: facing)
        }
      }
      #expect(together.texels.map(\.bitPattern) == alone.texels.map(\.bitPattern))
      #expect(together.texels.contains { $0 < .infinity })
    }
  }
}
