// The form of a comparison for machines: `--json`.

import Documents

extension Comparison {
  public var json: [UInt8] {
    var w = JSONWriter()
    w.beginObject()
    w.key("title")
    w.string(title)
    w.key("different")
    w.boolean(isDifferent)
    w.key("looked_at")
    w.integer(lookedAt)
    w.key("unlisted_frames")
    w.integer(unlisted.frames)
    w.key("notes")
    w.beginArray()
    for n in notes { w.string(n) }
    w.endArray()
    w.key("differences")
    w.beginArray()
    for d in differences { d.write(to: &w) }
    w.endArray()
    w.key("frames")
    w.beginArray()
    for f in frames {
      w.beginObject()
      w.key("frame")
      w.integer(f.frame)
      w.key("command")
      w.string(f.command)
      w.key("differences")
      w.beginArray()
      for d in f.differences { d.write(to: &w) }
      w.endArray()
      w.key("planes")
      w.beginArray()
      for p in f.planes {
        w.beginObject()
        w.key("plane")
        w.string(p.plane)
        w.key("metrics")
        if let m = p.metrics { m.write(to: &w) } else { w.null() }
        w.endObject()
      }
      w.endArray()
      w.key("parameters")
      w.beginArray()
      for p in f.parameters {
        w.beginObject()
        w.key("path")
        w.string(p.path)
        w.key("before")
        if let b = p.before { w.verbatim(b.utf8) } else { w.null() }
        w.key("after")
        if let a = p.after { w.verbatim(a.utf8) } else { w.null() }
        w.endObject()
      }
      w.endArray()
      w.endObject()
    }
    w.endArray()
    w.endObject()
    w.newline()
    return w.bytes
  }
}

extension Difference {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("kind")
    w.string(kind.rawValue)
    w.key("plane")
    w.string(plane)
    w.key("what")
    w.string(what)
    w.key("severity")
    w.number(severity)
    w.key("tolerated")
    w.boolean(isTolerated)
    w.key("instances")
    w.beginArray()
    for i in instances {
      w.beginObject()
      w.key("id")
      w.integer(i.id)
      w.key("name")
      w.string(i.name)
      w.key("class")
      w.string(i.category)
      if let pixels = i.pixels {
        w.key("pixels")
        w.integer(pixels)
      }
      w.endObject()
    }
    w.endArray()
    w.endObject()
  }
}

extension PlaneMetrics {
  fileprivate func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("maximum")
    w.number(maximum)
    w.key("mean")
    w.number(mean)
    w.key("changed_pixels")
    w.integer(changedPixels)
    w.key("changed")
    w.number(changedShare)
    if let psnr {
      w.key("psnr")
      w.number(psnr)
    }
    if let ssim {
      w.key("ssim")
      w.number(ssim)
    }
    if let flip {
      w.key("flip")
      w.number(flip)
    }
    w.endObject()
  }
}
