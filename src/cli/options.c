/* The option table.  The setters that its rows name are in options_*.c. */
#include "options.h"

#include "options_bulk.h"
#include "options_check.h"
#include "options_fix_priv.h"
#include "options_lists.h"
#include "options_report.h"
#include "options_watch.h"

#define TARGETS "Targets"
#define CHANGING "Changing"
#define ACCOUNT "Account"
#define LOOKING "Looking up"
#define JUDGING "Judging"
#define SHOWING "Showing"
#define WATCHING "Watching"

/* Those that change records, or look at what was changed. */
enum { CMD_DNS = CMD_FIX | CMD_PTR | CMD_UNDO | CMD_WAIT };
enum { CMD_WATCHED = CMD_WATCH | CMD_RUN | CMD_HISTORY | CMD_NOTIFY };

const struct option_row options_all[] = {
	/* clang-format off */
	{ "helo", "ehlo", 0, "NAME", "the name the server says in EHLO",
	  "It belongs to every target of the command line; in a list it stands behind each address.",
	  TARGETS, CMD_CHECK | CMD_WATCH, set_helo },
	{ "hostname", NULL, 'H', "TARGET", "a target, as monitoring names it", "", TARGETS,
	  CMD_CHECK | RARE, add_hostname },
	{ "domain", NULL, 0, "NAME", "the domain the server sends mail for",
	  "Lists of domains are asked about it, too.",
	  TARGETS, CMD_CHECK | CMD_WATCH, set_domain },
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
	{ "name", NULL, 'n', "LABEL", "what the watched server is called",
	  "Without it its address or host name.", WATCHING, CMD_WATCH, set_label },
	{ "config", NULL, 0, "FILE", "this configuration, and no other",
	  "Without it /etc/mailready.conf and mailready/config below XDG_CONFIG_HOME or ~/.config; "
	  "see mailready.conf(5).", WATCHING, CMD_WATCHED | CMD_REPORT, set_config },
	{ "history", NULL, 0, "FILE", "the history",
	  "Without it the configuration's.", WATCHING, CMD_RUN | CMD_HISTORY | CMD_NOTIFY | CMD_REPORT, set_history_file },
	{ "dry-run", NULL, 0, NULL, "compare, but store nothing and tell nobody", "", WATCHING, CMD_RUN,
	  set_dry_run },
	{ "test", NULL, 0, NULL, "send a test message on every channel", "At once, and without the "
	  "queue; a line says of each channel that the message was taken.", WATCHING, CMD_NOTIFY, set_notify_test },
	{ "wait", NULL, 0, "TIME", "stay until all is sent, so long at most", "As 25m or 2h. Without it "
	  "what is due is tried once.", WATCHING, CMD_NOTIFY, set_wait },
	{ "pending", NULL, 0, NULL, "show what waits to be sent, and why", "", WATCHING, CMD_NOTIFY,
	  set_pending },
	{ "since", NULL, 0, "TIME", "only what stood since then, as 30d or 12h", "", WATCHING,
	  CMD_HISTORY, set_since_ago },
	{ "export", NULL, 0, "FORMAT", "every stored run as a line: jsonl", "", WATCHING, CMD_HISTORY,
	  set_export },
	{ "resolver", NULL, 'r', "ADDR[#PORT]", "ask this resolver; repeatable (resolv.conf)",
	  "At most eight, asked in the order given. Without it those of /etc/resolv.conf are asked.",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | CMD_DNS, add_resolver },
	{ "timeout", NULL, 't', "SEC", "time for a target in seconds (3)",
	  "A decimal number up to 3600. What is unanswered then could not be told.",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS, set_timeout },
	{ "qps", NULL, 0, "N", "ask at most N questions a second",
	  "Of all servers together, questions that are asked again included. "
	  "Targets get more time by what their questions wait for their turn.",
	  LOOKING, CMD_CHECK | RARE, set_qps },
	{ "window", NULL, 0, "N", "at most N questions on the way to a server",
	  "Without it their number starts at 150 and follows what is answered and what is lost.",
	  LOOKING, CMD_CHECK | RARE, set_window },
	{ "planned", NULL, 0, "FILE", "lay this zone file's records over the DNS",
	  "Shows what receivers will see once the records are published. "
	  "Relative names need an $ORIGIN in the file.", LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | CMD_FIX, set_planned },
	{ "offline", NULL, 0, NULL, "answer from --planned alone, send nothing", "",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | CMD_FIX, set_offline },
	{ "lists", NULL, 0, "WHICH", "DNS lists: default, critical, all or a FILE",
	  "A file is in the form of mailready-lists(5), or plain text with one zone a line; "
	  "repeatable. What the catalogue knows of its zones holds unless the file says otherwise.",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE | CMD_LISTS, add_lists },
	{ "only-list", NULL, 0, "ZONE", "ask this list alone; repeatable", "",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE | CMD_LISTS | RARE, add_only_list },
	{ "skip-list", NULL, 0, "ZONE", "do not ask this list; repeatable", "",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE | CMD_LISTS | RARE, add_skip_list },
	{ "lists-direct", NULL, 0, NULL, "ask the lists' own servers, not the resolver",
	  "For resolvers that remove or rewrite answers. Lists that refuse whole networks refuse "
	  "this way, too. Lists with a key are asked through the resolver all the same.",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | RARE, set_lists_direct },
	{ "keys", NULL, 0, "FILE", "keys of lists (keys.ini of the user)",
	  "Nobody but its owner may be able to read it. See mailready-lists(5).",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | RARE, set_keys },
	{ "cache", NULL, 0, "FILE", "what is kept of lists between runs, or none",
	  "See mailready-lists(5).", LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | RARE, set_cache },
	{ "test", NULL, 0, NULL, "ask each list for its test entries", "Exits 2 when a list is of "
	  "no use now.", LOOKING, CMD_LISTS, set_test },
	{ "allow-special", NULL, 0, NULL, "ask lists about private addresses too",
	  "For tests and private networks: lists are not asked about special-use addresses "
	  "otherwise.", LOOKING, CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | CMD_DNS | RARE, set_allow_special },
	{ "authority", NULL, 0, "WHEN", "ask the reverse zone's servers: auto always never",
	  "With auto (the default) they are asked when the resolver's view leaves something to "
	  "explain.", LOOKING, CMD_CHECK | RARE, set_authority },
	{ "authority-port", NULL, 0, "PORT", "port of those servers (53)", "", LOOKING,
	  CMD_CHECK | CMD_PREFLIGHT | CMD_LISTS | CMD_DNS | RARE,
	  set_authority_port },
	{ "smtp-port", NULL, 0, "PORT", "port of the target's SMTP server (25)", "",
	  LOOKING, CMD_CHECK | CMD_PREFLIGHT | RARE, set_smtp_port },
	{ "no-smtp", NULL, 0, NULL, "do not talk to the target's SMTP server",
	  "The EHLO name is then known only when it is given.", LOOKING, CMD_CHECK | CMD_PREFLIGHT, set_no_smtp },
	{ "only", NULL, 0, "CHECK,...", "run only these checks",
	  "The checks are listed under CHECKS. Repeatable.", JUDGING, CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE,
	  set_only },
	{ "skip", NULL, 0, "CHECK,...", "run all but these checks", "Repeatable.",
	  JUDGING, CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE, set_skip },
	{ "fail-on", NULL, 0, "LEVEL,...", "what else ends badly: warn, unknown",
	  "With warn, a warning exits 1. With unknown, anything at all that could not be told exits "
	  "2. fail is the default.", JUDGING, CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE | CMD_MERGE, set_fail_on },
	{ "format", NULL, 'f', "FORMAT", "how it is shown, one of those below (text)",
	  "See FORMATS, JSON and CSV.",
	  SHOWING, CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE, set_format },
	{ "since", NULL, 0, "TIME", "from when on: 30d, 12h, 8w, 1y, or a date (30d)",
	  "A date is the beginning of that day in UTC: 2026-09-01.", SHOWING, CMD_REPORT, set_since },
	{ "format", NULL, 'f', "FORMAT", "how it is shown, one of those below (text)",
	  "text, html, markdown, json, csv, openmetrics or junit, see FORMATS.", SHOWING, CMD_REPORT,
	  set_past_format },
	{ "json", NULL, 'j', NULL, "same as --format json", "", SHOWING, CMD_REPORT, set_past_json },
	{ "json", NULL, 'j', NULL, "same as --format json", "", SHOWING,
	  CMD_CHECK | CMD_PREFLIGHT | CMD_JUDGE | CMD_LISTS | CMD_DNS | CMD_HISTORY, set_json },
	{ "verbose", NULL, 'v', NULL, "show the evidence; twice: all of it, and why", "",
	  SHOWING, CMD_CHECK | CMD_REPORT | CMD_JUDGE | CMD_DNS, add_verbose },
	{ "quiet", NULL, 'q', NULL, "show only what is not good",
	  "The JSON formats stay complete.", SHOWING, CMD_CHECK | CMD_REPORT | CMD_PREFLIGHT | CMD_JUDGE | CMD_DNS | CMD_RUN | CMD_NOTIFY,
	  set_quiet },
	{ "color", NULL, 0, "WHEN", "colour: auto, always or never (auto)",
	  "With auto, colour is used on a terminal, unless NO_COLOR is set or TERM is dumb.",
	  SHOWING, CMD_CHECK | CMD_REPORT | CMD_PREFLIGHT | CMD_JUDGE | CMD_LISTS | CMD_DNS | RARE, set_color },
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
	  "An existing file keeps its content until the run ends.",
	  SHOWING, CMD_CHECK | CMD_REPORT | CMD_PREFLIGHT | CMD_JUDGE | CMD_LISTS | CMD_MERGE | CMD_DNS | CMD_HISTORY, set_output },
	{ "resume", NULL, 0, "STATE", "go on where the run of this state ended",
	  "Keeps in the file STATE which targets are in --output, so that the same command can be given "
	  "again after whatever ended it. For jsonl and csv. See MANY ADDRESSES.",
	  SHOWING, CMD_CHECK | RARE, set_state },
	{ "dump-facts", NULL, 0, "FILE", "write what was seen, for mailready judge", "",
	  SHOWING, CMD_CHECK | RARE, set_dump },
	{ "help", NULL, 'h', NULL, "show this help", "", SHOWING, CMD_ALL, set_help },
	{ "version", NULL, 'V', NULL, "show the version", "", SHOWING, CMD_ALL,
	  set_version },
	/* clang-format on */
};
const size_t options_n = sizeof(options_all) / sizeof(options_all[0]);
