import Foundation
import MessagePassing

// What one of several processes does; tests start them by a launcher.
//
//     message-passing-rank work               sums and bytes, compared with what they must be
//     message-passing-rank busy               rank 1 computes for longer than the patience
//     message-passing-rank kill RANK          one is killed while all add
//     message-passing-rank freeze RANK        one is stopped, as by a machine that hangs
//     message-passing-rank end RANK           one ends the work of all
//     message-passing-rank mistaken           takes Open MPI, whatever the launcher
//     message-passing-rank time COUNT…        median times of sums of so many floats

let arguments = CommandLine.arguments.dropFirst()
let verb = arguments.first ?? "work"
let numbers = arguments.dropFirst().compactMap { Int($0) }

func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }

do {
    let group = try joined()
    do {
        switch verb {
        case "work": try work(group)
        case "busy":
            if group.rank == 1 { Thread.sleep(forTimeInterval: 5) }
            try group.barrier()
            say("rank \(group.rank): done")
        case "time": for count in numbers { try time(group, count) }
        default: try fail(group, verb, rank: numbers[0])
        }
        try group.leave()
    } catch {
        say("rank \(group.rank): \(error)")
        group.abandon(3)
    }
} catch {
    say("\(error)")
    exit(2)
}
