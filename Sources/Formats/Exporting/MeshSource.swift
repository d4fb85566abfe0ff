import Annotators
import Stage

/// The labelled meshes of a dataset's frame, by instance id: for formats that hold models. Records name no geometry, so whoever
/// can make the frames of the dataset's scene again stands above and hands this in; formats see meshes, never a scene.
public typealias MeshSource = (_ frame: Int) throws(FormatError) -> [UInt32: Mesh]

extension FormatExport {
  /// The meshes that a frame's instances show.
  func meshes(of frame: ExportedFrame) throws(FormatError) -> [UInt32: Mesh] {
    guard let meshes else { throw lacksMeshes() }
    return try meshes(frame.record.frame)
  }

  /// That there will be meshes.
  func requireMeshes() throws(FormatError) { if meshes == nil { throw lacksMeshes() } }

  private func lacksMeshes() -> FormatError {
    .refused(
      "\(manual.name): found no scene, expected the one that the dataset was made from, for its models: --scene FILE with "
        + "`diorama export`")
  }
}
