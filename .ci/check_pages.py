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
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=out / f"{page_path.stem}-{name}-{scheme}.png", full_page=True)
            context.close()
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
