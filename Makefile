# Extra flags for every swift command, for instance SWIFTFLAGS="-Xswiftc -warnings-as-errors".
SWIFTFLAGS ?=
# Arguments of scripts/bench, for instance BENCHFLAGS=--quick.
BENCHFLAGS ?=

# Where make install puts the command; DESTDIR goes before it.
PREFIX ?= /usr/local

# The command and the tests are built once for both: optimised, as tests take five times as long
# otherwise, and so that tests may import what is internal.
BUILD := -c release -Xswiftc -enable-testing $(SWIFTFLAGS)

SWIFT_FILES := $(wildcard Package.swift Sources Tests Examples)

.DEFAULT_GOAL := help
.PHONY: help setup build run test bench bench-modes bench-presets bench-quality format lint docs \
	package check-packages install uninstall clean

help: ## Show these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the system libraries that are missing.
	scripts/setup

# Left to itself, swift test adds a flag by which all is built anew.
build: setup ## Build everything, the tests too.
	swift build $(BUILD) --build-tests

run: setup ## Build for release and train the preset "mixture".
	swift build $(BUILD) --product wgan
	.build/release/wgan train mixture

# What scripts/setup-comparisons has installed is found first.
test: export PATH := $(CURDIR)/.build/test-venv/bin:$(PATH)
# Tests run side by side; see Sources/wgan/Waiting.swift.
test: export GOMP_SPINCOUNT := 2000
test: build ## Build and run all tests.
	swift test $(BUILD) --disable-xctest --skip-build

bench: setup ## Measure beside PyTorch and JAX, which are installed in a folder of their own.
	scripts/bench $(BENCHFLAGS)

bench-modes: setup ## Count the modes of mixtures that each constraint finds; takes hours.
	scripts/bench --modes $(BENCHFLAGS)

bench-presets: setup ## Train presets with three seeds each, and judge them; takes hours.
	scripts/bench --presets $(BENCHFLAGS)

bench-quality: setup ## Measure how soon wgan, PyTorch and JAX make good digits; takes hours.
	scripts/bench --quality $(BENCHFLAGS)

format: ## Format all Swift files in place.
	swift format --in-place --parallel --recursive $(SWIFT_FILES)

lint: ## Check the format of all Swift files, and the length of all lines.
	scripts/check-columns
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)

docs: build ## Build the documentation as a static site in .build/docs.
	scripts/docs

package: setup ## Make a Debian package and a Python wheel in .build/packages.
	scripts/package

check-packages: ## Install both packages in fresh systems and use them; as the administrator.
	scripts/check-packages

# Swift's runtime goes into the program, the other libraries are the system's. A part of the
# runtime does not say that it needs no executable stack. Built beside the rest, of which every
# file would be built anew otherwise, and as in scripts/package.
STATIC := -c release --static-swift-stdlib -Xlinker -z -Xlinker noexecstack \
	--scratch-path .build/static $(SWIFTFLAGS)

install: export DESTDIR := $(DESTDIR)
install: export PREFIX := $(PREFIX)
install: ## Build, and install the command, manual pages and completions under PREFIX.
	swift build $(STATIC) --product wgan
	scripts/install .build/static/release/wgan

uninstall: export DESTDIR := $(DESTDIR)
uninstall: export PREFIX := $(PREFIX)
uninstall: ## Remove what make install has put under PREFIX.
	scripts/install --uninstall

clean: ## Remove what was built; runs stay.
	rm -rf .build Examples/.build
