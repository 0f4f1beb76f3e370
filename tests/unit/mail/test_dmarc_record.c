/* The DMARC policy record: RFC 9989 4.7, 4.8 and 4.10.1, tag by tag. */
#include "mail/dmarc_record.h"

#include "base/arena.h"
#include "test.h"

static const struct {
	const char *text;
	bool is_record;
	const char *near_miss;
} versions[] = {
	{ "v=DMARC1", true, NULL },
	{ "v=DMARC1;", true, NULL },
	{ "v=DMARC1; p=none", true, NULL },
	{ "v = DMARC1 ; p=none", true, NULL },
	{ "V=DMARC1;p=none", true, NULL },
	{ "v=dmarc1; p=none", false, "writes DMARC1 in small letters" },
	{ "v=DMARC1 p=none", false, "has no semicolon after v=DMARC1" },
	{ "v=DMARC1p=none", false, "has no semicolon after v=DMARC1" },
	{ "v=DMARC10", false, "has no semicolon after v=DMARC1" },
	{ "v=DMARC2; p=none", false, "has another version than DMARC1" },
	{ " v=DMARC1; p=none", false, "begins with a blank" },
	{ "p=none; v=DMARC1", false, "does not begin with v=DMARC1" },
	{ "DMARC1; p=none", false, "does not begin with v=DMARC1" },
	{ "v=spf1 -all", false, NULL },
	{ "v=DKIM1; p=", false, NULL },
	{ "", false, NULL },
	{ "v", false, NULL },
	{ "v=", false, NULL },
};

static void
test_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(versions); i++) {
		ROW(versions[i].text);
		assert_int_equal(dmarc_is_record(versions[i].text), versions[i].is_record);
		const char *near = dmarc_near_miss(versions[i].text);
		assert_string_equal(near != NULL ? near : "",
		    versions[i].near_miss != NULL ? versions[i].near_miss : "");
	}
}

/* What it asks of own mail, of a subdomain's, and of a missing subdomain's: n, q, r; "-": nothing at all. */
static const struct {
	const char *name, *text, *policy;
} policies[] = {
	{ "p alone is for all", "v=DMARC1; p=reject", "rrr" },
	{ "words in any case", "v=DMARC1; P=Reject", "rrr" },
	{ "sp is for subdomains, missing ones too", "v=DMARC1; p=reject; sp=none", "rnn" },
	{ "np is for missing ones", "v=DMARC1; p=none; np=reject", "nnr" },
	{ "all three", "v=DMARC1; p=none; sp=quarantine; np=reject", "nqr" },
	{ "t=y is a step down", "v=DMARC1; p=reject; sp=quarantine; np=none; t=y", "qnn" },
	{ "t=n is not", "v=DMARC1; p=reject; t=n", "rrr" },
	{ "t that is not valid is not", "v=DMARC1; p=reject; t=yes", "rrr" },
	{ "no p and nobody to tell", "v=DMARC1", "-" },
	{ "no p but reports", "v=DMARC1; rua=mailto:d@example.com", "nnn" },
	{ "a bad p and nobody to tell", "v=DMARC1; p=block", "-" },
	{ "a bad p but reports", "v=DMARC1; p=block; rua=mailto:d@example.com", "nnn" },
	{ "a bad p and a bad address", "v=DMARC1; p=block; rua=d@example.com", "-" },
	{ "a bad sp makes all none", "v=DMARC1; p=reject; sp=x; rua=mailto:d@example.com", "nnn" },
	{ "a bad np and nobody to tell", "v=DMARC1; p=reject; np=x", "-" },
	{ "pct has no meaning", "v=DMARC1; p=reject; pct=0", "rrr" },
	{ "p need not be second", "v=DMARC1; rua=mailto:d@example.com; p=quarantine", "qqq" },
	{ "an unknown tag is passed over", "v=DMARC1; p=reject; x=y", "rrr" },
	{ "a tag without value is passed over", "v=DMARC1; p=reject; x", "rrr" },
};

static void
test_policy(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(policies); i++) {
		struct arena a;
		struct dmarc_record r;
		char said[4] = "-";
		ROW(policies[i].name);
		arena_init(&a);
		assert_true(dmarc_is_record(policies[i].text));
		dmarc_record_read(&a, policies[i].text, &r);
		for (int place = DMARC_OWN; dmarc_record_applies(&r) && place <= DMARC_MISSING;
		     place++)
			said[place] = "nqr"[dmarc_record_effective(&r, (enum dmarc_place)place)];
		assert_string_equal(said, policies[i].policy);
		arena_fini(&a);
	}
}

static const struct {
	const char *name, *text, *faults;
} faults[] = {
	{ "none", "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.net", "" },
	{ "all tags",
	    "v=DMARC1; p=none; sp=none; np=none; adkim=r; aspf=s; t=n; psd=u; "
	    "rua=mailto:a@b.example;"
	    " ruf=mailto:a@b.example; fo=1:d:s",
	    "" },
	{ "a word that is not a policy", "v=DMARC1; p=deny",
	    "12 p must be none, quarantine or reject|" },
	{ "alignment", "v=DMARC1; p=none; adkim=strict", "24 adkim must be r or s|" },
	{ "psd", "v=DMARC1; p=none; psd=maybe", "22 psd must be y, n or u|" },
	{ "no mailto", "v=DMARC1; p=none; rua=a@example.com",
	    "22 rua has an address without mailto:|" },
	{ "no address", "v=DMARC1; p=none; rua=", "22 rua has no address|" },
	{ "mailto of nobody", "v=DMARC1; p=none; rua=mailto:dmarc",
	    "22 rua has a mailto: without a mail address|" },
	{ "a size", "v=DMARC1; p=none; rua=mailto:a@example.com!10m",
	    "22 rua has a size limit, which RFC 9989 took away|" },
	{ "another scheme", "v=DMARC1; p=none; rua=https://example.com/d", "" },
	{ "fo twice", "v=DMARC1; p=none; fo=d:d", "21 fo must be 0 or 1, d and s, with colons|" },
	{ "fo of both", "v=DMARC1; p=none; fo=0:1", "21 fo must be 0 or 1, d and s, with colons|" },
	{ "fo of a letter", "v=DMARC1; p=none; fo=x",
	    "21 fo must be 0 or 1, d and s, with colons|" },
	{ "an unknown tag", "v=DMARC1; p=none; policy=none", "18 policy is not a tag of DMARC|" },
	{ "p twice", "v=DMARC1; p=none; p=reject", "18 p is given twice|" },
	{ "in the order of their places", "v=DMARC1; x=1; p=deny; p",
	    "10 x is not a tag of DMARC|17 p must be none, quarantine or reject|"
	    "23  expected tag=value|" },
};

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(faults); i++) {
		struct arena a;
		struct dmarc_record r;
		char said[512] = "";
		ROW(faults[i].name);
		arena_init(&a);
		dmarc_record_read(&a, faults[i].text, &r);
		for (size_t f = 0; f < r.tags.n_faults; f++)
			snprintf(said + strlen(said), sizeof said - strlen(said), "%zu %s %s|",
			    r.tags.faults[f].at, r.tags.faults[f].name, r.tags.faults[f].text);
		assert_string_equal(said, faults[i].faults);
		arena_fini(&a);
	}
}

static void
test_rest(void **state)
{
	(void)state;
	struct arena a;
	struct dmarc_record r;
	arena_init(&a);
	dmarc_record_read(&a,
	    "v=DMARC1;adkim=s;aspf=S;t=Y;psd=n;pct=50;ri=86400;"
	    "rua=MAILTO:a@example.com?subject=x, mailto:b@example.net!5g,https://c.example",
	    &r);
	assert_true(r.strict_dkim && r.strict_spf && r.testing && r.removed);
	assert_int_equal(r.psd, DMARC_PSD_NO);
	assert_string_equal(r.removed_tags, "pct, ri");
	assert_int_equal(r.n_reports, 2);
	assert_string_equal(r.reports[0], "a@example.com");
	assert_string_equal(r.reports[1], "b@example.net");
	dmarc_record_read(&a, "v=DMARC1; psd=y; p=none", &r);
	assert_int_equal(r.psd, DMARC_PSD_YES);
	assert_false(r.strict_dkim || r.strict_spf || r.testing || r.removed);
	assert_string_equal(r.removed_tags, "");
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
