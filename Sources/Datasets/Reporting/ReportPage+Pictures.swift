// The page's pictures: small, with labels drawn over them as SVG, so that they can be filtered and switched off.

import Formats
import Stage

extension DatasetReport {
  /// - Parameter only: the instance that it is about; nil for all.
  private func figure(_ tile: ReportTile, caption: HTML, only: UInt32? = nil) -> HTML {
    let objects: [HTML] = tile.objects.map { o in
      let name = className(o.category)
      let known = o.visibility.map { ", \(percent($0)) visible" } ?? ""
      let level = o.visibility.map { $0 >= 0.9 ? 3 : $0 >= 0.5 ? 2 : 1 } ?? 0
      // Of the others there only their boxes are seen.
      let mask: HTML =
        o.outline.isEmpty || only.map { $0 != o.id } ?? false ? "" : "<path class=\"m\" d=\"\(o.outline)\"/>"
      // What is too small to find has a ring around it.
      let isTiny = only == o.id && min(o.box.width, o.box.height) < 12
      let ring: HTML =
        isTiny
        ? "<ellipse class=\"ring\" cx=\"\(Plot.at(o.box.x + o.box.width / 2))\" cy=\"\(Plot.at(o.box.y + o.box.height / 2))\" rx=\"\(Plot.at(o.box.width / 2 + 8))\" ry=\"\(Plot.at(o.box.height / 2 + 8))\"/>"
        : ""
      let role = only == nil ? "o" : only == o.id ? "o it" : "o faint"
      return """
        <g class="\(role) k\(o.category)" data-c="\(o.category)" data-s="\(o.size)" data-v="\(level)">\
        <title>\(name)\(known)</title>\(mask)<rect class="b" x="\(Plot.at(o.box.x))" y="\(Plot.at(o.box.y))" \
        width="\(Plot.at(max(o.box.width, 0.5)))" height="\(Plot.at(max(o.box.height, 0.5)))"/>\(ring)</g>
        """
    }
    let id: HTML = only == nil ? " id=\"frame-\(tile.frame)\"" : ""
    return """
      <figure class="tile"\(id)><div class="shot">\
      \(HTML.image(jpeg: tile.jpeg, width: tile.width, height: tile.height, alternative: "frame \(tile.frame)"))\
      <svg viewBox="0 0 \(tile.gridWidth) \(tile.gridHeight)" preserveAspectRatio="none" aria-hidden="true">\(objects)</svg></div>\
      <figcaption>\(caption)</figcaption></figure>

      """
  }

  func className(_ id: Int) -> String {
    labels.classes.indices.contains(id - 1) ? labels.classes[id - 1].name : "class \(id)"
  }

  /// A colour of its own for each class, by steps of the golden section.
  var classColours: String {
    var style = ""
    for c in labels.classes {
      let hue = Int((Double(c.id) * 137.508).truncatingRemainder(dividingBy: 360))
      style += ".k\(c.id){--c:hsl(\(hue) 85% 60%)}"
    }
    return style + "\n"
  }

  // MARK: Alike

  var alikeSection: HTML {
    var html: HTML = """
      <p>\(counted(equals.repeats, "frame")) \(equals.repeats == 1 ? "has" : "have") the same picture as an earlier one to the pixel (of all \
      \(grouped(frames))). \(counted(nearDuplicateFrames, "frame")) \(nearDuplicateFrames == 1 ? "resembles" : "resemble") an earlier one in \
      picture and labels (of the \(grouped(read.count)) that were read): perceptual hashes at most \(NearDuplicates.hashBits) of 64 bits \
      apart, colours at most \(Int(NearDuplicates.colourCodes)) codes, labels alike to at least \
      \(percent(NearDuplicates.labelSimilarity)).</p>

      """
    if !equals.groups.isEmpty {
      let list = equals.groups.prefix(10).map {
        $0.prefix(8).map(String.init).joined(separator: ", ") + ($0.count > 8 ? ", ..." : "")
      }
      html +=
        "<p class=\"soft\">Equal: frames \(list.joined(separator: "; "))\(equals.groups.count > 10 ? "; and more" : "").</p>\n"
    }
    let pairs: [HTML] = tiles.alike.map { pair in
      let shots: [HTML] = pair.compactMap { frame in
        tiles.tiles[frame].map { figure($0, caption: "frame \(frame)", only: 0) }
      }
      return "<div class=\"pair\">\(shots)</div>\n"
    }
    if !pairs.isEmpty { html += "<div class=\"pairs\">\(pairs)</div>" }
    return html
  }

  // MARK: Outliers

  var outlierSection: HTML {
    guard !outliers.isEmpty else {
      return
        "<p class=\"soft\">Nothing lies farther out than three times the middle half beyond its ends (Tukey's outer fences).</p>"
    }
    let shots: [HTML] = outliers.prefix(24).compactMap { o in
      let name = o.extreme.category.map { className($0) + ", " } ?? ""
      let caption: HTML = "<b>\(o.what)</b><br>\(name)frame \(o.extreme.frame): \(o.detail)"
      guard let tile = tiles.tiles[o.extreme.frame] else {
        return "<figure class=\"tile\"><figcaption>\(caption)</figcaption></figure>\n"
      }
      return figure(tile, caption: caption, only: o.extreme.instance ?? 0)
    }
    let rest: HTML = outliers.count > 24 ? "<p class=\"soft\">and \(outliers.count - 24) more</p>" : ""
    return """
      <p class="soft">Labels and frames beyond Tukey's outer fences: farther from the middle half of all than three times its width. Sizes, \
      aspects and distances are judged on a scale of octaves.</p>
      <div class="tiles">\(shots)</div>\(rest)
      """
  }

  // MARK: Contact sheet

  var sheetSection: HTML {
    let shown = tiles.sheet.compactMap { tiles.tiles[$0] }
    guard !shown.isEmpty else { return "<p class=\"soft\">No picture is shown.</p>" }
    let there = Set(shown.flatMap { $0.objects.map(\.category) })
    let classes: [HTML] = labels.classes.filter { there.contains($0.id) }.map {
      "<option value=\"\($0.id)\">\($0.name)</option>"
    }
    let chips: [HTML] = labels.classes.filter { there.contains($0.id) }.prefix(24).map {
      "<button type=\"button\" class=\"chip\" data-c=\"\($0.id)\" aria-pressed=\"false\"><span class=\"dot k\($0.id)\"></span>\($0.name)</button>"
    }
    let shots: [HTML] = shown.map {
      figure($0, caption: "frame \($0.frame) <span class=\"soft\">\(counted($0.objects.count, "label"))</span>")
    }
    let visibility: HTML =
      header.hasVisibility
      ? "<option value=\"3\">90 % and more</option><option value=\"2\">50 to 90 %</option><option value=\"1\">under 50 %</option>"
      : "<option value=\"0\">not known</option>"
    return """
      <p class="soft">\(counted(shown.count, "frame")), spread evenly over the set, with some of the rarest classes. Outlines are those of the \
      labels, coarsened for the page.</p>
      <form class="filters" id="filters"><label>class <select id="by-class"><option value="">all</option>\(classes)</select></label>
      <label>size <select id="by-size"><option value="">all</option><option value="0">small</option><option value="1">medium</option>\
      <option value="2">large</option></select></label>
      <label>visibility <select id="by-visibility"><option value="">all</option>\(visibility)</select></label>
      <label><input type="checkbox" id="show-boxes" checked> boxes</label> <label><input type="checkbox" id="show-masks" checked> masks</label>
      <output id="shown" role="status"></output></form>
      <div class="chips">\(chips)</div>
      <div class="tiles" id="tiles">\(shots)</div>

      """
  }

  // MARK: Style and script

  static let pageStyle = """
    :root{--real:#c2410c;--red:#c62828;--green:#2e7d32;--blue:#1565c0}
    @media(prefers-color-scheme:dark){:root{--real:#ffab70;--red:#ff8a80;--green:#81c995;--blue:#8ab4f8}}
    html{scroll-behavior:smooth;scroll-padding-top:3.2rem}
    nav{position:sticky;top:0;z-index:2;background:var(--page);padding:8px 0;margin:8px 0;display:flex;gap:4px 14px;overflow-x:auto;
    border-bottom:1px solid var(--line);white-space:nowrap}nav a{text-decoration:none}
    .key{color:var(--soft)}.key .ours,.key .line{display:inline-block;width:22px;height:10px;margin:0 6px 0 0;vertical-align:middle}
    .key .ours{background:var(--accent)}.key .line{height:0;border-top:2px solid var(--real);margin-left:12px}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px}
    .figure{display:flex;flex-direction:column;line-height:1.3}.figure b{font-size:1.4rem;font-weight:650;white-space:nowrap;font-variant-numeric:tabular-nums}
    .figure small{color:var(--soft)}
    ul.plain{list-style:none;margin:0;padding:0}ul.plain li{display:flex;gap:10px;padding:5px 0;align-items:baseline}
    .advice li{margin:.35em 0}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    td,th{vertical-align:middle}.scroll td:first-child{min-width:120px}table.wide{min-width:620px}table.narrow{width:auto}table.narrow td,table.narrow th{padding-right:24px}
    .meter{display:block;min-width:80px;height:9px;background:var(--page);border-radius:5px;overflow:hidden}
    .meter span{display:block;height:100%;background:var(--accent)}
    .dot{display:inline-block;width:10px;height:10px;border-radius:3px;background:var(--c);margin-right:7px;border:1px solid #0003}
    .parameters td:first-child{max-width:320px}.parameters td:last-child{white-space:nowrap}.options{font-size:.85em;overflow-wrap:anywhere}
    .same{margin:2.5rem 0;text-align:center;color:var(--soft)}.same b{display:block;font-size:1.5rem;color:var(--ink)}
    summary{cursor:pointer;color:var(--accent);padding:6px 0}
    .channel{fill:none;stroke-width:1.8}.channel.red{stroke:var(--red)}.channel.green{stroke:var(--green)}.channel.blue{stroke:var(--blue)}
    .channel.luma{stroke:var(--soft);stroke-dasharray:4 3}.channels .red{color:var(--red)}.channels .green{color:var(--green)}
    .channels .blue{color:var(--blue)}.channels span{margin-right:8px}
    .stripes{display:flex;height:120px;border-radius:6px;overflow:hidden}.stripes span{flex:1}
    .filters{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;margin:8px 0}
    select,button,input{font:inherit;color:inherit}select{background:var(--page);border:1px solid var(--line);border-radius:6px;padding:4px 6px;
    max-width:170px}output{color:var(--soft)}
    .chips{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0 12px}.chip{border:1px solid var(--line);background:var(--page);border-radius:14px;
    padding:2px 11px;cursor:pointer}.chip[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(260px,100%),1fr));gap:14px}
    .pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(360px,100%),1fr));gap:16px;margin-top:10px}
    .pair{display:grid;grid-template-columns:1fr 1fr;gap:6px}
    .shot{position:relative;border-radius:5px;overflow:hidden;background:#000}.shot img{width:100%}
    .shot svg{position:absolute;inset:0;width:100%;height:100%}
    .o .m{fill:var(--c);fill-opacity:.36;fill-rule:evenodd}.o .b{fill:none;stroke:var(--c);stroke-width:1.6;vector-effect:non-scaling-stroke}
    .o.faint{display:none}.o.it .m{fill-opacity:.22}.o.it .b{stroke-width:2.6}
    .ring{fill:none;stroke:#fff;stroke-width:2.4;vector-effect:non-scaling-stroke;filter:drop-shadow(0 0 1px #000)}
    .o.off,.no-boxes .o .b,.no-masks .o .m{display:none}.tile[hidden]{display:none}.tile figcaption{margin-top:4px}
    .tile figcaption b{color:var(--ink)}

    """

  /// Filters the contact sheet.
  static let script = """
    (() => {
      "use strict";
      const at = id => document.getElementById(id);
      const tiles = at("tiles");
      if (!tiles) return;
      const selects = [["by-class", "c"], ["by-size", "s"], ["by-visibility", "v"]].map(([id, key]) => [at(id), key]);
      const chips = [...document.querySelectorAll(".chip")];
      const apply = () => {
        const wanted = selects.filter(([s]) => s.value !== "");
        let frames = 0, labels = 0;
        for (const tile of tiles.children) {
          let hits = 0;
          for (const o of tile.querySelectorAll(".o")) {
            const fits = wanted.every(([s, key]) => o.dataset[key] === s.value);
            o.classList.toggle("off", !fits);
            if (fits) hits++;
          }
          tile.hidden = wanted.length > 0 && hits === 0;
          if (!tile.hidden) { frames++; labels += hits; }
        }
        at("shown").textContent = frames + " of " + tiles.children.length + " frames, " + labels + " labels";
        for (const c of chips) c.setAttribute("aria-pressed", String(c.dataset.c === at("by-class").value));
        tiles.classList.toggle("no-boxes", !at("show-boxes").checked);
        tiles.classList.toggle("no-masks", !at("show-masks").checked);
      };
      at("filters").addEventListener("input", apply);
      at("filters").addEventListener("submit", e => e.preventDefault());
      for (const c of chips) c.addEventListener("click", () => {
        const s = at("by-class");
        s.value = s.value === c.dataset.c ? "" : c.dataset.c;
        apply();
      });
      // A browser may keep what was chosen before the page was loaded again.
      apply();
    })();

    """
}
