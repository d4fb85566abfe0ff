// The form of a comparison for machines: `--json`.

import Documents

extension Comparison {
  public var json: [UInt8] {
    var w = JSONWriter()
    w.beginObject()
    w.member("title", title)
    w.member("different", isDifferent)
    w.member("looked_at", lookedAt)
    w.member("unlisted_frames", unlisted.frames)
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
      w.member("frame", f.frame)
      w.member("command", f.command)
      w.key("differences")
      w.beginArray()
      for d in f.differences { d.write(to: &w) }
      w.endArray()
      w.key("planes")
      w.beginArray()
      for p in f.planes {
        w.beginObject()
        w.member("plane", p.plane)
        w.key("metrics")
        if let m = p.metrics { m.write(to: &w) } else { w.null() }
        w.endObject()
      }
      w.endArray()
      w.key("parameters")
      w.beginArray()
      for p in f.parameters {
        w.beginObject()
        w.member("path", p.path)
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
    w.member("kind", kind.rawValue)
    w.member("plane", plane)
    w.member("what", what)
    w.member("severity", severity)
    w.member("tolerated", isTolerated)
    w.key("instances")
    w.beginArray()
    for i in instances {
      w.beginObject()
      w.member("id", i.id)
      w.member("name", i.name)
      w.member("class", i.category)
      if let pixels = i.pixels {
        w.member("pixels", pixels)
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
    w.member("maximum", maximum)
    w.member("mean", mean)
    w.member("changed_pixels", changedPixels)
    w.member("changed", changedShare)
    if let psnr {
      w.member("psnr", psnr)
    }
    if let ssim {
      w.member("ssim", ssim)
    }
    if let flip {
      w.member("flip", flip)
    }
    w.endObject()
  }
}
