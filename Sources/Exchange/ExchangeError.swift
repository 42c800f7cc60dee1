/// A network that cannot be written in, or read from, another program's form.
public enum ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A layer of a type that has no form in ONNX.
    case layer(String)
    /// A file without a parameter of the network.
    case missing(name: String, network: String)
    /// A file with a tensor that is no parameter of the network.
    case unknown(name: String, network: String)
    /// A tensor of another shape than the parameter's.
    case shape(name: String, found: [Int], expected: [Int])

    /// A clause: what is wrong and what to do.
    public var description: String {
        switch self {
        case .layer(let type):
            "the layer \(type) has no form in ONNX; export the weights as safetensors"
        case .missing(let name, let network):
            "there is no tensor \(name), which the \(network) needs; name the configuration that "
                + "the weights are for"
        case .unknown(let name, let network):
            "the tensor \(name) is none of the \(network)'s; name the configuration that the "
                + "weights are for"
        case .shape(let name, let found, let expected):
            "the tensor \(name) has shape \(found), the configuration says \(expected)"
        }
    }
}
