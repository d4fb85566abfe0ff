// glTF 2.0 (.gltf and .glb) to meshes.
//
// Chosen where the specification leaves it open:
// - The frame turns from +Y up to +Z up: (x, y, z) becomes (x, -z, y). Units are metres in both.
// - The default scene is drawn, or the first one, or where there is none all root nodes, or where there are none all
//   meshes. A node chosen by name is placed as in its scene.
// - A valid file may hold no triangle at all. It loads as a model of one triangle without extent, which covers no pixel,
//   and a note says so: a set of files is drawn with what is in them.
// - Points and lines are left out, with a note.
// - Missing normals are made smooth but for edges, as for the other formats, and not flat.
// - Skinning weights are made to sum to 1.

import Geometry
import ImageCoding
import Stage

/// A glTF file that was read, ready for meshes at any moment.
final class GLTFModel: Sendable {
  let document: GLTFDocument
  let data: GLTFData
  let file: String
  let notes: Notes

  init(_ bytes: [UInt8], file: String, read: (String) throws(ImportError) -> [UInt8]?) throws(ImportError) {
    self.file = file
    var notes = Notes()
    let container = try GLTFContainer(bytes, file: file, notes: &notes)
    let reader = try GLTFReader(container.json, file: file, notes: notes)
    document = reader.document
    notes = reader.notes
    data = try GLTFData(document, bytes: bytes, binary: container.binary, file: file, notes: &notes, read: read)
    try checkImages(document, data, file: file, notes: &notes)
    // Materials that nothing drawn uses are looked at too; what is noted of those in use is noted when they are.
    var unused = Notes()
    _ = try GLTFMaterials.read(document.materials.indices.map { $0 }, document, data, file: file, notes: &unused)
    self.notes = notes
  }

  /// Memory that it takes, roughly.
  var byteCount: Int { data.byteCount + document.accessors.count * 256 + document.nodes.count * 512 }

  func model(_ pose: ModelPose) throws(ImportError) -> ImportedModel {
    let animator = try GLTFAnimator(document, data, pose, file: file)
    let drawn = try drawnNodes(pose)
    var notes = notes
    // One slot a material, in order of first use.
    var used: [Int?] = []
    for (mesh, _) in drawn {
      for p in document.meshes[mesh].primitives where p.mode >= 4 && !used.contains(p.material) {
        used.append(p.material)
      }
    }
    guard used.count <= Int(UInt16.max) else {
      throw ImportError(file: file, found: "\(used.count) materials", expected: "at most \(UInt16.max)")
    }
    let materials = try GLTFMaterials.read(used, document, data, file: file, notes: &notes)
    var builder = MeshBuilder(file: file, notes: notes)
    for (mesh, node) in drawn {
      var weights = document.meshes[mesh].weights
      if let node { weights = animator.weights[node] ?? document.nodes[node].weights ?? weights }
      if let chosen = pose.morphWeights {
        guard chosen.count <= weights.count || weights.isEmpty else {
          throw ImportError(file: file, found: "\(chosen.count) morph weights", expected: "at most \(weights.count)")
        }
        weights = weights.indices.map { $0 < chosen.count ? chosen[$0] : 0 }
      }
      let skin = try node.flatMap { document.nodes[$0].skin }.map { (s) throws(ImportError) in
        try jointMatrices(document.skins[s], animator)
      }
      for primitive in document.meshes[mesh].primitives {
        var surface = GLTFSurface(
          document: document, data: data, primitive: primitive, file: file, notes: builder.notes)
        guard let slot = used.firstIndex(of: primitive.material), primitive.mode >= 4 else {
          builder.note("points and lines are not drawn", line: primitive.value.line)
          continue
        }
        let made = try surface.build(
          weights: weights, joints: skin, transform: node.map { animator.globals[$0] } ?? .identity, slot: slot,
          coordinates: materials[slot].coordinates,
          needsCoordinates: !materials[slot].material.textures.isEmpty)
        builder.take(surface.notes)
        if let made { try builder.add(made) }
      }
    }
    let names = materials.map(\.material.name)
    let needsTangents = materials.contains { $0.material.normalTexture != nil }
    let found = GLTFNodePoints(document, animator, roots: try drawnRoots(pose), file: file, notes: builder.notes)
    builder.take(found.notes)
    if !builder.hasArea { builder.note("no triangle covers an area: nothing is drawn", line: nil) }
    var model: ImportedModel
    if let mesh = builder.mesh(slotNames: names.isEmpty ? ["default"] : names, needsTangents: needsTangents) {
      model = ImportedModel(
        mesh: mesh, materials: materials.map(\.material), notes: builder.notes.lines, companions: data.companions)
    } else {
      model = ImportedModel(
        mesh: GLTFModel.nothing, materials: [ImportedMaterial(name: "default")], notes: builder.notes.lines,
        companions: data.companions)
    }
    (model.nodes, model.keypoints) = (found.nodes, found.keypoints)
    return model
  }

  /// A triangle without extent.
  private static let nothing = Mesh(
    vertices: [.init(position: Vector3f(0, 0, 0), normal: Vector3f(0, 0, 1), uv: Vector2f(0, 0))], indices: [0, 0, 0])

  /// The nodes that are drawn with what hangs below them.
  private func drawnRoots(_ pose: ModelPose) throws(ImportError) -> [Int] {
    var roots: [Int]
    if let name = pose.scene {
      guard let scene = document.scenes.first(where: { $0.name == name }) else {
        throw GLTFAnimator.unknown("scene", name, document.scenes.compactMap(\.name), file)
      }
      roots = scene.nodes
    } else if !document.scenes.isEmpty {
      roots = document.scenes[document.scene ?? 0].nodes
    } else {
      roots = document.nodes.indices.filter { document.nodes[$0].parent == nil }
    }
    if let name = pose.node {
      guard let i = document.nodes.firstIndex(where: { $0.name == name }) else {
        throw GLTFAnimator.unknown("node", name, document.nodes.compactMap(\.name), file)
      }
      roots = [i]
    }
    return roots
  }

  /// The meshes to draw, with their nodes.
  private func drawnNodes(_ pose: ModelPose) throws(ImportError) -> [(mesh: Int, node: Int?)] {
    let roots = try drawnRoots(pose)
    if document.nodes.isEmpty { return document.meshes.indices.map { ($0, nil) } }
    var drawn: [(mesh: Int, node: Int?)] = []
    var pending = Array(roots.reversed())
    while let i = pending.popLast() {
      if let mesh = document.nodes[i].mesh { drawn.append((mesh, i)) }
      pending.append(contentsOf: document.nodes[i].children.reversed())
    }
    return drawn
  }

  /// What takes a vertex from its mesh's frame at rest to the scene's, joint by joint.
  private func jointMatrices(
    _ skin: GLTFDocument.Skin, _ animator: GLTFAnimator
  ) throws(ImportError) -> [AffineTransform] {
    let inverse = try skin.inverseBindMatrices.map { (i) throws(ImportError) in
      try data.floats(i, document, types: ["MAT4"]).map(Double.init)
    }
    return skin.joints.enumerated().map { k, joint in
      guard let m = inverse else { return animator.globals[joint] }
      func column(_ c: Int) -> Vector3 { Vector3(m[16 * k + 4 * c], m[16 * k + 4 * c + 1], m[16 * k + 4 * c + 2]) }
      return animator.globals[joint]
        * AffineTransform(linear: Matrix3(columns: column(0), column(1), column(2)), translation: column(3))
    }
  }
}

/// Looks at every image, whether it is drawn or not: where it is, and what its first bytes say.
private func checkImages(
  _ document: GLTFDocument, _ data: GLTFData, file: String, notes: inout Notes
) throws(ImportError) {
  for image in document.images {
    var start: ArraySlice<UInt8> = []
    if let view = image.view {
      start = try data.bytes(of: view, document, at: image.value).prefix(8)
    } else if let uri = image.uri {
      switch try GLTFURI(uri) {
      case .data(let bytes, let type):
        start = bytes.prefix(8)
        if !["image/png", "image/jpeg"].contains(type.lowercased()) {
          notes.add("an image of type \"\(type.prefix(40))\"", file: file, line: uri.line)
        }
      case .path(let name):
        let path = try resolve(name, in: file, line: uri.line)
        if !isRegularFile(path) { notes.add("an image file that is not there", file: file, line: uri.line) }
        continue
      case .remote: continue
      }
    }
    if !isPNG(Array(start)), !isJPEG(Array(start)) {
      notes.add("an image that is neither PNG nor JPEG", file: file, line: image.value.line)
    }
  }
}
