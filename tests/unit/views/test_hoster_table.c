#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "test.h"
#include "views/generic_table.h"
#include "views/hoster.h"
#include "views/hoster_table.h"

static const char data_file[] = "data/hosters.ini";

/* What is seen of an address, and the row that it must lead to; "" for none. */
struct sample {
	const char *row;
	const char *name, *server, *mailbox; /* one of them; NULL */
};

static const struct sample samples[] = {
	{ "huawei", .name = "ecs-119-8-240-33.compute.hwclouds-dns.com" },
	{ "open-telekom-cloud", .name = "ecs-80-158-56-113.reverse.open-telekom-cloud.com" },
	{ "aws", .name = "ec2-3-120-1-2.eu-central-1.compute.amazonaws.com" },
	{ "aws", .server = "ns1-24-us-east-2.ec2-rdns.amazonaws.com" },
	{ "aws", .server = "x3.amazonaws.org" },
	{ "aws-china", .name = "ec2-52-80-1-2.cn-north-1.compute.amazonaws.com.cn" },
	{ "azure", .name = "contosoapp1.northus.cloudapp.azure.com" },
	{ "google", .name = "7.104.168.34.bc.googleusercontent.com" },
	{ "google", .server = "ns-gce-public3.googledomains.com" },
	{ "hetzner", .name = "static.219.156.76.144.clients.your-server.de" },
	{ "hetzner", .server = "ns3.second-ns.de" },
	{ "linode", .name = "172-104-145-53.ip.linodeusercontent.com" },
	{ "linode", .server = "ns5.linode.com" },
	{ "vultr", .name = "45.77.154.115.vultrusercontent.com" },
	{ "digitalocean", .server = "ns2.digitalocean.com" },
	{ "ovh", .name = "vps-d0669a91.vps.ovh.net" },
	{ "ovh", .mailbox = "tech@ovh.net" },
	{ "scaleway", .name = "60-76-15-51.instances.scw.cloud" },
	{ "scaleway", .name = "68f02c80-3bed-4e10-a747-4ff774ae905a.pub.instances.scw.cloud" },
	{ "dedibox", .name = "62-210-143-248.rev.poneytelecom.eu" },
	{ "dedibox", .name = "88-190-44-211.rev.dedibox.fr" },
	{ "dedibox", .server = "nsb.online.net" },
	{ "upcloud", .name = "83-136-248-107.uk-lon1.upcloud.host" },
	{ "contabo", .name = "vmi242170.contaboserver.net" },
	{ "netcup", .name = "v22015052838725402.happysrv.de" },
	{ "hostinger", .name = "srv2013282.hstgr.cloud" },
	{ "ibm-classic", .name = "dd.9e.1632.ip4.static.sl-reverse.com" },
	{ "ionos-cloud", .name = "ip82-165-1-2.pbiaas.com" },
	{ "alibaba", .server = "rdns1.alidns.com" },
	{ "alibaba", .mailbox = "DNSmgr@alibaba-inc.com" },
	{ "rackspace", .name = "50-56-72-35.static.cloud-ips.com" },
	{ "lima-city", .name = "a1b2.trafficplex.cloud" },
	{ "swhosting", .name = "ce2022012410001.dnssw.net" },
	{ "godaddy", .name = "ip-50-63-202-69.ip.secureserver.net" },
	{ "spectrum-business", .name = "rrcs-74-87-59-234.west.biz.rr.com" },
	/* Route 53 and Azure DNS hold the reverse zones of anybody */
	{ "", .server = "ns-2048.awsdns-64.com" },
	{ "", .server = "ns1-04.azure-dns.com" },
	{ "", .name = "mail.example.com" },
	{ "", .name = "instances.scw.cloud.example.net" },
	{ "", .server = "ns1.notlinode.com" },
	{ "", .mailbox = "hostmaster@example.net" },
	{ "", .mailbox = "" },
	{ "", .server = "" },
	{ "", .name = "" },
};

static struct hoster_table *
load(void)
{
	struct err err = { .text = "" };
	struct hoster_table *t;
	if (hoster_table_read_file(data_file, &t, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	return t;
}

static struct generic_table *
load_generic(void)
{
	struct err err = { .text = "" };
	struct generic_table *t;
	if (generic_table_read_file("data/generic-ptr.ini", &t, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	return t;
}

static const struct hoster_row *
find(const struct hoster_table *t, const struct generic_table *generic, const struct sample *s)
{
	if (s->server != NULL)
		return hoster_by_server(t, s->server);
	if (s->mailbox != NULL)
		return hoster_by_mailbox(t, s->mailbox);
	const struct generic_row *row = generic_table_match(generic, s->name);
	return hoster_by_name(t, s->name, row != NULL ? row->id : "");
}

static void
each_sample_leads_to_its_row(void **state)
{
	(void)state;
	struct hoster_table *t = load();
	struct generic_table *generic = load_generic();
	for (size_t i = 0; i < N_ELEMENTS(samples); i++) {
		const struct hoster_row *row = find(t, generic, &samples[i]);
		ROW(samples[i].row);
		assert_string_equal(row == NULL ? "" : row->id, samples[i].row);
	}
	generic_table_free(generic);
	hoster_table_free(t);
}

static bool
has_sample(const char *id)
{
	for (size_t i = 0; i < N_ELEMENTS(samples); i++)
		if (strcmp(samples[i].row, id) == 0)
			return true;
	return false;
}

static bool
has_scheme(const struct generic_table *generic, const char *id, size_t len)
{
	size_t n;
	const struct generic_row *rows = generic_table_rows(generic, &n);
	for (size_t i = 0; i < n; i++)
		if (strncmp(rows[i].id, id, len) == 0 && rows[i].id[len] == '\0')
			return true;
	return false;
}

static void
assert_schemes_exist(const struct generic_table *generic, const char *list)
{
	while (*(list += strspn(list, " ")) != '\0') {
		size_t len = strcspn(list, " ");
		assert_true(has_scheme(generic, list, len));
		list += len;
	}
}

/* What each line must name, so that it can be copied. */
static void
assert_filled(const struct hoster_lines *lines, bool address)
{
	for (size_t i = 0; i < lines->n; i++) {
		assert_true(!address || strstr(lines->list[i], "{address}") != NULL ||
		    strstr(lines->list[i], "--public-ptr-domain") != NULL ||
		    strstr(lines->list[i], "doctl ") != NULL ||
		    strstr(lines->list[i], "az network") != NULL);
		assert_non_null(strstr(lines->list[i], "{name}"));
	}
}

static void
assert_is_date(const char *text)
{
	assert_int_equal(strspn(text, "0123456789-"), strlen("2026-11-30"));
	assert_string_equal(text + strlen("2026-11-30"), "");
}

static void
each_row_is_complete(void **state)
{
	(void)state;
	struct hoster_table *t = load();
	struct generic_table *generic = load_generic();
	size_t n;
	const struct hoster_row *rows = hoster_table_rows(t, &n);
	assert_true(n >= 25);
	for (size_t i = 0; i < n; i++) {
		const struct hoster_row *row = &rows[i];
		ROW(row->id);
		assert_true(has_sample(row->id));
		assert_is_date(row->reviewed);
		assert_int_equal(strncmp(row->page, "https://", 8), 0);
		for (size_t k = 0; k < row->source.n; k++)
			assert_int_equal(strncmp(row->source.list[k], "https://", 8), 0);
		for (size_t k = 0; k < row->condition.n; k++)
			assert_int_equal(row->condition.list[k][strlen(row->condition.list[k]) - 1],
			    '.');
		assert_int_not_equal(row->where[strlen(row->where) - 1], '.');
		assert_filled(&row->call, true);
		assert_filled(&row->call6, true);
		assert_true(row->call6.n == 0 || row->ipv6 == HOSTER_IPV6_OTHER);
		assert_true(row->terraform6.n == 0 || row->ipv6 == HOSTER_IPV6_OTHER);
		assert_schemes_exist(generic, row->schemes);
	}
	generic_table_free(generic);
	hoster_table_free(t);
}

static const struct ip ip4 = { 4, { 203, 0, 113, 25 } };
static const struct ip ip6 = { 6, { 0x20, 1, 0xd, 0xb8 } };

static void
each_resource_is_whole(void **state)
{
	(void)state;
	struct hoster_table *t = load();
	size_t n;
	const struct hoster_row *rows = hoster_table_rows(t, &n);
	struct arena a;
	struct buf out;
	arena_init(&a);
	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < n; i++) {
		const struct hoster_lines *lines = hoster_terraform(&rows[i], &ip4);
		ROW(rows[i].id);
		buf_reset(&out);
		hoster_put_terraform(lines, &ip4, "mail.example.com", &a, &out);
		assert_false(out.failed);
		assert_null(strchr(out.data, '\t'));
		assert_null(strstr(out.data, "{name}"));
		assert_null(strstr(out.data, "{address}"));
		if (lines->n == 0)
			continue;
		assert_non_null(strstr(out.data, "mail.example.com"));
		bool block = strstr(out.data, "resource \"") != NULL &&
		    strncmp(out.data, "#", 1) != 0;
		assert_int_equal(block, strstr(out.data, "\"mail_203_0_113_25\" {\n  ") != NULL);
		assert_int_equal(block, strstr(out.data, "\n}\n") != NULL);
	}
	buf_fini(&out);
	arena_fini(&a);
	hoster_table_free(t);
}

static void
lines_are_filled_in(void **state)
{
	static const struct {
		const char *line;
		const struct ip *ip;
		const char *name, *filled;
	} cases[] = {
		{ "a {address} {name}", &ip4, "mail.example.com",
		    "a 203.0.113.25 mail.example.com" },
		{ "{label} {", &ip6, "m.example", "mail_2001_db8__ {" },
		{ "'{\"rdns\":\"{name}\"}'", &ip4, "m.example.com",
		    "'{\"rdns\":\"m.example.com\"}'" },
		/* nothing that means something to a shell */
		{ "x {name}", &ip4, "$(reboot).example.com", "x NAME" },
		{ "x {name}", &ip4, "", "x NAME" },
		{ "{nam} {", &ip4, "m.example.com", "{nam} {" },
		{ "", &ip4, "m.example.com", "" },
	};
	(void)state;
	struct arena a;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].line);
		assert_string_equal(hoster_fill(cases[i].line, cases[i].ip, cases[i].name, &a),
		    cases[i].filled);
	}
	arena_fini(&a);
}

#define GOOD \
	"[a]\nname = A\nwho = ticket\nwhere = w\npage = p\nsource = s\nreviewed = r\nnames = " \
	"n.example\n"

static void
bad_files_are_refused(void **state)
{
	static const struct {
		const char *name, *text, *error;
	} cases[] = {
		{ "good", GOOD, "" },
		{ "empty", "", "" },
		{ "a key without section", "name = A\n", "t:1: expected a [section]" },
		{ "an unknown key", GOOD "calls = x\n", "t:9: unknown key 'calls'" },
		{ "a key twice", GOOD "name = B\n", "t:9: name: given a second time" },
		{ "a word that is none", "[a]\nwho = me\n", "t:2: who: " },
		{ "a section twice", GOOD GOOD, "t:9: section \"a\" is there twice" },
		{ "a section without keys", "[b]\n", "t: section \"b\" of line 1 has no \"name\"" },
		{ "the first lacks a key", "[b]\nname = B\n" GOOD,
		    "t:3: section \"b\" of line 1 has no \"who\"" },
		{ "nothing to recognise it by",
		    "[a]\nname = A\nwho = ticket\nwhere = w\npage = p\nsource = s\nreviewed = r\n",
		    "expected one of names" },
		{ "too many lines",
		    GOOD "call = 1\ncall = 2\ncall = 3\ncall = 4\ncall = 5\ncall = 6\ncall = 7\n"
			 "call = 8\ncall = 9\ncall = 10\ncall = 11\ncall = 12\ncall = 13\n",
		    "t:21: call: given more than 12 times" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct err err = { .text = "" };
		struct hoster_table *t;
		ROW(cases[i].name);
		enum err_code code = hoster_table_read_text("t", cases[i].text,
		    strlen(cases[i].text), &t, &err);
		assert_int_equal(code, cases[i].error[0] == '\0' ? ERR_NONE : ERR_CONFIG);
		assert_int_equal(t == NULL, code != ERR_NONE);
		assert_non_null(strstr(err.text, cases[i].error));
		hoster_table_free(t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sample_leads_to_its_row),
		cmocka_unit_test(each_row_is_complete),
		cmocka_unit_test(each_resource_is_whole),
		cmocka_unit_test(lines_are_filled_in),
		cmocka_unit_test(bad_files_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
