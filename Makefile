# mailready: one Makefile, no recursion into directories.  Variants stand side by side in
# build/<variant>/, so that nothing ever needs a clean.  `make help` lists the targets.
VERSION  := 0.2.0
PREFIX   ?= /usr/local
VARIANT  ?= release
B        := build/$(VARIANT)
PKGS     := ldns openssl libuv jansson libidn2 libpsl libcurl yaml-0.1 sqlite3 zlib libzstd expat
CLANG    ?= clang
ifeq ($(VARIANT),fuzz)
CC       := $(CLANG)
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
  -Wold-style-definition -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wvla \
  -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum -Wnull-dereference
OPT_release := -O2 -g -D_FORTIFY_SOURCE=3
OPT_san     := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_mutate  := $(OPT_san) -fPIC
OPT_cov     := -O0 -g --coverage
OPT_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
HARDLD      := -pie -Wl,-z,relro,-z,now,-z,noexecstack

# Asked once, and only when something is compiled: `make help` and `make deps` work where nothing
# is installed yet.
accepted = $(shell $(CC) -Werror $(1) -x c -c -o /dev/null /dev/null 2>/dev/null && echo $(1))
HARDEN     = $(eval HARDEN := $$(foreach f,-fstack-protector-strong -fstack-clash-protection \
  -fcf-protection -mbranch-protection=standard,$$(call accepted,$$f)) -fPIE -fno-common)$(HARDEN)
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
BASE_CFLAGS = -std=c11 -D_GNU_SOURCE -DMAILREADY_VERSION='"$(VERSION)"' \
  -DMAILREADY_DATADIR='"$(PREFIX)/share/mailready"' -Iinclude -Isrc $(PKG_CFLAGS)
ALL_CFLAGS  = $(BASE_CFLAGS) $(WARN) $(HARDEN) $(OPT_$(VARIANT)) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(HARDLD) $(filter -fsanitize% --coverage,$(OPT_$(VARIANT))) -Wl,--as-needed $(LDFLAGS)

SRCS   := $(sort $(wildcard src/*/*.c src/*/*/*.c))
Q       = $(if $(V),,@echo '  $(@:$(B)/%=%)';)
obj     = $(patsubst %.c,$(B)/%.o,$(1))
LIB    := $(B)/libmailready.a
LIBOBJ := $(call obj,$(filter-out src/cli/%,$(SRCS)))
CLIOBJ := $(call obj,$(filter src/cli/%,$(SRCS)))
BIN    := $(B)/mailready
ifeq ($(VARIANT),mutate)
# shared, so that a change is linked once, not for every test program
LIB    := $(B)/libmailready.so
endif

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all tests test check golden man fuzz mutate bench demo deps lint format install uninstall dist \
  clean help FORCE
all: $(BIN)

# the flags that the objects were made with; a change makes them anew
$(B)/flags: FORCE
	@mkdir -p $(@D); printf '%s\n' '$(CC) $(subst ','\'',$(ALL_CFLAGS) $(ALL_LDFLAGS))' >$@.$$$$; \
	  cmp -s $@.$$$$ $@ && rm $@.$$$$ || mv $@.$$$$ $@
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(WERROR),-Werror) $(if $(filter tests/%,$<),-Itests/support) \
	  -MMD -MP -c -o $@ $<
$(B)/libmailready.a: $(LIBOBJ)
	$(Q)rm -f $@.new && $(AR) rcs $@.new $^ && mv $@.new $@
$(B)/libmailready.so: $(LIBOBJ)
	$(Q)$(CC) $(filter-out -pie,$(ALL_LDFLAGS)) -shared -o $@ $^ $(PKG_LIBS)
$(BIN): $(CLIOBJ) $(LIB)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# unit tests: tests/unit/<room>/test_<module>.c is one program, linked with tests/support
UNIT     := $(sort $(wildcard tests/unit/*/test_*.c))
FUZZ     := $(sort $(wildcard tests/fuzz/fuzz_*.c))
SUPPORT  := $(sort $(wildcard tests/support/*.c))
UNITBIN  := $(UNIT:%.c=$(B)/%)
FUZZBIN  := $(FUZZ:%.c=$(B)/%)
CLITEST  := $(filter $(B)/tests/unit/cli/%,$(UNITBIN))
TESTOBJ  := $(call obj,$(UNIT) $(FUZZ) $(SUPPORT) tests/fuzz/replay_main.c \
  tests/fuzz/limit.c)
$(CLITEST): $(filter-out %/main.o,$(CLIOBJ))
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(call obj,$(SUPPORT)) $(LIB)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(PKG_LIBS) $(shell pkg-config --libs cmocka)
# a fuzz target with libFuzzer's main in the variant fuzz, with one that replays files elsewhere; a
# limit of processor time stands between the two
REPLAY   := $(if $(filter fuzz,$(VARIANT)),,$(call obj,tests/fuzz/replay_main.c))
LIMIT    := $(call obj,tests/fuzz/limit.c tests/support/cpu_limit.c)
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(REPLAY) $(LIMIT) $(LIB)
	$(Q)$(CC) $(ALL_LDFLAGS) $(if $(REPLAY),,-fsanitize=fuzzer) -Wl,--wrap=LLVMFuzzerTestOneInput \
	  -o $@ $(filter %.o,$^) $(LIB) $(PKG_LIBS)
TOOLS    := $(patsubst %.c,$(B)/%,tests/lab/relay.c tests/bench/measure.c \
  tests/bench/ceiling.c)
$(TOOLS): $(B)/%: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE_CFLAGS) $(WARN) $(if $(WERROR),-Werror) -O2 -o $@ $<
# programs that test scripts drive the library with
TOOLBIN  := $(patsubst %.c,$(B)/%,$(wildcard tests/tools/*_drive.c))
$(TOOLBIN): $(B)/tests/tools/%: $(B)/tests/tools/%.o $(LIB)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)
-include $(LIBOBJ:.o=.d) $(CLIOBJ:.o=.d) $(TESTOBJ:.o=.d) $(TOOLBIN:=.d)

# test: no servers, less than a minute.  check: everything; its last line counts.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
CHOSEN   = $(if $(TESTS),$(B)/tests/unit/checks/test_judge \
  $(shell printf '%s\n' $(UNITBIN) $(FUZZBIN) | grep -e '$(TESTS)'))
tests: $(UNITBIN) $(FUZZBIN) $(TOOLBIN)
test:
	+@$(MAKE) --no-print-directory -k $(PARALLEL) VARIANT=$(VARIANT) $(or $(CHOSEN),tests) || true
	@tests/run unit:$(VARIANT)
check:
	@tests/tools/deps build test
	+@$(MAKE) --no-print-directory -k $(PARALLEL) all tests $(TOOLS) || true
	+@$(MAKE) --no-print-directory -k $(PARALLEL) VARIANT=san all tests || true
	@tests/run unit:release unit:san integration:release integration:san
golden: tests
	UPDATE_GOLDEN=1 tests/run unit:$(VARIANT)

FUZZ_SECONDS ?= 20
fuzz:
	@tests/tools/deps build lint
	+@$(MAKE) --no-print-directory $(PARALLEL) VARIANT=fuzz $(FUZZ:%.c=build/fuzz/%)
	@tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ:%.c=build/fuzz/%)
# not part of check: how many of MUTATIONS random changes to the code no unit test notices
MUTATIONS ?= 30
mutate:
	@tests/tools/mutate -n $(MUTATIONS) $(if $(SEED),-s $(SEED)) $(ONLY)
bench:
	@tests/tools/deps build test bench
	+@$(MAKE) --no-print-directory $(PARALLEL) all $(TOOLS) $(B)/tests/tools/writing_drive \
	  $(B)/tests/tools/message_drive
	@tests/bench/run $(BIN)
	@echo; tests/bench/faults $(BIN)
demo:
	@tests/tools/deps build demo
	@mkdir -p build
	+@$(MAKE) --no-print-directory $(PARALLEL) all >build/demo.log 2>&1 || { cat build/demo.log; exit 1; }
	@data/demo/run $(BIN)
deps:
	@tests/tools/deps build demo test lint

LINTS := format tidy cppcheck layers circles headers man banned paths shell size comments words
CSRC   = $(SRCS) $(UNIT) $(FUZZ) $(SUPPORT) $(TOOLS:$(B)/%=%.c) tests/fuzz/replay_main.c tests/fuzz/limit.c \
  $(wildcard include/*/*.h src/*/*.h src/*/*/*.h tests/*/*.h tests/tools/*.c)
lint: $(LINTS:%=lint-%)
.PHONY: $(LINTS:%=lint-%)
lint-circles: $(LIBOBJ) $(CLIOBJ)
$(LINTS:%=lint-%): lint-%:
	@LINT_CFLAGS='$(subst ','\'',$(BASE_CFLAGS) $(WARN)) -Itests/support' tests/lint/run $* $(sort $(CSRC))
format:
	@clang-format -i $(sort $(CSRC))

SHARE = $(DESTDIR)$(PREFIX)/share
UNITS = $(DESTDIR)$(PREFIX)/lib/systemd/system
PAGES = $(foreach f,$(notdir $(wildcard man/*.[1-9])),man$(subst .,,$(suffix $f))/$f)
DATA  = $(shell cd data && find . \( -path ./demo -o -path ./systemd \) -prune -o -type f -print)
install: $(BIN)
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/mailready
	ln -sf mailready $(DESTDIR)$(PREFIX)/bin/check_mailready
	for f in $(PAGES); do \
	  install -D -m 644 man/$${f##*/} $(SHARE)/man/$$f || exit 1; done
	install -d $(UNITS)
	sed 's,@BINDIR@,$(PREFIX)/bin,' data/systemd/mailready.service >$(UNITS)/mailready.service
	install -m 644 data/systemd/mailready.timer $(UNITS)
	chmod 644 $(UNITS)/mailready.service
	for f in $(DATA); do \
		install -D -m $$([ -x data/$$f ] && echo 755 || echo 644) data/$$f $(SHARE)/mailready/$$f || exit 1; done
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/mailready $(DESTDIR)$(PREFIX)/bin/check_mailready \
	  $(PAGES:%=$(SHARE)/man/%) $(UNITS)/mailready.service $(UNITS)/mailready.timer
	rm -rf $(SHARE)/mailready
dist:
	@mkdir -p build
	git archive --prefix=mailready-$(VERSION)/ -o build/mailready-$(VERSION).tar.gz HEAD
clean:
	rm -rf build
man: $(B)/tests/unit/cli/test_man
	UPDATE_GOLDEN=1 $<

help:
	@echo 'make [TARGET] [VARIANT=release|san|cov|fuzz] [WERROR=1] [V=1]'
	@echo '     [CC= CFLAGS= CPPFLAGS= LDFLAGS= PREFIX= DESTDIR=]'
	@sed -n 's/^#: //p' Makefile
#:   all         the program, build/<variant>/mailready
#:   demo        installs what is missing, builds, and shows four servers being checked, one repaired
#:   check       installs what is missing, builds, and tests everything; test: without servers
#:   lint        format, clang-tidy, cppcheck, layers, circles, headers, man page, banned calls, scripts
#:   format      rewrites the sources as clang-format would have them
#:   fuzz        each fuzz target for FUZZ_SECONDS (20);  bench: speed and verdicts against check_rbl
#:   mutate      changes MUTATIONS (30) places by SEED, one at a time: which do unit tests not notice?
#:   golden man  rewrite the golden reports, the tables of the manual; review with git diff
#:   deps        installs the Debian packages for all of the above
#:   install uninstall dist clean
