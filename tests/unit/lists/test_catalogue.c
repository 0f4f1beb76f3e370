#include "test.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/name.h"
#include "lists/catalogue.h"

#define HEAD "[bl.example.org]\n"
#define CODE "code.127.0.0.2 = low spam\n"

static enum err_code
read_text(struct catalogue *c, struct arena *a, const char *text, struct err *err)
{
	return catalogue_read_text(c, a, "f", text, strlen(text), err);
}

/* --- what is refused, and in which words --- */

static const struct {
	const char *name;
	const char *text;
	const char *said; /* in the error */
} refused[] = {
	{ "plain: no domain name", "bl..example.org\n",
	    "f:1: \"bl..example.org\" is not a domain name" },
	{ "plain: more bad lines than good ones", "zen.spamhaus.org\n\nbl.example.org,x\nzen\n",
	    "f:3: " },
	{ "plain: two words", "bl.example.org second.example.org\n", "f:1: " },
	{ "plain: one label", "# comment\n\nzen\n", "f:3: \"zen\" has only one label" },
	{ "plain: an address", "192.0.2.1\n", "f:1: \"192.0.2.1\" is an IP address" },
	{ "plain: a URL", "https://bl.example.org/\n", "f:1: " },
	{ "plain: a bad byte", "bl,example.org\n", "f:1: " },
	{ "plain: too long for nibbles",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
	    "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.example.org\n",
	    "too long" },
	{ "unknown key", HEAD "remowal = x\n",
	    "f:2: unknown key 'remowal': did you mean removal?" },
	{ "unknown key, nothing near", HEAD "colour = x\n",
	    "f:2: unknown key 'colour': expected name" },
	{ "key twice", HEAD "name = a\nname = b\n",
	    "f:3: name: given a second time: expected it once" },
	{ "empty value", HEAD "why =\n", "f:2: why: expected a value" },
	{ "zone twice", HEAD CODE "[other.example.org]\n" CODE "[BL.example.org]\n" CODE,
	    "f:6: the list bl.example.org is here a second time" },
	{ "zone twice in a row", HEAD CODE HEAD "why = so\n",
	    "f:4: the list bl.example.org is here a second time" },
	{ "section without a name", HEAD CODE "[]\n" CODE, "f:4: \"\" " },
	{ "bad zone", "[bl..example.org]\n" CODE, "f:2: \"bl..example.org\" is not a domain name" },
	{ "key before a section", "; comment\n[]\nname = a\n", "f:3: 'name' is before" },
	{ "bad family", HEAD "family = ipv4\n",
	    "f:2: family: 'ipv4' is not known: expected \"ip4\"" },
	{ "bad impact", HEAD "impact = severe\n",
	    "f:2: impact: 'severe' is not known: expected info, low" },
	{ "code without octet", HEAD "code.127.0.0 = low spam\n",
	    "f:2: code.127.0.0: '127.0.0' is not an answer" },
	{ "code outside 127/8", HEAD "code.128.0.0.2 = low spam\n",
	    "f:2: code.128.0.0.2: '128.0.0.2' is not an answer" },
	{ "range backwards", HEAD "code.127.0.0.7-4 = low spam\n", "is not an answer" },
	{ "range too far", HEAD "code.127.0.0.7-256 = low spam\n", "is not an answer" },
	{ "range with text", HEAD "code.127.0.0.7-9x = low spam\n", "is not an answer" },
	{ "range without end", HEAD "code.127.0.0.7- = low spam\n", "is not an answer" },
	{ "refusal as listing", HEAD "code.127.255.255.254 = low spam\n",
	    "are refusals, never listings" },
	{ "code without impact", HEAD "code.127.0.0.2 = spam source\n",
	    "'spam' is not known: expected info" },
	{ "code without meaning", HEAD "code.127.0.0.2 = low\n",
	    "expected an impact and a meaning" },
	{ "codes overlap", HEAD "code.127.0.0.2-9 = low a\ncode.127.0.0.9 = low b\n",
	    "f:3: code.127.0.0.9: it already has a meaning" },
	{ "refusal overlaps code", HEAD CODE "refusal.127.0.0.1-2 = no\n",
	    "f:3: refusal.127.0.0.1-2: it already has a meaning" },
	{ "empty refusal", HEAD "refusal.127.0.0.1 =\n",
	    "f:2: refusal.127.0.0.1: expected a value" },
	{ "fix before code", HEAD "fix.127.0.0.2 = do\n" CODE,
	    "f:2: fix.127.0.0.2: no code with just this range" },
	{ "fix of part of a range", HEAD "code.127.0.0.2-9 = low a\nfix.127.0.0.3 = do\n",
	    "f:3: " },
	{ "fix twice", HEAD CODE "fix.127.0.0.2 = do\nfix.127.0.0.2 = do\n", "f:4: fix.127.0.0.2" },
	{ "test entry of the other family", HEAD "test-listed4 = ::ffff:7f00:2\n",
	    "f:2: test-listed4: '::ffff:7f00:2' is neither an IPv4 address nor \"none\"" },
	{ "test entry is text", HEAD "test-clean6 = no\n", "neither an IPv6 address nor" },
	{ "bad bit", HEAD "bit.3 = low spam\n", "f:2: bit.3: '3' is not a bit" },
	{ "bit too large", HEAD "bit.256 = low spam\n", "is not a bit" },
	{ "bit twice", HEAD "bit.8 = low a\nbit.8 = low b\n",
	    "f:3: bit.8: given a second time: expected it once" },
	{ "bit without meaning", HEAD "bit.8 = low\n", "expected an impact and a meaning" },
	{ "long range backwards", HEAD "code.127.0.3.0-127.0.2.0 = low a\n", "is not an answer" },
	{ "range out of 127/8", HEAD "code.127.0.0.2-128.0.0.1 = low a\n", "is not an answer" },
	{ "range into the refusals", HEAD "code.127.0.0.2-127.255.255.254 = low a\n",
	    "are refusals, never listings" },
	{ "cause of no code", HEAD "cause.127.0.0.2 = no-ptr\n", "no code with just this range" },
	{ "unknown cause", HEAD CODE "cause.127.0.0.2 = rain\n",
	    "f:3: cause.127.0.0.2: 'rain' is not known: expected none, no-ptr or generic-ptr" },
	{ "unknown kind", HEAD "kind = grey\n", "f:2: kind: 'grey' is not known: expected block" },
	{ "unknown scope", HEAD "scope = /25\n", "'/25' is not known: expected address" },
	{ "names", HEAD "names = all\n",
	    "f:2: names: 'all' is not known: expected \"registered\"" },
	{ "family twice", HEAD "family = ip4 ip4\n",
	    "f:2: family: 'ip4 ip4' is not known: expected" },
	{ "family none and more", HEAD "family = ip4 none\n",
	    "f:2: family: 'ip4 none' is not known: expected" },
	{ "default", HEAD "default = maybe\n", "f:2: default: 'maybe' is neither yes nor no" },
	{ "date", HEAD "closed = 2024-13\n", "f:2: closed: '2024-13' is not a date" },
	{ "date with text", HEAD "born = last year\n", "f:2: born: 'last year' is not a date" },
	{ "rate", HEAD "rate = fast\n", "f:2: rate: 'fast' is not a whole number from 1" },
	{ "budget of nothing", HEAD "budget = 0\n",
	    "f:2: budget: '0' is not a whole number from 1" },
	{ "part of itself", HEAD "part-of = bl.example.org\n", "is not the zone of another list" },
	{ "key, not its name", HEAD "key = A Key\n", "f:2: key: expected the name of a key" },
	{ "domain test entry", HEAD "test-listed = a..b\n",
	    "f:2: test-listed: 'a..b' is neither a domain nor" },
	{ "pattern that lives", "[*.example.org]\n" CODE, "[*.example.org] is a pattern" },
	{ "pattern in a plain file", "*.example.org\n", "f:1: \"*.example.org\" is a pattern" },
	{ "dead without a word", HEAD "state = dead\n", "[bl.example.org] has no how=" },
	{ "web with a family", HEAD "kind = web\n", "is of the kind web, but has a family" },
	{ "no code", HEAD "name = a\n[other.example.org]\n" CODE,
	    "f:1: [bl.example.org] has no code" },
	{ "no value", HEAD "name\n", "f:2: expected" },
};

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(refused); i++) {
		struct arena a;
		struct catalogue c = { 0 };
		struct err err = { 0 };
		ROW(refused[i].name);
		arena_init(&a);
		assert_int_equal(read_text(&c, &a, refused[i].text, &err), ERR_DATA);
		assert_int_equal(err.code, ERR_DATA);
		if (strstr(err.text, refused[i].said) == NULL)
			fail_msg("said: %s", err.text);
		arena_fini(&a);
	}
}

/* --- what is read --- */

static void
test_plain(void **state)
{
	(void)state;
	static const char text[] =
	    "\xef\xbb\xbf# lists\r\n\r\n  Zen.Spamhaus.org. \t# the first\r\n"
	    "b_l.example.org\nlast.example.org";
	static const char *const zones[] = { "zen.spamhaus.org", "b_l.example.org",
		"last.example.org" };
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	assert_int_equal(read_text(&c, &a, text, &err), ERR_NONE);
	assert_int_equal(c.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(c.lists[i].zone, zones[i]);
		assert_string_equal(c.lists[i].name, zones[i]);
		assert_true(c.lists[i].plain && c.lists[i].ip4 && c.lists[i].ip6);
		assert_int_equal(c.lists[i].n_codes, 0);
		assert_int_equal(c.lists[i].impact, LIST_MEDIUM);
	}
	assert_string_equal(c.lists[0].test4.listed, "2.0.0.127.zen.spamhaus.org");
	assert_string_equal(c.lists[0].test4.clean, "1.0.0.127.zen.spamhaus.org");
	arena_fini(&a);
}

/* A wrong line is left out and said; the others mean the same without it. */
static void
test_plain_with_bad_lines(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *said;
		size_t n;
	} cases[] = {
		{ "no domain name", "zen.spamhaus.org\nbl..example.org\nlast.example.org\n",
		    "f:2: \"bl..example.org\" is not a domain name: expected a zone such as "
		    "zen.spamhaus.org; this line is skipped",
		    2 },
		{ "twice", "bl.example.org\nBL.example.ORG.\n",
		    "f:2: the list bl.example.org is here a second time; this line is skipped", 1 },
		{ "a pattern is not a list", "zen.spamhaus.org\n*.example.org\n",
		    "f:2: \"*.example.org\" is a pattern: expected a zone; this line is skipped",
		    1 },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct arena a;
		struct catalogue c = { 0 };
		struct err err = { 0 };
		ROW(cases[i].name);
		arena_init(&a);
		assert_int_equal(read_text(&c, &a, cases[i].text, &err), ERR_NONE);
		assert_int_equal(c.n, cases[i].n);
		assert_int_equal(c.n_remarks, 1);
		assert_string_equal(c.remarks[0], cases[i].said);
		arena_fini(&a);
	}
}

static void
test_ini(void **state)
{
	(void)state;
	static const char text[] =
	    "# comment\n[BL.Example.org]\nname = The list\noperator = Somebody\nfamily = ip4 ip6\n"
	    "impact = high\nwhy = many refuse\nremoval = https://example.org/?ip={address}\n"
	    "first-fix = mend it\naccess = be polite\nsource = https://example.org/\n"
	    "code.127.0.0.2 = critical SBL: a source; of spam\ncode.127.0.0.4-7 = low other\n"
	    "fix.127.0.0.4-7 = clean up\nrefusal.127.0.0.1 = too much\n"
	    "test-listed4 = 127.0.0.99\ntest-clean4 = none\ntest-listed6 = 2001:db8::2\n"
	    "[six.example.org]\nfamily = ip6\n" CODE;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	if (read_text(&c, &a, text, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	assert_int_equal(c.n, 2);
	const struct list *l = &c.lists[0];
	assert_string_equal(l->zone, "bl.example.org");
	assert_string_equal(l->name, "The list");
	assert_string_equal(l->operator_name, "Somebody");
	assert_true(l->ip4 && l->ip6 && !l->plain);
	assert_int_equal(l->impact, LIST_HIGH);
	assert_string_equal(l->why, "many refuse");
	assert_string_equal(l->removal, "https://example.org/?ip={address}");
	assert_string_equal(l->first_fix, "mend it");
	assert_string_equal(l->access, "be polite");
	assert_string_equal(l->source, "https://example.org/");
	assert_int_equal(l->n_codes, 2);
	assert_int_equal(l->codes[0].first, 0x7f000002);
	assert_int_equal(l->codes[0].last, 0x7f000002);
	assert_int_equal(l->codes[0].impact, LIST_CRITICAL);
	assert_string_equal(l->codes[0].meaning, "SBL: a source; of spam");
	assert_string_equal(l->codes[0].fix, "");
	assert_int_equal(l->codes[1].last, 0x7f000007);
	assert_string_equal(l->codes[1].fix, "clean up");
	assert_int_equal(l->n_refusals, 1);
	assert_int_equal(l->refusals[0].first, 0x7f000001);
	assert_string_equal(l->refusals[0].meaning, "too much");
	assert_string_equal(l->test4.listed, "99.0.0.127.bl.example.org");
	assert_string_equal(l->test4.clean, "");
	assert_string_equal(l->test6.listed,
	    "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example.org");
	l = &c.lists[1];
	assert_true(l->ip6 && !l->ip4);
	assert_int_equal(l->impact, LIST_MEDIUM);
	assert_string_equal(l->name, "six.example.org");
	assert_string_equal(l->why, "");
	arena_fini(&a);
}

/* RFC 5782 section 5: the IPv6 entries are ::FFFF:7F00:2 and :1, as nibbles, not 127.0.0.2. */
static void
test_ipv6_entries(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	assert_int_equal(read_text(&c, &a, "bl.example.org\n", &err), ERR_NONE);
	assert_int_equal(strlen(c.lists[0].test6.listed), 64 + strlen("bl.example.org"));
	assert_memory_equal(c.lists[0].test6.listed, "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.", 32);
	assert_memory_equal(c.lists[0].test6.clean, "1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.", 32);
	const struct ip four = { .family = 4 }, six = { .family = 6 };
	assert_ptr_equal(list_test_for(&c.lists[0], &four), &c.lists[0].test4);
	assert_ptr_equal(list_test_for(&c.lists[0], &six), &c.lists[0].test6);
	arena_fini(&a);
}

static const struct {
	const char *name;
	const char *address;
	const char *query;
} queries[] = {
	{ "IPv4", "192.0.2.99", "99.2.0.192.bl.example.org" },
	{ "IPv4-mapped is IPv4 (RFC 5782 2.4 lists it as such)", "::ffff:192.0.2.99",
	    "99.2.0.192.bl.example.org" },
	{ "IPv6", "2001:db8:1:2:3:4:567:89ab",
	    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.example.org" },
};

static void
test_query_names(void **state)
{
	(void)state;
	const struct list l = { .zone = "bl.example.org", .ip4 = true };
	for (size_t i = 0; i < N_ELEMENTS(queries); i++) {
		char name[NAME_TEXT_MAX];
		struct ip ip;
		ROW(queries[i].name);
		assert_true(ip_parse(queries[i].address, &ip));
		assert_string_equal(list_query_name(&l, &ip, name), queries[i].query);
		assert_int_equal(list_takes(&l, &ip), ip.family == 4);
	}
}

static void
test_limits(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	size_t size = 32 * CATALOGUE_LISTS_MAX, len = 0;
	char *text = malloc(size);
	assert_non_null(text);
	arena_init(&a);
	for (int i = 0; i < CATALOGUE_LISTS_MAX; i++)
		len += (size_t)snprintf(text + len, size - len, "l%d.example.org\n", i);
	assert_int_equal(catalogue_read_text(&c, &a, "f", text, len, &err), ERR_NONE);
	assert_int_equal(c.n, CATALOGUE_LISTS_MAX);
	assert_int_equal(read_text(&c, &a, "one-more.example.org\n", &err), ERR_DATA);
	assert_non_null(strstr(err.text, "f:1: more than 1000 lists"));
	assert_int_equal(catalogue_read_text(&c, &a, "f", "ab\0c.example.org", 16, &err), ERR_DATA);
	assert_non_null(strstr(err.text, "NUL"));
	free(text);
	arena_fini(&a);
}

static void
test_several_files(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	assert_int_equal(read_text(&c, &a, HEAD CODE, &err), ERR_NONE);
	assert_int_equal(read_text(&c, &a, "", &err), ERR_NONE);
	assert_int_equal(read_text(&c, &a, "other.example.org\n", &err), ERR_NONE);
	assert_int_equal(c.n, 2);
	/* a later file says more about a list that is known, and does not make it another one */
	assert_int_equal(read_text(&c, &a, "bl.example.org\n", &err), ERR_NONE);
	assert_int_equal(c.n, 2);
	assert_false(c.lists[0].plain);
	assert_int_equal(c.lists[0].n_codes, 1);
	assert_int_equal(c.lists[0].file, 4);
	assert_int_equal(c.lists[1].file, 3);
	assert_int_equal(read_text(&c, &a, HEAD "why = so\n", &err), ERR_NONE);
	assert_string_equal(c.lists[0].why, "so");
	assert_int_equal(c.lists[0].n_codes, 1);
	static const char other[] = HEAD "code.127.0.0.3 = high a\ncode.127.0.0.4 = low b\n";
	assert_int_equal(read_text(&c, &a, other, &err), ERR_NONE);
	assert_int_equal(c.lists[0].n_codes, 2);
	assert_int_equal(c.lists[0].codes[0].first, 0x7f000003);
	static const char twice[] = HEAD CODE "[other.example.org]\n" CODE HEAD CODE;
	assert_int_equal(read_text(&c, &a, twice, &err), ERR_DATA);
	assert_non_null(strstr(err.text, "f:6: the list bl.example.org is here a second time"));
	arena_fini(&a);
}

static void
test_files(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	assert_int_equal(catalogue_read_file(&c, &a, "/nonexistent/lists", &err), ERR_NOINPUT);
	assert_non_null(strstr(err.text, "/nonexistent/lists: "));
	assert_int_equal(catalogue_read_file(&c, &a, "/", &err), ERR_NOINPUT);
	char path[] = "/tmp/mailready-lists-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a.example.org\n", 14), 14);
	close(fd);
	assert_int_equal(catalogue_read_file(&c, &a, path, &err), ERR_NONE);
	assert_int_equal(c.n, 1);
	unlink(path);
	arena_fini(&a);
}

/* --- the catalogue that is shipped --- */

static const char *const shipped[] = {
	"data/lists/ip.ini",
	"data/lists/domain.ini",
	"data/lists/more.ini",
	"data/lists/domain-more.ini",
	"data/lists/keys.ini",
	"data/lists/allow.ini",
	"data/lists/web.ini",
	"data/lists/dead.ini",
};

static void
read_shipped(struct catalogue *c, struct arena *a)
{
	struct err err = { 0 };
	for (size_t i = 0; i < N_ELEMENTS(shipped); i++)
		if (catalogue_read_file(c, a, shipped[i], &err) != ERR_NONE)
			fail_msg("%s", err.text);
}

static bool
is_askable(const struct list *l)
{
	return l->ip4 || l->ip6 || l->domain;
}

static void
check_codes(const struct list *l)
{
	enum list_impact worst = LIST_INFO;
	for (size_t i = 0; i < l->n_codes + l->n_bits; i++) {
		const struct list_code *row = i < l->n_codes ? &l->codes[i] :
							       &l->bits[i - l->n_codes];
		assert_true(strlen(row->meaning) > 0);
		if (row->impact > worst)
			worst = row->impact;
	}
	/* a list's silence matters as much as the worst that it can say */
	if (l->n_codes + l->n_bits > 0)
		assert_int_equal(l->impact, worst);
}

/* They become parts of sentences. */
static void
check_sentence(const char *text)
{
	if (*text != '\0')
		assert_int_not_equal(text[strlen(text) - 1], '.');
}

static void
check_living(const struct list *l)
{
	assert_string_not_equal(l->name, l->zone);
	assert_true(strlen(l->operator_name) > 0);
	assert_true(strlen(l->why) > 0);
	check_codes(l);
	if (l->kind == LIST_KIND_BLOCK) {
		assert_true(is_askable(l));
		assert_true(l->n_codes + l->n_bits > 0);
		assert_true(strlen(l->first_fix) > 0);
	} else {
		/* what is no block list weighs nothing, and is never asked unasked */
		assert_true(l->impact == LIST_INFO || l->kind == LIST_KIND_WEB);
		assert_true(l->on_request);
	}
	/* nobody would know what an emptied list says by its silence */
	if (!l->on_request && *l->key == '\0' && strcmp(l->zone, "all.spamrats.com") != 0)
		assert_true(l->domain ? *l->test_domain.listed != '\0' : *l->test4.listed != '\0');
	if (l->ip4)
		assert_true(*l->test4.clean != '\0');
}

static void
check_list(const struct catalogue *c, const struct list *l)
{
	ROW(l->zone);
	assert_false(l->plain);
	assert_true(strlen(l->source) > 0);
	assert_int_not_equal(l->sure, LIST_SURE_UNSAID);
	assert_true(*l->removal == '\0' || strncmp(l->removal, "http", 4) == 0);
	check_sentence(l->why);
	check_sentence(l->first_fix);
	check_sentence(l->expires);
	check_sentence(l->how);
	if (l->status == LIST_DEAD || l->status == LIST_DOUBTFUL)
		assert_true(strlen(l->how) > 0);
	else
		check_living(l);
	/* what is counted with another list must be beside it */
	if (*l->part_of != '\0')
		assert_non_null(catalogue_find(c, l->part_of));
	if (*l->stands_for != '\0') {
		const struct list *other = catalogue_find(c, l->stands_for);
		assert_non_null(other);
		assert_int_equal(other->impact, l->impact);
		assert_int_equal(other->n_codes, l->n_codes);
	}
}

static void
test_shipped(void **state)
{
	(void)state;
	static const char *const paid[] = { "pay for removal", "express", "fee" };
	struct arena a;
	struct catalogue c = { 0 };
	arena_init(&a);
	read_shipped(&c, &a);
	assert_true(c.n >= 220);
	for (size_t i = 0; i < c.n; i++) {
		const struct list *l = &c.lists[i];
		check_list(&c, l);
		for (size_t j = 0; j < N_ELEMENTS(paid); j++)
			assert_true(strstr(l->first_fix, paid[j]) == NULL ||
			    strstr(l->first_fix, "do not pay") != NULL);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(l->name, c.lists[j].name);
	}
	assert_string_equal(c.lists[0].zone, "zen.spamhaus.org");
	assert_int_equal(c.lists[0].impact, LIST_CRITICAL);
	arena_fini(&a);
}

/* What others have got wrong: what these zones are, and that no other zone is taken for it. */
static const struct {
	const char *zone;
	enum list_kind kind;
	enum list_impact impact;
	enum list_status status;
} known[] = {
	{ "list.dnswl.org", LIST_KIND_ALLOW, LIST_INFO, LIST_ALIVE },
	{ "wl.mailspike.net", LIST_KIND_ALLOW, LIST_INFO, LIST_ALIVE },
	{ "iadb.isipp.com", LIST_KIND_ALLOW, LIST_INFO, LIST_ALIVE },
	{ "rep.mailspike.net", LIST_KIND_INFO, LIST_INFO, LIST_ALIVE },
	{ "score.senderscore.com", LIST_KIND_INFO, LIST_INFO, LIST_ALIVE },
	{ "score.spfbl.net", LIST_KIND_INFO, LIST_INFO, LIST_ALIVE },
	{ "abuse.spfbl.net", LIST_KIND_INFO, LIST_INFO, LIST_ALIVE },
	{ "origin.asn.spameatingmonkey.net", LIST_KIND_INFO, LIST_INFO, LIST_ALIVE },
	{ "bogons.cymru.com", LIST_KIND_INFO, LIST_INFO, LIST_ALIVE },
	{ "tor.dan.me.uk", LIST_KIND_INFO, LIST_INFO, LIST_ALIVE },
	{ "dnsbl-2.uceprotect.net", LIST_KIND_BLOCK, LIST_INFO, LIST_ALIVE },
	{ "dnsbl-3.uceprotect.net", LIST_KIND_BLOCK, LIST_INFO, LIST_ALIVE },
	{ "dnsbl-1.uceprotect.net", LIST_KIND_BLOCK, LIST_LOW, LIST_ALIVE },
	{ "nbl.0spam.org", LIST_KIND_BLOCK, LIST_INFO, LIST_ALIVE },
	{ "b.barracudacentral.org", LIST_KIND_BLOCK, LIST_HIGH, LIST_ALIVE },
	{ "combined.mail.abusix.zone", LIST_KIND_BLOCK, LIST_HIGH, LIST_ALIVE },
	{ "multi.surbl.org", LIST_KIND_BLOCK, LIST_HIGH, LIST_ALIVE },
	{ "dbl.spamhaus.org", LIST_KIND_BLOCK, LIST_CRITICAL, LIST_ALIVE },
	{ "bl.spamcop.net", LIST_KIND_BLOCK, LIST_MEDIUM, LIST_ALIVE },
	{ "bl.spamcannibal.org", LIST_KIND_BLOCK, LIST_INFO, LIST_DEAD },
	{ "swl.spamhaus.org", LIST_KIND_ALLOW, LIST_INFO, LIST_DEAD },
	{ "bl.nszones.com", LIST_KIND_BLOCK, LIST_INFO, LIST_DEAD },
	{ "dnsbl.justspam.org", LIST_KIND_BLOCK, LIST_INFO, LIST_DOUBTFUL },
};

static void
test_known(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	arena_init(&a);
	read_shipped(&c, &a);
	for (size_t i = 0; i < N_ELEMENTS(known); i++) {
		const struct list *l = catalogue_find(&c, known[i].zone);
		ROW(known[i].zone);
		assert_non_null(l);
		assert_int_equal(l->kind, known[i].kind);
		assert_int_equal(l->impact, known[i].impact);
		assert_int_equal(l->status, known[i].status);
	}
	assert_null(catalogue_find(&c, "dnsbl.sorbs.net"));
	const struct list *sorbs = catalogue_find_any(&c, "web.dnsbl.sorbs.net");
	assert_non_null(sorbs);
	assert_string_equal(sorbs->closed, "2024-06-05");
	assert_non_null(strstr(list_epitaph(sorbs, &a), "died 2024-06-05: "));
	assert_null(catalogue_find_any(&c, "notsorbs.net"));
	arena_fini(&a);
}

/* A run reads at most the whole catalogue; two hundred and fifty zones take less than 5 ms. */
static void
test_speed(void **state)
{
	(void)state;
	double best = 1e9;
	size_t n = 0;
	for (int i = 0; i < 5; i++) {
		struct timespec from, to;
		struct arena a;
		struct catalogue c = { 0 };
		arena_init(&a);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		read_shipped(&c, &a);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
		    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
		best = ms < best ? ms : best;
		n = c.n;
		assert_true(a.total < 1 << 20);
		arena_fini(&a);
	}
	print_message("%zu lists: %.2f ms\n", n, best);
	assert_true(best * 250 / (double)n < 25); /* some 2 ms; the sanitizers take their time */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_plain_with_bad_lines),
		cmocka_unit_test(test_ini),
		cmocka_unit_test(test_ipv6_entries),
		cmocka_unit_test(test_query_names),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_several_files),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_speed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
