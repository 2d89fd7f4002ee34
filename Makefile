# SPDX-License-Identifier: BSD-2-Clause
#
# The front door. Everything is built by meson and ninja; ./configure prepares for them, and with
# nothing to prepare takes a moment. "make" alone is as good as ./configure && ninja -C build.

BUILD := build
FUZZ_SECONDS := 60
# Debian's python3, meson and ninja belong together; see configure.
export PATH := /usr/bin:/bin:$(PATH)

.DEFAULT_GOAL := all
.PHONY: all setup san demo check unit qtest boot bench fuzz fuzz-check install uninstall deb matrix clean distclean help

setup:
	@./configure --again --builddir=$(BUILD)

all: setup
	@ninja -C $(BUILD)

san: setup
	@ninja -C $(BUILD)/san

demo: all
	@VCHASSIS_BUILD=$(abspath $(BUILD)) qtest/boot/demo.py

check: all san
	@.ci/check $(BUILD)

unit: all san
	@.ci/check $(BUILD) unit

qtest boot: all
	@.ci/check $(BUILD) $@

# Without what is to be installed, its rows are left out.
bench: all
	-@./configure --again --builddir=$(BUILD) --with=bench
	@ninja -C $(BUILD) bench

# fuzz-chassis runs once more without sanitizers, for the number of its executions; inputs that found something new
# there are worth a run with them: fuzz-chassis -runs=0 CORPUS in $(BUILD)/fuzz.
fuzz:
	@./configure --again --builddir=$(BUILD) --with=fuzz
	@ninja -C $(BUILD)/fuzz
	@meson test -C $(BUILD)/fuzz --no-rebuild --suite fuzz --timeout-multiplier 0 \
		--print-errorlogs --test-args=-max_total_time=$(FUZZ_SECONDS)
	@ninja -C $(BUILD)/swift vswitch/fuzz/fuzz-chassis vswitch/fuzz/fuzz-chassis-corpus
	@meson test -C $(BUILD)/swift --no-rebuild fuzz-chassis --timeout-multiplier 0 \
		--print-errorlogs --test-args=-max_total_time=$(FUZZ_SECONDS)
	@ninja -C $(BUILD)/glue vchassis.so qemu-vchassis qemu-vchassis-system-x86_64 qtest/inside.so \
		qtest/fuzz-glue
	@meson test -C $(BUILD)/glue --no-rebuild --suite fuzz-glue --timeout-multiplier 0 \
		--print-errorlogs --test-args=-max_total_time=$(FUZZ_SECONDS)

# Faults that were mended are put back one at a time; do the fuzzers find each within 600 s of CPU?
fuzz-check:
	@./configure --again --builddir=$(BUILD) --with=fuzz
	@vswitch/fuzz/put-back.py $(BUILD)

install: all
	@meson install -C $(BUILD) --no-rebuild

uninstall:
	@ninja -C $(BUILD) uninstall

# Into $(BUILD)/deb, for the QEMU that is installed.
deb: setup
	@./configure --again --builddir=$(BUILD) --with=deb
	@debian/build $(BUILD)

# Builds and tests HEAD in a bare Debian of each release, as root, and writes the guide's table.
matrix:
	@mkdir -p $(BUILD)
	@debian/matrix $(BUILD) $(RELEASES)

# What QEMU needs stays: it takes a minute to make and does not depend on our sources.
clean:
	@for dir in $(BUILD) $(BUILD)/san; do \
		[ ! -e $$dir/build.ninja ] || ninja -C $$dir -t clean; done

distclean:
	rm -rf $(BUILD)

help:
	@echo 'make            set up and build; then build/qemu-vchassis runs QEMU with the plug-in'
	@echo 'make demo       show it: a guest on a switch'
	@echo 'make check      all tests; or one suite: make unit, make qtest, make boot'
	@echo 'make bench      compare with stock devices, into build/bench/results.json'
	@echo 'make fuzz       fuzz each target for FUZZ_SECONDS (60) seconds'
	@echo 'make fuzz-check put mended faults back, see that the fuzzers find each in 600 s of CPU'
	@echo 'make install    DESTDIR= is heeded; the prefix is set by ./configure --prefix='
	@echo 'make uninstall  take that away again'
	@echo 'make deb        Debian packages for the QEMU that is installed, in build/deb'
	@echo 'make matrix     build and test on all releases of Debian (RELEASES), as root, in hours'
	@echo 'make clean      remove what was built; make distclean: all of build/'
