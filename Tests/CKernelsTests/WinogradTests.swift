import CKernels
import GraphTestSupport
import Philox
import Testing

/// A small convolution of 4×4 kernels with stride 2, and Winograd's planes of its three tensors.
private struct Example {
    let size: Int
    let images = 2, height = 10, width = 6, inputs = 16, outputs = 32
    let top = 1, left = 2
    var x, y, w: [Float]

    init(size: Int) {
        self.size = size
        var random = RandomStream(seed: 3, stream: UInt32(size))
        let draw = { (count: Int, random: inout RandomStream) in
            (0..<count).map { _ in 2 * random.nextUniform() - 1 }
        }
        x = draw(images * height * width * inputs, &random)
        y = draw(images * 5 * 4 * outputs, &random)
        w = draw(outputs * inputs * 16, &random)
    }

    /// Outputs: (10 + 2 − 4) / 2 + 1 rows and (6 + 4 − 4) / 2 + 1 columns.
    let rows = 5, columns = 4
    var tileRows: Int { (rows + size - 1) / size }
    var tileColumns: Int { (columns + size - 1) / size }
    var points: Int { (size + 1) * (size + 1) }
    var tiles: Int { images * tileRows * tileColumns }

    func transformed(
        _ step: (UnsafeMutableRawPointer?) -> Int32, image: inout [Float],
        planes: inout [Float], ofInput: Bool, threads: Int32 = 2
    ) {
        let (height, width) = ofInput ? (height, width) : (rows, columns)
        let (channels, plane) = ofInput ? (inputs, tiles * 4 * inputs) : (outputs, tiles * outputs)
        image.withUnsafeMutableBufferPointer { image in
            planes.withUnsafeMutableBufferPointer { planes in
                var kernel = wk_winograd_images(
                    image: image.baseAddress, planes: planes.baseAddress, images: Int64(images),
                    height: Int64(height), width: Int64(width), channels: Int64(channels),
                    tile_rows: Int64(tileRows), tile_columns: Int64(tileColumns),
                    plane: Int64(plane), pad_top: Int64(top), pad_left: Int64(left),
                    size: Int32(size), threads: threads)
                #expect(step(&kernel) == 0)
            }
        }
    }

    func transformed(
        _ step: (UnsafeMutableRawPointer?) -> Int32, kernels: inout [Float],
        planes: inout AlignedFloats
    ) {
        kernels.withUnsafeMutableBufferPointer { kernels in
            var kernel = wk_winograd_kernels(
                kernels: kernels.baseAddress, planes: planes.base, outputs: Int64(outputs),
                inputs: Int64(inputs), plane: Int64(4 * inputs * outputs), size: Int32(size),
                threads: 2)
            #expect(step(&kernel) == 0)
        }
    }

    /// The sum over the kernel, in double precision, output by output.
    var expected: [Double] {
        var result: [Double] = []
        for n in 0..<images {
            for i in 0..<rows {
                for j in 0..<columns {
                    for k in 0..<outputs { result.append(output(n, i, j, k)) }
                }
            }
        }
        return result
    }

    private func output(_ n: Int, _ i: Int, _ j: Int, _ k: Int) -> Double {
        var sum = 0.0
        for a in 0..<4 {
            for b in 0..<4 {
                let (row, column) = (2 * i + a - top, 2 * j + b - left)
                guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
                for c in 0..<inputs {
                    let pixel = ((n * height + row) * width + column) * inputs + c
                    sum += Double(x[pixel]) * Double(w[(k * inputs + c) * 16 + a * 4 + b])
                }
            }
        }
        return sum
    }
}

/// Planes of kernels are written by instructions that need whole lines.
private final class AlignedFloats {
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(_ count: Int) {
        self.count = count
        base = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
            .bindMemory(to: Float.self, capacity: count)
        base.initialize(repeating: 0, count: count)
    }

    deinit { base.deallocate() }
    subscript(index: Int) -> Double { Double(base[index]) }
}

@Suite("Winograd's transforms")
struct WinogradTests {
    @Test("with products between them are a convolution", arguments: [2, 4])
    func convolves(size: Int) {
        var e = Example(size: size)
        var inputs = [Float](repeating: .nan, count: e.points * e.tiles * 4 * e.inputs)
        var kernels = AlignedFloats(e.points * 4 * e.inputs * e.outputs)
        e.transformed(wk_winograd_input, image: &e.x, planes: &inputs, ofInput: true)
        e.transformed(wk_winograd_kernel, kernels: &e.w, planes: &kernels)
        var products = [Float](repeating: 0, count: e.points * e.tiles * e.outputs)
        let depth = 4 * e.inputs
        for p in 0..<e.points {
            for t in 0..<e.tiles {
                for k in 0..<e.outputs {
                    var sum = 0.0
                    for c in 0..<depth {
                        sum +=
                            Double(inputs[(p * e.tiles + t) * depth + c])
                            * kernels[(p * depth + c) * e.outputs + k]
                    }
                    products[(p * e.tiles + t) * e.outputs + k] = Float(sum)
                }
            }
        }
        e.transformed(wk_winograd_output, image: &e.y, planes: &products, ofInput: false)
        let expected = e.expected
        let largest = expected.map(abs).max() ?? 0
        let error = zip(e.y, expected).map { abs(Double($0) - $1) }.largestError
        #expect(error < 1e-5 * largest, "\(error) of \(largest)")
    }

    @Test("of images have adjoints: ⟨T x, p⟩ = ⟨x, Tᵀ p⟩", arguments: [2, 4], [true, false])
    func imageAdjoints(size: Int, ofInput: Bool) {
        let e = Example(size: size)
        var image = ofInput ? e.x : e.y
        let forward = ofInput ? wk_winograd_input : wk_winograd_output_adjoint
        let back = ofInput ? wk_winograd_input_adjoint : wk_winograd_output
        let channels = ofInput ? 4 * e.inputs : e.outputs
        var planes = [Float](repeating: .nan, count: e.points * e.tiles * channels)
        e.transformed(forward, image: &image, planes: &planes, ofInput: ofInput)
        var random = RandomStream(seed: 5, stream: 1)
        var probe = planes.map { _ in 2 * random.nextUniform() - 1 }
        var result = [Float](repeating: .nan, count: image.count)
        e.transformed(back, image: &result, planes: &probe, ofInput: ofInput, threads: 1)
        let (a, b) = (dot(planes, probe), dot(image, result))
        #expect(abs(a - b) < 1e-4 * (abs(a) + 1), "\(a) \(b)")
    }

    @Test("of kernels have adjoints", arguments: [2, 4])
    func kernelAdjoints(size: Int) {
        var e = Example(size: size)
        var planes = AlignedFloats(e.points * 4 * e.inputs * e.outputs)
        var probe = AlignedFloats(planes.count)
        e.transformed(wk_winograd_kernel, kernels: &e.w, planes: &planes)
        var random = RandomStream(seed: 6, stream: 1)
        for index in 0..<probe.count { probe.base[index] = 2 * random.nextUniform() - 1 }
        var result = [Float](repeating: .nan, count: e.w.count)
        e.transformed(wk_winograd_kernel_adjoint, kernels: &result, planes: &probe)
        let a = (0..<planes.count).reduce(0) { $0 + planes[$1] * probe[$1] }
        let b = dot(e.w, result)
        #expect(abs(a - b) < 1e-4 * (abs(a) + 1), "\(a) \(b)")
    }

    private func dot(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
