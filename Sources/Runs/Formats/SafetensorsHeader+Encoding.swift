import Foundation

extension SafetensorsHeader {
    /// A tensor whose data are to follow.
    typealias Declaration = (name: String, type: ElementType, shape: [Int])

    /// The bytes before the data, whose length is a multiple of 8.
    ///
    /// - Parameters:
    ///   - tensors: In the order of their data.
    ///   - metadata: Text to carry along.
    ///   - path: The file's name, for errors.
    /// - Throws: ``FormatFailure`` when a name occurs twice or a shape has no meaning.
    static func encode(
        _ tensors: [Declaration], metadata: [String: String], path: String?
    ) throws -> Data {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0)):\(json($1))" }
            members.append("\(json(metadataKey)):{\(pairs.joined(separator: ","))}")
        }
        var names: Set<String> = [metadataKey]
        var offset = 0
        for tensor in tensors {
            guard names.insert(tensor.name).inserted else {
                throw unwritable(path, .duplicateName, "the name \(tensor.name.quoted) is taken")
            }
            guard let length = TensorLayout.byteCount(of: tensor.shape, tensor.type),
                case (let end, let overflow) = offset.addingReportingOverflow(length), !overflow
            else {
                let found = "the shape \(tensor.shape)"
                throw unwritable(path, .shape, "\(tensor.name.quoted) has \(found)")
            }
            let sizes = tensor.shape.map(String.init).joined(separator: ",")
            let place = "\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]"
            members.append(
                "\(json(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\(place)}")
            offset = end
        }
        var text = Data("{\(members.joined(separator: ","))}".utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: -text.count & 7))
        guard text.count <= largestLength else {
            throw unwritable(path, .header, "names and metadata exceed 100 MB")
        }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
    }

    static func unwritable(
        _ path: String?, _ reason: FormatFailure.Reason, _ detail: String
    ) -> FormatFailure {
        FormatFailure(.safetensors, path, reason, detail, remedy: "change the tensors given")
    }

    private static func json(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{00}"..<"\u{20}": "\\u" + String(format: "%04x", scalar.value)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
