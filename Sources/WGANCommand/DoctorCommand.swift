import ArgumentParser
import CPUExecutor
import Datasets
import Figures
import Foundation
import MessagePassing
import WGAN
import XLAExecutor

/// `wgan doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what is installed, and say how to get what is missing.",
        discussion: """
            Exit code 1 where something that training needs does not work; data sets may be absent.
            Vector instructions can be lowered: WGAN_VECTORS=baseline, avx2 or avx512.

            Example:
              wgan doctor
            """)

    private struct Finding {
        var what: String
        var isGood: Bool
        var detail: String
        /// Training works without it.
        var isOptional = false
    }

    func run() throws {
        let findings =
            [processor(), vectors(), pictures(), presets()] + MNISTVariant.allCases.map(data)
            + PluginSearch.known.map(accelerator) + MPIImplementation.allCases.map(messages)
            + [launcher()]
        for finding in findings {
            let mark = finding.isGood ? "ok     " : finding.isOptional ? "absent " : "BROKEN "
            try print("\(mark) \(finding.what): \(finding.detail)")
        }
        if findings.contains(where: { !$0.isGood && !$0.isOptional }) { throw ExitCode(1) }
    }

    /// Computes something with oneDNN.
    private func processor() -> Finding {
        let device = CPUDevice()
        let detail = "\(device.name), vector code for \(VectorLevel.inUse)"
        do { try VectorLevel.checkEnvironment() } catch {
            return Finding(what: "processor", isGood: false, detail: "\(detail); \(error)")
        }
        do {
            try device.selfTest()
            return Finding(what: "processor", isGood: true, detail: detail)
        } catch {
            return Finding(
                what: "processor", isGood: false,
                detail: "\(detail); a matrix product fails: \(error); install oneDNN anew")
        }
    }

    /// Which vector instructions there are, and which are in use.
    private func vectors() -> Finding {
        let names = VectorLevel.allCases.filter { $0 <= .best }.map(\.name).joined(separator: ", ")
        let how = VectorLevel.inUse < .best ? "lowered by \(VectorLevel.variable)" : "the best"
        return Finding(
            what: "vectors", isGood: true,
            detail: "\(VectorLevel.inUse.name) in use, \(how); this machine has \(names)")
    }

    /// Draws something with libvips.
    private func pictures() -> Finding {
        do {
            let figure = Scatter(series: [.init("point", points: [SIMD2(0, 0)])])
            _ = try (figure.pngData(), figure.pdfData())
            return Finding(what: "figures", isGood: true, detail: "PNG, GIF and PDF can be written")
        } catch {
            return Finding(
                what: "figures", isGood: false,
                detail: "\(error); install libvips and librsvg")
        }
    }

    /// The devices of one of XLA's plugins, if it is there.
    private func accelerator(_ known: PluginSearch.Known) -> Finding {
        let what = "device \(known.name)"
        guard PluginSearch().path(of: known) != nil else {
            return Finding(
                what: what, isGood: false,
                detail: "not installed; \(known.remedy) does it", isOptional: true)
        }
        do {
            let device = try XLADevice(named: known.name)
            return Finding(
                what: what, isGood: true, detail: device.description, isOptional: true)
        } catch {
            return Finding(what: what, isGood: false, detail: "\(error)", isOptional: true)
        }
    }

    /// The library by which an implementation of MPI is called, if it is there.
    private func messages(_ implementation: MPIImplementation) -> Finding {
        let what = implementation.name
        do {
            guard let library = try MPILibrary.opened(implementation) else {
                return Finding(
                    what: what, isGood: false,
                    detail: "not installed; for several processes, \(implementation.remedy)",
                    isOptional: true)
            }
            return Finding(
                what: what, isGood: true, detail: "\(library.version), by \(library.path)",
                isOptional: true)
        } catch {
            return Finding(what: what, isGood: false, detail: "\(error)", isOptional: true)
        }
    }

    /// Whether this is one of several processes.
    private func launcher() -> Finding {
        let launcher = Launcher()
        let detail = launcher.map {
            "rank \($0.rank) of \($0.size), by a launcher of \($0.implementations[0].name)"
        }
        return Finding(
            what: "processes", isGood: true, detail: detail ?? "this one alone, by no launcher")
    }

    private func presets() -> Finding {
        let names = Presets.all.map(\.name).joined(separator: ", ")
        return Finding(what: "presets", isGood: !Presets.all.isEmpty, detail: names)
    }

    private func data(_ variant: MNISTVariant) -> Finding {
        do {
            let images = try ImageSet.mnist(variant)
            return Finding(
                what: variant.rawValue, isGood: true, detail: "\(images.count) training images",
                isOptional: true)
        } catch {
            return Finding(
                what: variant.rawValue, isGood: false, detail: "\(error)", isOptional: true)
        }
    }
}
