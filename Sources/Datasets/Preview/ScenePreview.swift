import Annotators
import Imaging
import Stage

/// Draws and annotates a frame of a source, and shows what is named of it: a tile each.
///
/// - Parameter passed: the frames shown before, in which tracks begin; this one is added.
public func annotatedTiles(
  _ source: FrameSource, _ frame: Frame, _ render: FrameRenderer, _ names: [String], passed: inout [FrameRecord]
) throws -> [PreviewFrame] {
  let annotation = FrameAnnotation(source.annotations, source.dataset)
  let rendered = try render(frame, source.annotations.needs)
  try annotation.begin(frame, rendered, try source.neighbours(of: frame.index, render))
  var record = FrameRecord(
    source: source.digest, frame: frame.index, width: frame.width, height: frame.height, camera: frame.camera,
    background: frame.background, sun: frame.sun, ambient: frame.ambient, exposure: frame.exposure,
    depthScale: source.depthScale, planes: [], instances: [])
  try annotation.describe(&record)
  var planes: [String: PlaneImage] = [:]
  for a in source.annotations.annotators where a.plane(of: source.dataset) != nil {
    planes[a.name] = try a.draw(annotation)
  }
  let tiles = try PreviewFrame.tiles(
    record, planes, source.annotations.descriptions(of: source.dataset), names, passed: passed)
  passed.append(record)
  return tiles
}
