// How flow is stored: as NPY or EXR three floats U, V (pixels) and M (1 where the point is seen in the other frame, else
// 0); U and V are there also where it is hidden or outside, as long as it can be projected. As PNG the form of KITTI's
// (Menze & Geiger 2015): 16 bits, U and V = (sample - 2^15) / 64, M 0 or 1, and 0, 0, 0 where M is 0.

import Imaging
import Stage

extension PlaneDescription {
  static func flow(_ name: String, _ file: File) -> PlaneDescription {
    let isPNG = file == .png
    return PlaneDescription(
      name, file, channels: ["U", "V", "M"], bits: isPNG ? 16 : 32, scale: isPNG ? 1 / 64.0 : 1,
      offset: isPNG ? -512 : 0, unit: "px", isSmooth: true, flagChannels: 1)
  }
}

/// A frame's flow in its form; all 0 where there is no other frame.
func flowImage(
  _ frame: FrameAnnotation, _ field: MotionField?, _ name: String, _ file: PlaneDescription.File
) throws(LabelError) -> PlaneImage {
  let (width, height) = (frame.frame.width, frame.frame.height)
  let flow = field?.flow ?? FloatImage(width: width, height: height, channels: 3)
  guard file == .png else { return .floats(flow) }
  var codes = [UInt16](repeating: 0, count: flow.samples.count)
  for k in 0..<width * height where flow.samples[3 * k + 2] == 1 {
    for c in 0..<2 {
      let value = Double(flow.samples[3 * k + c])
      guard let code = UInt16(exactly: (value * 64 + 32768.5).rounded(.down)) else {
        throw .misfit(
          plane: name, x: k % width, y: k / width, value: value, most: 511.984375, hint: "store it as npy or exr")
      }
      codes[3 * k + c] = code
    }
    codes[3 * k + 2] = 1
  }
  return .raster(RasterImage(width: width, height: height, channels: 3, samples: .sixteen(codes)))
}
