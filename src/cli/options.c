/* The tables of commands and options. */
#include "cli/commands.h"

#include "cli/option_functions.h"
#include "dns/stub.h"

/* --- commands */

/*
 * In the order of --help.  A new command is a line here, its bit in the rows of the options that it
 * takes, its file cmd_NAME.c, and its page of the manual, which "make man" begins.  The first
 * command that takes an option is the one whose page describes it in full.
 */
#define COMMANDS(X) \
	X(CHECK, check) \
	X(EXPLAIN, explain) \
	X(RECEIVED, received) \
	X(LISTEN, listen) \
	X(FIX, fix) \
	X(WAIT, wait) \
	X(UNDO, undo) \
	X(PTR, ptr) \
	X(PROVIDERS, providers) \
	X(PREFLIGHT, preflight) \
	X(WATCH, watch) \
	X(RUN, run) \
	X(HISTORY, history) \
	X(REPORT, report) \
	X(NOTIFY, notify) \
	X(LISTS, lists) \
	X(JUDGE, judge) \
	X(MERGE, merge) \
	X(HELP, help) \
	X(VERSION, version)

#define DECLARE(id, name) extern const struct command command_##name;
#define NUMBER(id, name) AT_##id,
#define ADDRESS(id, name) &command_##name,

COMMANDS(DECLARE)
enum { COMMANDS(NUMBER) N_COMMANDS };
_Static_assert(N_COMMANDS <= 64, "a command has a bit of option_row.commands");

const struct command *const commands_all[] = { COMMANDS(ADDRESS) };
const size_t commands_n = N_COMMANDS;

#define ON(id) (UINT64_C(1) << AT_##id)
#define ON_ALL (UINT64_MAX >> (64 - N_COMMANDS))
/* those that check whoever sent a message */
#define ON_MESSAGES (ON(RECEIVED) | ON(LISTEN))
#define ON_LOOKUPS (ON(CHECK) | ON(PREFLIGHT) | ON(LISTS) | ON(EXPLAIN) | ON_MESSAGES)
#define ON_JUDGING (ON(CHECK) | ON(PREFLIGHT) | ON(JUDGE) | ON_MESSAGES)
#define ON_ACCOUNT (ON(FIX) | ON(PTR) | ON(UNDO) | ON(PREFLIGHT) | ON(PROVIDERS))
/* those that change records, or look at what was changed */
#define ON_DNS (ON(FIX) | ON(PTR) | ON(UNDO) | ON(PROVIDERS) | ON(WAIT))
#define ON_WATCHED (ON(RUN) | ON(HISTORY) | ON(NOTIFY))
/* those whose command has a format() */
#define ON_FORMATS (ON_JUDGING | ON(LISTS) | ON_DNS | ON(REPORT) | ON(HISTORY) | ON(EXPLAIN))

uint64_t
command_mask(const struct command *command)
{
	for (size_t i = 0; i < commands_n; i++)
		if (commands_all[i] == command)
			return UINT64_C(1) << i;
	return 0;
}

bool
option_is_of(const struct option_row *row, const struct command *command)
{
	return (row->commands & command_mask(command)) != 0;
}

bool
option_is_common(const struct option_row *row)
{
	return row->commands == ON_ALL;
}

/* --- options */

#define TARGETS "Targets"
#define CHANGING "Changing"
#define ACCOUNT "Account"
#define LOOKING "Looking up"
#define JUDGING "Judging"
#define SHOWING "Showing"
#define WATCHING "Watching"

enum { QPS_MAX = 1000000 };

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
static const struct enumtab_row by_rows[] = { { "group", 1 } };
static const struct enumtab_row export_rows[] = { { "jsonl", 1 } };
static const struct enumtab authority_words = ENUMTAB(authority_rows);
static const struct enumtab color_words = ENUMTAB(color_rows);
static const struct enumtab fail_on_words = ENUMTAB(fail_on_rows);
static const struct enumtab by_words = ENUMTAB(by_rows);
static const struct enumtab export_words = ENUMTAB(export_rows);

/* Where a member is; one of another type than that of its kind does not compile. */
#define MEMBER(type, member) \
	.offset = _Generic(((struct settings *)NULL)->member, type \
			   : offsetof(struct settings, member))

#define FLAG(member) .kind = OPTION_FLAG, MEMBER(bool, member)
#define OFF(member) .kind = OPTION_OFF, MEMBER(bool, member)
#define MORE(member) .kind = OPTION_MORE, MEMBER(int, member)
#define TEXT(member) .kind = OPTION_TEXT, MEMBER(const char *, member)
#define PATH(member) .kind = OPTION_FILE, MEMBER(const char *, member)
#define LIST(member) .kind = OPTION_LIST, MEMBER(struct words, member)
#define PORT(member) .kind = OPTION_PORT, MEMBER(uint16_t, member)
#define COUNT(member, most) .kind = OPTION_COUNT, MEMBER(unsigned, member), .max = (most)
#define SECONDS(member, most) .kind = OPTION_SECONDS, MEMBER(uint64_t, member), .max = (most)
#define SPAN(member) .kind = OPTION_SPAN, MEMBER(int64_t, member)
#define WORD(member, type, table) .kind = OPTION_WORD, MEMBER(type, member), .words = &(table)
#define BITS(member, table) .kind = OPTION_BITS, MEMBER(unsigned, member), .words = &(table)
#define FUNCTION(function) .kind = OPTION_FUNCTION, .set = (function)
#define RARE .rare = true

const struct option_row options_all[] = {
	/* clang-format off */
	{ "helo", "ehlo", 0, "NAME", "the EHLO name that the server sends",
	  "It applies to every target of the command line. In a list it follows each address.",
	  TARGETS, ON(CHECK) | ON(WATCH) | ON(EXPLAIN), FUNCTION(set_helo) },
	{ "hostname", NULL, 'H', "TARGET", "a target, as monitoring names it", "",
	  TARGETS, ON(CHECK), LIST(words), RARE },
	{ "reverse", NULL, 'x', "ADDR", "a target, as dig -x names it", "",
	  TARGETS, ON(CHECK) | ON(FIX) | ON(WAIT), FUNCTION(add_address), RARE },
	{ "domain", NULL, 0, "NAME", "the domain for which the server sends mail",
	  "Lists of domains are asked about it, and it is the domain of --from where that is not given.",
	  TARGETS, ON(CHECK) | ON(WATCH) | ON(EXPLAIN), FUNCTION(set_domain), RARE },
	{ "port", NULL, 0, "PORT", "port to listen on (2525)", "",
	  TARGETS, ON(LISTEN), PORT(listen.at.port) },
	{ "address", NULL, 0, "ADDR", "address to listen on (127.0.0.1)",
	  "0.0.0.0 or :: is every address of this machine.",
	  TARGETS, ON(LISTEN), FUNCTION(set_listen_address), RARE },
	{ "count", NULL, 0, "N", "end after so many deliveries (1)",
	  "A client that is refused counts as one.",
	  TARGETS, ON(LISTEN), COUNT(listen.count, 1000) },
	{ "seconds", NULL, 0, "SEC", "end after this time (60)",
	  "In seconds, a decimal number up to 86400, or as 30s, 10m or 1h.",
	  TARGETS, ON(LISTEN), SECONDS(listen.time_us, 86400), RARE },
	{ "refuse", NULL, 0, "STAGE", "refuse at connect, ehlo, mail, rcpt or data",
	  "Without it each message is taken, and delivered to nobody.",
	  TARGETS, ON(LISTEN), WORD(listen.refuse, enum sink_stage, sink_stage_names) },
	{ "save", NULL, 0, "DIR", "save the messages in DIR",
	  "As delivery-N.eml, for you alone. Without it no text of a message is kept.",
	  TARGETS, ON(LISTEN), PATH(listen.save), RARE },
	{ "ip", NULL, 0, "ADDR", "the address that the world sees of the server",
	  "For a server that reaches this machine over loopback, a private network or address translation.",
	  TARGETS, ON(LISTEN), FUNCTION(set_ip) },
	{ "ip", NULL, 0, "ADDR", "your server's address, if the reply quotes none",
	  "When a reply quotes another one, that is looked at, and the difference is said.",
	  TARGETS, ON(EXPLAIN), FUNCTION(set_ip) },
	{ "mx", NULL, 0, "HOST", "the host that answered, if the reply does not say",
	  "Many providers are recognised by it.",
	  TARGETS, ON(EXPLAIN), FUNCTION(set_mx) },
	{ "trust", NULL, 0, "NET", "servers of the receiver's own; repeatable",
	  "An address, a block or a range. What these add to a message is believed. Without it the hop is the "
	  "last one that came from outside: from an address that is not a private one.",
	  TARGETS, ON(RECEIVED), LIST(trusted) },
	{ "from", NULL, 0, "DOMAIN", "the domain in the From header of its mail",
	  "Without it, that of --domain. SPF is judged for it where --mail-from does not say another sender.",
	  TARGETS, ON(CHECK) | ON(WATCH), FUNCTION(set_from) },
	{ "mail-from", NULL, 0, "ADDRESS", "the sender in MAIL FROM: an address or a domain",
	  "SPF is judged for it. <> is the empty sender of bounces, for which the EHLO name stands.",
	  TARGETS, ON(CHECK) | ON(WATCH), FUNCTION(set_mail_from), RARE },
	{ "dkim", NULL, 0, "DOMAIN/SELECTOR", "a key that signs its mail",
	  "The key is looked up and judged, and DMARC takes its domain as one that signs. "
	  "A DOMAIN alone is taken as one whose signatures are good, and no key is looked up; repeatable.",
	  TARGETS, ON(CHECK) | ON(WATCH), FUNCTION(add_dkim), RARE },
	{ "message", NULL, 0, "FILE", "a message that it sent, with its header",
	  "Its signatures are verified with the published keys. The domain in From and the sender in "
	  "Return-Path are taken from it, where --from and --mail-from do not say others. - is standard input.",
	  TARGETS, ON(CHECK), PATH(message_file), RARE },
	{ "guess-selectors", NULL, 0, NULL, "look for DKIM keys at a few usual selectors",
	  "A key that is found so is marked as guessed: it need not be the one that signs.",
	  TARGETS, ON(CHECK), FLAG(guess_selectors), RARE },
	{ "bulk", NULL, 0, NULL, "the sender is above the receivers' thresholds",
	  "Many receivers ask more of senders of thousands of messages a day. Without it --receivers "
	  "shows both answers where they differ.",
	  TARGETS, ON(CHECK) | ON(JUDGE), FLAG(run.look.policy.bulk), RARE },
	{ "input", NULL, 'i', "FILE", "read targets from FILE, - is standard input",
	  "One target per line: TARGET [EHLO-NAME [DOMAIN]]. Text after # is a comment. "
	  "A list may also be a table (CSV) or a hosts file. "
	  "A line that is not a target is reported on standard error; the others are still checked.",
	  TARGETS, ON(CHECK) | ON(FIX) | ON(WAIT), FUNCTION(set_input) },
	{ "shard", NULL, 0, "M/N", "check only part M of N of the targets",
	  "An address is always in the same part, whatever else the input holds. "
	  "A host name is chosen by its name. See PARTS OF A LIST.",
	  TARGETS, ON(CHECK), FUNCTION(set_shard), RARE },
	{ "huge", NULL, 0, NULL, "take IPv4 blocks larger than a /8", "",
	  TARGETS, ON(CHECK), FLAG(run.in.huge), RARE },
	{ "ipv4", NULL, '4', NULL, "look at IPv4 addresses only",
	  "Both families are checked with -4 and -6 together, and without them.",
	  TARGETS, ON(CHECK), FLAG(ipv4) },
	{ "ipv6", NULL, '6', NULL, "look at IPv6 addresses only", "",
	  TARGETS, ON(CHECK), FLAG(ipv6) },
	{ "name", NULL, 'n', "NAME", "the PTR name that it should have; repeatable",
	  "The name must resolve to the address. Up to ten for one address, but one is enough. "
	  "Names may also follow the address.",
	  TARGETS, ON(FIX) | ON(WAIT), LIST(names) },
	{ "apply", NULL, 0, NULL, "carry out the plan",
	  "Without it nothing is changed. It asks once before it writes.",
	  CHANGING, ON(FIX) | ON(PREFLIGHT), FLAG(fix.apply) },
	{ "yes", NULL, 'y', NULL, "do not ask", "",
	  CHANGING, ON_ACCOUNT & ~ON(PROVIDERS), FLAG(yes) },
	{ "no-wait", NULL, 0, NULL, "stop when the API says done",
	  "The report then says that nothing was proven in the DNS.",
	  CHANGING, ON_ACCOUNT & ~ON(PROVIDERS), FLAG(fix.no_wait), RARE },
	{ "timeout", NULL, 't', "SEC", "time for a change and its proof (600)",
	  "In seconds, a decimal number up to 86400, or as 30s, 10m or 1h.",
	  CHANGING, ON_DNS, SECONDS(fix.timeout_us, 86400) },
	{ "replace", NULL, 0, NULL, "overwrite a name set on purpose",
	  "A name that the provider gives by default is overwritten without it.",
	  CHANGING, ON(FIX) | ON(PREFLIGHT), FLAG(fix.wish.replace) },
	{ "with-forward", NULL, 0, NULL, "also write A or AAAA in the same account",
	  "The record is written before the PTR record, and waited for.",
	  CHANGING, ON(FIX), FLAG(fix.wish.with_forward) },
	{ "force-order", NULL, 0, NULL, "set a PTR that is not confirmed yet",
	  "Receivers refuse such a name until it does.",
	  CHANGING, ON(FIX), FLAG(fix.wish.force_order), RARE },
	{ "ttl", NULL, 0, "SEC", "TTL of the records (the provider's, often 300)",
	  "In seconds, or as 5m, 1h or 1d.",
	  CHANGING, ON(FIX), FUNCTION(set_ttl), RARE },
	{ "description", NULL, 0, "TEXT", "note at the PTR record, at most 255 characters", "",
	  CHANGING, ON(FIX), FUNCTION(set_description), RARE },
	{ "tag", NULL, 0, "KEY=VALUE", "tag of the PTR record; repeatable", "",
	  CHANGING, ON(FIX), FUNCTION(add_tag), RARE },
	{ "plan-out", NULL, 0, "FILE", "save the plan", "",
	  CHANGING, ON(FIX), PATH(fix.plan_out), RARE },
	{ "plan", NULL, 0, "FILE", "carry out this saved plan",
	  "It is refused when anything has changed since.",
	  CHANGING, ON(FIX), PATH(fix.plan_in), RARE },
	{ "resume", NULL, 0, "JOURNAL", "continue where this journal stops",
	  "For a run that was killed, or ran out of time. Does not ask again.",
	  CHANGING, ON(FIX), PATH(resume) },
	{ "journal", NULL, 0, "DIR", "directory for the journals",
	  "Without it mailready below XDG_STATE_HOME, or ~/.local/state/mailready.",
	  CHANGING, ON(FIX) | ON(PTR) | ON(PREFLIGHT), PATH(fix.journal_dir), RARE },
	{ "provider", NULL, 0, "NAME", "the provider that sets the record",
	  "See mailready-providers(7). Without it, the one of those with credentials whose account has "
	  "the address; it must be named when two have it. "
	  "manual writes a request to whoever can set the record.",
	  ACCOUNT, ON(FIX) | ON(PTR) | ON(PREFLIGHT) | ON(PROVIDERS), FUNCTION(set_provider) },
	{ "region", NULL, 0, "REGION", "region of the account", "",
	  ACCOUNT, ON_ACCOUNT, TEXT(fix.region), RARE },
	{ "project", NULL, 0, "ID", "project of the account", "",
	  ACCOUNT, ON_ACCOUNT, TEXT(fix.project), RARE },
	{ "cloud", NULL, 0, "SUFFIX", "domain of a cloud of the same family", "",
	  ACCOUNT, ON_ACCOUNT, TEXT(fix.cloud), RARE },
	{ "endpoint", NULL, 0, "[SERVICE=]URL", "address of its API; repeatable",
	  "For private clouds and tests. For rfc2136 it is the server, ADDRESS#PORT.",
	  ACCOUNT, ON_ACCOUNT, FUNCTION(add_endpoint), RARE },
	{ "ca-file", NULL, 0, "FILE", "certificates to trust instead of the system's", "",
	  ACCOUNT, ON_ACCOUNT, PATH(fix.ca_file), RARE },
	{ "example", NULL, 0, NULL, "print a file of servers to begin with", "",
	  TARGETS, ON(PREFLIGHT), FLAG(example) },
	{ "name", NULL, 'n', "LABEL", "name of the watched server",
	  "Without it its address or host name.",
	  WATCHING, ON(WATCH), TEXT(watch.label) },
	{ "group", NULL, 0, "NAME,...", "the groups that the server is in",
	  "Reports can be by group, and channels for some of them.",
	  WATCHING, ON(WATCH), TEXT(watch.groups) },
	{ "config", NULL, 0, "FILE", "use only this configuration",
	  "Without it /etc/mailready.conf and mailready/config below XDG_CONFIG_HOME or ~/.config; "
	  "see mailready.conf(5).",
	  WATCHING, ON_WATCHED | ON(WATCH) | ON(REPORT), PATH(watch.config) },
	{ "history", NULL, 0, "FILE", "the history",
	  "Without it the configuration's.",
	  WATCHING, ON_WATCHED | ON(REPORT), PATH(watch.history) },
	{ "dry-run", NULL, 0, NULL, "compare, but store nothing and notify nobody", "",
	  WATCHING, ON(RUN), FLAG(watch.dry_run) },
	{ "test", NULL, 0, NULL, "send a test message on every channel", 
	  "It is sent at once, without the queue. A line for each channel says that it was accepted.",
	  WATCHING, ON(NOTIFY), FLAG(watch.test) },
	{ "wait", NULL, 0, "TIME", "wait until all is sent, at most this long",
	  "Such as 25m or 2h. Without it each message that is due is tried once.",
	  WATCHING, ON(NOTIFY) | ON(RUN), SPAN(watch.wait_s) },
	{ "pending", NULL, 0, NULL, "show the messages that wait, and why", "",
	  WATCHING, ON(NOTIFY), FLAG(watch.pending) },
	{ "since", NULL, 0, "TIME", "only findings since then, such as 30d or 12h", "",
	  WATCHING, ON(HISTORY), SPAN(watch.since_s) },
	{ "export", NULL, 0, "FORMAT", "every stored run as a line: jsonl", "",
	  WATCHING, ON(HISTORY), WORD(watch.export, int, export_words) },
	{ "resolver", NULL, 'r', "ADDR[#PORT]", "ask this resolver; repeatable (resolv.conf)",
	  "At most eight, asked in the order given; @ADDR is the same. A link-local address needs its interface: "
	  "fe80::1%eth0. Without it those of /etc/resolv.conf are asked, over TCP when its options "
	  "say use-vc; where that names systemd-resolved, its servers.",
	  LOOKING, ON_LOOKUPS | ON_DNS, FUNCTION(add_resolver) },
	{ "timeout", NULL, 't', "SEC", "time for a target in seconds (3)",
	  "A decimal number up to 3600, or as 10s or 1m. Questions without an answer by then count as unknown. "
	  "Without it an SMTP server has 20 seconds more for its greeting, which many delay on "
	  "purpose; not in lists and blocks.",
	  LOOKING, ON_LOOKUPS, FUNCTION(set_timeout) },
	{ "qps", NULL, 0, "N", "ask at most N questions a second",
	  "To all servers together, including questions that are asked again. "
	  "The time of a target is extended by the time that its questions queue.",
	  LOOKING, ON(CHECK), COUNT(run.look.qps, QPS_MAX), RARE },
	{ "window", NULL, 0, "N", "at most N open questions to a server",
	  "Without it their number starts at 150 and follows the answers and losses.",
	  LOOKING, ON(CHECK), COUNT(run.look.window, DNS_WINDOW_MAX), RARE },
	{ "planned", NULL, 0, "FILE", "add this zone file's records to the DNS",
	  "Shows what receivers will see once the records are published. "
	  "Relative names need an $ORIGIN in the file, or --origin.",
	  LOOKING, ON_LOOKUPS | ON(FIX), PATH(run.look.planned) },
	{ "origin", NULL, 0, "ZONE", "the zone of the --planned file",
	  "For a file that does not say it by $ORIGIN itself.",
	  LOOKING, ON_LOOKUPS | ON(FIX), FUNCTION(set_origin), RARE },
	{ "offline", NULL, 0, NULL, "answer from --planned alone, send nothing", "",
	  LOOKING, ON_LOOKUPS | ON(FIX), FLAG(run.look.policy.offline), RARE },
	{ "lists", NULL, 0, "WHICH", "DNS lists: default, critical, all or a FILE",
	  "A file has the format of mailready-lists(5), or is plain text with one zone per line; "
	  "repeatable. What the catalogue knows about its zones applies unless the file says otherwise.",
	  LOOKING, ON_LOOKUPS | ON(JUDGE), FUNCTION(add_lists) },
	{ "only-list", NULL, 0, "ZONE", "ask this list alone; repeatable",
	  "A zone that the catalogue does not know is asked as in a plain file of --lists.",
	  LOOKING, ON_LOOKUPS | ON(JUDGE), LIST(only_lists), RARE },
	{ "skip-list", NULL, 0, "ZONE", "do not ask this list; repeatable", "",
	  LOOKING, ON_LOOKUPS | ON(JUDGE), LIST(skip_lists), RARE },
	{ "lists-direct", NULL, 0, NULL, "ask the lists' own servers, not the resolver",
	  "For resolvers that remove or rewrite answers. Lists that refuse whole networks still "
	  "refuse. Lists with a key are always asked through the resolver.",
	  LOOKING, ON_LOOKUPS, FLAG(run.look.policy.lists_direct), RARE },
	{ "keys", NULL, 0, "FILE", "keys of lists (keys.ini of the user)",
	  "It must be readable by its owner only. See mailready-lists(5).",
	  LOOKING, ON_LOOKUPS, PATH(run.look.lists.keys), RARE },
	{ "cache", NULL, 0, "FILE", "state of the lists between runs, or none",
	  "See mailready-lists(5).",
	  LOOKING, ON_LOOKUPS, PATH(run.look.lists.cache), RARE },
	{ "test", NULL, 0, NULL, "ask each list for its test entries",
	  "The exit status is 2 when a list is unusable.",
	  LOOKING, ON(LISTS), FLAG(test_lists) },
	{ "allow-special", NULL, 0, NULL, "also ask lists about private addresses",
	  "For tests and private networks. Otherwise lists are not asked about special-use "
	  "addresses.",
	  LOOKING, ON_LOOKUPS | ON_DNS, FLAG(run.look.policy.allow_special), RARE },
	{ "authority", NULL, 0, "WHEN", "ask the reverse zone's servers: auto always never",
	  "With auto (the default) they are asked when the resolver's answers need an "
	  "explanation or may be its own, each at one address. With always each is asked at all its addresses, and so "
	  "is each that only the zone above names.",
	  LOOKING, ON(CHECK) | ON_MESSAGES, WORD(run.look.policy.authority, enum authority_mode, authority_words), RARE },
	{ "authority-port", NULL, 0, "PORT", "port of the reverse zone's servers (53)", "",
	  LOOKING, ON_LOOKUPS | ON_DNS, PORT(run.look.policy.authority_port), RARE },
	{ "smtp-port", NULL, 0, "PORT", "port of the target's SMTP server (25)", "",
	  LOOKING, ON(CHECK) | ON(PREFLIGHT) | ON(EXPLAIN) | ON_MESSAGES, PORT(run.look.policy.smtp_port), RARE },
	{ "ehlo-as", NULL, 0, "NAME", "say this name in EHLO (this host's full name)",
	  "A full host name, or an address in brackets. Some servers refuse a name that does not "
	  "resolve to the machine that asks. Without a full name of this host its address is said.",
	  LOOKING, ON(CHECK) | ON(PREFLIGHT) | ON(EXPLAIN) | ON_MESSAGES, FUNCTION(set_ehlo_as), RARE },
	{ "no-smtp", NULL, 0, NULL, "do not talk to the target's SMTP server",
	  "The EHLO name is then known only when it is given.",
	  LOOKING, ON(CHECK) | ON(PREFLIGHT) | ON(EXPLAIN) | ON_MESSAGES, OFF(run.look.policy.smtp), RARE },
	{ "only", NULL, 0, "CHECK,...", "run only these checks",
	  "The names of the checks are in mailready-checks(7). Repeatable. "
	  "The words rdns, fcrdns, helo, rbl and tls mean ptr, iprev, ehlo, dnsbl and smtp.",
	  JUDGING, ON_JUDGING, FUNCTION(mark_only) },
	{ "skip", NULL, 0, "CHECK,...", "run all but these checks", "Repeatable.",
	  JUDGING, ON_JUDGING, FUNCTION(mark_skip), RARE },
	{ "fail-on", NULL, 0, "LEVEL,...", "also fail on: warn, unknown",
	  "With warn, a warning exits 1. With unknown, any unknown finding exits 2. "
	  "fail is the default.",
	  JUDGING, ON_JUDGING | ON(MERGE), BITS(fail_on, fail_on_words) },
	{ "warning", NULL, 'w', "METRIC=RANGE,...", "thresholds of a warning, for the format nagios",
	  "METRIC is certificate (days until the first one expires), lists (block lists that hold a target) or "
	  "time (seconds of the slowest target). RANGE is what is good: 10 is 0 to 10, 10: is 10 or more. "
	  "See check_mailready(1).",
	  JUDGING, ON(CHECK), FUNCTION(set_warning), RARE },
	{ "critical", NULL, 'c', "METRIC=RANGE,...", "the same of the state critical", "",
	  JUDGING, ON(CHECK), FUNCTION(set_critical), RARE },
	{ "format", NULL, 'f', "FORMAT", "output format (text)",
	  "See mailready-formats(5).",
	  SHOWING, ON_FORMATS, FUNCTION(set_format) },
	{ "since", NULL, 0, "TIME", "from then on: 30d, 12h, 8w, 1y, or a date (30d)",
	  "A date is the beginning of that day in UTC: 2026-09-01.",
	  SHOWING, ON(REPORT), TEXT(past.since) },
	{ "by", NULL, 0, "WHAT", "in parts, by: group",
	  "A server of several groups is in each of them; those without a group come last. In the formats text, "
	  "html and markdown; json has the groups of each server anyway.",
	  SHOWING, ON(REPORT), WORD(past.by_group, int, by_words) },
	{ "json", NULL, 'j', NULL, "same as --format json", "",
	  SHOWING, ON_FORMATS, FUNCTION(set_json) },
	{ "verbose", NULL, 'v', NULL, "show the evidence; twice: all of it, and why", "",
	  SHOWING, ON(CHECK) | ON(REPORT) | ON(JUDGE) | ON_DNS | ON(EXPLAIN) | ON_MESSAGES, MORE(run.out.render.verbose) },
	{ "receivers", NULL, 0, NULL, "show what big receivers demand, and what is met",
	  "A table in the formats text, html, markdown, json and jsonl. The last four have it without this "
	  "option, too, where single servers are checked, all checks are run, and the sender is known. "
	  "See RECEIVERS in mailready-checks(7).",
	  SHOWING, ON(CHECK) | ON(JUDGE) | ON_MESSAGES, FLAG(run.look.policy.show_receivers) },
	{ "quiet", NULL, 'q', NULL, "show only what is not good",
	  "The JSON formats stay complete.",
	  SHOWING, ON_JUDGING | ON_DNS | ON(REPORT) | ON(RUN) | ON(NOTIFY) | ON(EXPLAIN),
	  FLAG(run.out.render.quiet) },
	{ "color", NULL, 0, "WHEN", "colour: auto, always or never (auto)",
	  "With auto, colour is used on a terminal, unless NO_COLOR is set or TERM is dumb.",
	  SHOWING, ON_JUDGING | ON(LISTS) | ON_DNS | ON(REPORT) | ON(EXPLAIN),
	  WORD(color, enum color_mode, color_words), RARE },
	{ "ordered", NULL, 0, NULL, "report in the order of the input",
	  "Otherwise jsonl and csv reports of lists and blocks are written as they complete. All "
	  "other formats are always in order.",
	  SHOWING, ON(CHECK), FLAG(ordered), RARE },
	{ "progress", NULL, 0, NULL, "show the progress on standard error",
	  "The default, without --quiet, for lists and blocks when standard error is a terminal and "
	  "standard output is not.",
	  SHOWING, ON(CHECK), FLAG(progress), RARE },
	{ "summary", NULL, 0, NULL, "count verdicts and findings at the end",
	  "On standard error, with the ten worst addresses.",
	  SHOWING, ON(CHECK) | ON(JUDGE) | ON(MERGE), FLAG(run.out.summary), RARE },
	{ "summary", NULL, 0, NULL, "one line for each kind of refusal, with its count",
	  "Replies of one provider, cause and address are one kind.",
	  SHOWING, ON(EXPLAIN), FLAG(explain.summary) },
	{ "recipients", NULL, 0, NULL, "show mail addresses in full",
	  "Without it what is before the @ is shown as *.",
	  SHOWING, ON(EXPLAIN), FLAG(explain.recipients) },
	{ "output", NULL, 'o', "FILE", "write the report to FILE",
	  "An existing file keeps its content until the run ends.",
	  SHOWING, ON_FORMATS | ON(MERGE), PATH(output) },
	{ "resume", NULL, 0, "STATE", "continue the run of this state",
	  "The file STATE records which targets are in --output, so that the same command can continue "
	  "after whatever ended it. For jsonl and csv. See RUNS THAT CONTINUE.",
	  SHOWING, ON(CHECK), PATH(run.state), RARE },
	{ "again", NULL, 0, "FILE", "ask again what was unknown in this output",
	  "FILE is what an earlier run wrote as jsonl or csv, and --output may be the same file. The rows of all "
	  "other targets stand as they are. See RUNS THAT CONTINUE.",
	  SHOWING, ON(CHECK), PATH(again), RARE },
	{ "dump-facts", NULL, 0, "FILE", "write the facts, for mailready judge", "",
	  SHOWING, ON(CHECK), PATH(run.dump), RARE },
	{ "help", NULL, 'h', NULL, "show this help", "",
	  SHOWING, ON_ALL, FLAG(help) },
	{ "version", NULL, 'V', NULL, "show the version", "",
	  SHOWING, ON_ALL, FLAG(version) },
	/* clang-format on */
};
const size_t options_n = sizeof options_all / sizeof options_all[0];
