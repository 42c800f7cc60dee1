extension Program {
    /// The program with its random numbers given from outside: each draw becomes an input, named by
    /// its kind and stream, so that two engines can be fed with the same numbers.
    package func takingRandomNumbersAsInputs() -> Program {
        var result = self
        for index in instructions.indices {
            guard let random = instructions[index].operation as? RandomNumbers else { continue }
            result.instructions[index].operation = Input(
                label: random.inputName, declared: random.declared)
        }
        return result
    }
}

extension RandomNumbers {
    /// The name of the input that ``Program/takingRandomNumbersAsInputs()`` puts in place.
    fileprivate var inputName: String { "\(kind.rawValue) \(stream)" }
}
