import Foundation
import SwiftProtobuf

/// Something for TensorBoard to show, as it waits to be written.
struct EventRecord: Sendable {
    enum Content: Sendable {
        case scalars([(name: String, value: Double)])
        case image(tag: String, PNGImage)
        case histogram(tag: String, [Float])
        /// What earlier files say of this step and later ones is void.
        case start
        /// The first event of every file.
        case version
    }

    let step: Int
    /// Seconds since 1970.
    let time: Double
    let content: Content

    /// About as many bytes as the record takes in memory.
    var weight: Int {
        switch content {
        case .scalars(let values): 100 + 40 * values.count
        case .image(_, let image): 100 + image.bytes.count
        case .histogram(_, let values): 100 + 4 * values.count
        case .start, .version: 100
        }
    }

    /// The record as TensorBoard reads it.
    func encoded() throws -> Data { EventFraming.record(try message.serializedBytes()) }

    private var message: TensorBoardEvent {
        var event = TensorBoardEvent()
        event.wallTime = time
        event.step = Int64(step)
        switch content {
        case .scalars(let values):
            event.summary.value = values.map { name, value in
                .with {
                    $0.tag = name
                    $0.simpleValue = Float(value)
                }
            }
        case .image(let tag, let image):
            event.summary.value = [
                .with {
                    $0.tag = tag
                    $0.image = image.message
                }
            ]
        case .histogram(let tag, let values):
            event.summary.value = [
                .with {
                    $0.tag = tag
                    $0.histo = Histogram(of: values).message
                }
            ]
        case .start: event.sessionLog.status = .start
        case .version: event.fileVersion = EventReader.version
        }
        return event
    }
}
