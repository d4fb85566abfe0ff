import Annotators
import Imaging
import Stage

/// Draws and annotates a frame of a source, and shows what is named of it: a tile each.
///
/// - Parameter passed: the frames shown before, in which tracks begin; this one is added.
public func annotatedTiles(
  _ source: FrameSource, frame number: Int, _ render: FrameRenderer, _ names: [String], passed: inout [FrameRecord]
) throws -> [PreviewFrame] {
  let annotation = FrameAnnotation(source.annotations, source.dataset)
  let frame = try source.begin(annotation, frame: number, render, StageClock())
  var record = FrameRecord(
    frame, number: number, source: source.digest, depthScale: source.depthScale, planes: [])
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
