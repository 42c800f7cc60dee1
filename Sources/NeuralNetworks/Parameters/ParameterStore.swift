import Dispatch
import Philox
public import TensorGraph

/// The parameters of a training, in the order of their creation, and how each of them begins.
///
/// Layers create their parameters in a store when they are made. Scopes give them the dotted names
/// that PyTorch's modules have: `critic.0.weight`, `generator.1.running_mean`.
public struct ParameterStore: Sendable {
    private struct Entry: Sendable {
        let parameter: Parameter
        let initially: Distribution
        /// The name that selects the random numbers: another parameter's for a copy of it.
        let origin: String
    }

    /// How weights, biases and scales created from now on begin.
    public var initialisation: any Initialisation
    /// How many classes the labels have that conditional layers are told of; nil where there are
    /// none.
    public var classes: Int?
    /// Numbers that change over the training, by the names of the inputs that programs have for
    /// them.
    package private(set) var scheduled: [String: ScheduledNumber] = [:]
    private var entries: [Entry] = []
    private var positions: [String: Int] = [:]
    private var scope: [String] = []
    private var conflict: ParameterError?

    /// An empty store whose parameters will begin by `initialisation`.
    public init(initialisation: any Initialisation = .pyTorch) {
        self.initialisation = initialisation
    }

    /// All parameters in the order of their creation.
    public var parameters: [Parameter] { entries.map(\.parameter) }

    /// The parameter called `name`, if there is one.
    public subscript(name: String) -> Parameter? {
        positions[name].map { entries[$0].parameter }
    }

    /// The parameters whose names begin with `scope` and a dot, in the order of their creation.
    public func parameters(in scope: String) -> [Parameter] {
        parameters.filter { $0.name.hasPrefix(scope + ".") }
    }

    /// Those of ``parameters(in:)`` that an optimiser changes.
    public func trainable(in scope: String) -> [Parameter] {
        parameters(in: scope).filter(\.isTrainable)
    }

    /// Runs `body` with `name` and a dot before the names of the parameters that it creates.
    public mutating func scoped<Result, Failure: Error>(
        _ name: String, _ body: (inout ParameterStore) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        scope.append(name)
        defer { scope.removeLast() }
        return try body(&self)
    }

    /// Runs `body` with another scheme for the parameters that it creates.
    mutating func beginning<Result>(
        by scheme: any Initialisation, _ body: (inout ParameterStore) -> Result
    ) -> Result {
        let before = initialisation
        initialisation = scheme
        defer { initialisation = before }
        return body(&self)
    }

    /// Creates a trainable parameter that begins as ``initialisation`` says.
    ///
    /// - Parameters:
    ///   - name: Unique within the scope.
    ///   - shape: The extents of the value.
    ///   - role: What the numbers are for.
    ///   - fans: The connections of the weight that the parameter is or belongs to.
    ///   - groups: Of a convolution's weight: groups of channels.
    ///   - stride: Of a convolution's weight: pixels between its windows.
    public mutating func parameter(
        _ name: String, _ shape: Shape, _ role: Parameter.Role, fans: Fans = Fans(1, 1),
        groups: Int = 1, stride: Int = 1
    ) -> Parameter {
        add(
            name, shape, role, initialisation.distribution(for: role, fans: fans), groups: groups,
            stride: stride)
    }

    /// Creates a parameter that begins as `initially` says, whatever the scheme.
    public mutating func parameter(
        _ name: String, _ shape: Shape, _ role: Parameter.Role, initially: Distribution
    ) -> Parameter {
        add(name, shape, role, initially)
    }

    /// The state variable called `name`, created at the first request.
    ///
    /// A later request for another shape or another beginning counts as a second parameter of the
    /// name.
    public mutating func state(
        _ name: String, _ shape: Shape, initially: Distribution = .constant(0)
    ) -> Variable {
        state(name, shape, initially, origin: qualified(name))
    }

    /// The state variable called `name` that begins with the numbers of `source`, created at the
    /// first request.
    public mutating func copy(of source: Parameter, named name: String) -> Variable {
        let original = positions[source.name].map { entries[$0] }
        return state(
            name, source.shape, original?.initially ?? .constant(0),
            origin: original?.origin ?? source.name)
    }

    /// A number as a scalar of a program: a constant, or an input that whoever runs the program
    /// sets to the number's present value.
    ///
    /// - Parameters:
    ///   - number: The number.
    ///   - name: The input's name, with a number after it where another number has the name.
    public mutating func tensor(of number: ScheduledNumber, named name: String) -> Tensor {
        if case .constant(let value) = number { return Tensor(value) }
        var input = name
        var count = 1
        while let known = scheduled[input], known != number {
            count += 1
            input = "\(name).\(count)"
        }
        scheduled[input] = number
        return .input(input, [])
    }

    /// The numbers with which each parameter begins, in the order of creation.
    ///
    /// They are a function of the seed and of the parameter's name alone: other parameters may come
    /// and go.
    ///
    /// - Throws: ``ParameterError`` if two parameters were created under one name.
    public func initialValues(
        seed: UInt64
    ) throws(ParameterError) -> [(variable: Variable, values: [Float])] {
        if let conflict { throw conflict }
        let entries = entries
        var values = [[Float]](repeating: [], count: entries.count)
        values.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let places = buffer
            DispatchQueue.concurrentPerform(iterations: entries.count) { index in
                let entry = entries[index]
                var stream = RandomStream(
                    seed: seed, stream: ReservedStream.initialValues,
                    step: Self.fingerprint(of: entry.origin))
                places[index] = entry.initially.sample(
                    entry.parameter.shape.count, from: &stream)
            }
        }
        return zip(entries, values).map { ($0.parameter.variable, $1) }
    }

    private func qualified(_ name: String) -> String { (scope + [name]).joined(separator: ".") }

    private mutating func state(
        _ name: String, _ shape: Shape, _ initially: Distribution, origin: String
    ) -> Variable {
        if let known = positions[qualified(name)].map({ entries[$0] }),
            known.parameter.role == .state, known.parameter.shape == shape,
            known.initially == initially, known.origin == origin
        {
            return known.parameter.variable
        }
        return add(name, shape, .state, initially, origin: origin).variable
    }

    private mutating func add(
        _ name: String, _ shape: Shape, _ role: Parameter.Role, _ initially: Distribution,
        origin: String? = nil, groups: Int = 1, stride: Int = 1
    ) -> Parameter {
        let name = qualified(name)
        let parameter = Parameter(
            Variable(name, shape), role: role, groups: groups, stride: stride)
        if positions[name] != nil, conflict == nil { conflict = ParameterError(name: name) }
        positions[name] = entries.count
        entries.append(Entry(parameter: parameter, initially: initially, origin: origin ?? name))
        return parameter
    }

    /// The 64-bit FNV-1a hash: unlike Swift's own it is the same in every run.
    private static func fingerprint(of name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// Two parameters of one name.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was given twice.
    public let name: String

    package init(name: String) { self.name = name }

    /// One sentence: which name was given twice, and what to do.
    public var description: String {
        "two parameters are called \(name); create their layers in scopes of different names"
    }
}
