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

/// How a whole value is given by the shards' values.
private enum Layout: Equatable {
    /// Each shard has all of it.
    case shared
    /// It is the sum of theirs.
    case sum
    /// An axis consists of segments, of each of which a shard has its own part: of a batch of real
    /// samples followed by generated ones there are two.
    case parts(axis: Int, segments: [Int])
}

/// The divided program while it is being written.
private struct BatchDivision {
    let shards: Int
    let batches: Set<Int>
    var builder = ProgramBuilder()
    /// Of each instruction of the whole program.
    private var layouts: [Layout] = []
    private var numbers: [Int] = []
    private var wholeShapes: [Shape] = []
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
    private func local(_ shape: Shape, axis: Int) -> Shape {
        var extents = shape.dimensions
        extents[axis] /= shards
        return Shape(extents)
    }

    private func parts(_ whole: Int) -> (axis: Int, segments: [Int])? {
        guard case .parts(let axis, let segments) = layouts[whole] else { return nil }
        return (axis, segments)
    }

    /// A whole instruction's value with the given parts.
    private mutating func number(_ whole: Int, axis: Int, segments: [Int]) -> Int {
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

/// What becomes of the kinds of operations; nil where their operands have to be shared.
extension BatchDivision {
    /// A linear operation on one operand that is a sum: the sum of the results.
    private mutating func linear(_ instruction: Program.Instruction) -> (Int, Layout)? {
        guard layouts[instruction.operands[0]] == .sum else { return nil }
        return (
            builder.append(instruction.operation, [numbers[instruction.operands[0]]]), .sum
        )
    }

    /// Sums added, or multiplied with what all shards share.
    private mutating func sum(of binary: Binary, _ operands: [Int]) -> (Int, Layout)? {
        let found = operands.map { layouts[$0] }
        let areSums =
            switch binary {
            case .add, .subtract: found == [.sum, .sum]
            case .multiply: found == [.sum, .shared] || found == [.shared, .sum]
            case .divide: found == [.sum, .shared]
            case .maximum, .minimum: false
            }
        return areSums ? (builder.append(binary, operands.map { numbers[$0] }), .sum) : nil
    }

    private mutating func elementwise(_ instruction: Program.Instruction) -> (Int, Layout)? {
        let operands = instruction.operands
        guard let (axis, segments) = operands.lazy.compactMap(parts).first else { return nil }
        let all = operands.map { number($0, axis: axis, segments: segments) }
        return (
            builder.append(instruction.operation, all), .parts(axis: axis, segments: segments)
        )
    }

    /// The axis may be joined with those after it, or split into several.
    private mutating func reshaped(_ change: ChangeShape, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand) else { return nil }
        let (old, new) = (wholeShapes[operand].dimensions, change.target.dimensions)
        let outer = old[..<axis].reduce(1, *)
        for place in new.indices where new[..<place].reduce(1, *) == outer {
            let extents: [Int]
            if new[place] >= old[axis], new[place].isMultiple(of: old[axis]),
                Self.isProduct(new[place] / old[axis], of: old[(axis + 1)...])
            {
                extents = segments.map { $0 * (new[place] / old[axis]) }
            } else if new[place] > 0, old[axis].isMultiple(of: new[place]),
                Self.isProduct(old[axis] / new[place], of: new[(place + 1)...])
            {
                let inner = old[axis] / new[place]
                guard segments.allSatisfy({ $0.isMultiple(of: inner * shards) }) else { continue }
                extents = segments.map { $0 / inner }
            } else {
                continue
            }
            let target = local(change.target, axis: place)
            return (
                builder.append(ChangeShape(target: target), [numbers[operand]]),
                .parts(axis: place, segments: extents)
            )
        }
        return nil
    }

    /// Whether a number is the product of the first of some extents.
    private static func isProduct(_ number: Int, of extents: ArraySlice<Int>) -> Bool {
        var product = 1
        for extent in extents {
            if product == number { return true }
            product *= extent
        }
        return product == number
    }

    private mutating func transposed(_ transpose: Transpose, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand),
            let place = transpose.permutation.firstIndex(of: axis)
        else { return nil }
        return (
            builder.append(transpose, [numbers[operand]]), .parts(axis: place, segments: segments)
        )
    }

    private mutating func repeated(_ broadcast: Broadcast, _ operand: Int) -> (Int, Layout)? {
        // A sum is smaller before it is repeated.
        guard let (axis, segments) = parts(operand) else { return nil }
        let place = broadcast.axes[axis]
        let target = local(broadcast.target, axis: place)
        return (
            builder.append(Broadcast(target: target, axes: broadcast.axes), [numbers[operand]]),
            .parts(axis: place, segments: segments)
        )
    }

    /// Along the divided axis only whole segments.
    private mutating func sliced(_ slice: Slice, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand), slice.strides[axis] == 1 else { return nil }
        var (start, kept) = (0, [Int]())
        let (first, limit) = (slice.starts[axis], slice.limits[axis])
        for segment in segments {
            let range = start..<start + segment
            start += segment
            if range.upperBound <= first || range.lowerBound >= limit { continue }
            guard range.lowerBound >= first, range.upperBound <= limit else { return nil }
            kept.append(segment)
        }
        guard kept.reduce(0, +) == limit - first, first.isMultiple(of: shards) else { return nil }
        var (starts, limits) = (slice.starts, slice.limits)
        (starts[axis], limits[axis]) = (first / shards, limit / shards)
        return (
            builder.append(
                Slice(starts: starts, limits: limits, strides: slice.strides), [numbers[operand]]),
            .parts(axis: axis, segments: kept)
        )
    }

    /// Zeros before and after a batch are segments of their own.
    private mutating func padded(_ pad: Pad, _ operand: Int) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operand), pad.interior[axis] == 0,
            pad.low[axis].isMultiple(of: shards), pad.high[axis].isMultiple(of: shards)
        else { return nil }
        var (low, high) = (pad.low, pad.high)
        (low[axis], high[axis]) = (low[axis] / shards, high[axis] / shards)
        let all = ([pad.low[axis]] + segments + [pad.high[axis]]).filter { $0 > 0 }
        return (
            builder.append(Pad(low: low, high: high, interior: pad.interior), [numbers[operand]]),
            .parts(axis: axis, segments: all)
        )
    }

    private mutating func concatenated(
        _ concatenate: Concatenate, _ operands: [Int]
    ) -> (Int, Layout)? {
        guard let (axis, segments) = operands.lazy.compactMap(parts).first else { return nil }
        guard axis == concatenate.axis else {
            let all = operands.map { number($0, axis: axis, segments: segments) }
            return (builder.append(concatenate, all), .parts(axis: axis, segments: segments))
        }
        let each = operands.map { operand in
            parts(operand).flatMap { $0.axis == axis ? $0.segments : nil }
                ?? [wholeShapes[operand][axis]]
        }
        guard each.joined().allSatisfy({ $0.isMultiple(of: shards) }) else { return nil }
        let all = zip(operands, each).map { number($0, axis: axis, segments: $1) }
        return (
            builder.append(concatenate, all), .parts(axis: axis, segments: each.flatMap(\.self))
        )
    }

    /// Groups lie along the last axis.
    private mutating func arranged(
        _ arrange: Arrange, _ instruction: Program.Instruction
    ) -> (Int, Layout)? {
        let last = instruction.shape.rank - 1
        guard let first = instruction.operands.lazy.compactMap(parts).first, first.axis != last
        else { return nil }
        return elementwise(instruction)
    }

    private mutating func reduced(_ reduce: Reduce, _ operand: Int) -> (Int, Layout)? {
        if layouts[operand] == .sum, reduce.reduction == .sum {
            return (builder.append(reduce, [numbers[operand]]), .sum)
        }
        guard let (axis, segments) = parts(operand) else { return nil }
        let own = builder.append(reduce, [numbers[operand]])
        if !reduce.axes.contains(axis) {
            let place = axis - reduce.axes.count { $0 < axis }
            return (own, .parts(axis: place, segments: segments))
        }
        if reduce.reduction == .sum { return (own, .sum) }
        let shape = builder.shape(own)
        let row = builder.append(ChangeShape(target: Shape([1] + shape.dimensions)), [own])
        let rows = builder.append(AllGather(shards: shards), [row])
        return (builder.append(Reduce(reduce.reduction, axes: [0]), [rows]), .shared)
    }

    private mutating func multiplied(
        _ product: MatrixProduct, _ operands: [Int]
    ) -> (Int, Layout)? {
        let rank = wholeShapes[operands[0]].rank
        let inner = (
            product.transposeFirst ? rank - 2 : rank - 1,
            product.transposeSecond ? rank - 1 : rank - 2
        )
        guard
            let (side, (axis, segments)) = operands.lazy.enumerated().compactMap({
                [layouts] side, operand -> (Int, (Int, [Int]))? in
                guard case .parts(let axis, let segments) = layouts[operand] else { return nil }
                return (side, (axis, segments))
            }).first
        else { return nil }
        if axis == (side == 0 ? inner.0 : inner.1) {
            return contracted(product, operands, axes: inner)
        }
        var all = [0, 0]
        all[side] = numbers[operands[side]]
        let other = 1 - side
        guard axis >= rank - 2 else {
            // One of many products.
            all[other] = number(operands[other], axis: axis, segments: segments)
            return (builder.append(product, all), .parts(axis: axis, segments: segments))
        }
        all[other] = shared(operands[other])
        return (
            builder.append(product, all),
            .parts(axis: side == 0 ? rank - 2 : rank - 1, segments: segments)
        )
    }

    private mutating func convolved(
        _ operation: any Operation, _ operands: [Int]
    ) -> (Int, Layout)? {
        guard let (axis, segments) = parts(operands[0]), axis == 0, parts(operands[1]) == nil
        else { return nil }
        let weights = shared(operands[1])
        return (
            builder.append(operation, [numbers[operands[0]], weights]),
            .parts(axis: 0, segments: segments)
        )
    }

    /// A product that adds up over a divided axis: each shard's terms.
    private mutating func contracted(
        _ operation: any Operation, _ operands: [Int], axes: (Int, Int)
    ) -> (Int, Layout)? {
        let sides = zip(operands, [axes.0, axes.1])
        guard
            let segments = sides.lazy.compactMap({ [layouts] operand, axis -> [Int]? in
                guard case .parts(axis, let segments) = layouts[operand] else { return nil }
                return segments
            }).first
        else { return nil }
        let all = sides.map { number($0, axis: $1, segments: segments) }
        return (builder.append(operation, all), .sum)
    }
}
