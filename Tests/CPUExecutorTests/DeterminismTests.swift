import CPUExecutor
import GraphTestSupport
import TensorGraph
import Testing

@Suite("Repeatability of trainings") struct DeterminismTests {
    enum Network: CaseIterable, Sendable {
        case perceptron, convolutional

        func training() throws -> SmallTraining {
            self == .perceptron ? try .perceptron() : try .convolutional()
        }
    }

    private func bits(_ results: [[Float]]) -> [[UInt32]] { results.map { $0.map(\.bitPattern) } }

    @Test("equal bits come from every run and every device", arguments: Network.allCases, [1, 2])
    func equalBits(network: Network, threads: Int) throws {
        let training = try network.training()
        let device = CPUDevice.eager(threads: threads)
        let first = bits(try training.results(on: device, steps: 20))
        #expect(bits(try training.results(on: device, steps: 20)) == first)
        // A device with another number of threads, made in between, changes nothing.
        let (second, _) = (CPUDevice.eager(threads: threads), CPUDevice.eager(threads: 3 - threads))
        #expect(bits(try training.results(on: second, steps: 20)) == first)
    }

    @Test("a device plans for its own number of threads, whichever device was made last")
    func ownThreads() throws {
        let program = try SmallTraining.convolutional().program
        let alone = try CPUDevice(threads: 1).plan(program).memory.scratchBytes
        let (device, other) = (CPUDevice(threads: 1), CPUDevice.eager(threads: 2))
        #expect(try device.plan(program).memory.scratchBytes == alone)
        #expect(try other.plan(program).memory.scratchBytes > alone)
    }

    @Test("one thread and two agree to rounding", arguments: Network.allCases)
    func threads(network: Network) throws {
        let training = try network.training()
        let one = try training.results(on: CPUDevice(threads: 1), steps: 20)
        let two = try training.results(on: CPUDevice.eager(threads: 2), steps: 20)
        #expect(one[0].last! < one[0].first!, "the training does not learn")
        let errors = zip(one.joined(), two.joined()).map { abs($0 - $1) / max(1, abs($0)) }
        #expect(errors.largestError <= 1e-5)
    }

    @Test("random numbers follow the clock, not the runs before")
    func clock() throws {
        let noise = Tensor.randomNormal([50], stream: 4)
        let executable = try CPUDevice(threads: 1).compile(Program(outputs: [("y", noise)]))
        let draw = { (step: UInt64) -> [Float] in
            try executable.run(RandomClock(seed: 1, step: step))
            return Array(executable.output("y"))
        }
        let (third, fourth) = (try draw(3), try draw(4))
        #expect(third != fourth)
        #expect(try draw(3) == third)
    }
}
