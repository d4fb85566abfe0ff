import Annotators

/// `exr`: every plane as OpenEXR of 32-bit float channels. See `PlaneFolder`.
final class EXRPlanes: FormatWriter {
  static let manual = FormatManual(
    name: "exr", summary: "Planes as OpenEXR of floats, in plain folders; depth in channel Z.",
    carries: FormatContent.ofPlanes, pictures: [.png],
    limits: "Planes of ids stay PNGs. Classes and thresholds do not change planes.")

  private let folder: PlaneFolder

  init(_ export: FormatExport) throws(FormatError) { folder = try PlaneFolder(export, .exr) }
  func add(_ frame: ExportedFrame) throws(FormatError) { try folder.add(frame) }
  func finish() throws(FormatError) {}
}
