import Foundation
import ImageCoding
import Imaging

/// A scene with a mesh file, a texture file, two classes and two labelled objects, to change one thing of at a time.
struct GoldenScene {
  var azimuth = "40"
  /// The second class's name, which the object on the right is of.
  var second = "crate"
  var isSwapped = false
  /// Where the mesh's upper front left corner lies, metres towards the camera.
  var corner = "0.400"
  /// The red code of one texel of the crate's texture.
  var texel: UInt8 = 120

  func write(to scratch: Scratch) throws {
    let objects = [
      "  - {id: left, category: cup, mesh: {file: solid.obj}, position: [-0.7, 0, 0.4], material: {color: \"#b06040\"}}",
      "  - {id: right, category: \(second), shape: {box: {size: [0.8, 0.8, 0.8]}}, position: [0.7, 0, 0.4], "
        + "material: {texture: {file: grid.png}}}",
    ]
    _ = try scratch.write(
      """
      image: {width: 96, height: 64}
      seed: 4
      camera: {eye: [{$uniform: [-0.2, 0.2]}, -3.6, 1.5], target: [0, 0, 0.35], fov: 45}
      sun: {azimuth: \(azimuth), elevation: 50}
      ambient: {sky: 0.3, ground: 0.1}
      categories: [cup, \(second)]
      objects:
        - {id: ground, shape: {plane: {size: [12, 12]}}, material: {color: "#808478"}}
      \((isSwapped ? objects.reversed() : objects).joined(separator: "\n"))

      """, to: "scene.yaml")
    _ = try scratch.write(
      """
      v -0.4 -\(corner) 0.4
      v 0.4 -0.4 0.4
      v 0.4 0.4 0.4
      v -0.4 0.4 0.4
      v -0.4 -0.4 -0.4
      v 0.4 -0.4 -0.4
      v 0.4 0.4 -0.4
      v -0.4 0.4 -0.4
      f 1 2 3 4
      f 5 8 7 6
      f 1 5 6 2
      f 2 6 7 3
      f 3 7 8 4
      f 4 8 5 1

      """, to: "solid.obj")
    var samples = [UInt8]()
    for k in 0..<16 * 16 { samples += (k / 4 + k / 64) % 2 == 0 ? [120, 140, 160] : [200, 190, 120] }
    // In the middle of the side that faces the camera.
    samples[(6 * 16 + 8) * 3] = texel
    let image = RasterImage(width: 16, height: 16, channels: 3, samples: .eight(samples))
    try Data(try PNGEncoder().encode(image)).write(to: URL(fileURLWithPath: scratch.path("grid.png")))
  }
}

/// What `--json` says.
struct Told: Decodable {
  struct Difference: Decodable {
    var kind: String
    var plane: String
    var what: String
    var tolerated: Bool
    var instances: [Instance]
  }
  struct Instance: Decodable {
    var id: Int
    var name: String
    var pixels: Int?
  }
  struct Frame: Decodable {
    var frame: Int
    var command: String
    var differences: [Difference]
    var parameters: [Parameter]
  }
  struct Parameter: Decodable { var path: String }

  var different: Bool
  var lookedAt: Int
  var differences: [Difference]
  var frames: [Frame]

  init(_ path: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Told.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Annotations that differ in any frame.
  var planes: Set<String> { Set((differences + frames.flatMap(\.differences)).map(\.plane)) }

  func instances(in plane: String) -> Set<String> {
    Set(frames.flatMap(\.differences).filter { $0.plane == plane }.flatMap { $0.instances.map(\.name) })
  }

  var parameters: Set<String> { Set(frames.flatMap(\.parameters).map(\.path)) }
}
