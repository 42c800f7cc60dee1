/// Divides a program's batches into equal parts, the shards, which can be computed anywhere.
///
/// Inputs and random numbers with a place for each sample are divided along it, and so is what is
/// computed from them, sample by sample. Where samples meet, in gradients, losses and statistics of
/// a batch, the shards' parts are added (``AllReduce``); where nothing better is known of an
/// operation, they are gathered first (``AllGather``). Parts of sums are added, scaled and moved as
/// they are, and meet as late as can be. The divided program means the same as the whole one, but
/// for the order in which numbers are added, which depends on the number of shards alone.
///
/// Source: Xu et al. 2021, "GSPMD: General and Scalable Parallelization for ML Computation Graphs",
/// arXiv:2105.04663. Differs in dividing batches only, and in the fixed order of sums.
extension Program {
    /// The program divided into `shards` parts of its batches.
    ///
    /// - Parameter batches: Extents of first axes that are divided: multiples of `shards`.
    /// - Throws: ``GraphError`` where a batch does not fall into so many parts.
    package func divided(into shards: Int, batches: Set<Int>) throws(GraphError) -> Program {
        guard shards > 1 else { return self }
        for batch in batches where !batch.isMultiple(of: shards) {
            throw GraphError(
                message: "a batch of \(batch) does not fall into \(shards) equal parts",
                location: nil)
        }
        var division = BatchDivision(shards: shards, batches: batches)
        for instruction in instructions { division.append(instruction) }
        var result = self
        result.shards = shards
        result.renumberResults(
            instructions.indices.map { results.contains($0) ? division.shared($0) : 0 })
        result.instructions = division.builder.instructions
        return result.removingDeadCode().applying(CommonSubexpressions()).removingDeadCode()
            .meetingEarly()
    }

    /// The instructions in another order, in which sums over shards can be added while others are
    /// computed: each follows what it adds at once, and all that needs no further sum comes before
    /// what needs one more.
    private func meetingEarly() -> Program {
        var sumsBefore: [Int] = []
        for instruction in instructions {
            let before = instruction.operands.map {
                sumsBefore[$0] + (instructions[$0].operation is AllReduce ? 1 : 0)
            }
            sumsBefore.append(before.max() ?? 0)
        }
        var sums: [Int: [Int]] = [:]
        for (number, instruction) in instructions.enumerated()
        where instruction.operation is AllReduce {
            sums[instruction.operands[0], default: []].append(number)
        }
        let others = instructions.indices.filter { !(instructions[$0].operation is AllReduce) }
        let order = others.sorted { (sumsBefore[$0], $0) < (sumsBefore[$1], $1) }
            .flatMap { [$0] + (sums[$0] ?? []) }
        var renamed = [Int](repeating: 0, count: instructions.count)
        for (place, number) in order.enumerated() { renamed[number] = place }
        var result = self
        result.instructions = order.map { number in
            var instruction = instructions[number]
            instruction.operands = instruction.operands.map { renamed[$0] }
            return instruction
        }
        result.renumberResults(renamed)
        return result.verified(after: "ordering for sums over shards")
    }

    /// Whether each instruction's value is one that all shards share.
    package var isShared: [Bool] {
        var shared: [Bool] = []
        for instruction in instructions {
            switch instruction.operation {
            case is any Collective: shared.append(true)
            case is ShardSlice: shared.append(false)
            case let random as RandomNumbers: shared.append(!random.isShard)
            default: shared.append(instruction.operands.allSatisfy { shared[$0] })
            }
        }
        return shared
    }
}

/// The divided program while it is being written.
struct BatchDivision {
    /// How a whole value is given by the shards' values.
    enum Layout: Equatable {
        /// Each shard has all of it.
        case shared
        /// It is the sum of theirs.
        case sum
        /// An axis consists of segments, of each of which a shard has its own part: of a batch of
        /// real samples followed by generated ones there are two.
        case parts(axis: Int, segments: [Int])
    }

    let shards: Int
    let batches: Set<Int>
    var builder = ProgramBuilder()
    /// Of each instruction of the whole program.
    private(set) var layouts: [Layout] = []
    private(set) var numbers: [Int] = []
    private(set) var wholeShapes: [Shape] = []
    private var sharedNumbers: [Int: Int] = [:]

    init(shards: Int, batches: Set<Int>) { (self.shards, self.batches) = (shards, batches) }

    /// The number of a whole instruction's value where all shards share it.
    mutating func shared(_ whole: Int) -> Int {
        if let known = sharedNumbers[whole] { return known }
        let number = numbers[whole]
        let result =
            switch layouts[whole] {
            case .shared: number
            case .sum: builder.append(AllReduce(shards: shards), [number])
            case .parts(let axis, let segments): gathered(number, axis, segments)
            }
        sharedNumbers[whole] = result
        return result
    }

    mutating func append(_ instruction: Program.Instruction) {
        let (number, layout) = divided(instruction)
        numbers.append(number)
        layouts.append(layout)
        wholeShapes.append(instruction.shape)
    }

    /// What becomes of an instruction.
    private mutating func divided(_ instruction: Program.Instruction) -> (Int, Layout) {
        let operands = instruction.operands
        let found: (Int, Layout)?
        switch instruction.operation {
        case is Input where batches.contains(instruction.shape.dimensions.first ?? 0):
            let whole = builder.append(instruction)
            found = (
                builder.append(ShardSlice(shards: shards, axis: 0), [whole]),
                .parts(axis: 0, segments: [instruction.shape[0]])
            )
        case let random as RandomNumbers
        where batches.contains(instruction.shape.dimensions.first ?? 0):
            let part = RandomNumbers(
                kind: random.kind, declared: local(instruction.shape, axis: 0),
                stream: random.stream, isShard: true)
            found = (builder.append(part, []), .parts(axis: 0, segments: [instruction.shape[0]]))
        case _ where operands.allSatisfy { layouts[$0] == .shared }: found = nil
        case let binary as Binary: found = sum(of: binary, operands) ?? elementwise(instruction)
        case Unary.negate, is StopGradient:
            found = linear(instruction) ?? elementwise(instruction)
        case is Unary, is Compare, is Select: found = elementwise(instruction)
        case let change as ChangeShape: found = linear(instruction) ?? reshaped(change, operands[0])
        case let transpose as Transpose:
            found = linear(instruction) ?? transposed(transpose, operands[0])
        case let broadcast as Broadcast: found = repeated(broadcast, operands[0])
        case let slice as Slice: found = linear(instruction) ?? sliced(slice, operands[0])
        case let pad as Pad: found = padded(pad, operands[0])
        case let concatenate as Concatenate: found = concatenated(concatenate, operands)
        case let arrange as Arrange: found = arranged(arrange, instruction)
        case let reduce as Reduce: found = reduced(reduce, operands[0])
        case let product as MatrixProduct: found = multiplied(product, operands)
        case is Convolution, is ConvolutionInputGradient:
            found = convolved(instruction.operation, operands)
        case is ConvolutionWeightGradient:
            found = contracted(instruction.operation, operands, axes: (0, 0))
        default: found = nil
        }
        if let found { return found }
        let whole = operands.map { shared($0) }
        return (builder.append(instruction.operation, whole), .shared)
    }
}

/// Values in other layouts.
extension BatchDivision {
    func local(_ shape: Shape, axis: Int) -> Shape {
        var extents = shape.dimensions
        extents[axis] /= shards
        return Shape(extents)
    }

    func parts(_ whole: Int) -> (axis: Int, segments: [Int])? {
        guard case .parts(let axis, let segments) = layouts[whole] else { return nil }
        return (axis, segments)
    }

    /// A whole instruction's value with the given parts.
    mutating func number(_ whole: Int, axis: Int, segments: [Int]) -> Int {
        if layouts[whole] == .parts(axis: axis, segments: segments) { return numbers[whole] }
        return part(of: shared(whole), axis: axis, segments: segments)
    }

    /// A shard's part of a shared value. What is the same all along the axis is made shorter.
    private mutating func part(of number: Int, axis: Int, segments: [Int]) -> Int {
        if let broadcast = builder.operation(number) as? Broadcast {
            let target = local(broadcast.target, axis: axis)
            var source = builder.operands(number)[0]
            if let place = broadcast.axes.firstIndex(of: axis) {
                source = part(of: source, axis: place, segments: segments)
            }
            return builder.append(Broadcast(target: target, axes: broadcast.axes), [source])
        }
        let slice = ShardSlice(shards: shards, axis: axis)
        guard segments.count > 1 else { return builder.append(slice, [number]) }
        var start = 0
        let pieces = segments.map { segment in
            defer { start += segment }
            let piece = piece(of: number, axis: axis, start..<start + segment)
            return builder.append(slice, [piece])
        }
        return builder.append(Concatenate(axis: axis), pieces)
    }

    private mutating func piece(of number: Int, axis: Int, _ range: Range<Int>) -> Int {
        let extents = builder.shape(number).dimensions
        var (starts, limits) = (extents.map { _ in 0 }, extents)
        (starts[axis], limits[axis]) = (range.lowerBound, range.upperBound)
        return builder.append(
            Slice(starts: starts, limits: limits, strides: extents.map { _ in 1 }), [number])
    }

    /// The whole value of parts, shared.
    private mutating func gathered(_ number: Int, _ axis: Int, _ segments: [Int]) -> Int {
        let rank = builder.shape(number).rank
        let order = [axis] + (0..<rank).filter { $0 != axis }
        let inverse = order.indices.sorted { order[$0] < order[$1] }
        var start = 0
        let pieces = segments.map { segment in
            defer { start += segment / shards }
            var piece = number
            if segments.count > 1 {
                piece = self.piece(of: piece, axis: axis, start..<start + segment / shards)
            }
            if axis > 0 { piece = builder.append(Transpose(permutation: order), [piece]) }
            piece = builder.append(AllGather(shards: shards), [piece])
            if axis > 0 { piece = builder.append(Transpose(permutation: inverse), [piece]) }
            return piece
        }
        return pieces.count == 1 ? pieces[0] : builder.append(Concatenate(axis: axis), pieces)
    }
}
