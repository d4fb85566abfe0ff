import Geometry

/// What an OBJ file says, before it becomes a mesh.
struct OBJDocument {
  /// Indices from 0 into the lists below; -1 where the file gives none.
  struct Corner {
    var position: Int32
    var uv: Int32
    var normal: Int32
  }

  struct Face {
    /// Its corners run from here to the next face's first.
    var firstCorner: Int32
    var slot: Int32
    var smoothing: Smoothing
    var line: Int32
  }

  /// Metres as the file has them: OBJ knows no unit and no up axis, so nothing is turned or scaled.
  var positions: [Vector3f] = []
  /// v downwards.
  var uvs: [Vector2f] = []
  /// As the file has them; not of unit length.
  var normals: [Vector3f] = []
  var corners: [Corner] = []
  var faces: [Face] = []
  /// Names that `usemtl` gave to slots, in order of first use by a face; nil is for faces before any.
  var slots: [(name: String?, line: Int)] = []
  /// Lines of `mtllib`, each as it stands.
  var libraries: [(text: String, line: Int)] = []
  var notes = Notes()

  func corners(of face: Int) -> Range<Int> {
    Int(faces[face].firstCorner)..<(face + 1 < faces.count ? Int(faces[face + 1].firstCorner) : corners.count)
  }
}
