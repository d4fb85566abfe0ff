// One concrete frame as a glTF 2.0 binary (GLB), for Blender and any viewer.
//
// | here | there |
// |---|---|
// | world, +Z up, metres | a root node whose matrix turns +Z to glTF's +Y |
// | instance | a node with its name, its matrix, and its instance id and class in `extras`; instances share meshes |
// | mesh | a primitive for each material slot: positions, normals, and tangents, coordinates and colours where they count |
// | material | metallic-roughness with clearcoat, sheen, specular, ior, transmission and emissive strength by KHR extensions |
// | texture | an embedded PNG of 8 bits; patterns and layers are textures already, with their colours put in |
// | sun, points, spots | KHR_lights_punctual |
// | pinhole | a perspective camera; parallel rays are an orthographic one |
//
// Light and emission are multiplied by the frame's exposure, which glTF has no word for: so a viewer that shows radiance 1 as
// white shows the picture's brightness. What glTF cannot say at all is told in `notes`, and in the file's `asset.extras`.
// The bytes follow from the frame alone (and from the version of the library that deflates PNGs).

import Documents
import Geometry
import ImageCoding
import Stage

/// A frame written as a GLB file.
public struct GLBFile: Sendable {
  /// The file.
  public let bytes: [UInt8]
  /// What the file does not hold, or only nearly, a sentence each.
  public let notes: [String]
  /// "13 objects, 3 meshes, 13 materials, 9 images, 1 light".
  public let contents: String

  /// - Parameters:
  ///   - scene: the name that the file's scene gets.
  ///   - categories: names of the classes, by their ids.
  public init(_ frame: Frame, scene: String, categories: [Category]) throws(GLTFExportError) {
    var builder = try GLTFBuilder(frame)
    var children: [Int] = []
    for instance in frame.instances { children.append(try builder.add(instance, categories)) }
    children += builder.addLights()
    children.append(builder.addCamera())
    builder.noteWhatIsLeftOut()
    let root = builder.addNode([
      ("name", .text(builder.nodeNames.unique("world"))),
      // By columns: x stays, y goes to -z, z to y.
      ("matrix", .reals([1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1])),
      ("children", .list(children.map { .whole($0) })),
    ])
    bytes = try GLBContainer.bytes(json: builder.document(scene: scene, root: root), binary: builder.binary.bytes)
    notes = builder.notes
    contents = [
      (frame.instances.count, "object", "s"), (builder.meshes.count, "mesh", "es"),
      (builder.materials.count, "material", "s"),
      (builder.images.count, "image", "s"), (builder.lights.count, "light", "s"),
    ].map { n, what, more in "\(n) \(what)\(n == 1 ? "" : more)" }.joined(separator: ", ")
  }
}

/// Why a frame cannot be written.
public struct GLTFExportError: Error, Sendable, CustomStringConvertible {
  public let description: String
}
