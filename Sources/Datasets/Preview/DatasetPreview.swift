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

extension Dataset {
  /// The same frames as tiles of what is named: planes in colours, values drawn over the picture.
  ///
  /// - Throws: `.refused` where the dataset does not hold one of them, or it is nothing to be drawn.
  public func previewFrames(first: Int, count: Int, showing names: [String]) throws(DatasetError) -> [PreviewFrame] {
    for name in names where !header.annotations.contains(where: { $0.name == name }) {
      throw .refused(
        "\(folder): found no \"\(name)\", expected one of "
          + header.annotations.map(\.name).joined(separator: ", "))
    }
    var tiles: [PreviewFrame] = []
    var passed: [FrameRecord] = []
    var archive: TarIndex?
    var frames = 0
    try forEachRecord { record throws(DatasetError) in
      guard record.frame >= first else { return true }
      var images: [String: PlaneImage] = [:]
      for kind in header.planes where kind.name == "rgb" || names.contains(kind.name) {
        guard let plane = record.plane(kind.name) else { continue }
        let bytes = try Dataset.read(plane, in: folder, archive: &archive)
        do { images[kind.name] = try kind.description.decode(bytes) } catch {
          throw .damaged(file: folder + "/" + plane.file, "\(error)")
        }
      }
      tiles += try PreviewFrame.tiles(record, images, header.annotations, names, passed: passed)
      passed.append(record)
      frames += 1
      return frames < count
    }
    return tiles
  }
}

extension PreviewFrame {
  /// A tile for each name, of a frame's record and planes.
  ///
  /// - Parameter passed: the frames shown before; tracks show the ways from there.
  public static func tiles(
    _ record: FrameRecord, _ planes: [String: PlaneImage], _ annotations: [AnnotationDescription], _ names: [String],
    passed: [FrameRecord] = []
  ) throws(DatasetError) -> [PreviewFrame] {
    var tiles: [PreviewFrame] = []
    for name in names {
      let caption = "\(record.frame) \(name)"
      let description = annotations.first { $0.name == name }?.plane
      if name != "rgb", let description, let image = planes[name] {
        guard let picture = picture(of: image, description), picture.width == record.width else {
          throw .damaged(file: "frame \(record.frame), plane \(name)", "other pixels than its description says")
        }
        tiles.append(PreviewFrame(caption: caption, rgb: picture))
        continue
      }
      guard case .raster(let rgb)? = planes["rgb"], rgb.width == record.width, rgb.height == record.height else {
        throw .damaged(file: "frame \(record.frame), plane rgb", "no picture of the record's size")
      }
      let drawn = ["boxes": PreviewOverlay.labels, "masks": .labels][name] ?? PreviewOverlay(rawValue: name)
      guard name == "rgb" || drawn != nil else {
        throw .refused(
          "found \"\(name)\", which is nothing to be drawn, expected a plane or one of boxes, masks, boxes_3d, "
            + "oriented_boxes, amodal_boxes, tracks")
      }
      var tile = PreviewFrame(number: record.frame, rgb: rgb, instances: name == "rgb" ? [] : record.instances)
      tile.overlay = drawn ?? .labels
      if drawn == .tracks { tile.trails = Trail.all(record, passed) }
      tile.caption = caption
      tiles.append(tile)
    }
    return tiles
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
