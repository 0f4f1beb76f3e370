#include "base/err.h"
#include "test.h"
#include "views/generic_table.h"

static const char data_file[] = "data/generic-ptr.ini";

struct sample {
	const char *row; /* the only row that matches; "" for none */
	const char *name;
};

/* Names as they were met in mail headers and repositories, and what must not be taken for one. */
static const struct sample samples[] = {
	{ "huawei-ecs", "ecs-119-8-240-33.compute.hwclouds-dns.com" },
	{ "aws-us-east-1", "ec2-54-210-1-2.compute-1.amazonaws.com" },
	{ "aws-region", "ec2-3-120-1-2.eu-central-1.compute.amazonaws.com" },
	{ "aws-region", "ec2-52-80-1-2.cn-north-1.compute.amazonaws.com.cn" },
	{ "aws-region", "ec2-96-127-1-2.us-gov-west-1.compute.amazonaws.com" },
	{ "google-compute", "7.104.168.34.bc.googleusercontent.com" },
	{ "hetzner", "static.219.156.76.144.clients.your-server.de" },
	{ "hetzner", "static.213-239-213-133.clients.your-server.de" },
	{ "hetzner", "219.156.76.144.clients.your-server.de" },
	{ "ovh-vps", "vps-d0669a91.vps.ovh.net" },
	{ "ovh-vps", "vps123456.ovh.ca" },
	{ "ovh-dedicated", "ns316491.ip-37-187-129.eu" },
	{ "ovh-dedicated", "ip12.ip-51-75-1.eu" },
	{ "ovh-old", "ns123456.ovh.net" },
	{ "ovh-old", "ns3012345.kimsufi.com" },
	{ "linode", "172-104-145-53.ip.linodeusercontent.com" },
	{ "linode-old", "li738-236.members.linode.com" },
	{ "vultr", "45.77.154.115.vultrusercontent.com" },
	{ "vultr", "45.77.154.115.vultr.com" },
	{ "contabo", "vmi242170.contaboserver.net" },
	{ "contabo", "vmd64148.contaboserver.net" },
	{ "contabo", "ip-62-171-1-2.contaboserver.net" },
	{ "scaleway", "60-76-15-51.instances.scw.cloud" },
	{ "scaleway-dedibox", "62-210-143-248.rev.poneytelecom.eu" },
	{ "upcloud", "83-136-248-107.uk-lon1.upcloud.host" },
	{ "hostinger", "srv2013282.hstgr.cloud" },
	{ "ibm-classic", "dd.9e.1632.ip4.static.sl-reverse.com" },
	{ "godaddy", "ip-50-63-202-69.ip.secureserver.net" },
	{ "godaddy", "69.202.63.50.host.secureserver.net" },
	{ "colocrossing", "107-174-27-60-host.colocrossing.com" },
	{ "netcup", "v22015052838725402.yourvserver.net" },
	{ "netcup", "v22015052838725402.happysrv.de" },
	{ "strato", "h1234567.stratoserver.net" },
	{ "ionos-server", "s123456789.onlinehome-server.info" },
	{ "ionos-pbiaas", "ip82-165-1-2.pbiaas.com" },
	{ "servdiscount", "ve958.venus.servdiscount-customer.com" },
	{ "stark", "vm716958.stark-industries.solutions" },
	{ "bluehost", "162-241-235-82.unifiedlayer.com" },
	{ "hostwinds", "hwsrv-123456.hostwindsdns.com" },
	{ "leaseweb", "hosted-by.leaseweb.com" },
	{ "datapacket", "unn-89-187-1-2.datapacket.com" },
	{ "gandi", "xvm-189-12.dc0.ghst.net" },
	{ "comcast-business", "50-240-1-2-static.hfc.comcastbusiness.net" },
	{ "unset-arpa", "1.2.0.192.in-addr.arpa" },
	{ "unset-word", "unassigned.example.net" },
	{ "unset-word", "reverse-not-set.example.net" },
	{ "unset-word", "no-ptr.example.net" },
	{ "unset-local", "host-10-0-0-5.openstacklocal" },

	/* mail servers of large senders, and one of a small one */
	{ "", "mail-qt0-f199.google.com" },
	{ "", "66-220-144-145.mail-mail.facebook.com" },
	{ "", "o167-89-1-2.outbound-mail.sendgrid.net" },
	{ "", "a8-95.smtp-out.amazonses.com" },
	{ "", "mail.example.org" },
	/* near misses */
	{ "", "mail.hwclouds-dns.com" },
	{ "", "ecs-119-8-240-33.compute.hwclouds-dns.com.example.net" },
	{ "", "your-server.de.example.com" },
	{ "", "mail.contaboserver.net" },
	{ "", "ns1.ovh.net" },
	{ "", "srv.hstgr.cloud" },
	{ "", "unusedwords.example.net" },
	{ "", "my-unknown.example.net" },
	{ "", "mail.local.example.com" },
	{ "", "mail.happysrv.de" },
	{ "", "" },
};

static struct generic_table *
load(void)
{
	struct err err = { .text = "" };
	struct generic_table *t;
	if (generic_table_read_file(data_file, &t, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	return t;
}

static void
test_samples(void **state)
{
	(void)state;
	struct generic_table *t = load();
	for (size_t i = 0; i < N_ELEMENTS(samples); i++) {
		ROW(samples[i].name);
		const struct generic_row *row = generic_table_match(t, samples[i].name);
		assert_string_equal(row == NULL ? "" : row->id, samples[i].row);
		assert_int_equal(generic_table_count(t, samples[i].name),
		    samples[i].row[0] != '\0');
	}
	generic_table_free(t);
}

static void
test_every_row_has_a_sample(void **state)
{
	(void)state;
	struct generic_table *t = load();
	size_t n;
	const struct generic_row *rows = generic_table_rows(t, &n);
	assert_true(n >= 30);
	for (size_t i = 0; i < n; i++) {
		bool found = false;
		ROW(rows[i].id);
		for (size_t k = 0; k < N_ELEMENTS(samples); k++)
			found |= strcmp(samples[k].row, rows[i].id) == 0;
		assert_true(found);
		assert_int_equal(strlen(rows[i].reviewed), strlen("2026-11"));
		assert_true(
		    strcmp(rows[i].source, "seen") == 0 || strcmp(rows[i].source, "memory") == 0);
	}
	generic_table_free(t);
}

static void
test_patterns_compile(void **state)
{
	(void)state;
	struct err err = { .text = "" };
	struct generic_table *t = load();
	assert_int_equal(generic_table_compile_all(t, &err), ERR_NONE);
	generic_table_free(t);
}

struct word_case {
	enum generic_words list;
	const char *word;
	bool want;
};

static const struct word_case word_cases[] = {
	{ GENERIC_WORDS_STRONG, "dyn", true },
	{ GENERIC_WORDS_STRONG, "home", true },
	{ GENERIC_WORDS_STRONG, "dy", false },
	{ GENERIC_WORDS_STRONG, "dyna", false },
	{ GENERIC_WORDS_STRONG, "", false },
	{ GENERIC_WORDS_STRONG, "client", false },
	{ GENERIC_WORDS_WEAK, "client", true },
	{ GENERIC_WORDS_MAIL, "send", true },
	{ GENERIC_WORDS_STATIC, "static", true },
	{ GENERIC_WORDS_STATIC, "mail", false },
};

static void
test_words(void **state)
{
	(void)state;
	struct generic_table *t = load();
	for (size_t i = 0; i < N_ELEMENTS(word_cases); i++) {
		const struct word_case *c = &word_cases[i];
		ROW(c->word);
		assert_int_equal(generic_table_has_word(t, c->list, c->word, strlen(c->word)),
		    c->want);
	}
	generic_table_free(t);
}

#define GOOD_ROW "[a]\nprovider = A\npattern = ^a$\nliterals = a\naddress = none\n"

struct text_case {
	const char *name;
	const char *text;
	enum err_code want;
	const char *part; /* of the error */
};

static const struct text_case text_cases[] = {
	{ "empty", "", ERR_NONE, "" },
	{ "one row", GOOD_ROW, ERR_NONE, "" },
	{ "unknown key", GOOD_ROW "colour = red\n", ERR_CONFIG,
	    "t:6: unknown key 'colour': expected one of provider, pattern" },
	{ "unknown words", "[words]\nloud = x\n", ERR_CONFIG,
	    "t:2: unknown key 'loud': expected one of strong, weak, mail, static" },
	{ "row without pattern", "[a]\nprovider = A\nliterals = a\naddress = none\n", ERR_CONFIG,
	    "t:2: section \"a\" has no \"pattern\"" },
	{ "row without literals", "[a]\nprovider = A\npattern = a\naddress = none\n", ERR_CONFIG,
	    "has no \"literals\"" },
	{ "same section twice",
	    GOOD_ROW "[b]\nprovider = B\npattern = b\nliterals = b\naddress = none\n" GOOD_ROW,
	    ERR_CONFIG, "is there twice" },
	{ "no INI", "this is not it\n", ERR_CONFIG, "t:1" },
};

static void
test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(text_cases); i++) {
		const struct text_case *c = &text_cases[i];
		struct err err = { .text = "" };
		struct generic_table *t;
		ROW(c->name);
		enum err_code code = generic_table_read_text("t", c->text, strlen(c->text), &t,
		    &err);
		assert_int_equal(code, c->want);
		assert_non_null(strstr(err.text, c->part));
		assert_int_equal(t == NULL, code != ERR_NONE);
		generic_table_free(t);
	}
}

static void
test_broken_pattern(void **state)
{
	(void)state;
	static const char text[] =
	    "[a]\nprovider = A\npattern = a(\nliterals = a\naddress = none\n";
	struct err err = { .text = "" };
	struct generic_table *t;
	assert_int_equal(generic_table_read_text("t", text, strlen(text), &t, &err), ERR_NONE);
	assert_null(generic_table_match(t, "a"));
	assert_int_equal(generic_table_compile_all(t, &err), ERR_CONFIG);
	assert_non_null(strstr(err.text, "a("));
	generic_table_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_every_row_has_a_sample),
		cmocka_unit_test(test_patterns_compile),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_broken_pattern),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
