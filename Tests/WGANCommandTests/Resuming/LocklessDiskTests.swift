#if os(Linux)
    import Foundation
    import Runs
    import Testing

    @Suite("Trainings on file systems that lack what SQLite shares a file by")
    struct LocklessDiskTests {
        /// Stands between the command and the system: locks fail with the code in `LOCK_ERROR`,
        /// and no memory can be shared by a file where `NO_SHARED_MEMORY` is set.
        private static let source = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdarg.h>
            #include <stdlib.h>
            #include <sys/file.h>
            #include <sys/mman.h>

            static int fails(int command) {
                const char *code = getenv("LOCK_ERROR");
                int locks = command == F_SETLK || command == F_SETLKW || command == F_GETLK;
                if (code == NULL || !locks) return 0;
                errno = atoi(code);
                return 1;
            }

            #define STAND_IN(name)                                                      \\
                int name(int file, int command, ...) {                                  \\
                    static int (*real)(int, int, ...);                                  \\
                    if (fails(command)) return -1;                                      \\
                    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name);        \\
                    va_list arguments;                                                  \\
                    va_start(arguments, command);                                       \\
                    void *argument = va_arg(arguments, void *);                         \\
                    va_end(arguments);                                                  \\
                    return real(file, command, argument);                               \\
                }
            STAND_IN(fcntl)
            STAND_IN(fcntl64)

            int flock(int file, int operation) {
                static int (*real)(int, int);
                if (fails(F_SETLK)) return -1;
                if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "flock");
                return real(file, operation);
            }

            #define MAP(name, type)                                                     \\
                void *name(void *at, size_t n, int access, int flags, int file, type o) {\\
                    static void *(*real)(void *, size_t, int, int, int, type);          \\
                    if (getenv("NO_SHARED_MEMORY") && flags & MAP_SHARED && file >= 0   \\
                        && access & PROT_WRITE) {                                       \\
                        errno = ENODEV;                                                 \\
                        return MAP_FAILED;                                              \\
                    }                                                                   \\
                    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name);        \\
                    return real(at, n, access, flags, file, o);                         \\
                }
            MAP(mmap, off_t)
            MAP(mmap64, off64_t)
            """

        /// Variables that make the command find such a file system.
        private static func environment(
            _ fault: String, in place: Workplace
        ) throws -> [String: String] {
            try place.write(source, to: "faults/faults.c")
            let compiler = Process()
            compiler.executableURL = URL(filePath: "/usr/bin/env")
            compiler.arguments =
                ["cc", "-shared", "-fPIC", "-o", "faults.so", "faults.c", "-ldl"]
            compiler.currentDirectoryURL = place.url("faults")
            compiler.standardError = FileHandle.nullDevice
            try compiler.run()
            compiler.waitUntilExit()
            guard compiler.terminationStatus == 0 else {
                try Test.cancel("there is no C compiler here")
            }
            let parts = fault.split(separator: "=").map(String.init)
            return ["LD_PRELOAD": place.url("faults/faults.so").path, parts[0]: parts[1]]
        }

        @Test(
            "tell of it in a note, lose no number, and can be read and resumed",
            arguments: [
                ("LOCK_ERROR=\(ENOLCK)", "no locks work"),
                ("LOCK_ERROR=\(ENOSYS)", "no locks work"),
                ("LOCK_ERROR=\(EINVAL)", "no locks work"),
                ("LOCK_ERROR=\(EOPNOTSUPP)", "no locks work"),
                ("NO_SHARED_MEMORY=1", "lets processes share no memory"),
            ])
        func training(fault: String, name: String) throws {
            let place = try SmallImages.place()
            let environment = try Self.environment(fault, in: place)
            let arguments = ["train", "small.yaml", "--steps", "40"]
            let outcome = try place.wgan(arguments + ["--out", "run"], environment: environment)
            try #require(outcome.code == 0, "\(outcome.errors)")
            let notes = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("note: ") }
            #expect(notes.count == 1 && notes[0].contains(name), "\(outcome.errors)")
            let more = ["resume", "run", "--steps", "60", "--quiet"]
            let resumed = try place.wgan(more, environment: environment)
            #expect(resumed.code == 0 && resumed.errors.isEmpty, "\(resumed.errors)")
            try place.succeed(["train", "small.yaml", "--steps", "60", "--quiet", "--out", "whole"])
            try ResumeTests.expectEqual("run", "whole", in: place)
            let csv = try place.wgan(["metrics", "run", "--csv"], environment: environment)
            #expect(csv.code == 0 && csv.errors.isEmpty)
            #expect(try csv.output == place.wgan(["metrics", "whole", "--csv"]).output)
            #expect(try place.entries().filter { $0.hasPrefix("run/metrics") }.count == 1)
            #expect(try !place.entries().contains { $0.contains(".probe") })
        }

        @Test(
            "can be read while they run, and go on after a kill",
            arguments: ["LOCK_ERROR=\(ENOLCK)", "NO_SHARED_MEMORY=1"])
        func whileRunning(fault: String) throws {
            let place = try SmallImages.place()
            let environment = try Self.environment(fault, in: place)
            let training = try place.start(
                [
                    "train", "small.yaml", "--steps", "100000000", "--out", "run", "--quiet",
                    "--set",
                    "outputs={samples: {every: 500, count: 1}, checkpoints: {every: 500}}",
                ], environment: environment)
            try training.wait(for: "run/samples/step-001000.png", in: place)
            for _ in 0..<10 {
                let read = try place.wgan(["metrics", "run", "--csv"], environment: environment)
                #expect(read.code == 0, "\(read.errors)")
                #expect(read.output.split(separator: "\n").count > 100)
            }
            #expect(training.isRunning)
            training.send(SIGKILL)
            _ = try training.end()
            let step = try CheckpointStore(in: RunFolder(opening: place.url("run"))).list().last?
                .step
            let steps = "\(try #require(step) + 10)"
            let resumed = try place.wgan(
                ["resume", "run", "--quiet", "--steps", steps], environment: environment)
            #expect(resumed.code == 0, "\(resumed.errors)")
            let read = try place.wgan(["metrics", "run", "--csv", "--last", "10"])
            #expect(read.output.split(separator: "\n").last?.hasPrefix("\(steps),") == true)
        }
    }
#endif
