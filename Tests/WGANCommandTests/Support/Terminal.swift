#if os(Linux)
    import Foundation

    /// A pseudo-terminal, to be written to by the command and read by a test.
    struct Terminal {
        /// What a program takes for its terminal.
        let far: FileHandle
        private let near: FileHandle

        /// Requests of Linux's `ioctl`, which C defines by macros that Swift does not see.
        private static let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

        init() throws {
            near = try Self.opened("/dev/ptmx")
            var (isLocked, name): (Int32, UInt32) = (0, 0)
            guard ioctl(near.fileDescriptor, Self.unlock, &isLocked) == 0,
                ioctl(near.fileDescriptor, Self.number, &name) == 0
            else { throw POSIXError(.ENOTTY) }
            // Wide enough for all that a progress bar can show.
            var size = winsize(ws_row: 24, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0)
            guard ioctl(near.fileDescriptor, UInt(TIOCSWINSZ), &size) == 0 else {
                throw POSIXError(.ENOTTY)
            }
            far = try Self.opened("/dev/pts/\(name)")
        }

        /// All that was written so far, once the programs that write have ended.
        func text() throws -> String {
            try far.close()
            var text: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            // Where nobody holds the far end, a read after the last byte fails.
            while case let count = read(near.fileDescriptor, &buffer, buffer.count), count > 0 {
                text += buffer.prefix(count)
            }
            return String(decoding: text, as: UTF8.self)
        }

        private static func opened(_ path: String) throws -> FileHandle {
            let descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
            guard descriptor >= 0 else { throw POSIXError(.ENOTTY) }
            return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        }
    }
#endif
