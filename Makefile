# Every target brings what it needs, and does nothing twice. `make` alone lists them.
# On Windows, or without make: see the commands in CONTRIBUTING.md.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The Python that makes .venv: the first that the locks cover, whatever `python3` happens to be (a pyenv shim, say).
ifndef PYTHON
PYTHON := $(shell for candidate in python3 python3.13 python3.12 python3.11 python; do \
	"$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { command -v "$$candidate"; break; }; done)
endif

ifeq ($(OS),Windows_NT)
TOOLS := .venv/Scripts
PACKAGER := .venv-package/Scripts
else
TOOLS := .venv/bin
PACKAGER := .venv-package/bin
endif

IMAGE ?= resources/samples/synthetic-1-pigment-network.png
SCREENSHOT := build/screenshot.png

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: runtime ## Open the app on a sample image (IMAGE=FILE for another); without a display, draw the window to a file
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$(OS)" = Windows_NT ] || [ "$$(uname)" = Darwin ]; then \
		$(TOOLS)/lesionlens "$(IMAGE)"; \
	else \
		echo "There is no display: the window is drawn to a file"; \
		mkdir -p $(dir $(SCREENSHOT)) && \
		QT_QPA_PLATFORM=offscreen $(TOOLS)/lesionlens "$(IMAGE)" --snapshot $(SCREENSHOT); \
	fi

.PHONY: test
test: dev ## Check format, lint, types and import rules, then run the tests
	@$(PYTHON) scripts/check.py

.PHONY: lint
lint: dev ## Check format, lint, types and import rules
	@$(PYTHON) scripts/check.py format lint types imports

.PHONY: format
format: dev ## Put the code into the project's format, mend what ruff can mend
	@$(TOOLS)/ruff check --fix-only .
	@$(TOOLS)/ruff format .

.PHONY: lock
lock: dev ## Remake requirements/ from pyproject.toml (UPGRADE=1 takes newer versions)
	@$(PYTHON) scripts/lock.py $(if $(UPGRADE),--upgrade)

.PHONY: layout
layout: dev ## Store the newest layout of the history: its tables, and a history of it for the tests
	@$(TOOLS)/python scripts/write_newest_layout.py
	@$(TOOLS)/python -m tests.core.records.old_histories

# The figures of the shipped model; those of others stand beside them.
OURS := docs/measured/efficientnet-lite0/

.PHONY: evaluate
evaluate: dev ## Count every figure of docs/measured.md again (DATA=FOLDER also answers the test images with the shipped model)
ifdef DATA
	@$(TOOLS)/lesionlens-train sources $(DATA)/pool/manifest.csv --out build/pool.csv
	@$(TOOLS)/lesionlens-train test --model resources/classifier.onnx --data build/pool.csv --isic9 $(DATA)/isic9 \
		--out $(OURS)test.csv
endif
	@$(TOOLS)/lesionlens-train measure --answers $(OURS) $(filter-out $(OURS),$(sort $(wildcard docs/measured/*/))) --out docs/measured.md \
		--card resources/MODEL_CARD.md --readme README.md

.PHONY: screenshots
screenshots: dev ## Draw the window in its states into build/screenshots (OUT=FOLDER; HANDBOOK=1: docs/pictures too)
	@$(TOOLS)/python scripts/screenshots.py $(or $(OUT),build/screenshots) $(if $(HANDBOOK),--handbook docs/pictures)

.PHONY: bench-model
bench-model: dev ## Measure one image on one core: the shipped model against the paper's network
	@$(TOOLS)/python benchmarks/model.py

.PHONY: bench-training
bench-training: dev ## Measure training: images a second of fit against those of the step alone
	@$(TOOLS)/python benchmarks/training_speed.py

.PHONY: bench-reading
bench-reading: dev ## Measure reading prepared images by block against image by image (DATA=FOLDER: on that folder's disk)
	@$(TOOLS)/python benchmarks/reading.py $(DATA)

.PHONY: bench-batch
bench-batch: dev ## Measure whole folders: the paper's way, Pillow, ours, and what decoding and the model alone allow
	@$(TOOLS)/python benchmarks/batch.py

.PHONY: bench-changes
bench-changes: dev ## Measure how far decoders, float16 and int8 move the shipped model's probabilities (a minute)
	@$(TOOLS)/python benchmarks/decoders.py --changes
	@$(TOOLS)/python benchmarks/session.py --changes

.PHONY: bench-memory
bench-memory: dev ## Measure the memory that whole folders take: 100,000 files, 24 megapixels, broken files
	@$(TOOLS)/python benchmarks/memory.py

.PHONY: bench-growth
bench-growth: dev ## Measure whether an open window keeps memory: the same work again and again (DATA=FOLDER: with its images)
	@$(TOOLS)/python benchmarks/growth.py $(if $(DATA),--data $(DATA))

.PHONY: bench-cluster
bench-cluster: dev ## Measure a cluster: 4,000 files, workers killed and added; two workers against two threads; a task's overhead
	@$(TOOLS)/python benchmarks/cluster.py

.PHONY: bench-scale
bench-scale: dev ## Measure what one machine bears of a shared run: files found, rows written, sorted and joined, tasks
	@$(TOOLS)/python benchmarks/scale.py

.PHONY: bench-cancel
bench-cancel: dev ## Measure how soon a cancel ends the answers of a folder
	@$(TOOLS)/python benchmarks/cancel.py

.PHONY: bench-duplicates
bench-duplicates: dev ## Measure finding copies among 100,000 pictures, and what ten times as many would take
	@$(TOOLS)/python benchmarks/duplicates.py

.PHONY: bench-history
bench-history: dev ## Measure a history of 50,000 entries, plain and encrypted: to filter it, to turn a page, to open it
	@$(TOOLS)/python benchmarks/history.py

.PHONY: bench-look-alikes
bench-look-alikes: dev ## Measure similar pictures in a history of 50,000 entries, plain and encrypted
	@$(TOOLS)/python benchmarks/look_alikes.py

.PHONY: bench-seal
bench-seal: dev ## Measure the seal, plain and encrypted: what it adds to a write, and checking a history of 50,000 entries
	@$(TOOLS)/python benchmarks/seal.py

.PHONY: bench-encryption
bench-encryption: dev ## Measure encrypting and decrypting a store of 400 images, and the space that this takes
	@$(TOOLS)/python benchmarks/converting.py

.PHONY: bench-open
bench-open: dev ## Measure from opening an image to its probabilities on the screen (DATA=FOLDER: of that folder's images)
	@$(TOOLS)/python benchmarks/opening.py $(DATA)

.PHONY: bench-heartbeat
bench-heartbeat: dev ## Measure whether the window stands still while a folder of 500 images is classified
	@$(TOOLS)/python benchmarks/heartbeat.py $(DATA)

.PHONY: bench-reports
bench-reports: dev ## Measure how long a report of 8 lesions holds the window up while it is saved
	@$(TOOLS)/python benchmarks/reports.py

.PHONY: bench-registration
bench-registration: dev ## Measure how exactly two images of a lesion are aligned (DATA=FOLDER: of that folder's images)
	@$(TOOLS)/python benchmarks/registration.py $(DATA)

.PHONY: bench-repeatability
bench-repeatability: dev ## Measure how far the areas of one lesion differ between two photographs (DATA=FOLDER with a manifest.csv)
	@$(TOOLS)/python benchmarks/repeatability.py $(DATA)

.PHONY: check-kill
check-kill: dev ## Kill a run of 1,000 files, records work, restores, encryptions, windows and a migration; see that nothing is lost (over an hour)
	@$(TOOLS)/python benchmarks/kill.py
	@$(TOOLS)/python benchmarks/kill_history.py
	@$(TOOLS)/python benchmarks/kill_migration.py
	@$(TOOLS)/python benchmarks/kill_converting.py

.PHONY: check-mutations
check-mutations: dev ## Spoil 6,000 image files and count which are answered as if they were whole (DATA=FOLDER: of that folder's images)
	@$(TOOLS)/python benchmarks/mutations.py $(DATA)

.PHONY: check-memory
check-memory: dev ## Look for keys and passphrases in the memory of a locked program (Linux; some minutes)
	@$(TOOLS)/python benchmarks/locked_memory.py

.PHONY: check-backups
check-backups: dev ## Restore 1,500 spoiled backups; see that each is refused with a sentence, or restored (some minutes)
	@$(TOOLS)/python benchmarks/mutate_backups.py

.PHONY: audit
audit: dev ## Hold the locks against the known holes of OSV.dev (needs a network, and says so where there is none)
	@$(TOOLS)/python scripts/audit.py

.PHONY: build
build: dev ## Build the wheel and the sdist into dist/, with their SHA-256 sums
	@rm -f dist/*.whl dist/*.tar.gz dist/SHA256SUMS
	@$(TOOLS)/hatchling build -d dist
	@cd dist && sums=$$(sha256sum *.whl *.tar.gz || shasum -a 256 *.whl *.tar.gz) && echo "$$sums" | tee SHA256SUMS

.PHONY: package
package: packager ## Build the application that needs no Python into dist/LesionLens, what is handed out into dist/installers
	@$(PACKAGER)/python scripts/package.py

.PHONY: check-package
check-package: packager ## Check dist/LesionLens as a user's machine would run it, against this checkout
	@$(PACKAGER)/python scripts/check_package.py --keep build/package-screenshots

.PHONY: package-sizes
package-sizes: packager ## Say what takes the space in dist/LesionLens
	@$(PACKAGER)/python scripts/sizes.py

.PHONY: bench-start
bench-start: packager ## Measure how long dist/LesionLens takes to start, against the least that a start can take
	@$(PACKAGER)/python benchmarks/start.py

.PHONY: check-debian
check-debian: packager ## Check the .deb in a bare Debian 12 with nothing but what it names (as root)
	@$(PACKAGER)/python scripts/check_debian.py

.PHONY: check-dicom
check-dicom: dev ## Check exported DICOM with dciodvfy of Debian's dicom3tools (FOLDER=DIR: one that lesionlens-records wrote)
	@$(TOOLS)/python scripts/check_dicom.py "$(FOLDER)"

.PHONY: clean
clean: ## Remove what was built and every cache; the environments and runs/ stay
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -path './.venv*' -prune -o -name __pycache__ -type d -exec rm -rf {} +

.PHONY: runtime dev packager
runtime: python ## Bring .venv up to date with what the app needs
dev: python ## Bring .venv up to date with what training, tests and builds need as well
packager: python ## Bring .venv-package up to date with what builds the application
runtime dev:
	@$(PYTHON) scripts/setup_environment.py $@
packager:
	@$(PYTHON) scripts/setup_environment.py package

.PHONY: python
python:
ifeq ($(PYTHON),)
	$(error LesionLens needs Python 3.11, 3.12 or 3.13 and found none: install it (Debian 12: apt-get install python3) \
or name it: make run PYTHON=/path/to/python3)
endif
