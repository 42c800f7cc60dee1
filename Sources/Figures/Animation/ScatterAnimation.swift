public import Foundation
import Synchronization

/// An animated GIF of points that move over a fixed scatter plot, such as generated samples over
/// real ones, one frame per training step.
///
/// The fixed plot is drawn once; a frame then costs about a millisecond, so that a thousand frames
/// can be made. Frames may be appended from any thread, one at a time, and are encoded at once:
/// memory holds two frames, and what was encoded until it is asked for.
///
/// The number of the step follows the plot's title, so a title such as “Ring of 8 Gaussians, step”
/// reads well.
public final class ScatterAnimation: Sendable {
    /// The look of the moving points.
    public struct MovingPoints: Sendable {
        /// Shown in the legend; empty for none.
        public var name: String
        /// The colour of all the points, mixed with what lies below by their opacity.
        public var colour: Colour
        /// 0…1; where points overlap, the colour deepens.
        public var opacity: Double
        /// In pixels.
        public var radius: Double

        /// A look; by default half-transparent red points of 5 pixels across.
        public init(
            _ name: String = "generated", colour: Colour = .red, opacity: Double = 0.6,
            radius: Double = 2.5
        ) {
            self.name = name
            self.colour = colour
            self.opacity = opacity
            self.radius = radius
        }
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - plot: What stays; fix its ranges, or they follow the fixed points alone.
    ///   - moving: The look of the points that every frame brings.
    ///   - delay: Seconds a frame is shown: kept to hundredths, and within 0.02…600.
    /// - Throws: `FigureError.unusableSize` or `.library`.
    public convenience init(
        over plot: Scatter, moving: MovingPoints = MovingPoints(), delay: Double = 0.1
    ) throws(FigureError) {
        try self.init(sideBySide: [plot], moving: moving, delay: delay)
    }

    /// An animation of several plots at once.
    ///
    /// - Parameters:
    ///   - plots: What stays, from left to right; at least one.
    ///   - moving: The look of the points that every frame brings.
    ///   - delay: Seconds a frame is shown: kept to hundredths, and within 0.02…600.
    /// - Throws: `FigureError.unusableSize` or `.library`.
    public init(
        sideBySide plots: [Scatter], moving: MovingPoints = MovingPoints(), delay: Double = 0.1
    ) throws(FigureError) {
        let painter = try ScatterPainter(plots: plots, moving: moving)
        let writer = try IndexedGIFWriter(
            width: painter.width, height: painter.height, palette: painter.palette, delay: delay)
        state = Mutex(State(painter: painter, writer: writer))
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - points: Those that are not finite, or outside the plot, are left out.
    ///   - step: The number shown after the title; a negative one counts as 0.
    /// - Throws: `FigureError.ended` after `finish()`, `.library`.
    public func append(_ points: [SIMD2<Double>], step: Int) throws(FigureError) {
        try append(sideBySide: [points], step: step)
    }

    /// Adds a frame with points for each of the plots.
    ///
    /// - Throws: As ``append(_:step:)``.
    public func append(sideBySide points: [[SIMD2<Double>]], step: Int) throws(FigureError) {
        try state.withLock { state throws(FigureError) in
            try state.writer.append(state.painter.frame(points, step: max(step, 0)))
        }
    }

    /// The bytes of the GIF file that were encoded since they were last asked for, for a file that
    /// is to grow with the animation.
    public func encoded() -> Data { state.withLock { $0.writer.encoded() } }

    /// Ends the animation, which plays for ever.
    ///
    /// - Parameter comment: Stands at the end of the file.
    /// - Returns: The GIF file, without the bytes that ``encoded()`` gave.
    /// - Throws: `FigureError.noFrames`, `.ended` at the second call, `.library`.
    public func finish(comment: GIFComment? = nil) throws(FigureError) -> Data {
        try state.withLock { state throws(FigureError) in
            try state.writer.finish(comment: comment)
        }
    }

    private struct State {
        var painter: ScatterPainter
        let writer: IndexedGIFWriter
    }
}
