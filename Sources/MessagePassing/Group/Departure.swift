/// How processes part: nobody leaves before all want to, and nothing is sent after the last word.
///
/// The others tell rank 0 that they want to leave. When it wants to as well, it releases them, and
/// waits for a farewell of each.
final class Departure {
    /// Whether this process has sent its last beat.
    private(set) var isSilent = false
    private var leaving = 0, farewells = 0
    private var hasAsked = false, isReleased = false

    func take(_ message: ControlMessage) {
        switch message {
        case .leaving: leaving += 1
        case .release: isReleased = true
        case .farewell: farewells += 1
        case .beat, .failure, .stop: break
        }
    }

    func advance(_ link: Link, _ control: ControlChannel) -> Progress {
        if link.rank == 0 {
            guard leaving == link.size - 1 else { return .waiting }
            if !isSilent {
                for peer in link.peers { control.send(.release, to: peer) }
            }
            isSilent = true
            return farewells == link.size - 1 && control.isFlushed ? .done : .waiting
        }
        if !hasAsked { control.send(.leaving, to: 0) }
        hasAsked = true
        guard isReleased else { return .waiting }
        if !isSilent { control.send(.farewell, to: 0) }
        isSilent = true
        return control.isFlushed ? .done : .waiting
    }
}
