#!/usr/bin/env python3
"""Opens Diorama's HTML pages from disk in headless Chromium: no error on the console, no request to anywhere, every picture
drawn, nothing wider than the window, in light and dark, on a phone and on a desk.

    check_pages.py CHROMIUM OUT PAGE...        screenshots go into OUT
"""
import pathlib
import sys

from playwright.sync_api import sync_playwright

SIZES = {"phone": (390, 844), "desk": (1280, 900)}


def check(browser, page_path, out):
    faults = []
    for name, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
            page.on("pageerror", lambda e: faults.append(f"script: {e}"))
            own = page_path.resolve().as_uri()
            page.on("request", lambda r: None if r.url == own or r.url.startswith("data:")
                    else faults.append(f"request: {r.url}"))
            page.goto(own)
            # Pictures load as they come into sight.
            page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
            page.wait_for_function("[...document.images].every(i => i.complete)")
            state = page.evaluate("""() => ({
                pictures: document.images.length,
                empty: [...document.images].filter(i => i.naturalWidth === 0).length,
                wide: document.documentElement.scrollWidth,
                ink: getComputedStyle(document.body).color, page: getComputedStyle(document.body).backgroundColor,
            })""")
            label = f"{page_path.name}, {name}, {scheme}"
            if state["pictures"] == 0 or state["empty"]:
                faults.append(f"{label}: {state['pictures']} pictures, {state['empty']} of them empty")
            if state["wide"] > width:
                faults.append(f"{label}: {state['wide']} px wide in a window of {width}")
            # Black on white or white on black: at least 7 : 1, the stricter of WCAG's contrasts.
            if contrast(state["ink"], state["page"]) < 7:
                faults.append(f"{label}: ink {state['ink']} on {state['page']}")
            flip = page.query_selector(".flip")
            if flip:
                over = flip.query_selector(".over")
                seen = "e => getComputedStyle(e).opacity"
                page.mouse.move(0, 0)
                before = over.evaluate(seen)
                flip.scroll_into_view_if_needed()
                flip.hover()
                after = over.evaluate(seen)
                page.mouse.move(0, 0)
                flip.focus()
                focused = over.evaluate(seen)
                if (before, after, focused) != ("0", "1", "1"):
                    faults.append(f"{label}: flipping shows {before}, {after}, {focused}, expected 0, 1, 1")
                flip.evaluate("e => e.blur()")
            if page.query_selector("#filters"):
                faults += [f"{label}: {f}" for f in report_faults(page)]
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=out / f"{page_path.stem}-{name}-{scheme}.png", full_page=True)
            context.close()
    return faults


def report_faults(page):
    """What is wrong with a dataset report: plots that show nothing, letters too small to read, filters that do not filter."""
    faults = []
    plots = page.evaluate("""() => [...document.querySelectorAll('figure.plot svg')].map(s => {
        const box = s.getBoundingClientRect();
        const marks = [...s.querySelectorAll('.bar, path')].map(m => m.getBoundingClientRect())
            .filter(m => (m.width > 0.3 || m.height > 0.3)).length;
        const letter = s.querySelector('text');
        const scale = s.getScreenCTM().a;
        const fill = e => e ? getComputedStyle(e).fill : '';
        return {name: s.getAttribute('aria-label'), width: box.width, height: box.height, marks,
                letters: letter ? parseFloat(getComputedStyle(letter).fontSize) * scale : 0,
                bar: fill(s.querySelector('.bar')), text: fill(letter),
                card: getComputedStyle(document.querySelector('.card')).backgroundColor};
    })""")
    if len(plots) < 10:
        faults.append(f"{len(plots)} plots, expected ten or more")
    for p in plots:
        if p["width"] < 150 or p["height"] < 80 or p["marks"] == 0:
            faults.append(f"the plot {p['name']} is {p['width']:.0f} x {p['height']:.0f} with {p['marks']} marks")
        if p["letters"] < 9:
            faults.append(f"the plot {p['name']} has letters of {p['letters']:.1f} px")
        # WCAG: 3 : 1 for what is drawn, 4.5 : 1 for text.
        for what, colour, least in (("bars", p["bar"], 3), ("text", p["text"], 4.5)):
            if colour and contrast(colour, p["card"]) < least:
                faults.append(f"the plot {p['name']} has {what} of {colour} on {p['card']}")

    def seen():
        return page.evaluate("""() => {
            const shown = [...document.querySelectorAll('#tiles > .tile')].filter(t => t.getBoundingClientRect().height > 0);
            const of = (t, c) => [...t.querySelectorAll('.o ' + c)].filter(e => getComputedStyle(e).display !== 'none'
                && getComputedStyle(e.parentNode).display !== 'none');
            return {tiles: shown.length, boxes: shown.flatMap(t => of(t, '.b')).length, masks: shown.flatMap(t => of(t, '.m')).length,
                    kinds: [...new Set(shown.flatMap(t => of(t, '.b').map(b => ['c', 's', 'v'].map(k => b.parentNode.dataset[k]).join())))],
                    empty: shown.filter(t => of(t, '.b').length === 0).length, told: document.getElementById('shown').textContent};
        }""")

    before = seen()
    if before["tiles"] == 0 or before["boxes"] == 0 or before["masks"] == 0:
        return faults + [f"the contact sheet shows {before}"]
    for place, select in enumerate(("#by-class", "#by-size", "#by-visibility")):
        options = page.eval_on_selector_all(f"{select} option", "l => l.map(o => o.value).filter(v => v)")
        sums = 0
        for value in options:
            page.select_option(select, value)
            after = seen()
            sums += after["boxes"]
            wrong = [k for k in after["kinds"] if k.split(",")[place] != value]
            if wrong or after["empty"] or f"{after['boxes']} labels" not in after["told"]:
                faults.append(f"{select} = {value} shows {after}")
        page.select_option(select, "")
        # Every label is of one class, one size and one visibility.
        if sums != before["boxes"]:
            faults.append(f"the options of {select} show {sums} labels together, expected {before['boxes']}")
    page.uncheck("#show-masks")
    if seen()["masks"] or not seen()["boxes"]:
        faults.append("masks cannot be switched off")
    page.check("#show-masks")
    page.uncheck("#show-boxes")
    if page.evaluate("[...document.querySelectorAll('#tiles .b')].some(b => getComputedStyle(b).display !== 'none')"):
        faults.append("boxes cannot be switched off")
    page.check("#show-boxes")
    chip = page.query_selector(".chip")
    chip.click()
    pressed, narrowed = chip.get_attribute("aria-pressed"), seen()["boxes"]
    chip.click()
    if pressed != "true" or narrowed >= before["boxes"] and page.locator(".chip").count() > 1 or seen() != before:
        faults.append(f"a chip shows {narrowed} of {before['boxes']} labels, pressed {pressed}")
    return faults


def contrast(a, b):
    def luminance(text):
        codes = [int(v) / 255 for v in text[text.index("(") + 1:-1].split(",")[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in codes]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def main():
    chromium, out, *pages = sys.argv[1:]
    pathlib.Path(out).mkdir(parents=True, exist_ok=True)
    faults = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for page in pages:
            faults += check(browser, pathlib.Path(page), pathlib.Path(out))
        browser.close()
    print("\n".join(faults) if faults else f"{len(pages)} pages hold in Chromium")
    sys.exit(1 if faults else 0)


main()
