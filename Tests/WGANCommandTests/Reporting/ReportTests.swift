import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("The report of a run")
struct ReportTests {
    /// A run on images whose texts try to break the page.
    private func hostileRun() throws -> Workplace {
        let place = try SmallImages.place()
        let training = try place.wgan([
            "train", "small.yaml", "--quiet", "--out", "run", "--set",
            "summary=\"</style><script>alert('&amp;')</script> ünï\"", "--set",
            "outputs={samples: {every: 1, count: 4}}",
        ])
        try #require(training.code == 0, "\(training.errors)")
        return place
    }

    @Test("is one well-formed page that loads nothing")
    func selfContained() throws {
        let page = try MixtureRun.shared.get().place.text("X/report.html")
        #expect(XMLParser(data: Data(page.utf8)).parse())
        for heading in ["Curves", "Samples over time", "Scorecard", "Configuration", "Environment"]
        {
            #expect(page.contains("<h2>\(heading)</h2>"))
        }
        for source in page.components(separatedBy: "src=\"").dropFirst() {
            #expect(source.hasPrefix("data:image/png;base64,"), "\(source.prefix(80))")
        }
        for text in ["href=", "url(", "@import", "<script"] { #expect(!page.contains(text)) }
        #expect(page.contains("default-src 'none'"))
        #expect(page.count(of: "<svg xmlns") == 3 && page.count(of: "<img ") == 6)
        #expect(page.contains("exact W₁") && page.contains("Finished after 60 steps"))
        for text in ["oneDNN", "mixtureGrid", "Not evaluated yet"] { #expect(page.contains(text)) }
    }

    @Test("shows texts as they are, whatever they hold")
    func escaping() throws {
        let page = try hostileRun().text("run/report.html")
        #expect(XMLParser(data: Data(page.utf8)).parse())
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;/style&gt;&lt;script&gt;alert('&amp;amp;')&lt;/script&gt; ünï"))
    }

    @Test("is written anew with what an evaluation found, and refuses what is damaged")
    func evaluated() throws {
        let place = try hostileRun()
        let evaluation = try place.wgan(["evaluate", "run", "--samples", "20", "--seeds", "2"])
        try #require(evaluation.code == 0, "\(evaluation.errors)")
        let outcome = try place.wgan(["report", "run"])
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.output == "run/report.html\n")
        let page = try place.text("run/report.html")
        #expect(XMLParser(data: Data(page.utf8)).parse())
        for text in ["<td>fid-random</td>", "<td>train split</td>", " ± ", "Audit of the critic"] {
            #expect(page.contains(text), "\(text)")
        }
        try place.write("{\"scores\": [", to: "run/evaluation.json")
        try expectRefusal(
            ["report", "run"], saying: ["run/evaluation.json is damaged"], in: place)
        try expectRefusal(["report", "nowhere"], saying: ["it does not exist"], in: place)
    }

    @Test("tells which weights a scorecard is of, and what was changed on the way")
    func earlierWeights() throws {
        let place = try SmallImages.place()
        let page = { (arguments: [String]) in
            try place.succeed(arguments)
            try place.succeed(["report", "run"])
            return try place.text("run/report.html")
        }
        let same = "which trains the same bits again"
        let begun = try page(["train", "small.yaml", "--quiet", "--out", "run"])
        #expect(begun.contains(same) && begun.contains("Finished after 4 steps, begun 2"))
        let evaluate = ["evaluate", "run", "--samples", "10", "--seeds", "2"]
        let judged = try page(evaluate)
        #expect(judged.contains("Weights of step 4: 10 samples"))
        #expect(!judged.contains("other weights"))
        #expect(try page(["resume", "run", "--quiet"]).contains("Weights of step 4: 10 samples"))
        #expect(!(try page(["resume", "run", "--quiet"])).contains("other weights"))
        let extended = try page(["resume", "run", "--quiet", "--steps", "6"])
        #expect(extended.contains("This scorecard is of other weights, those of step 4 ("))
        #expect(extended.contains("The newest are those of step 6 (weights "))
        #expect(extended.contains(same))
        #expect(extended.contains("gone on with at step 4."))
        #expect(!(try page(evaluate)).contains("other weights"))
        #expect(try page(evaluate + ["--weights", "4"]).contains("those of step 4 ("))
        let changed = try page([
            "resume", "run", "--quiet", "--steps", "8", "--set", "constraint.clipping.bound=0.02",
        ])
        #expect(
            changed.contains(
                "config.yaml, which alone does not train the same bits again: "
                    + "constraint.clipping.bound was 0.01 until step 6<"))
    }

    @Test("of a run that is trained on beyond its end says that it has not ended")
    func extended() throws {
        let place = try SmallImages.place()
        try place.succeed(["train", "small.yaml", "--quiet", "--out", "run"])
        let training = try place.start([
            "resume", "run", "--quiet", "--steps", "100000000", "--set",
            "outputs={samples: {every: 100, count: 1}}",
        ])
        try training.wait(for: "run/samples/step-000100.png", in: place)
        #expect(try place.text("run/report.html").contains("Not finished: the last step measured"))
        training.send(SIGKILL)
        _ = try training.end()
        #expect(try !place.entries().contains("run/summary.json"))
    }

    @Test("of a run that has not ended says so, and does without what is not there yet")
    func unfinished() throws {
        let place = try SmallImages.place()
        try place.write(SmallImages.yaml, to: "run/config.yaml")
        #expect(try place.wgan(["report", "run"]).code == 0)
        let page = try place.text("run/report.html")
        #expect(page.contains("Not finished: the last step measured is 0."))
        #expect(!page.contains("<svg xmlns") && !page.contains("<img "))
    }

    @Test(
        "fits a phone and a wide window, light and dark",
        .enabled(if: Browser.isThere, "Chromium is not installed"),
        arguments: [390, 1280], [false, true])
    func browser(width: Int, isDark: Bool) throws {
        let page = try MixtureRun.shared.get().place.text("X/report.html")
        let view = try Browser.view(page, width: width, isDark: isDark)
        #expect(view.width <= Double(width))
        #expect(view.overflowing == [])
        #expect(view.pictures == 6 && view.shownPictures == 6)
        #expect(view.background.allSatisfy { isDark ? $0 < 40 : $0 > 230 })
        #expect(view.chart == (isDark ? "rgb(22, 27, 34)" : "rgb(255, 255, 255)"))
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func count(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
