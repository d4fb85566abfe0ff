import Annotators

/// `npy`: every plane as NumPy arrays of 32-bit floats. See `PlaneFolder`.
final class NPYPlanes: FormatWriter {
  static let manual = FormatManual(
    name: "npy", summary: "Planes as NumPy arrays of floats, in plain folders.", carries: FormatContent.ofPlanes,
    pictures: [.png], limits: "Planes of ids stay PNGs. Classes and thresholds do not change planes.")

  private let folder: PlaneFolder

  init(_ export: FormatExport) throws(FormatError) { folder = try PlaneFolder(export, .npy) }
  func add(_ frame: ExportedFrame) throws(FormatError) { try folder.add(frame) }
  func finish() throws(FormatError) {}
}
