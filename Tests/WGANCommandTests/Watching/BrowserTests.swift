import Foundation
import PythonTestSupport
import Testing

/// The pages in a real browser.
@Suite(
    .enabled(
        if: Browser.isThere && Python.hasPlaywright,
        "needs Chromium and the Python package playwright; scripts/setup-comparisons installs both")
)
struct BrowserTests {
    /// What the browser saw.
    private struct Seen: Decodable {
        /// The steps that the page told, one after the other, without being loaded again.
        let steps: [Int]
        let pictures: [Int]
        let states: [String]
        let loads: Int
        let list: String
        let charts: Int
        let snapshot: [String: Int]
        let compared: Int
        let complaints: [String]
        /// Places in which a page is wider than a phone.
        let overflows: [String]
        /// Texts that are hard to read before what is behind them.
        let faint: [String]
    }

    @Test func aPageFollowsItsTrainingToTheEnd() throws {
        let place = try Workplace()
        try place.succeed([
            "train", "mixture", "--quiet", "--steps", "20", "--out", "runs/first run", "--set",
            "outputs={snapshots: 2}",
        ])
        // Smoothed, it differs in its last digits alone.
        _ = try Python.run(Self.constantPenalty, place.url("runs/first run/metrics.sqlite").path)
        let training = try place.start([
            "train", "mixture", "--quiet", "--steps", "100000", "--out", "runs/now", "--set",
            "outputs={frames: {every: 100, generated: 100, real: 100}, snapshots: 20}",
        ])
        try training.wait(for: "runs/now/metrics.sqlite", in: place)
        let watch = try Watch(place)
        let browser = try #require(Browser.executable)
        let said = try Python.run(Self.program, watch.address, browser.path, Self.contrast)
        #expect(try training.end().code == 0)
        let seen = try JSONDecoder().decode(Seen.self, from: Data(said.utf8))
        #expect(seen.steps.count >= 3 && seen.steps == seen.steps.sorted())
        #expect(seen.steps.last == 100_000 && Set(seen.steps).count == seen.steps.count)
        #expect(Set(seen.pictures).count > 1, "samples come while the page is open")
        #expect(seen.states.first == "live" && seen.states.last == "finished")
        #expect(seen.loads == 1, "the page is never loaded again")
        #expect(seen.charts >= 3 && seen.list.contains("finished"))
        #expect(seen.snapshot["curves"] ?? 0 >= 3 && seen.snapshot["samples"] ?? 0 > 3)
        #expect(seen.compared >= 2)
        #expect(seen.complaints.isEmpty, "\(seen.complaints)")
        #expect(seen.overflows.isEmpty, "\(seen.overflows)")
        #expect(seen.faint.isEmpty, "\(seen.faint)")
    }

    private static let constantPenalty = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1])
        database.execute(
            "UPDATE measurement SET value = 10 WHERE metric = "
            "(SELECT id FROM metric WHERE name = 'penalty')")
        database.commit()
        """

    /// Gives the texts whose contrast is below that of WCAG 2.2, success criterion 1.4.3.
    private static let contrast = """
        () => {
          const parse = (text) => {
            const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
            return [r, g, b, a];
          };
          const over = ([r, g, b, a], under) =>
            [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
          const behind = (element) => {
            const layers = [];
            for (let e = element; e; e = e.parentElement) {
              layers.push(parse(getComputedStyle(e).backgroundColor));
            }
            const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? 18 : 255;
            return layers.reverse().reduce(
              (under, layer) => over(layer, under), [canvas, canvas, canvas]);
          };
          const luminance = (color) => {
            const [r, g, b] = color.map((value) => value / 255).map(
              (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          return [...document.body.querySelectorAll('*')].flatMap((element) => {
            const text = [...element.childNodes].filter((node) => node.nodeType === 3)
              .map((node) => node.textContent.trim()).join('');
            const style = getComputedStyle(element);
            if (!text || !element.checkVisibility({ visibilityProperty: true })) return [];
            if (element.closest(':disabled, script, style, noscript')) return [];
            const back = behind(element);
            const isDrawn = element instanceof SVGElement;
            const front = over(parse(isDrawn ? style.fill : style.color), back);
            const [high, low] = [front, back].map(luminance).sort((a, b) => b - a);
            const size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            const ratio = (high + 0.05) / (low + 0.05);
            return ratio >= (isLarge ? 3 : 4.5) ? []
              : [`${text.slice(0, 30)}: ${ratio.toFixed(2)} in ${element.tagName}`];
          });
        }
        """

    private static let program = """
        import json, sys, time
        from playwright.sync_api import sync_playwright
        address, browser, contrast = sys.argv[1:]
        seen = dict(steps=[], pictures=[], states=[], complaints=[], overflows=[], faint=[])
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser, args=["--no-sandbox", "--disable-dev-shm-usage"])
            def open_page(path, **options):
                context = chromium.new_context(**options)
                page = context.new_page()
                page.on("console", lambda m: seen["complaints"].append(m.text)
                        if m.type in ("error", "warning") else None)
                page.on("pageerror", lambda e: seen["complaints"].append(str(e)))
                page.goto(address + path)
                return page
            page = open_page("runs/now")
            loads = [1]
            page.on("load", lambda: loads.append(1))
            end = time.time() + 400
            while time.time() < end:
                try:
                    page.wait_for_selector(".status [role=status]")
                    state = page.inner_text(".status [role=status]")
                    step = int(page.evaluate(
                        "[...document.querySelectorAll('#tiles div')].find("
                        "d => d.querySelector('dt').textContent.trim() == 'steps')"
                        ".querySelector('dd').firstChild.textContent"))
                    slider = page.query_selector("#samples input[type=range]")
                    pictures = int(slider.get_attribute("max")) if slider else 0
                except Exception as error:
                    seen["complaints"].append(str(error))
                    break
                if state in ("live", "finished"):
                    if not seen["steps"] or seen["steps"][-1] != step: seen["steps"].append(step)
                    seen["pictures"].append(pictures)
                    if not seen["states"] or seen["states"][-1] != state:
                        seen["states"].append(state)
                if state == "finished": break
                time.sleep(0.5)
            seen["loads"] = len(loads)
            seen["charts"] = page.locator("#curves .chart").count()
            still = open_page("runs/now", java_script_enabled=False)
            seen["snapshot"] = {name: still.locator(f"#{name} figure").count()
                                for name in ("curves", "samples")}
            runs = open_page("")
            runs.wait_for_selector("#runs table tbody tr")
            time.sleep(1.5)
            seen["list"] = runs.inner_text("#runs")
            for box in runs.locator("#runs tbody input[type=checkbox]").all(): box.check()
            runs.get_by_role("button", name="Compare 2").click()
            both = runs
            both.wait_for_selector("#curves .chart")
            constant = open_page("runs/first%20run")
            constant.wait_for_selector("#curves .chart", timeout=20000)
            assert constant.evaluate("1 + 1") == 2
            seen["compared"] = both.locator("#samples img").count()
            for path in ("", "runs/now", "compare?run=first%20run&run=now"):
                for scheme in ("dark", "light"):
                    phone = open_page(path, viewport=dict(width=380, height=800),
                                      color_scheme=scheme)
                    time.sleep(1)
                    if phone.evaluate("document.documentElement.scrollWidth") > 380:
                        seen["overflows"].append(path)
                    seen["faint"] += [f"{path} {scheme} {text}"
                                      for text in phone.evaluate(contrast)]
            chromium.close()
        print(json.dumps(seen))
        """
}
