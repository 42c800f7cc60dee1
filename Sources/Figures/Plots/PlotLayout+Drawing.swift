extension PlotLayout {
    /// Draws title, legend, grid, frame, ticks and captions, and between them the data, cut off at
    /// the plot's edges.
    func draw(into svg: inout SVGWriter, data: (inout SVGWriter) -> Void) {
        drawTitle(into: &svg)
        legend.draw(into: &svg, x: box.x, y: box.y - legend.height - 5)
        drawGrid(into: &svg)
        // A nested viewport cuts off without an id, which could clash with another figure's when
        // several are put into one page.
        let edges = [box.x, box.y, box.width, box.height]
        let viewport: KeyValuePairs<String, SVGValue> = [
            "x": .number(box.x), "y": .number(box.y),
            "width": .number(box.width), "height": .number(box.height),
            "viewBox": .numbers(edges), "overflow": "hidden",
        ]
        svg.element("svg", viewport, content: data)
        drawFrame(into: &svg)
        drawTickLabels(into: &svg)
        drawCaptions(into: &svg)
    }

    /// Where the title's text begins: its left edge and its baseline.
    var titleOrigin: SIMD2<Double> { SIMD2(box.x, box.y - legend.height - 13) }

    private func drawTitle(into svg: inout SVGWriter) {
        guard !request.title.isEmpty else { return }
        svg.element(
            "text",
            [
                "x": .number(titleOrigin.x), "y": .number(titleOrigin.y),
                "font-size": .number(Style.titleSize), "font-weight": "600",
                "fill": .color(Style.ink),
            ], text: request.title)
    }

    private func drawGrid(into svg: inout SVGWriter) {
        var path = ""
        for value in xTicks.values {
            let x = SVGValue.digits(x(value))
            path += "M\(x) \(SVGValue.digits(box.y))v\(SVGValue.digits(box.height))"
        }
        for value in yTicks.values {
            let y = SVGValue.digits(y(value))
            path += "M\(SVGValue.digits(box.x)) \(y)h\(SVGValue.digits(box.width))"
        }
        guard !path.isEmpty else { return }
        svg.element(
            "path", ["d": .text(path), "stroke": .color(Style.grid), "stroke-width": "1"])
    }

    private func drawFrame(into svg: inout SVGWriter) {
        svg.element(
            "rect",
            [
                "x": .number(box.x), "y": .number(box.y),
                "width": .number(box.width), "height": .number(box.height),
                "fill": "none", "stroke": .color(Style.axis), "stroke-width": "1",
            ])
    }

    private func drawTickLabels(into svg: inout SVGWriter) {
        let look: KeyValuePairs<String, SVGValue> = [
            "font-size": .number(Style.tickSize), "fill": .color(Style.fadedInk),
        ]
        svg.element("g", look) { svg in
            for (value, label) in zip(xTicks.values, xTicks.labels) {
                svg.element(
                    "text",
                    [
                        "x": .number(x(value)), "y": .number(box.y + box.height + 16),
                        "text-anchor": "middle",
                    ], text: label)
            }
            for (value, label) in zip(yTicks.values, yTicks.labels) {
                svg.element(
                    "text",
                    [
                        "x": .number(box.x - 7), "y": .number(y(value) + 4), "text-anchor": "end",
                    ], text: label)
            }
        }
    }

    private func drawCaptions(into svg: inout SVGWriter) {
        let (xCaption, yCaption) = (request.xAxis.caption, request.yAxis.caption)
        if !xCaption.isEmpty {
            drawCaption(
                xCaption, x: box.x + box.width / 2, y: box.y + box.height + 36, turn: "",
                into: &svg)
        }
        if !yCaption.isEmpty {
            drawCaption(
                yCaption, x: 0, y: 0,
                turn: "translate(\(SVGValue.digits(box.x - tickLabelWidth - 16)) "
                    + "\(SVGValue.digits(box.y + box.height / 2))) rotate(-90)",
                into: &svg)
        }
    }

    private func drawCaption(
        _ text: String, x: Double, y: Double, turn: String, into svg: inout SVGWriter
    ) {
        svg.element(
            "text",
            [
                "x": .number(x), "y": .number(y), "transform": .text(turn),
                "text-anchor": "middle", "font-size": .number(Style.labelSize),
                "fill": .color(Style.ink),
            ], text: text)
    }
}
