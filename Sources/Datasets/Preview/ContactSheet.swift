// A contact sheet: frames side by side with their labels drawn over them, to look at before training on them.

import Annotators
import Imaging
import Rasterization
import Stage

/// A frame as a sheet shows it.
public struct PreviewFrame: Sendable {
  public var number: Int
  /// Written in place of the number where it is set.
  public var caption: String?
  public var rgb: RasterImage
  public var instances: [InstanceRecord]
  public var overlay = PreviewOverlay.labels
  /// Of tracked points, drawn over the picture.
  var trails: [Trail] = []

  /// A picture without labels.
  public init(caption: String, rgb: RasterImage) {
    self.init(number: 0, rgb: rgb, instances: [])
    self.caption = caption
  }

  public init(number: Int, rgb: RasterImage, instances: [InstanceRecord]) {
    self.number = number
    self.rgb = rgb
    self.instances = instances
  }

  /// Draws a frame and labels it, without a dataset.
  public init(_ frame: Frame, _ rendered: RenderedFrame) throws(LabelError) {
    let regions = try VisibleRegionScanner().regions(
      of: rendered.gbuffer.instanceIndex, instanceCount: frame.instances.count)
    self.init(
      number: frame.index, rgb: rendered.rgb,
      instances: zip(frame.instances, regions).filter { $0.0.id != 0 }.map { InstanceRecord($0, $1) })
  }
}

/// Draws `frames` in rows of `columns`: tinted masks, boxes, class names, frame numbers.
///
/// - Parameter tileWidth: how wide a frame is drawn at most, in pixels; smaller frames keep their size.
public func contactSheet(
  _ frames: [PreviewFrame], categories: [Stage.Category], columns: Int, tileWidth: Int = 640
) -> RasterImage {
  let gap = 8
  var names: [Int: String] = [:]
  for c in categories { names[c.id] = c.name }
  let tiles = frames.map { frame -> (width: Int, height: Int) in
    let w = min(frame.rgb.width, tileWidth)
    return (w, max(1, frame.rgb.height * w / frame.rgb.width))
  }
  let width = tiles.map(\.width).max() ?? 1
  let height = tiles.map(\.height).max() ?? 1
  let rows = max((frames.count + columns - 1) / columns, 1)
  var canvas = Canvas(
    width: gap + columns * (width + gap), height: gap + rows * (height + gap), color: Canvas.Color(24, 24, 26))
  for (i, frame) in frames.enumerated() {
    let (x, y) = (gap + i % columns * (width + gap), gap + i / columns * (height + gap))
    drawTile(frame, on: &canvas, x: x, y: y, width: tiles[i].width, height: tiles[i].height, names)
  }
  return canvas.image
}

private func drawTile(
  _ frame: PreviewFrame, on canvas: inout Canvas, x: Int, y: Int, width: Int, height: Int, _ names: [Int: String]
) {
  canvas.draw(frame.rgb, x: x, y: y, width: width, height: height)
  let (w, h) = (frame.rgb.width, frame.rgb.height)
  if frame.overlay != .labels {
    for instance in frame.instances {
      instance.draw(
        frame.overlay, on: &canvas, x: x, y: y, width: width, height: height, scale: Double(width) / Double(w))
    }
  }
  for trail in frame.trails {
    trail.draw(on: &canvas, x: x, y: y, width: width, height: height, scale: Double(width) / Double(w))
  }
  let seen = frame.overlay == .labels ? frame.instances.filter { $0.box != nil } : []
  for instance in seen {
    guard let box = instance.box, let mask = RunLengthMask(instance.mask, width: w, height: h)?.plane else { continue }
    let color = instanceColor(instance.id)
    // Every pixel of the tile shows the label at its middle.
    for j in box.y * height / h..<min(height, (box.y + box.height) * height / h + 1) {
      for i in box.x * width / w..<min(width, (box.x + box.width) * width / w + 1)
      where mask[(2 * i + 1) * w / (2 * width), (2 * j + 1) * h / (2 * height)] == 1 {
        canvas.blend(x + i, y + j, color, 0.4)
      }
    }
  }
  for instance in seen {
    guard let box = instance.box else { continue }
    canvas.outline(
      x0: x + box.x * width / w, y0: y + box.y * height / h,
      x1: x + max((box.x + box.width) * width / w, box.x * width / w + 1),
      y1: y + max((box.y + box.height) * height / h, box.y * height / h + 1), instanceColor(instance.id))
  }
  // Names come last, large objects first, so that those of small ones stay legible.
  let textScale: Float = 1
  for instance in seen.sorted(by: { ($0.visiblePixels, $1.id) > ($1.visiblePixels, $0.id) }) {
    guard let box = instance.box, instance.visiblePixels * 400 > w * h else { continue }
    let name = names[instance.category] ?? "\(instance.category)"
    let (tw, th) = (Canvas.textWidth(name, scale: textScale) + 5, 11)
    let left = x + min(box.x * width / w, max(width - tw, 0))
    let top = max(y, y + box.y * height / h - th)
    canvas.fill(x: left, y: top, width: min(tw, x + width - left), height: th, instanceColor(instance.id), 0.85)
    canvas.text(name, x: left + 2, y: top + 1, scale: textScale, Canvas.Color(0, 0, 0))
  }
  let caption = frame.caption ?? "\(frame.number)"
  canvas.fill(
    x: x, y: y + height - 14, width: Canvas.textWidth(caption, scale: textScale) + 9, height: 14,
    Canvas.Color(0, 0, 0), 0.7)
  canvas.text(caption, x: x + 4, y: y + height - 11, scale: textScale, Canvas.Color(255, 255, 255))
}

/// Colours far apart for neighbouring ids: hues by steps of the golden section, light enough for black text.
func instanceColor(_ id: UInt32) -> Canvas.Color {
  let turn = Float(id) * 0.618_034
  let hue = (turn - turn.rounded(.down)) * 6
  func channel(_ shift: Float) -> Float {
    let k = (hue + shift).truncatingRemainder(dividingBy: 6)
    return 255 * (1 - 0.75 * max(0, min(min(k, 4 - k), 1)))
  }
  return Canvas.Color(channel(5), channel(3), channel(1))
}
