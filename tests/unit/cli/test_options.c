/* The command line: what is refused and what is taken, the tables, help, and the exit status. */
#include "by_name.h"
#include "test.h"

#include "base/arena.h"
#include "base/buf.h"
#include "checks/registry.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/fix_common.h"

enum { ARGS_MAX = 64 };

/* Splits at blanks; what the cases need. */
static char **
split(char *line, char *argv[ARGS_MAX])
{
	size_t n = 0;
	char *save = NULL;
	for (char *w = strtok_r(line, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[n++] = w, assert_true(n < ARGS_MAX);
	argv[n] = NULL;
	return argv;
}

struct parsed {
	struct settings s;
	struct err err;
	char line[600];
	char *argv[ARGS_MAX];
};

static enum err_code
parse(struct parsed *p, const char *command, const char *line)
{
	memset(&p->err, 0, sizeof p->err);
	settings_init(&p->s);
	snprintf(p->line, sizeof p->line, "%s", line);
	enum err_code code = options_parse(&p->s, command_by_name(command), split(p->line, p->argv),
	    &p->err);
	return code != ERR_NONE ? code : settings_check(&p->s, &p->err);
}

static const struct {
	const char *name, *command, *line;
	const char *says; /* the word that is wrong, or what was expected */
} refused_cases[] = {
	{ "unknown long", "check", "--frobnicate", "--frobnicate" },
	{ "nearest", "check", "--resolvr 192.0.2.1", "did you mean --resolver" },
	{ "unknown letter", "check", "-vz", "-z" },
	{ "argument missing", "check", "192.0.2.1 --helo", "--helo needs NAME" },
	{ "letter's argument missing", "check", "-f", "--format needs FORMAT" },
	{ "argument not taken", "check", "--json=yes", "takes no argument" },
	{ "not an option of judge", "judge", "--resolver 192.0.2.1", "'judge'" },
	{ "resolver no address", "check", "--resolver dns.example", "'dns.example'" },
	{ "resolver bad port", "check", "--resolver 192.0.2.1#x", "'192.0.2.1#x'" },
	{ "resolver no port behind the colon", "check", "-r 192.0.2.1:", "ADDRESS#PORT" },
	{ "resolver two readings", "check", "-r 2001:db8::1:53",
	    "the address, written [2001:db8::1:53], or port 53 of another one, written "
	    "2001:db8::1#53" },
	{ "resolver mistyped", "check", "-r 2001:db8:::53", "'2001:db8:::53'" },
	{ "resolver in half a bracket", "check", "-r [::1", "'[::1'" },
	{ "resolver behind a bracket", "check", "-r [::1]x", "'[::1]x'" },
	{ "resolver with two ports", "check", "-r 192.0.2.1:53#54", "'192.0.2.1:53#54'" },
	{ "server no address", "check", "@dns.example", "'dns.example'" },
	{ "server or domain", "check", "@example.com",
	    "'@example.com' is read as --resolver; a domain is written without @" },
	{ "server two readings", "check", "@2001:db8::1:53", "has two readings" },
	{ "-x without address", "check", "-x", "--reverse needs ADDR" },
	{ "-x with a name", "check", "-x mail.example", "'mail.example' is not an IP address" },
	{ "TTL with a unit of nothing", "fix", "--ttl 5w", "from 1 to 2147483647" },
	{ "TTL out of range", "fix", "--ttl 24856d", "out of range" },
	{ "ninth resolver", "check",
	    "-r ::1 -r ::1 -r ::1 -r ::1 -r ::1 -r ::1 -r ::1 -r ::1 -r ::1", "at most 8" },
	{ "DKIM domain", "check", "--dkim com/sel", "its domain is not a valid domain name" },
	{ "DKIM selector", "check", "--dkim example.com/a..b", "its selector is not a valid one" },
	{ "empty DKIM selector", "check", "--dkim example.com/",
	    "its selector is not a valid one" },
	{ "message without a name", "check", "--message=", "--message" },
	{ "timeout word", "check", "--timeout soon", "'soon'" },
	{ "timeout zero", "check", "-t 0", "'0'" },
	{ "timeout negative", "check", "-t -1", "'-1'" },
	{ "timeout too long", "check", "-t 3601", "3600" },
	{ "timeout inf", "check", "-t inf", "'inf'" },
	{ "timeout hex", "check", "-t 0x10", "'0x10'" },
	{ "timeout two points", "check", "-t 1.2.3", "'1.2.3'" },
	{ "timeout empty", "check", "--timeout=", "expected seconds" },
	{ "format", "check", "--format xml", "jsonl" },
	{ "only unknown", "check", "--only nonsense", "generic_ptr" },
	{ "only half unknown", "check", "--only ptr,nonsense", "'nonsense'" },
	{ "only, another case", "check", "--only RBL", "'RBL'" },
	{ "only empty", "check", "--only=", "''" },
	{ "only trailing comma", "check", "--only ptr,", "''" },
	{ "skip unknown", "judge", "--skip bimi", "'bimi'" },
	{ "nothing left", "check", "--only ptr --skip ptr", "no check" },
	{ "fail-on", "check", "--fail-on never", "unknown" },
	{ "color", "check", "--color blue", "always" },
	{ "authority", "check", "--authority maybe", "never" },
	{ "our name without a dot", "check", "--ehlo-as vm17", "'vm17'" },
	{ "our name is an address", "check", "--ehlo-as 192.0.2.1", "brackets" },
	{ "smtp port zero", "check", "--smtp-port 0", "65535" },
	{ "smtp port big", "check", "--smtp-port 65536", "'65536'" },
	{ "smtp port sign", "check", "--smtp-port +25", "'+25'" },
	{ "authority port word", "check", "--authority-port dns", "'dns'" },
	{ "helo escape", "check", "--helo a\033[1m", "control byte" },
	{ "helo delete", "check", "--helo a\177", "control byte" },
	{ "helo empty", "check", "--helo=", "EHLO name" },
	{ "domain", "check", "--domain a..b", "'a..b'" },
	{ "From without a domain", "check", "--from=", "--from example.com" },
	{ "From with an empty label", "check", "--from a..b", "'a..b'" },
	{ "sender with a control byte", "check", "--mail-from a\001@b.example", "control byte" },
	{ "offline without records", "check", "--offline 192.0.2.1", "--planned" },
	{ "two lists", "check", "-i a -i b", "one list" },
	{ "shard word", "check", "--shard three", "'three'" },
	{ "shard zero", "check", "--shard 0/4", "M from 1 to N" },
	{ "shard beyond", "check", "--shard 5/4", "M from 1 to N" },
	{ "shard half", "check", "--shard 3/", "M/N" },
	{ "shard sign", "check", "--shard 1/+4", "M/N" },
	{ "shard rest", "check", "--shard 1/4x", "M/N" },
	{ "qps word", "check", "--qps many", "'many'" },
	{ "qps zero", "check", "--qps 0", "from 1 to 1000000" },
	{ "qps too many", "check", "--qps 1000001", "from 1 to 1000000" },
	{ "window zero", "check", "--window 0", "from 1 to 20000" },
	{ "window sign", "check", "--window -1", "from 1 to 20000" },
	{ "window rest", "check", "--window 10x", "'10x'" },
	{ "window too large", "check", "--window 20001", "from 1 to 20000" },
	{ "shards too many", "check", "--shard 1/1000001", "1000000" },
	{ "resume without output", "check", "--resume s -f jsonl", "--output" },
	{ "resume to standard output", "check", "--resume s -f jsonl -o -", "--output" },
	{ "resume as text", "check", "--resume s -o out", "jsonl or csv" },
	{ "resume as json", "check", "--resume s -o out --json", "jsonl or csv" },
	{ "resume with facts", "check", "--resume s -o out -f csv --dump-facts d", "--dump-facts" },
	{ "resume csv with summary", "check", "--resume s -o out -f csv --summary", "jsonl" },
	{ "merge takes no format", "merge", "--format csv", "'merge'" },
	{ "format of another document", "preflight", "-f csv", "expected text, json or junit" },
	{ "format of the history", "report", "--format brief", "text, html, markdown, json, csv" },
	{ "format of a table", "lists", "--format=html", "expected text or json" },
	{ "file without a name", "check", "--planned=", "expected FILE, not an empty word" },
	{ "list without a name", "fix", "--input=", "expected FILE, not an empty word" },
	{ "time without a unit", "history", "--since 30", "followed by s, m, h or d" },
	{ "no time to wait", "notify", "--wait 0m", "followed by s, m, h or d" },
	{ "export", "history", "--export csv", "expected jsonl" },
	{ "TTL zero", "fix", "--ttl 0", "from 1 to 2147483647" },
	{ "time for a change", "undo", "-t 86401", "from 0.001 to 86400" },
	{ "tag", "fix", "--tag =x", "KEY=VALUE" },
	{ "password in an endpoint", "ptr", "--endpoint https://me:pw@example", "password" },
};

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(refused_cases); i++) {
		struct parsed p;
		ROW(refused_cases[i].name);
		assert_int_equal(parse(&p, refused_cases[i].command, refused_cases[i].line),
		    ERR_USAGE);
		assert_int_equal(p.err.code, ERR_USAGE);
		if (strstr(p.err.text, refused_cases[i].says) == NULL)
			fail_msg("'%s' does not say '%s'", p.err.text, refused_cases[i].says);
		settings_fini(&p.s);
	}
}

static void
test_taken(void **state)
{
	(void)state;
	struct parsed p;
	assert_int_equal(
	    parse(&p, "check",
		"192.0.2.1 --helo=mail.example -vvq --timeout 0.25 -fjsonl -r 192.0.2.53#5300 "
		"--resolver 2001:db8::53 --smtp-port=2525 --ehlo-as Probe.Example.org --authority "
		"never --authority-port 5353 "
		"--allow-special --no-smtp --dump-facts d --lists l1 --lists=l2 -o out -4 "
		"--fail-on warn,unknown --domain example.com --mail-from a@b.example --from "
		"c.example --planned z --offline --shard 3/16 "
		"--qps 500 --window 40 "
		"--huge "
		"--ordered --progress --summary -- -odd"),
	    ERR_NONE);
	const struct run_options *o = &p.s.run;
	assert_int_equal(p.s.words.n, 2);
	assert_string_equal(p.s.words.at[0], "192.0.2.1");
	assert_string_equal(p.s.words.at[1], "-odd");
	assert_string_equal(p.s.helo, "mail.example");
	assert_string_equal(p.s.domain, "example.com");
	assert_string_equal(p.s.mail_from, "a@b.example");
	assert_string_equal(p.s.from, "c.example");
	assert_int_equal(o->out.render.verbose, 2);
	assert_true(o->out.render.quiet);
	assert_int_equal(o->look.timeout_us, 250000);
	assert_int_equal(o->look.greeting_us, 0);
	assert_string_equal(o->out.renderer->name, "jsonl");
	assert_int_equal(o->look.n_resolvers, 2);
	assert_int_equal(o->look.resolvers[0].port, 5300);
	assert_int_equal(o->look.resolvers[1].port, 53);
	assert_int_equal(o->look.resolvers[1].ip.family, 6);
	assert_int_equal(o->look.policy.smtp_port, 2525);
	assert_string_equal(o->look.policy.ehlo_as, "probe.example.org");
	assert_int_equal(o->look.policy.authority_port, 5353);
	assert_int_equal(o->look.policy.authority, AUTHORITY_NEVER);
	assert_true(o->look.policy.allow_special);
	assert_true(o->look.policy.offline);
	assert_false(o->look.policy.smtp);
	assert_int_equal(o->in.families, FAMILY_4);
	assert_string_equal(o->look.planned, "z");
	assert_int_equal(o->in.shard, 2);
	assert_int_equal(o->in.n_shards, 16);
	assert_int_equal(o->look.qps, 500);
	assert_int_equal(o->look.window, 40);
	assert_true(o->in.huge && o->out.summary && p.s.ordered && p.s.progress);
	assert_string_equal(o->dump, "d");
	assert_int_equal(o->look.lists.n_files, 2);
	assert_string_equal(o->look.lists.files[1], "l2");
	assert_string_equal(p.s.output, "out");
	assert_int_equal(p.s.fail_on, FAIL_ON_WARN | FAIL_ON_UNKNOWN);
	settings_fini(&p.s);
}

/* The kinds of values that check has no option for. */
static void
test_taken_by_others(void **state)
{
	(void)state;
	struct parsed p;
	assert_int_equal(parse(&p, "fix",
			     "192.0.2.1 -n a.example --name b.example --ttl 2147483647 -t 86400"),
	    ERR_NONE);
	assert_int_equal(p.s.names.n, 2);
	assert_string_equal(p.s.names.at[1], "b.example");
	assert_int_equal(p.s.fix.wish.ttl_s, 2147483647);
	assert_int_equal(p.s.fix.timeout_us, 86400000000);
	assert_int_equal(p.s.run.look.timeout_us, 3000000);
	settings_fini(&p.s);
	assert_int_equal(parse(&p, "history", "--since 12h --export jsonl"), ERR_NONE);
	assert_int_equal(p.s.watch.since_s, 43200);
	assert_true(p.s.watch.export);
	settings_fini(&p.s);
	assert_int_equal(parse(&p, "watch", "add -n mx1 --config c"), ERR_NONE);
	assert_string_equal(p.s.watch.label, "mx1");
	assert_string_equal(p.s.watch.config, "c");
	settings_fini(&p.s);
}

/* As other programs have it: dig's @SERVER and -x, ports behind a colon, times with a unit. */
static void
test_habits(void **state)
{
	(void)state;
	static const struct {
		const char *name, *command, *line;
		const char *words;     /* each followed by a blank */
		const char *resolvers; /* the same */
		uint64_t timeout_us;   /* 0: the usual */
	} cases[] = {
		{ "@ADDR", "check", "@192.0.2.53 192.0.2.1", "192.0.2.1 ", "192.0.2.53 ", 0 },
		{ "@ADDR behind", "check", "192.0.2.1 @2001:db8::53#5300", "192.0.2.1 ",
		    "2001:db8::53#5300 ", 0 },
		{ "@ADDR is a word behind --", "check", "-- @192.0.2.53", "@192.0.2.53 ", "", 0 },
		{ "@ADDR where nothing is asked", "judge", "@192.0.2.53", "@192.0.2.53 ", "", 0 },
		{ "-x", "check", "-x 192.0.2.1 -x [2001:db8::1]", "192.0.2.1 [2001:db8::1] ", "",
		    0 },
		{ "-xADDR", "wait", "-x192.0.2.1", "192.0.2.1 ", "", 0 },
		{ "ADDR:PORT", "check", "-r 192.0.2.53:53 -r 192.0.2.53:5300", "",
		    "192.0.2.53 192.0.2.53#5300 ", 0 },
		{ "ADDR#53", "check", "-r 192.0.2.53#53 -r ::1#53", "", "192.0.2.53 ::1 ", 0 },
		{ "brackets", "check",
		    "-r [192.0.2.53] -r [2001:db8::1:53] -r [::1]:5300 -r [::1]#54", "",
		    "192.0.2.53 2001:db8::1:53 ::1#5300 ::1#54 ", 0 },
		{ "eight groups and a port", "check", "-r 2001:db8:0:0:0:0:0:1:53", "",
		    "2001:db8::1 ", 0 },
		{ "an address that ends in another number", "check", "-r 2620:fe::fe:9", "",
		    "2620:fe::fe:9 ", 0 },
		{ "seconds", "check", "-t 5s", "", "", 5000000 },
		{ "minutes", "check", "-t 2m", "", "", 120000000 },
		{ "an hour", "check", "--timeout=1h", "", "", 3600000000 },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct parsed p;
		struct buf got;
		char text[ENDPOINT_TEXT_MAX];
		const struct run_options *o = &p.s.run;
		ROW(cases[i].name);
		buf_init(&got, 200);
		assert_int_equal(parse(&p, cases[i].command, cases[i].line), ERR_NONE);
		for (size_t k = 0; k < p.s.words.n; k++)
			buf_printf(&got, "%s ", p.s.words.at[k]);
		assert_string_equal(got.data, cases[i].words);
		buf_reset(&got);
		for (size_t k = 0; k < o->look.n_resolvers; k++)
			buf_printf(&got, "%s ", endpoint_format(&o->look.resolvers[k], text));
		assert_string_equal(got.data, cases[i].resolvers);
		assert_int_equal(o->look.timeout_us,
		    cases[i].timeout_us > 0 ? cases[i].timeout_us : 3000000);
		buf_fini(&got);
		settings_fini(&p.s);
	}
}

static void
test_ttl(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		unsigned ttl_s;
	} cases[] = { { "--ttl 300", 300 }, { "--ttl 5m", 300 }, { "--ttl 1h", 3600 },
		{ "--ttl 1d", 86400 } };
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct parsed p;
		ROW(cases[i].line);
		assert_int_equal(parse(&p, "fix", cases[i].line), ERR_NONE);
		assert_int_equal(p.s.fix.wish.ttl_s, cases[i].ttl_s);
		settings_fini(&p.s);
	}
}

/* "fix ADDRESS NAME": the name behind the address is what --name says. */
static void
test_names_behind(void **state)
{
	(void)state;
	static const struct {
		const char *name, *line;
		size_t n_words, n_names; /* afterwards; 0 words: refused */
		const char *says;
	} cases[] = {
		{ "a name", "192.0.2.1 mail.example", 1, 1, NULL },
		{ "two names", "192.0.2.1 mail.example www.example", 1, 2, NULL },
		{ "by option", "192.0.2.1 --name mail.example", 1, 1, NULL },
		{ "both", "192.0.2.1 mail.example --name www.example", 0, 0,
		    "the name is given twice: 'mail.example' after the address, and --name "
		    "www.example" },
		{ "the wrong way round", "mail.example 192.0.2.1", 0, 0,
		    "did you mean 192.0.2.1 mail.example?" },
		{ "two addresses", "192.0.2.1 192.0.2.2", 2, 0, NULL },
		{ "an address alone", "192.0.2.1", 1, 0, NULL },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct parsed p;
		ROW(cases[i].name);
		assert_int_equal(parse(&p, "fix", cases[i].line), ERR_NONE);
		bool taken = fix_take_names(&p.s, &p.err) == ERR_NONE;
		assert_int_equal(taken, cases[i].says == NULL);
		if (cases[i].says != NULL && strstr(p.err.text, cases[i].says) == NULL)
			fail_msg("'%s' does not say '%s'", p.err.text, cases[i].says);
		if (taken) {
			assert_int_equal(p.s.words.n, cases[i].n_words);
			assert_int_equal(p.s.names.n, cases[i].n_names);
		}
		settings_fini(&p.s);
	}
}

/* A format is one for every command that shows a document, and --json is one of them. */
static void
test_formats(void **state)
{
	(void)state;
	for (size_t i = 0; i < commands_n; i++) {
		const struct command *c = commands_all[i];
		const char *format;
		struct parsed p;
		ROW(c->name);
		bool taken = parse(&p, c->name, "--json") == ERR_NONE;
		size_t json = p.s.format;
		settings_fini(&p.s);
		assert_int_equal(taken, c->format != NULL);
		for (size_t k = 0; c->format != NULL && (format = c->format(k)) != NULL; k++) {
			char line[40];
			snprintf(line, sizeof line, "--format %s", format);
			assert_int_equal(parse(&p, c->name, line), ERR_NONE);
			assert_int_equal(p.s.format, k);
			assert_true((strcmp(format, "json") == 0) == (k == json));
			assert_true((strcmp(format, "text") == 0) == (k == 0));
			settings_fini(&p.s);
		}
	}
}

static void
test_defaults(void **state)
{
	(void)state;
	struct parsed p;
	assert_int_equal(parse(&p, "check", "192.0.2.1"), ERR_NONE);
	const struct run_options *o = &p.s.run;
	assert_int_equal(o->look.timeout_us, 3000000);
	assert_int_equal(o->look.greeting_us, 20000000);
	assert_string_equal(o->out.renderer->name, "text");
	assert_int_equal(o->n_checks, checks_n);
	assert_int_equal(o->in.families, FAMILY_4 | FAMILY_6);
	assert_true(o->look.policy.smtp);
	assert_int_equal(o->look.policy.smtp_port, 25);
	assert_int_equal(o->look.policy.authority_port, 53);
	assert_int_equal(o->look.policy.authority, AUTHORITY_AUTO);
	assert_false(o->look.policy.allow_special);
	assert_false(o->look.policy.offline);
	assert_int_equal(p.s.fail_on, 0);
	assert_int_equal(o->in.n_shards, 1);
	assert_false(o->in.huge || o->out.summary || p.s.ordered || p.s.progress);
	settings_fini(&p.s);
}

static void
test_selection(void **state)
{
	(void)state;
	static const struct {
		const char *name, *line, *checks;
	} cases[] = {
		{ "registry order", "--only iprev,ptr", "ptr iprev " },
		{ "repeated", "--only iprev --only address", "address iprev " },
		{ "skip", "--skip dnsbl,smtp --skip ehlo",
		    "address ptr iprev generic_ptr sender spf dkim dmarc " },
		{ "both", "--only ptr,iprev --skip iprev", "ptr " },
		{ "in the words of others", "--only rdns,fcrdns,helo,rbl,tls",
		    "ptr iprev ehlo dnsbl smtp " },
		{ "a word of others and ours", "--only rdns,ptr --skip tls", "ptr " },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct parsed p;
		struct buf got;
		buf_init(&got, 200);
		ROW(cases[i].name);
		assert_int_equal(parse(&p, "check", cases[i].line), ERR_NONE);
		for (size_t k = 0; k < p.s.run.n_checks; k++)
			buf_printf(&got, "%s ", p.s.run.checks[k]->id);
		assert_string_equal(got.data, cases[i].checks);
		buf_fini(&got);
		settings_fini(&p.s);
	}
}

static uint64_t
all_commands(void)
{
	uint64_t all = 0;
	for (size_t i = 0; i < commands_n; i++)
		all |= command_mask(commands_all[i]);
	return all;
}

/* A bit each, for as many commands as there are bits. */
static void
test_masks(void **state)
{
	(void)state;
	uint64_t before = 0;
	for (size_t i = 0; i < commands_n; i++) {
		uint64_t mask = command_mask(commands_all[i]);
		ROW(commands_all[i]->name);
		assert_true(mask != 0 && (mask & (mask - 1)) == 0 && (mask & before) == 0);
		assert_ptr_equal(command_by_name(commands_all[i]->name), commands_all[i]);
		before |= mask;
	}
	assert_int_equal(sizeof options_all->commands, sizeof before);
	assert_true(option_is_of(&options_all[options_n - 1], commands_all[commands_n - 1]));
	assert_int_equal(command_mask(&(struct command){ .name = "of no table" }), 0);
}

/* What its kind needs, and nothing else. */
static void
assert_kind(const struct option_row *row)
{
	bool words = row->kind == OPTION_WORD || row->kind == OPTION_BITS;
	bool number = row->kind == OPTION_COUNT || row->kind == OPTION_SECONDS;
	bool function = row->kind == OPTION_FUNCTION;
	assert_true((row->set != NULL) == function);
	assert_true((row->words != NULL) == words && (row->max > 0) == number);
	assert_true(row->words == NULL || enumtab_is_sound(row->words));
	assert_true(row->offset < sizeof(struct settings) && (!function || row->offset == 0));
	if (!function)
		assert_true((row->arg == NULL) == (row->kind <= OPTION_MORE));
}

/* Every row differs from the others, and is complete. */
static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		ROW(row->name);
		assert_non_null(row->more);
		assert_kind(row);
		assert_true(strlen(row->help) > 5 && strlen(row->help) <= 50);
		assert_true(row->help[strlen(row->help) - 1] != '.');
		assert_true(row->commands != 0 && (row->commands & ~all_commands()) == 0);
		for (size_t k = 0; k < i; k++) {
			const struct option_row *other = &options_all[k];
			/* one word may mean two things to two commands, never to one */
			if ((row->commands & other->commands) == 0)
				continue;
			assert_string_not_equal(row->name, other->name);
			assert_true(row->letter == 0 || row->letter != other->letter);
			assert_true(other->alias == NULL || strcmp(row->name, other->alias) != 0);
		}
	}
}

static void
help_of(const struct command *c, char *text, size_t size, bool whole)
{
	FILE *f = fmemopen(text, size, "w");
	assert_non_null(f);
	help_print(f, c, whole);
	assert_int_equal(fclose(f), 0);
}

/* A terminal of 80 columns and 24 lines, the last of which has the next prompt. */
static void
assert_fits_screen(const char *text)
{
	size_t lines = 0;
	for (const char *line = text; *line != '\0'; lines++) {
		size_t len = strcspn(line, "\n");
		if (len >= 80)
			fail_msg("wider than 80 columns: %.*s", (int)len, line);
		line += len + 1;
	}
	if (lines > 23)
		fail_msg("%zu lines: mark what is less important as rare", lines);
	assert_true(lines > 3);
}

static void
test_help_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < commands_n; i++) {
		char text[8192] = "";
		ROW(commands_all[i]->name);
		help_of(commands_all[i], text, sizeof text, false);
		assert_fits_screen(text);
	}
}

/* Every command is in it, and lines to begin with. */
static void
test_help_overview(void **state)
{
	(void)state;
	char text[8192] = "";
	FILE *f = fmemopen(text, sizeof text, "w");
	assert_non_null(f);
	help_overview(f);
	assert_int_equal(fclose(f), 0);
	assert_fits_screen(text);
	assert_non_null(strstr(text, "\n  mailready 203.0.113.25 --helo mail.example.com "));
	const char *also = strstr(text, "\nAlso:");
	assert_non_null(also);
	for (size_t i = 0; i < commands_n; i++) {
		const struct command *c = commands_all[i];
		char line[200];
		ROW(c->name);
		snprintf(line, sizeof line, c->rare ? " %s" : "\n  %s", c->name);
		assert_non_null(strstr(c->rare ? also : text, line));
		snprintf(line, sizeof line, "  %s\n", c->help);
		assert_true(c->rare || strstr(text, line) != NULL);
	}
}

/* The example of a command is one of it, and its options are read. */
static void
test_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < commands_n; i++) {
		const struct command *c = commands_all[i];
		struct parsed p;
		char begin[60], text[8192] = "", line[200];
		ROW(c->name);
		snprintf(begin, sizeof begin, "mailready %s", c->name);
		assert_memory_equal(c->example, begin, strlen(begin));
		snprintf(line, sizeof line, "%s", c->example + strlen(begin));
		line[strcspn(line, ">")] = '\0';
		if (parse(&p, c->name, line) != ERR_NONE)
			fail_msg("%s", p.err.text);
		settings_fini(&p.s);
		help_of(c, text, sizeof text, true);
		snprintf(line, sizeof line, "\nExample: %s\n", c->example);
		assert_non_null(strstr(text, line));
	}
}

/* However wide an option's argument is, what it does does not run into it. */
static void
test_help_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < commands_n; i++) {
		char text[8192] = "";
		help_of(commands_all[i], text, sizeof text, true);
		for (size_t k = 0; k < options_n; k++) {
			const struct option_row *row = &options_all[k];
			if (!option_is_of(row, commands_all[i]))
				continue;
			ROW(row->name);
			char apart[200];
			snprintf(apart, sizeof apart, "  %s\n", row->help);
			assert_non_null(strstr(text, apart));
		}
	}
}

/* --format's help names every renderer there is. */
static void
test_help_formats(void **state)
{
	(void)state;
	char text[8192] = "";
	help_of(command_by_name("check"), text, sizeof text, false);
	for (size_t i = 0; i < renderers_n; i++) {
		ROW(renderers_all[i]->name);
		assert_non_null(strstr(text, renderers_all[i]->name));
	}
}

static void
test_exit_of_result(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct run_result r;
		unsigned fail_on;
		int status;
	} cases[] = {
		{ "nothing judged", { .unknown = 0 }, 0, 2 },
		{ "pass", { .n[VERDICT_PASS] = 2 }, 0, 0 },
		{ "warn", { .n[VERDICT_WARN] = 1 }, 0, 0 },
		{ "warn, tightened", { .n[VERDICT_WARN] = 1 }, FAIL_ON_WARN, 1 },
		{ "pass, tightened", { .n[VERDICT_PASS] = 1 }, FAIL_ON_WARN | FAIL_ON_UNKNOWN, 0 },
		{ "fail", { .n[VERDICT_PASS] = 1, .n[VERDICT_FAIL] = 1 }, 0, 1 },
		{ "permerror", { .n[VERDICT_PERMERROR] = 1 }, 0, 1 },
		{ "undecided", { .n[VERDICT_PASS] = 5, .n[VERDICT_TEMPERROR] = 1 }, 0, 2 },
		{ "fail before undecided", { .n[VERDICT_FAIL] = 1, .n[VERDICT_TEMPERROR] = 1 }, 0,
		    1 },
		{ "only skipped", { .n[VERDICT_SKIP] = 1 }, 0, 2 },
		{ "some unknown", { .n[VERDICT_PASS] = 1, .unknown = 1 }, 0, 0 },
		{ "some unknown, tightened", { .n[VERDICT_PASS] = 1, .unknown = 1 },
		    FAIL_ON_UNKNOWN, 2 },
		{ "bad line", { .n[VERDICT_PASS] = 1, .bad_lines = 1 }, 0, 65 },
		{ "bad line and fail", { .n[VERDICT_FAIL] = 1, .bad_lines = 1 }, 0, 65 },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		assert_int_equal(exit_of_result(&cases[i].r, cases[i].fail_on), cases[i].status);
	}
}

static void
test_exit_of_error(void **state)
{
	(void)state;
	static const int statuses[] = { 64, 65, 66, 69, 70, 73, 74, 75, 77, 78 };
	for (size_t i = 0; i < N_ELEMENTS(statuses); i++) {
		struct err err = { 0 };
		err_set(&err, (enum err_code)(i + 1), "expected by the test");
		assert_int_equal(exit_of_error(&err), statuses[i]);
	}
}

/* The last one: there is no way back for a process. */
static void
test_exit_as_plugin(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct run_result r;
		unsigned fail_on;
		int status;
	} cases[] = {
		{ "nothing judged", { .unknown = 0 }, 0, 3 },
		{ "pass", { .n[VERDICT_PASS] = 2 }, 0, 0 },
		{ "warn", { .n[VERDICT_PASS] = 1, .n[VERDICT_WARN] = 1 }, 0, 1 },
		{ "warn, tightened", { .n[VERDICT_WARN] = 1 }, FAIL_ON_WARN, 2 },
		{ "fail", { .n[VERDICT_PASS] = 1, .n[VERDICT_FAIL] = 1 }, 0, 2 },
		{ "undecided", { .n[VERDICT_WARN] = 1, .n[VERDICT_TEMPERROR] = 1 }, 0, 3 },
		{ "fail before undecided", { .n[VERDICT_FAIL] = 1, .n[VERDICT_TEMPERROR] = 1 }, 0,
		    2 },
		{ "some unknown", { .n[VERDICT_PASS] = 1, .unknown = 1 }, 0, 0 },
		{ "some unknown, tightened", { .n[VERDICT_PASS] = 1, .unknown = 1 },
		    FAIL_ON_UNKNOWN, 3 },
		{ "a word that is no target", { .n[VERDICT_FAIL] = 1, .bad_lines = 1 }, 0, 3 },
	};
	exit_as_plugin(renderer_by_name("nagios"));
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		assert_int_equal(exit_of_result(&cases[i].r, cases[i].fail_on), cases[i].status);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_taken_by_others),
		cmocka_unit_test(test_habits),
		cmocka_unit_test(test_ttl),
		cmocka_unit_test(test_names_behind),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_help_fits),
		cmocka_unit_test(test_help_overview),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_help_columns),
		cmocka_unit_test(test_help_formats),
		cmocka_unit_test(test_exit_of_result),
		cmocka_unit_test(test_exit_of_error),
		cmocka_unit_test(test_exit_as_plugin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
