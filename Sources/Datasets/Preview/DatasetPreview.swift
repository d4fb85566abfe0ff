import Annotators
import Formats
import ImageCoding
import Imaging

extension Dataset {
  /// The first `count` frames from number `first` on, read back from their files.
  public func previewFrames(first: Int, count: Int) throws(DatasetError) -> [PreviewFrame] {
    var frames: [PreviewFrame] = []
    guard count > 0 else { return frames }
    var archive: TarIndex?
    try forEachRecord { record throws(DatasetError) in
      guard record.frame >= first else { return true }
      guard let plane = record.plane("rgb") else { return true }
      let path = folder + "/" + plane.file
      let bytes = try Dataset.read(plane, in: folder, archive: &archive)
      let image: RasterImage
      do { image = try decodePNG(bytes) } catch { throw .damaged(file: path, "\(error)") }
      guard image.width == record.width, image.height == record.height else {
        throw .damaged(
          file: path, "found \(image.width)x\(image.height) pixels, expected \(record.width)x\(record.height)")
      }
      frames.append(PreviewFrame(number: record.frame, rgb: image, instances: record.instances))
      return frames.count < count
    }
    return frames
  }
}

/// Writes an image as a PNG file that appears whole or not at all.
public func writePNG(_ image: RasterImage, to path: String) throws(DatasetError) {
  let bytes: [UInt8]
  // A picture for people is made once and looked at often.
  do { bytes = try PNGEncoder(effort: .small).encode(image) } catch { throw .damaged(file: path, "\(error)") }
  try DatasetError.files { () throws(FileError) in
    let file = try OutputFile(path)
    try file.write(bytes)
    try file.commit()
  }
}
