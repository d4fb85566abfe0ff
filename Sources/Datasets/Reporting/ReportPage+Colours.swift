// What the report says of the pictures' own numbers.

import Documents
import Formats
import Imaging
import Stage

extension DatasetReport {
  // MARK: Pictures

  var pictureSection: HTML {
    let read = read
    guard !read.isEmpty else { return "<p class=\"soft\">No picture was read.</p>" }
    func summary(_ title: String, axis: String, _ range: ClosedRange<Double>, _ value: (PictureSummary) -> Double)
      -> HTML
    {
      var h = Histogram(range, bins: 32)
      for k in read { if let p = k.picture { h.add(value(p)) } }
      return Plot.distribution(plain(h, title, axis: axis, counted: "pictures").trimmed())
    }
    func channel(_ k: Int, _ name: String) -> String {
      // A line over the codes: 32 bins.
      let list = pictures.channels[k]
      let most = max(pictures.channels.joined().max() ?? 1, 1e-12)
      var path = ""
      for (i, v) in list.enumerated() {
        path += "\(i == 0 ? "M" : "L")\(Plot.at(40 + (Double(i) + 0.5) * 308 / 32)) \(Plot.at(170 - 160 * v / most))"
      }
      return path
    }
    let names = ["red", "green", "blue", "luma"]
    let lines: [HTML] = names.enumerated().map { k, name in
      "<path class=\"channel \(name)\" d=\"\(channel(k, name))\"/>"
    }
    let marks: [HTML] = [0, 64, 128, 192, 255].map { (v: Int) -> HTML in
      let x = Plot.at(40 + Double(v) / 255 * 308)
      return
        "<line class=\"axis\" x1=\"\(x)\" x2=\"\(x)\" y1=\"170\" y2=\"174\"/><text class=\"middle\" x=\"\(x)\" y=\"186\">\(v)</text>"
    }
    let curves: HTML = """
      <figure class="plot"><h3>Codes of all pixels</h3><svg viewBox="0 0 360 208" role="img" \
      aria-label="Shares of codes from 0 to 255 of red, green, blue and luma">\(lines)<line class="axis" x1="40" x2="348" y1="170" \
      y2="170"/>\(marks)<text class="middle unit" x="194" y="203">code, 0 to 255</text></svg>\
      <figcaption class="channels"><span class="red">red</span> <span class="green">green</span> <span class="blue">blue</span> \
      <span class="luma">luma</span></figcaption></figure>

      """
    // Mean colours, by brightness, as stripes.
    let sorted = read.compactMap(\.picture).sorted { ($0.brightness, $0.hash) < ($1.brightness, $1.hash) }
    let count = min(sorted.count, 60)
    let stripes: [HTML] = (0..<count).map { k in
      let p = sorted[k * sorted.count / count]
      return
        "<span style=\"background:rgb(\(Int(p.mean.x.rounded())) \(Int(p.mean.y.rounded())) \(Int(p.mean.z.rounded())))\"></span>"
    }
    let mean: ((PictureSummary) -> Double) -> Double = { value in
      read.reduce(0.0) { $0 + ($1.picture.map(value) ?? 0) } / Double(read.count)
    }
    return """
      <p class="soft">Of \(grouped(read.count)) pictures\(read.count == frames ? "" : ", spread evenly over the \(grouped(frames)) frames"). \
      Mean brightness \(readable(mean { $0.brightness })) of 255, contrast \(readable(mean { $0.contrast })), saturation \
      \(readable(mean { $0.saturation })); \(percent(mean { $0.dark })) of the pixels are black, \(percent(mean { $0.light })) white.</p>
      \(plots([
        summary("Brightness", axis: "mean luma of 255", 0...256) { $0.brightness },
        summary("Contrast", axis: "standard deviation of luma", 0...128) { $0.contrast },
        summary("Saturation", axis: "mean, 0 to 1", 0...1) { $0.saturation },
        summary("Colourfulness", axis: "after Hasler and Süsstrunk", 0...128) { $0.colourfulness },
        curves,
        "<figure class=\"plot\"><h3>Mean colours of pictures</h3><div class=\"stripes\">\(stripes)</div><figcaption>From the darkest to the brightest.</figcaption></figure>",
      ]))
      """
  }
}
