import AllocationCounter
import CPUExecutor
import TensorGraph
import Testing

@Suite(
    "Heap allocations in steady runs",
    .enabled(
        if: allocation_counter_works() == 1, "counting needs Linux with glibc and no sanitiser"))
struct AllocationTests {
    /// Allocations on this thread in ten runs after the first three, the loss being read each time.
    private func allocations(of program: Program, on device: CPUDevice) throws -> allocation_count {
        let executable = try device.compile(program)
        var (clock, sum) = (RandomClock(seed: 1), Float(0))
        // No loop over a range: without optimisation its iterator allocates.
        while clock.step < 13 {
            if clock.step == 3 { allocation_counter_start() }
            try executable.run(clock)
            sum += executable.scalar(SmallTraining.loss)
            clock.step += 1
        }
        let count = allocation_counter_stop()
        #expect(sum.isFinite)
        return count
    }

    @Test("the counter sees allocations of this thread while it runs")
    func counter() {
        allocation_counter_start()
        let pointers = (0..<5).map {
            UnsafeMutableRawPointer.allocate(byteCount: $0, alignment: 64)
        }
        let count = allocation_counter_stop()
        for pointer in pointers { pointer.deallocate() }
        #expect(count.own >= 5)
        #expect(count.in_library == 0)
        allocation_counter_start()
        #expect(allocation_counter_stop().own == 0)
    }

    @Test("a training with our own kernels alone makes none", arguments: [1, 2])
    func ownKernels(threads: Int) throws {
        let (training, device) = (try SmallTraining.perceptron(), CPUDevice.eager(threads: threads))
        try training.setVariables(on: device)
        let plan = try device.plan(training.program)
        #expect(plan.librarySteps == 0)
        let count = try allocations(of: training.program, on: device)
        #expect(count.own == 0)
        #expect(count.in_library == 0)
    }

    @Test("every kind of step of ours makes none, with one thread and with two", arguments: [1, 2])
    func largeSteps(threads: Int) throws {
        let noise = Tensor.randomNormal([300, 1000], stream: 1)
        let joined = Tensor.concatenated([noise.transposed(), noise.tanh().transposed()], axis: 1)
        let padded = joined.padded(low: [1, 1], high: [0, 2])
        let means = padded.mean(along: [0])
        let loss = (padded - means).exp().max(along: [1]).sum()
        let average = Variable("average", means.shape)
        let device = CPUDevice.eager(threads: threads)
        try device.set(average, to: Array(repeating: 0, count: means.shape.count))
        let program = try Program(
            outputs: [(SmallTraining.loss, loss)],
            updates: [(average, 0.9 * average.tensor + 0.1 * means)])
        let count = try allocations(of: program, on: device)
        #expect(count.own == 0)
        #expect(count.in_library == 0)
    }

    @Test("a training with oneDNN makes none outside it and few inside", arguments: [1, 2])
    func library(threads: Int) throws {
        let (training, device) = (
            try SmallTraining.convolutional(), CPUDevice.eager(threads: threads)
        )
        try training.setVariables(on: device)
        let plan = try device.plan(training.program)
        #expect(plan.librarySteps > 5)
        let count = try allocations(of: training.program, on: device)
        #expect(count.own == 0)
        let perStep = Double(count.in_library) / Double(10 * plan.librarySteps)
        #expect(perStep > 0 && perStep <= 20, "\(perStep) in each of oneDNN's steps")
    }
}

extension Plan {
    /// Steps that oneDNN carries out.
    fileprivate var librarySteps: Int {
        steps.filter { planned in
            switch planned.step {
            case is ConvolutionStep, is ReorderStep: true
            case let product as MatrixProductStep: product.primitive != nil
            default: false
            }
        }.count
    }
}
