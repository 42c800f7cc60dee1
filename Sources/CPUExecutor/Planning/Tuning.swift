/// The numbers by which a plan chooses between two ways of computing the same, with what was
/// measured: on two cores of processors with AVX2 and with AVX-512, the ways side by side.
///
/// What a kernel cannot do otherwise, such as multiples of a vector's length, is said by its kind.
package struct Tuning: Hashable, Sendable {
    // MARK: Work below which a second thread costs more than it saves.

    /// Operations of a whole program: what one thread does before a second one is up, above all
    /// where another process keeps that waiting.
    package var programForThreads = 500_000
    /// Operations of a matrix product by our own kernels.
    var productForThreads = 1 << 20
    /// Operations of a band, whose members meet once.
    var bandForThreads = 1 << 17
    /// Elements of a chain times its loads, operations and reductions.
    var chainForThreads = 1 << 17
    /// Elements of a copy.
    var copyForThreads = 1 << 16

    // MARK: Chains and bands, whose values are to stay in the first cache.

    /// Instructions of a chain.
    var longestChain = 96
    /// Elements of an array in a block of a band's rows, and the fewest rows of a block.
    var blockElements = 4096
    var fewestBlockRows = 24
    /// Elements of a right operand or of a sum, which stay beside a band's rows.
    var thinOperand = 1 << 14
    /// Elements of an array with a band's rows: larger ones are better shared step by step.
    var bandArray = 1 << 17
    /// Steps among which members of a band are looked for.
    var bandReach = 64

    // MARK: Matrix products.

    /// Whether our own kernels do all of them: so where oneDNN has none of its newer ones, which
    /// need AVX-512.
    var ownProductsAlways: Bool
    /// Else a product as thin as this or with so few terms is ours: it does not pay for a call.
    var thinProduct = 8
    var smallProduct = 1 << 16
    /// Rows and columns of the blocks of which threads take the next as soon as they are done with
    /// one, and the most blocks: oneDNN was as fast by itself with fewer than two for each thread.
    var blockSide = 128
    var mostBlocks = 64
    /// Rows and columns of a product of a mask from which on sixteen sums of each four rows pay,
    /// and terms from which on threads may meet once more.
    var maskedRows = 64
    var maskedColumns = 128
    var maskedTerms = 1 << 20
    /// Rows, columns and depth from which on the sums of Strassen's scheme cost less than the
    /// eighth product.
    var strassenRows = 256
    var strassenColumns = 512
    var strassenDepth = 512
    /// Rows of all products with the same right operand below which its planes cost more than they
    /// save: with AVX-512 products are twice as fast, and what planes cost is not.
    var rowsForPlanes: Int

    // MARK: Convolutions.

    /// Operations below which oneDNN's direct kernels are as fast as Winograd's scheme, and tiles
    /// below which its products are too thin.
    var winogradOperations = 1 << 26
    var winogradTiles = 48
    /// Half the harmonic mean of both numbers of channels from which on the scheme is faster. The
    /// time of its transforms grows with the sum of these numbers, the time that it saves with
    /// their product: from 16 to 32 channels it takes 1.6 times as long as the direct sum, from 32
    /// to 64 as long, from 64 to 128 two thirds.
    var winogradChannels = 24
    /// Bytes of planes that are made at a time: more would be written to memory and read back. A
    /// part of the last cache, since other operands and other processes need a place too.
    var winogradBytes: Int
    /// Channels up to which an input gradient, and from which on of the output, is a product and a
    /// scatter: oneDNN's kernels have no full vectors then.
    var foldedChannels = 8
    var foldedOutputs = 16

    /// - Parameters:
    ///   - vectors: The vector instructions in use.
    ///   - firstCache: Bytes of a core's first data cache.
    ///   - lastCache: Bytes of the cache before memory.
    init(_ vectors: VectorLevel, firstCache: Int, lastCache: Int) {
        ownProductsAlways = vectors == .avx2
        rowsForPlanes = vectors == .avx2 ? 256 : 512
        winogradBytes = max(min(5_000_000, lastCache / 3), 1)
        // Half of the first cache, where that is small.
        blockElements = min(blockElements, firstCache / 8)
    }
}
