// The models of a BOP dataset, written as they are first seen.
//
//     models/obj_000001.ply       binary PLY, little-endian: triangles, a normal a vertex, millimetres
//     models/models_info.json     diameter, bounds and symmetries, millimetres
//     models/classes.json         ours: which class a model is of
//
// A model is a mesh at a scale, of a class: BOP's poses are rigid, so an object that is drawn in several sizes is several models.
// Its origin is the middle of the mesh's bounding box, its axes are the mesh's, so +Z is up where that is so of the mesh. Models are
// numbered from 1 in the order in which frames show them, so a dataset's own frames fix the numbers. Scales are compared to a
// millionth, and the model has the rounded one: poses of one mesh come out of matrices, which are rounded otherwise in each frame.

import Annotators
import Documents
import Geometry
import Imaging
import Stage

final class BOPModels {
  struct Key: Hashable {
    var category: Int
    var mesh: Digest
    /// In millionths.
    var scale: SIMD3<Int>
  }

  struct Model {
    var id: Int
    /// Of the mesh; that of x is negative for a mirrored one.
    var scale: Vector3
    /// Of the model's origin in the frame of the scaled mesh, metres.
    var center: Vector3
  }

  /// BOP's are tens; whoever comes to this draws sizes at random.
  static let most = 2000

  private let export: FormatExport
  private let info: OutputFile
  private let classes: OutputFile
  private var models: [Key: Model] = [:]

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    info = try export.stream("models/models_info.json")
    classes = try export.stream("models/classes.json")
    let (a, b) = (info, classes)
    try FormatError.files { () throws(FileError) in
      try a.write("{")
      try b.write("{")
    }
  }

  /// The model of an instance; a new one is written.
  func model(
    of mesh: Mesh, _ pose: PoseRecord, category: Int, frame: Int
  ) throws(FormatError) -> Model {
    let millionths = pose.scale * 1e6
    guard abs(millionths.x) < 1e15, abs(millionths.y) < 1e15, abs(millionths.z) < 1e15 else {
      throw .refused("bop: frame \(frame): found the scale \(pose.scale), expected less than a thousand million")
    }
    let scale = SIMD3(
      Int(millionths.x.rounded()), Int(millionths.y.rounded()), Int(millionths.z.rounded()))
    let key = Key(category: category, mesh: mesh.digest, scale: scale)
    if let known = models[key] { return known }
    guard models.count < BOPModels.most else {
      throw .refused(
        "bop: frame \(frame): found more than \(BOPModels.most) models, expected objects of fixed shapes: a shape or scale that "
          + "is drawn at random is a model of its own each time; draw it from a few with $choice")
    }
    let s = Vector3(Double(scale.x), Double(scale.y), Double(scale.z)) / 1e6
    let model = Model(id: models.count + 1, scale: s, center: s * ((mesh.lowerBound + mesh.upperBound) / 2))
    models[key] = model
    try write(model, mesh, pose.symmetries, category: category)
    return model
  }

  private func write(
    _ model: Model, _ mesh: Mesh, _ symmetries: [Symmetry], category: Int
  ) throws(FormatError) {
    let file = BOPModelFile(mesh, scale: model.scale, center: model.center)
    try export.write(file.bytes, to: "models/obj_\(sixDigits(model.id)).ply")
    var w = JSONWriter()
    w.beginObject()
    w.member("diameter", diameter(of: file.points))
    let size = file.high - file.low
    let numbers: [(StaticString, Double)] = [
      ("min_x", file.low.x), ("min_y", file.low.y), ("min_z", file.low.z),
      ("size_x", size.x), ("size_y", size.y), ("size_z", size.z),
    ]
    for (key, value) in numbers {
      w.key(key)
      w.number(value)
    }
    writeSymmetries(symmetries, model, to: &w)
    w.endObject()
    let c = export.classes.list[category - 1]
    let (isFirst, id) = (model.id == 1, model.id)
    try FormatError.files { () throws(FileError) in
      let lead = Array("\(isFirst ? "" : ",")\n\"\(id)\":".utf8)
      try info.write(lead + w.bytes)
      try classes.write(lead + "{\"category\":\(c.id),\"name\":\(quoted(c.name))}".utf8)
    }
  }

  /// Turns of the model's frame: axes as the scale leaves them, offsets scaled and from the model's origin, in millimetres.
  private func writeSymmetries(_ list: [Symmetry], _ model: Model, to w: inout JSONWriter) {
    let own = list.map { s in
      Symmetry(
        axis: (model.scale * s.axis).normalized ?? s.axis, offset: model.scale * s.offset - model.center, fold: s.fold)
    }
    let group = SymmetryGroup(own)
    if !group.isFinite {
      export.lose(.poses, "models whose declared turns make no finite group: the turns alone are listed")
    }
    if !group.motions.isEmpty {
      w.key("symmetries_discrete")
      w.beginArray()
      for m in group.motions {
        let t = m.translation * 1000
        let rows = [(m.linear.row0, t.x), (m.linear.row1, t.y), (m.linear.row2, t.z)]
        w.beginArray()
        for (row, shift) in rows { for v in [row.x, row.y, row.z, shift] { w.number(v) } }
        for v in [0, 0, 0, 1] { w.integer(v) }
        w.endArray()
      }
      w.endArray()
    }
    let endless = own.filter { $0.fold == nil }
    guard !endless.isEmpty else { return }
    w.key("symmetries_continuous")
    w.beginArray()
    for s in endless {
      w.beginObject()
      w.key("axis")
      w.numbers(s.axis.x, s.axis.y, s.axis.z)
      w.key("offset")
      w.numbers(s.offset.x * 1000, s.offset.y * 1000, s.offset.z * 1000)
      w.endObject()
    }
    w.endArray()
  }

  func finish() throws(FormatError) {
    try FormatError.files { () throws(FileError) in
      for f in [info, classes] {
        try f.write("\n}\n")
        try f.commit(sync: false)
      }
    }
  }
}

/// A mesh as a model's file: millimetres, from its own origin, as 32-bit floats; what `models_info.json` says is worked out from
/// these.
struct BOPModelFile {
  private(set) var bytes: [UInt8]
  /// The corners of triangles, millimetres.
  private(set) var points: [Vector3] = []
  private(set) var low = Vector3(repeating: .infinity)
  private(set) var high = Vector3(repeating: -.infinity)

  /// - Parameters:
  ///   - scale: along the mesh's axes; one that mirrors turns the triangles round, so that they wind as they did.
  ///   - center: the model's origin in the scaled frame, metres.
  init(_ mesh: Mesh, scale: Vector3, center: Vector3) {
    bytes = Array(
      """
      ply
      format binary_little_endian 1.0
      element vertex \(mesh.vertices.count)
      property float x
      property float y
      property float z
      property float nx
      property float ny
      property float nz
      element face \(mesh.indices.count / 3)
      property list uchar int vertex_indices
      end_header

      """.utf8)
    var isUsed = [Bool](repeating: false, count: mesh.vertices.count)
    for i in mesh.indices { isUsed[Int(i)] = true }
    bytes.reserveCapacity(bytes.count + 24 * mesh.vertices.count + 13 * mesh.indices.count / 3)
    func append(_ v: Vector3f) {
      for c in [v.x, v.y, v.z] { withUnsafeBytes(of: c.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    }
    for (k, v) in mesh.vertices.enumerated() {
      let p = Vector3f((Vector3(v.position) * scale - center) * 1000)
      append(p)
      // Normals go by the inverse of the scale (its transpose is itself).
      append(Vector3f((Vector3(v.normal) / scale).normalized ?? Vector3(v.normal)))
      guard isUsed[k] else { continue }
      let q = Vector3(p)
      points.append(q)
      (low, high) = (pointwiseMin(low, q), pointwiseMax(high, q))
    }
    let isMirrored = scale.x * scale.y * scale.z < 0
    for t in stride(from: 0, to: mesh.indices.count, by: 3) {
      bytes.append(3)
      for k in isMirrored ? [0, 2, 1] : [0, 1, 2] {
        withUnsafeBytes(of: mesh.indices[t + k].littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
  }
}
