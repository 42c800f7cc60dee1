/// A file that a data set was published in.
public struct PublishedFile: Sendable, Hashable {
    /// Its name, without folders.
    public let name: String
    /// Its length in bytes.
    public let byteCount: Int
    /// Its SHA-256 checksum, 64 hexadecimal digits in lower case.
    public let sha256: String

    /// A file with this name, length and checksum.
    public init(name: String, byteCount: Int, sha256: String) {
        self.name = name
        self.byteCount = byteCount
        self.sha256 = sha256
    }
}

/// A data set that can be fetched.
public struct PublishedDataset: Sendable, Hashable {
    /// The name of its folder, such as `mnist`.
    public let name: String
    /// All its files; each mirror has them under these names.
    public let files: [PublishedFile]
    /// The addresses of folders that have the files, the first one preferred.
    public let mirrors: [String]

    /// A data set of one's own.
    public init(name: String, files: [PublishedFile], mirrors: [String]) {
        self.name = name
        self.files = files
        self.mirrors = mirrors
    }

    /// The data sets known by name.
    public static let all = [mnist, fashionMNIST]

    /// Handwritten digits: LeCun, Cortes, Burges 1998; the mirrors are those of torchvision.
    public static let mnist = PublishedDataset(
        name: MNISTVariant.digits.rawValue,
        files: [
            PublishedFile(
                name: "train-images-idx3-ubyte.gz", byteCount: 9_912_422,
                sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            PublishedFile(
                name: "train-labels-idx1-ubyte.gz", byteCount: 28_881,
                sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            PublishedFile(
                name: "t10k-images-idx3-ubyte.gz", byteCount: 1_648_877,
                sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            PublishedFile(
                name: "t10k-labels-idx1-ubyte.gz", byteCount: 4542,
                sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ],
        mirrors: [
            "https://ossci-datasets.s3.amazonaws.com/mnist",
            "https://storage.googleapis.com/cvdf-datasets/mnist",
        ])

    /// Articles of clothing: Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747.
    public static let fashionMNIST = PublishedDataset(
        name: MNISTVariant.fashion.rawValue,
        files: [
            PublishedFile(
                name: "train-images-idx3-ubyte.gz", byteCount: 26_421_880,
                sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            PublishedFile(
                name: "train-labels-idx1-ubyte.gz", byteCount: 29_515,
                sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            PublishedFile(
                name: "t10k-images-idx3-ubyte.gz", byteCount: 4_422_102,
                sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            PublishedFile(
                name: "t10k-labels-idx1-ubyte.gz", byteCount: 5148,
                sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ],
        mirrors: [
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
        ])
}
