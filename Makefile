# mailready: one Makefile, no recursion.  Variants stand side by side in build/<variant>/.
# Users may set CC CFLAGS CPPFLAGS LDFLAGS PREFIX DESTDIR WERROR=1; `make help` lists the targets.
VERSION  := 0.1.0
PREFIX   ?= /usr/local
VARIANT  ?= release
B        := build/$(VARIANT)
PKGS     := ldns openssl libuv jansson inih libidn2 libpsl
TESTPKGS := cmocka

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
  -Wold-style-definition -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wvla \
  -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum -Wnull-dereference $(if $(WERROR),-Werror)
HARDEN := -fstack-protector-strong -fstack-clash-protection -fPIE -fno-common $(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
HARDLD := -pie -Wl,-z,relro,-z,now,-z,noexecstack
OPT_release := -O2 -g -D_FORTIFY_SOURCE=3
OPT_san     := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_cov     := -O0 -g --coverage

# asked only when something is compiled: `make help` and `make deps` work where nothing is installed
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS) $(TESTPKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
ALL_CFLAGS  = -std=c11 -D_GNU_SOURCE -DMAILREADY_VERSION='"$(VERSION)"' -DMAILREADY_DATADIR='"$(PREFIX)/share/mailready"' \
  -Iinclude -Isrc $(PKG_CFLAGS) $(WARN) $(HARDEN) $(OPT_$(VARIANT)) -MMD -MP $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(HARDLD) $(filter -fsanitize% --coverage,$(OPT_$(VARIANT))) -Wl,--as-needed $(LDFLAGS)

SRCS  := $(sort $(wildcard src/*/*.c))
LIB   := $(B)/libmailready.a
LIBOBJ:= $(patsubst %.c,$(B)/%.o,$(filter-out src/cli/%,$(SRCS)))
CLIOBJ:= $(patsubst %.c,$(B)/%.o,$(filter src/cli/%,$(SRCS)))
BIN   := $(B)/mailready

.DELETE_ON_ERROR:
.PHONY: all
all: $(BIN)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<
$(LIB): $(LIBOBJ)
	rm -f $@ && $(AR) rcs $@ $^
$(BIN): $(CLIOBJ) $(LIB)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)
-include $(LIBOBJ:.o=.d) $(CLIOBJ:.o=.d)

# unit tests: tests/unit/<room>/test_<module>.c is one program; tests/support is linked to each
TEST_SUP := $(patsubst %.c,$(B)/%.o,$(wildcard tests/support/*.c))
TESTS    := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/unit/*/test_*.c)))
$(B)/tests/%: $(B)/tests/%.o $(TEST_SUP) $(LIB)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS) $(shell pkg-config --libs cmocka)
-include $(TESTS:=.d) $(TEST_SUP:.o=.d)
