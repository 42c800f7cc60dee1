import Foundation
import MessagePassing

let group = try ProcessGroup()
print("rank \(group.rank) of \(group.size) on \(group.hosts), \(group.library ?? "alone")")
let counts = CommandLine.arguments.dropFirst().compactMap { Int($0) }
for n in counts {
    let x = UnsafeMutablePointer<Float>.allocate(capacity: n)
    let y = UnsafeMutablePointer<Float>.allocate(capacity: n)
    for i in 0..<n { x[i] = Float(group.rank + i % 1000) }
    var times: [Duration] = []
    for _ in 0..<50 {
        let start = SuspendingClock.now
        try group.wait(group.begin(sum: [UnsafePointer(x)], count: n, into: y, shards: group.size))
        times.append(.now - start)
    }
    times.sort()
    print("\(n * 4) bytes: median \(times[25]), best \(times[0]), y[1] = \(y[1])")
}
try group.leave()
