# Diorama's doors. `make help` lists them.
#
# The release build is for CPUs with AVX2 where the machine is x86-64; `CPU=baseline` builds for any x86-64 instead, in a
# build folder of its own. Both give the same pixels. On arm64 there is one build.

SHELL := /bin/bash
CPU ?= $(if $(filter x86_64,$(shell uname -m)),avx2,native)
JOBS ?=
ARGS ?=
ONLY ?=

ifeq ($(CPU),baseline)
  SCRATCH := .build-baseline
else
  SCRATCH := .build
endif
ifeq ($(CPU),avx2)
  CPU_FLAGS := -Xcc -march=x86-64-v3
endif

SWIFT_FLAGS := --scratch-path $(SCRATCH) $(if $(JOBS),--jobs $(JOBS))
RELEASE := $(SCRATCH)/release/diorama
PACKAGES := libpng-dev libjpeg62-turbo-dev zlib1g-dev libisal-dev libxxhash-dev
SOURCES := Sources Tests Package.swift

.PHONY: help demo build test bench format lint clean deps swift

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: build ## install what is missing, build, render Scenes/dominoes.yaml and draw a preview
	$(RELEASE) render Scenes/dominoes.yaml --out Renders/dominoes
	$(RELEASE) preview Renders/dominoes --out Renders/dominoes.png
	@echo
	@echo "Look at      Renders/dominoes.png"
	@echo "The dataset  Renders/dominoes: images/, labels/, chunks/ and annotations/coco.json"

build: deps ## the release build; CPU=baseline for CPUs without AVX2
	swift build -c release --product diorama $(CPU_FLAGS) $(SWIFT_FLAGS)
	@echo "built $(RELEASE)"

# Tests run optimized: they draw frames, and the program they call as a process does too. A build folder of their own,
# since what is built for testing is not what is measured or installed.
TEST_FLAGS := -c release -Xswiftc -enable-testing $(CPU_FLAGS) --scratch-path .build-test $(if $(JOBS),--jobs $(JOBS)) \
  --explicit-target-dependency-import-check error

test: deps ## all tests; ONLY=RasterizationTests runs some
	swift build --build-tests $(TEST_FLAGS)
	swift test --skip-build --disable-xctest $(TEST_FLAGS) $(if $(ONLY),--filter '$(ONLY)')

bench: deps ## where a frame's time goes; ARGS="--frames 50 --size 1920x1080" measures something else
	swift build -c release --product diorama-bench $(CPU_FLAGS) $(SWIFT_FLAGS)
	$(SCRATCH)/release/diorama-bench $(ARGS)

format: swift ## format the sources in place
	swift format --in-place --recursive $(SOURCES)

lint: swift ## fail where the sources are not formatted
	swift format lint --strict --recursive $(SOURCES)

clean: ## remove what was built, not what was rendered
	rm -rf .build .build-baseline .build-test .venv

swift:
	@command -v swift >/dev/null || { \
	  echo "make: swift was not found; Diorama needs Swift 6.3 or newer: https://www.swift.org/install/linux/" >&2; exit 1; }

# Installs the libraries that are missing, as root or through sudo; does nothing where all are there.
deps: swift
	@missing=$$(for p in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing $$missing"; \
	  if [ "$$(id -u)" = 0 ]; then as=; elif command -v sudo >/dev/null; then as=sudo; else \
	    echo "make: these Debian packages are missing, and there is neither root nor sudo to install them:" $$missing >&2; \
	    exit 1; fi; \
	  $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing; \
	fi
