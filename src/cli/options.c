/* The option table and the setters that its rows name; those about lists are in options_lists.c. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "checks/registry.h"
#include "options_bulk.h"
#include "options_fix_priv.h"
#include "options_lists.h"

static enum err_code
set_helo(struct settings *s, const char *value, struct err *err)
{
	/* What else is wrong with a name is for the check to say; this could not be a word at all. */
	for (const char *c = value; *c != '\0'; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return err_set(err, ERR_USAGE,
			    "'%s' is no EHLO name: it holds a blank or a control byte", value);
	}
	if (value[0] == '\0' || strlen(value) >= NAME_TEXT_MAX)
		return err_set(err, ERR_USAGE, "expected an EHLO name of 1 to %d bytes",
		    NAME_TEXT_MAX - 1);
	s->helo = value;
	return ERR_NONE;
}

static enum err_code
set_domain(struct settings *s, const char *value, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(value, name) || name[0] == '\0')
		return err_set(err, ERR_USAGE, "'%s' is not a domain name", value);
	s->domain = value;
	return ERR_NONE;
}

static enum err_code
set_input(struct settings *s, const char *value, struct err *err)
{
	if (s->run.input != NULL)
		return err_set(err, ERR_USAGE, "only one list of targets can be read");
	s->run.input = value;
	return ERR_NONE;
}

static enum err_code
set_planned(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->run.planned = value;
	return ERR_NONE;
}

static enum err_code
set_offline(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.policy.offline = true;
	return ERR_NONE;
}

static const char *
check_choices(struct settings *s)
{
	const char *list = "";
	for (size_t i = 0; i < checks_n; i++)
		list = arena_printf(&s->arena, "%s%s%s", list,
		    i == 0 ? "" : (i + 1 == checks_n ? " or " : ", "), checks_all[i]->id);
	return list;
}

static enum err_code
mark_check(struct settings *s, const char *id, bool *marks, struct err *err)
{
	for (size_t i = 0; i < checks_n; i++) {
		if (strcmp(checks_all[i]->id, id) == 0) {
			marks[i] = true;
			return ERR_NONE;
		}
	}
	return err_set(err, ERR_USAGE, "there is no check '%s': expected %s", id, check_choices(s));
}

static enum err_code
mark_checks(struct settings *s, const char *value, bool *marks, struct err *err)
{
	for (const char *word = value;;) {
		size_t len = strcspn(word, ",");
		enum err_code code = mark_check(s, arena_strndup(&s->arena, word, len), marks, err);
		if (code != ERR_NONE || word[len] == '\0')
			return code;
		word += len + 1;
	}
}

static enum err_code
set_only(struct settings *s, const char *value, struct err *err)
{
	s->any_only = true;
	return mark_checks(s, value, s->only, err);
}

static enum err_code
set_skip(struct settings *s, const char *value, struct err *err)
{
	return mark_checks(s, value, s->skip, err);
}

static enum err_code
add_family4(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.families |= FAMILY_4;
	return ERR_NONE;
}

static enum err_code
add_family6(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.families |= FAMILY_6;
	return ERR_NONE;
}

static enum err_code
add_resolver(struct settings *s, const char *value, struct err *err)
{
	if (s->run.n_resolvers == DNS_UPSTREAMS_MAX)
		return err_set(err, ERR_USAGE, "at most %d resolvers can be given",
		    DNS_UPSTREAMS_MAX);
	if (!endpoint_parse(value, 53, &s->run.resolvers[s->run.n_resolvers]))
		return err_set(err, ERR_USAGE,
		    "'%s' is no resolver: expected an IP address, or ADDRESS#PORT", value);
	s->run.n_resolvers++;
	return ERR_NONE;
}

static enum err_code
set_timeout(struct settings *s, const char *value, struct err *err)
{
	/* strtod() alone would take "inf", "0x10" and "1e3" too */
	char *end = NULL;
	double seconds = strtod(value, &end);
	bool plain = value[strspn(value, "0123456789.")] == '\0' && value[0] != '\0';
	if (!plain || *end != '\0' || seconds < 0.001 || seconds > 3600)
		return err_set(err, ERR_USAGE,
		    "'%s' is no time: expected seconds from 0.001 to 3600", value);
	s->run.timeout_us = (uint64_t)(seconds * 1e6);
	return ERR_NONE;
}

static const struct enumtab_row authority_rows[] = {
	{ "auto", AUTHORITY_AUTO },
	{ "always", AUTHORITY_ALWAYS },
	{ "never", AUTHORITY_NEVER },
};
static const struct enumtab_row color_rows[] = {
	{ "auto", COLOR_AUTO },
	{ "always", COLOR_ALWAYS },
	{ "never", COLOR_NEVER },
};
static const struct enumtab_row fail_on_rows[] = {
	{ "fail", 0 },
	{ "warn", FAIL_ON_WARN },
	{ "unknown", FAIL_ON_UNKNOWN },
};
static const struct enumtab authority_words = ENUMTAB(authority_rows);
static const struct enumtab color_words = ENUMTAB(color_rows);
static const struct enumtab fail_on_words = ENUMTAB(fail_on_rows);

static enum err_code
word_code(const struct enumtab *words, const char *value, int *out, struct err *err)
{
	char choices[200];
	if (enumtab_code(words, value, out))
		return ERR_NONE;
	return err_set(err, ERR_USAGE, "'%s' is not known: expected %s", value,
	    enumtab_choices(words, choices, sizeof(choices)));
}

static enum err_code
set_authority(struct settings *s, const char *value, struct err *err)
{
	int mode = AUTHORITY_AUTO;
	enum err_code code = word_code(&authority_words, value, &mode, err);
	s->run.policy.authority = (enum authority_mode)mode;
	return code;
}

static enum err_code
set_color(struct settings *s, const char *value, struct err *err)
{
	int mode = COLOR_AUTO;
	enum err_code code = word_code(&color_words, value, &mode, err);
	s->color = (enum color_mode)mode;
	return code;
}

static enum err_code
set_fail_on(struct settings *s, const char *value, struct err *err)
{
	for (const char *word = value;;) {
		size_t len = strcspn(word, ",");
		int flag = 0;
		enum err_code code = word_code(&fail_on_words, arena_strndup(&s->arena, word, len),
		    &flag, err);
		s->fail_on |= (unsigned)flag;
		if (code != ERR_NONE || word[len] == '\0')
			return code;
		word += len + 1;
	}
}

static enum err_code
port_number(const char *value, uint16_t *out, struct err *err)
{
	char *end = NULL;
	unsigned long port = strtoul(value, &end, 10);
	bool plain = value[0] >= '0' && value[0] <= '9' && *end == '\0';
	if (!plain || port < 1 || port > UINT16_MAX)
		return err_set(err, ERR_USAGE, "'%s' is no port: expected 1 to 65535", value);
	*out = (uint16_t)port;
	return ERR_NONE;
}

static enum err_code
set_authority_port(struct settings *s, const char *value, struct err *err)
{
	return port_number(value, &s->run.policy.authority_port, err);
}

static enum err_code
set_smtp_port(struct settings *s, const char *value, struct err *err)
{
	return port_number(value, &s->run.policy.smtp_port, err);
}

static enum err_code
set_no_smtp(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.policy.smtp = false;
	return ERR_NONE;
}

static enum err_code
set_allow_special(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.policy.allow_special = true;
	return ERR_NONE;
}

static enum err_code
set_format(struct settings *s, const char *value, struct err *err)
{
	const struct renderer *renderer = renderer_by_name(value);
	if (renderer == NULL)
		return err_set(err, ERR_USAGE,
		    "there is no format '%s': expected text, brief, json, jsonl or csv", value);
	s->run.renderer = renderer;
	return ERR_NONE;
}

static enum err_code
set_json(struct settings *s, const char *value, struct err *err)
{
	(void)value;
	return set_format(s, "json", err);
}

static enum err_code
add_verbose(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.render.verbose++;
	return ERR_NONE;
}

static enum err_code
set_quiet(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.render.quiet = true;
	return ERR_NONE;
}

static enum err_code
set_output(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->output = value;
	return ERR_NONE;
}

static enum err_code
set_dump(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->run.dump = value;
	return ERR_NONE;
}

static enum err_code
set_help(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->help = true;
	return ERR_NONE;
}

static enum err_code
set_version(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->version = true;
	return ERR_NONE;
}

#define TARGETS "Targets"
#define CHANGING "Changing"
#define ACCOUNT "Account"
#define LOOKING "Looking up"
#define JUDGING "Judging"
#define SHOWING "Showing"

/* Those that change records, or look at what was changed. */
enum { CMD_DNS = CMD_FIX | CMD_PTR | CMD_UNDO | CMD_WAIT };

const struct option_row options_all[] = {
	/* clang-format off */
	{ "helo", "ehlo", 0, "NAME", "the name the server says in EHLO",
	  "It belongs to every target of the command line; in a list it stands behind each address.",
	  TARGETS, CMD_CHECK, set_helo },
	{ "domain", NULL, 0, "NAME", "the domain the server sends mail for", "Kept in the report.",
	  TARGETS, CMD_CHECK, set_domain },
	{ "input", NULL, 'i', "FILE", "read targets from FILE, - is standard input",
	  "One target a line: TARGET [EHLO-NAME [DOMAIN]]. Text behind # is a comment. "
	  "A line that is no target is named on standard error, and the others are still checked.",
	  TARGETS, CMD_CHECK | CMD_FIX | CMD_WAIT, set_input },
	{ "shard", NULL, 0, "I/N", "check only part I of N of the targets",
	  "An address is always in the same part, whatever else the input holds. "
	  "A host name is chosen by its name. See MANY ADDRESSES.", TARGETS, CMD_CHECK | RARE, set_shard },
	{ "huge", NULL, 0, NULL, "take IPv4 blocks larger than a /8", "", TARGETS, CMD_CHECK | RARE, set_huge },
	{ "ipv4", NULL, '4', NULL, "look at IPv4 addresses only",
	  "With -6 as well, at both, as without either.", TARGETS, CMD_CHECK, add_family4 },
	{ "ipv6", NULL, '6', NULL, "look at IPv6 addresses only", "", TARGETS, CMD_CHECK,
	  add_family6 },
	{ "name", NULL, 'n', "NAME", "the PTR name that it is to have; repeatable",
	  "The name must lead back to the address. Up to ten for one address, but one is enough.",
	  TARGETS, CMD_FIX | CMD_WAIT, add_name },
	{ "apply", NULL, 0, NULL, "carry the plan out",
	  "Without it the plan is shown and nothing is changed. Asks once before anything is written.",
	  CHANGING, CMD_FIX, set_apply },
	{ "yes", NULL, 'y', NULL, "do not ask", "", CHANGING, CMD_FIX | CMD_PTR | CMD_UNDO, set_yes },
	{ "no-wait", NULL, 0, NULL, "stop when the API says done",
	  "The report then says that nothing was proven in the DNS.", CHANGING,
	  CMD_FIX | CMD_PTR | CMD_UNDO, set_no_wait },
	{ "timeout", NULL, 't', "SEC", "time for a change and its proof (600)",
	  "In seconds, a decimal number up to 86400.", CHANGING, CMD_DNS, set_fix_timeout },
	{ "replace", NULL, 0, NULL, "overwrite a name set on purpose",
	  "A name that the provider gives by default is overwritten without it.", CHANGING, CMD_FIX,
	  set_replace },
	{ "with-forward", NULL, 0, NULL, "also write A or AAAA in the same account",
	  "The record is written before the PTR record, and waited for.", CHANGING, CMD_FIX,
	  set_with_forward },
	{ "force-order", NULL, 0, NULL, "set a PTR that does not lead back yet",
	  "Receivers refuse such a name until it does.", CHANGING, CMD_FIX, set_force_order },
	{ "ttl", NULL, 0, "SEC", "TTL of the records (the provider's, often 300)", "", CHANGING, CMD_FIX,
	  set_ttl },
	{ "description", NULL, 0, "TEXT", "note at the PTR record, at most 255 characters", "", CHANGING,
	  CMD_FIX, set_description },
	{ "tag", NULL, 0, "KEY=VALUE", "tag of the PTR record; repeatable", "", CHANGING, CMD_FIX,
	  add_tag },
	{ "plan-out", NULL, 0, "FILE", "save the plan", "", CHANGING, CMD_FIX, set_plan_out },
	{ "plan", NULL, 0, "FILE", "carry out this saved plan",
	  "It is refused when the world has changed since.", CHANGING, CMD_FIX, set_plan_in },
	{ "resume", NULL, 0, "JOURNAL", "go on where this journal stops",
	  "For a run that was killed, or ran out of time. Does not ask again.", CHANGING, CMD_FIX,
	  set_resume },
	{ "journal", NULL, 0, "DIR", "directory for the journals",
	  "Without it mailready below XDG_STATE_HOME, or ~/.local/state/mailready.", CHANGING,
	  CMD_FIX | CMD_PTR, set_journal },
	{ "provider", NULL, 0, "NAME", "the provider, see PROVIDERS",
	  "Without it the first for which credentials are found and whose account owns the address. "
	  "manual writes a request to whoever can set the record.", ACCOUNT, CMD_FIX | CMD_PTR,
	  set_provider },
	{ "region", NULL, 0, "REGION", "region of the account", "", ACCOUNT, CMD_FIX | CMD_PTR | CMD_UNDO,
	  set_region },
	{ "project", NULL, 0, "ID", "project of the account", "", ACCOUNT,
	  CMD_FIX | CMD_PTR | CMD_UNDO, set_project },
	{ "cloud", NULL, 0, "SUFFIX", "domain of a cloud of the same family", "", ACCOUNT,
	  CMD_FIX | CMD_PTR | CMD_UNDO, set_cloud },
	{ "endpoint", NULL, 0, "[SERVICE=]URL", "where its API is; repeatable",
	  "For private clouds and tests. For rfc2136 it is the server, ADDRESS#PORT.", ACCOUNT,
	  CMD_FIX | CMD_PTR | CMD_UNDO, add_endpoint },
	{ "ca-file", NULL, 0, "FILE", "certificates to trust instead of the system's", "", ACCOUNT,
	  CMD_FIX | CMD_PTR | CMD_UNDO, set_ca_file },
	{ "resolver", NULL, 'r', "ADDR[#PORT]", "ask this resolver; repeatable (resolv.conf)",
	  "At most eight, asked in the order given. Without it those of /etc/resolv.conf are asked.",
	  LOOKING, CMD_CHECK | CMD_LISTS | CMD_DNS, add_resolver },
	{ "timeout", NULL, 't', "SEC", "time for a target in seconds (3)",
	  "A decimal number up to 3600. What is unanswered then could not be told.",
	  LOOKING, CMD_CHECK | CMD_LISTS, set_timeout },
	{ "qps", NULL, 0, "N", "ask at most N questions a second",
	  "Of all servers together, questions that are asked again included. "
	  "Targets get more time by what their questions wait for their turn.",
	  LOOKING, CMD_CHECK | RARE, set_qps },
	{ "window", NULL, 0, "N", "at most N questions on the way to a server",
	  "Without it their number starts at 150 and follows what is answered and what is lost.",
	  LOOKING, CMD_CHECK | RARE, set_window },
	{ "planned", NULL, 0, "FILE", "lay this zone file's records over the DNS",
	  "Shows what receivers will see once the records are published. "
	  "Relative names need an $ORIGIN in the file.", LOOKING, CMD_CHECK | CMD_LISTS | CMD_FIX, set_planned },
	{ "offline", NULL, 0, NULL, "answer from --planned alone, send nothing", "",
	  LOOKING, CMD_CHECK | CMD_LISTS | CMD_FIX, set_offline },
	{ "lists", NULL, 0, "WHICH", "DNS lists: default, critical, all or a FILE",
	  "A file is in the form of mailready-lists(5), or plain text with one zone a line; "
	  "repeatable. What the catalogue knows of its zones holds unless the file says otherwise.",
	  LOOKING, CMD_CHECK | CMD_JUDGE | CMD_LISTS, add_lists },
	{ "only-list", NULL, 0, "ZONE", "ask this list alone; repeatable", "",
	  LOOKING, CMD_CHECK | CMD_JUDGE | CMD_LISTS | RARE, add_only_list },
	{ "skip-list", NULL, 0, "ZONE", "do not ask this list; repeatable", "",
	  LOOKING, CMD_CHECK | CMD_JUDGE | CMD_LISTS | RARE, add_skip_list },
	{ "lists-direct", NULL, 0, NULL, "ask the lists' own servers, not the resolver",
	  "For resolvers that remove or rewrite answers. Lists that refuse whole networks refuse "
	  "this way, too. Lists with a key are asked through the resolver all the same.",
	  LOOKING, CMD_CHECK | CMD_LISTS | RARE, set_lists_direct },
	{ "keys", NULL, 0, "FILE", "keys of lists (keys.ini of the user)",
	  "Nobody but its owner may be able to read it. See mailready-lists(5).",
	  LOOKING, CMD_CHECK | CMD_LISTS | RARE, set_keys },
	{ "cache", NULL, 0, "FILE", "what is kept of lists between runs, or none",
	  "See mailready-lists(5).", LOOKING, CMD_CHECK | CMD_LISTS | RARE, set_cache },
	{ "test", NULL, 0, NULL, "ask each list for its test entries", "Exits 2 when a list is of "
	  "no use now.", LOOKING, CMD_LISTS, set_test },
	{ "allow-special", NULL, 0, NULL, "ask lists about private addresses too",
	  "For tests and private networks: lists are not asked about special-use addresses "
	  "otherwise.", LOOKING, CMD_CHECK | CMD_LISTS | CMD_DNS, set_allow_special },
	{ "authority", NULL, 0, "WHEN", "ask the reverse zone's servers: auto always never",
	  "With auto (the default) they are asked when the resolver's view leaves something to "
	  "explain.", LOOKING, CMD_CHECK, set_authority },
	{ "authority-port", NULL, 0, "PORT", "port of those servers (53)", "", LOOKING,
	  CMD_CHECK | CMD_LISTS | CMD_DNS | RARE,
	  set_authority_port },
	{ "smtp-port", NULL, 0, "PORT", "port of the target's SMTP server (25)", "",
	  LOOKING, CMD_CHECK, set_smtp_port },
	{ "no-smtp", NULL, 0, NULL, "do not talk to the target's SMTP server",
	  "The EHLO name is then known only when it is given.", LOOKING, CMD_CHECK, set_no_smtp },
	{ "only", NULL, 0, "CHECK,...", "run only these checks",
	  "The checks are listed under CHECKS. Repeatable.", JUDGING, CMD_CHECK | CMD_JUDGE,
	  set_only },
	{ "skip", NULL, 0, "CHECK,...", "run all but these checks", "Repeatable.",
	  JUDGING, CMD_CHECK | CMD_JUDGE, set_skip },
	{ "fail-on", NULL, 0, "LEVEL,...", "what else ends badly: warn, unknown",
	  "With warn, a warning exits 1. With unknown, anything at all that could not be told exits "
	  "2. fail is the default.", JUDGING, CMD_CHECK | CMD_JUDGE | CMD_MERGE, set_fail_on },
	{ "format", NULL, 'f', "FORMAT", "text, brief, json, jsonl or csv (text)",
	  "text is for people, brief is one line a target; the others are described under JSON and "
	  "CSV.",
	  SHOWING, CMD_CHECK | CMD_JUDGE, set_format },
	{ "json", NULL, 'j', NULL, "same as --format json", "", SHOWING, CMD_CHECK | CMD_JUDGE | CMD_LISTS | CMD_DNS,
	  set_json },
	{ "verbose", NULL, 'v', NULL, "show the evidence; twice: all of it, and why", "",
	  SHOWING, CMD_CHECK | CMD_JUDGE | CMD_DNS, add_verbose },
	{ "quiet", NULL, 'q', NULL, "show only what is not good",
	  "The JSON formats stay complete.", SHOWING, CMD_CHECK | CMD_JUDGE | CMD_DNS, set_quiet },
	{ "color", NULL, 0, "WHEN", "colour: auto, always or never (auto)",
	  "With auto, colour is used on a terminal, unless NO_COLOR is set or TERM is dumb.",
	  SHOWING, CMD_CHECK | CMD_JUDGE | CMD_LISTS | CMD_DNS, set_color },
	{ "ordered", NULL, 0, NULL, "report in the order of the input",
	  "jsonl and csv reports of lists and blocks are written as they complete otherwise; all "
	  "others are always in order.", SHOWING, CMD_CHECK | RARE, set_ordered },
	{ "progress", NULL, 0, NULL, "say how far a run is, on standard error",
	  "The default for lists and blocks when standard error is a terminal and standard output is "
	  "not; with --quiet it is not.", SHOWING, CMD_CHECK | RARE, set_progress },
	{ "summary", NULL, 0, NULL, "count verdicts and findings at the end",
	  "On standard error, with the ten worst addresses.", SHOWING,
	  CMD_CHECK | CMD_JUDGE | CMD_MERGE | RARE, set_summary },
	{ "output", NULL, 'o', "FILE", "write the report to FILE",
	  "An existing file keeps its content until the new report is complete.",
	  SHOWING, CMD_CHECK | CMD_JUDGE | CMD_LISTS | CMD_MERGE | CMD_DNS, set_output },
	{ "resume", NULL, 0, "STATE", "go on where the run of this state ended",
	  "Keeps in the file STATE which targets are in --output, so that the same command can be given "
	  "again after whatever ended it. For jsonl and csv. See MANY ADDRESSES.",
	  SHOWING, CMD_CHECK | RARE, set_state },
	{ "dump-facts", NULL, 0, "FILE", "write what was seen, for mailready judge", "",
	  SHOWING, CMD_CHECK, set_dump },
	{ "help", NULL, 'h', NULL, "show this help", "", SHOWING, CMD_ALL, set_help },
	{ "version", NULL, 'V', NULL, "show the version", "", SHOWING, CMD_ALL,
	  set_version },
	/* clang-format on */
};
const size_t options_n = sizeof(options_all) / sizeof(options_all[0]);
