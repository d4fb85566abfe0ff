import Datasets
import Formats
import Sampling

/// What each feature costs: variants of one scene, rendered in turn, so that what else the machine does meets all of them
/// alike.
struct FeatureBench {
  /// The scene with a feature more.
  struct Variant {
    var name: String
    /// Keys of the scene, and keys of its camera and its sun, in place of its own.
    var scene = ""
    var camera = ""
    var sun = ""
  }

  /// What was measured of a variant: the processor time of a frame in milliseconds, the least of all rounds, which is the
  /// one that other processes disturbed least.
  struct Row {
    var name: String
    var milliseconds: Double
  }

  private static let environment = "environment: {sky: clear, intensity: 0.3, sun: false}\n"
  private static let softness = "angular_diameter: 3\n"
  private static let occlusion = "ambient_occlusion: {radius: 0.5}\n"
  /// The chain from lens to file, part by part.
  private static let lens =
    "lens: {natural_vignetting: 1, vignetting: [-0.2, 0, 0], chromatic_aberration: [0.001, -0.001]}\n"
  private static let sensor = "sensor: {iso: 800, dead_pixels: 0.0001, hot_pixels: 0.0001, mosaic: rggb}\n"
  private static let development =
    "development: {white_balance: [1.1, 1, 0.95], tone_curve: agx, sharpening: 0.4, jpeg_quality: 90}\n"

  static let variants = [
    Variant(name: "as it is"),
    Variant(name: "environment light", scene: environment),
    Variant(name: "soft shadows", sun: softness),
    Variant(name: "ambient occlusion", scene: occlusion),
    Variant(name: "a lamp", scene: "lights: [{point: {position: [2, 1, 4], candela: 12, radius: 0.1}}]\n"),
    Variant(name: "vignetting", camera: "lens: {natural_vignetting: 1, vignetting: [-0.2, 0, 0]}\n"),
    Variant(name: "chromatic ab.", camera: "lens: {chromatic_aberration: [0.001, -0.001]}\n"),
    Variant(name: "sensor noise", camera: "sensor: {iso: 800, dead_pixels: 0.0001, hot_pixels: 0.0001}\n"),
    Variant(name: "noise, mosaic", camera: sensor),
    Variant(name: "white balance", camera: "development: {white_balance: [1.1, 1, 0.95]}\n"),
    Variant(name: "tone curve", camera: "development: {tone_curve: agx}\n"),
    Variant(name: "sharpening", camera: "development: {sharpening: 0.4}\n"),
    Variant(name: "JPEG", camera: "development: {jpeg_quality: 90}\n"),
    Variant(name: "sensor chain", camera: lens + sensor + development),
    Variant(name: "all of these", scene: environment + occlusion, camera: lens + sensor + development, sun: softness),
    Variant(name: "defocus", camera: "lens: {f_number: 1.4, focus_distance: 7}\n"),
    Variant(name: "lens distortion", camera: "distortion: {k1: -0.2, k2: 0.05}\n"),
    Variant(name: "anisotropic", scene: "texture_filter: anisotropic\n"),
  ]

  /// - Parameter frames: of each variant and round.
  static func rows(scene path: String, _ overrides: SceneOverrides, frames: Int, rounds: Int, under folder: String)
    throws(BenchError) -> [Row]
  {
    let text: String
    do throws(FileError) { text = String(decoding: try FileSystem.read(path), as: UTF8.self) } catch {
      throw BenchError(message: "\(error)", code: 74)
    }
    var sources: [(name: String, source: FrameSource)] = []
    for variant in variants {
      do throws(SceneError) {
        let scene = try CompiledScene(text: with(variant, in: text), path: path, overrides: overrides)
        sources.append((variant.name, try FrameSource(scene)))
      } catch { throw BenchError(message: "\(variant.name): \(error)", code: 65) }
    }
    var rows = sources.map { Row(name: $0.name, milliseconds: .infinity) }
    // The first round makes meshes and textures, and does not count.
    for round in 0...rounds {
      for (k, variant) in sources.enumerated() {
        let spent = try processorTime(of: variant.source, frames: frames, under: folder)
        if round > 0 { rows[k].milliseconds = min(rows[k].milliseconds, spent * 1000 / Double(frames)) }
      }
    }
    return rows
  }

  /// The scene's text with the variant's keys: at the end, and below `camera:` and `sun:`, which must be blocks.
  private static func with(_ variant: Variant, in text: String) -> String {
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lines.append(line)
      let added = line == "camera:" ? variant.camera : line == "sun:" ? variant.sun : ""
      lines += added.split(separator: "\n").map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n" + variant.scene
  }

  /// A table with each variant's time, what it adds, and its rate against the scene's as it is.
  static func table(_ rows: [Row]) -> String {
    guard let base = rows.first?.milliseconds else { return "" }
    var text = Report.row(["with", "CPU ms/frame", "added", "rate"])
    for row in rows {
      text += Report.row([
        row.name, Report.decimal(row.milliseconds, 2), Report.decimal(row.milliseconds - base, 2),
        Report.decimal(100 * base / row.milliseconds, 1) + " %",
      ])
    }
    return text
  }
}
