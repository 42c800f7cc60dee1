import Foundation

/// A file or folder that could not be read, written or created.
public struct FileFailure: Error, Equatable, Sendable {
    /// What was attempted; the raw value is the verb in messages.
    public enum Action: String, Equatable, Sendable {
        /// Opening or reading a file, or listing a folder.
        case read = "read"
        /// Making, writing, renaming or locking a file.
        case write = "write"
        /// Making a folder, or one above it.
        case createFolder = "create the folder"
    }

    /// What stood in the way.
    public enum Reason: Equatable, Sendable {
        /// The disk is full, or a quota is used up.
        case diskFull
        /// The user may not do this with the file or folder.
        case permissionDenied
        /// The file system can only be read.
        case readOnly
        /// A file stands where a folder is needed, at the path or within it.
        case notAFolder
        /// A folder stands where a file is needed.
        case isAFolder
        /// What is to be read, or the folder that is to be written to, does not exist.
        case notFound
        /// The file would grow beyond the largest size allowed, such as that of `ulimit -f`.
        case fileTooLarge
        /// The system allows no name or path of this length.
        case nameTooLong
        /// This process, or the machine, has as many files open as it may.
        case tooManyOpenFiles
        /// A pipe, socket or device stands where a file with content is needed.
        case notARegularFile
        /// The file ended before the place up to which it was to be read.
        case changedWhileReading
        /// Any other error of the operating system, by its `errno` code.
        case system(code: Int32)
    }

    /// What was attempted.
    public let action: Action
    /// The file or folder concerned.
    public let path: String
    /// What stood in the way.
    public let reason: Reason

    /// - Parameters:
    ///   - action: What was attempted.
    ///   - path: The file or folder concerned.
    ///   - reason: What stood in the way.
    public init(_ action: Action, path: String, reason: Reason) {
        self.action = action
        self.path = path
        self.reason = reason
    }

    package init(_ action: Action, path: String, code: Int32) {
        self.init(action, path: path, reason: Reason(code: code))
    }
}

extension FileFailure.Reason {
    /// The reason that an `errno` code stands for.
    package init(code: Int32 = errno) {
        switch code {
        case ENOSPC, EDQUOT: self = .diskFull
        case EACCES, EPERM: self = .permissionDenied
        case EROFS: self = .readOnly
        case ENOTDIR: self = .notAFolder
        case EISDIR: self = .isAFolder
        case ENOENT: self = .notFound
        case EFBIG: self = .fileTooLarge
        case ENAMETOOLONG: self = .nameTooLong
        case EMFILE, ENFILE: self = .tooManyOpenFiles
        default: self = .system(code: code)
        }
    }
}

extension FileFailure: CustomStringConvertible {
    /// One sentence: what failed, where, why, and what to do.
    public var description: String {
        "Cannot \(action.rawValue) \(path.quoted): \(cause); \(remedy)."
    }

    /// What stood in the way, as a clause.
    package var cause: String { explanation.cause }

    private var remedy: String { explanation.remedy }

    private var explanation: (cause: String, remedy: String) {
        switch reason {
        case .diskFull:
            ("the disk is full or a quota is used up", "free some space or choose another folder")
        case .permissionDenied:
            ("permission is denied", "change the permissions or choose another path")
        case .readOnly:
            ("the file system is read-only", "choose a folder on a writable one")
        case .notAFolder:
            ("a part of the path is a file, not a folder", "check the path or choose another")
        case .isAFolder:
            ("it is a folder, not a file", "give the path of a file")
        case .notFound:
            action == .read
                ? ("it does not exist", "check the path")
                : ("its folder does not exist", "create the folder or choose another path")
        case .fileTooLarge:
            ("it would exceed the largest size allowed", "raise the limit (ulimit -f)")
        case .nameTooLong:
            ("its name is too long", "choose a shorter one")
        case .tooManyOpenFiles:
            ("too many files are open", "close some or raise the limit (ulimit -n)")
        case .notARegularFile:
            ("it is not a regular file", "copy its content into a file first")
        case .changedWhileReading:
            ("it became shorter while it was read", "wait until its writer has finished")
        case .system(let code):
            (String(cString: strerror(code)), "check the disk and the path, then try again")
        }
    }
}

extension FileFailure {
    /// What an error of Foundation says of a file; nil for other errors.
    package init?(_ error: any Error) {
        guard let error = error as? CocoaError,
            let path = error.filePath ?? error.url?.path
        else { return nil }
        let isReading = (256..<512).contains(error.code.rawValue)
        let cause = (error.underlying as? POSIXError)?.code.rawValue
        self.init(
            isReading ? .read : .write, path: path, code: cause ?? Self.systemCode(of: error.code))
    }

    private static func systemCode(of code: CocoaError.Code) -> Int32 {
        switch code {
        case .fileNoSuchFile, .fileReadNoSuchFile: ENOENT
        case .fileReadNoPermission, .fileWriteNoPermission: EACCES
        case .fileWriteOutOfSpace: ENOSPC
        case .fileWriteVolumeReadOnly: EROFS
        default: EIO
        }
    }
}
