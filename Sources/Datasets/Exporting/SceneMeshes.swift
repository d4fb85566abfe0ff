import Formats
import Stage

/// The meshes of a source's frames, for formats that hold models: frames are made again, up to what they show but not drawn.
public func meshSource(_ source: FrameSource) -> MeshSource {
  { (index: Int) throws(FormatError) -> [UInt32: Mesh] in
    let frame: Frame
    do { frame = try source.frame(index) } catch { throw .refused("frame \(index): \(error)") }
    var meshes: [UInt32: Mesh] = [:]
    for i in frame.instances where i.id > 0 { meshes[i.id] = i.mesh }
    return meshes
  }
}
