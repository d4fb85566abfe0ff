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
PACKAGES := libpng-dev libjpeg62-turbo-dev zlib1g-dev libisal-dev libxxhash-dev libopenexr-dev
SOURCES := Sources Tests Package.swift

.PHONY: help demo gallery build test bench soak test-faults test-slurm test-formats test-glb scale dist format lint clean deps swift

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

demo: build ## install what is missing, build, render Scenes/dominoes.yaml and draw a preview
	$(RELEASE) render Scenes/dominoes.yaml --out Renders/dominoes
	$(RELEASE) preview Renders/dominoes --out Renders/dominoes.png
	@echo
	@echo "Look at      Renders/dominoes.png"
	@echo "The dataset  Renders/dominoes: images/, labels/, chunks/ and annotations/coco.json"

gallery: build ## a picture of every scene and of each feature's sample, in Renders/gallery
	$(RELEASE) gallery Scenes/*.yaml Scenes/gallery/*.yaml --out Renders/gallery
	@echo
	@echo "Look at Renders/gallery/gallery.png"

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

KILLS ?= 200
soak: build ## kill renders at KILLS random moments, then power losses; the bytes must be those of undisturbed runs
	.ci/soak.py $(RELEASE) $(KILLS)
	.ci/power.py $(RELEASE) 20 60

test-faults: build ## let file operations fail at many moments of a render
	.ci/faults.py $(RELEASE)

test-slurm: build ## an array that suffers, on a real Slurm cluster on this host; needs root and Debian's slurm packages
	.ci/slurm-test $(RELEASE)

test-formats: build ## exports by the real readers: pycocotools, panopticapi, lvis, Ultralytics, torchvision, supervision, motmetrics, datumaro, datasets, ...
	@[ -x .venv-formats/bin/python ] || python3 -m venv .venv-formats
	.venv-formats/bin/pip install --quiet --disable-pip-version-check -r .ci/requirements.txt -r .ci/requirements-formats.txt
	work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && \
	  YOLO_CONFIG_DIR=$$work .venv-formats/bin/python .ci/check_formats.py $(RELEASE) $$work/formats all
	@[ -x .venv-formats-driving/bin/python ] || python3 -m venv .venv-formats-driving
	.venv-formats-driving/bin/pip install --quiet --disable-pip-version-check -r .ci/requirements-formats-driving.txt
	work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && \
	  .venv-formats-driving/bin/python .ci/check_formats_driving.py $(RELEASE) $$work/formats all

# Debian's Blender draws on the CPU, without a display; its importer needs NumPy.
SAMPLES ?= 0
test-glb: build ## frames as glTF, drawn by Blender's Cycles: the same objects in the same pixels; SAMPLES=64 makes pictures too
	@missing=$$(for p in blender python3-numpy; do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then $$([ "$$(id -u)" = 0 ] || echo sudo) sh -c \
	  "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$(echo $$missing)"; fi
	@[ -x .venv/bin/python ] || python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r .ci/requirements.txt
	work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && \
	  .venv/bin/python .ci/check_blender.py $(RELEASE) $(if $(filter 0,$(SAMPLES)),$$work,Renders/blender) $(SAMPLES)

scale: build ## peak memory of 500 and 20,000 frames, and what merging 200,000 records takes
	swift build -c release --product diorama-bench $(CPU_FLAGS) $(SWIFT_FLAGS)
	.ci/scale.py $(RELEASE) $(SCRATCH)/release/diorama-bench

# The program with the Swift runtime, libpng, libjpeg, zlib and what C++ and unwinding take inside. The linker takes the
# first folder that has a library by any name, so a folder of links to the static ones comes first. Debian's libisal-dev and
# libopenexr-dev have no static libraries: those are laid beside the program with what they need in turn, and it looks for
# all of them there (an old-style rpath, which holds for a library's libraries too).
DIST := .build-dist
dist: deps ## a program that needs nothing but libc, into dist/; CPU=baseline for any x86-64
	@mkdir -p $(DIST)/static dist
	@for l in png16 png jpeg z isal stdc++; do \
	  a=$$(cc -print-file-name=lib$$l.a); if [ -e "$$a" ]; then ln -sf "$$a" $(DIST)/static/; fi; done
	@ln -sf $$(cc -print-file-name=libgcc_eh.a) $(DIST)/static/libgcc_s.a
	swift build -c release --product diorama $(CPU_FLAGS) --scratch-path $(DIST) $(if $(JOBS),--jobs $(JOBS)) \
	  --static-swift-stdlib -Xlinker -L$(CURDIR)/$(DIST)/static -Xlinker -rpath -Xlinker '$$ORIGIN' -Xlinker --disable-new-dtags
	install -s $(DIST)/release/diorama dist/diorama
	@for l in $$(ldd $(DIST)/release/diorama | awk '/libisal|libOpenEXRCore|libz/ {print $$3}'); do cp -L "$$l" dist/; done
	@ldd dist/diorama
	@echo "dist/ holds all that a machine needs"

format: swift ## format the sources in place
	swift format --in-place --recursive $(SOURCES)

lint: swift ## fail where the sources are not formatted
	swift format lint --strict --recursive $(SOURCES)

clean: ## remove what was built, not what was rendered
	rm -rf .build .build-baseline .build-test .build-dist dist .venv .venv-formats .venv-formats-driving

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
