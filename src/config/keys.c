/* Every key of the configuration: what it sets, and what the manual says of it. */
#include "base/number.h"
#include "config/config_priv.h"

#define AT(member) offsetof(struct config, member)
#define NOTIFY(member) offsetof(struct config, notify.member)
#define SERVER(member) offsetof(struct config_server, member)
#define MAIL(member) offsetof(struct notify_mail, member)
#define HOOK(member) offsetof(struct notify_webhook, member)
#define PROGRAM(member) offsetof(struct config_program, member)
#define SPAN(min_, max_) .min = (min_), .max = (max_), .arg = "TIME"

enum { TIMEOUT_MAX_S = 3600, LOOKS_MAX = 5, LOOK_PAUSE_MAX_S = 3600 };

static const struct enumtab_row tls_rows[] = {
	{ "required", NOTIFY_TLS_REQUIRED },
	{ "never", NOTIFY_TLS_NEVER },
};
static const struct enumtab tls_words = ENUMTAB(tls_rows);

/* clang-format off */
static const struct key server_keys[] = {
	{ "address", key_text, SERVER(address), .arg = "ADDRESS",
	  .help = "The address that is watched." },
	{ "host", key_text, SERVER(host), .arg = "NAME",
	  .help = "Instead of address: all addresses of this host name, or of the mail servers of this domain, are watched." },
	{ "ehlo", key_text, SERVER(ehlo), .arg = "NAME",
	  .help = "The EHLO name that the server sends. Without it, the name seen on port 25 is checked." },
	{ "domain", key_text, SERVER(domain), .arg = "NAME",
	  .help = "The domain for which the server sends mail: lists of domains are asked about it, and it stands for from." },
	{ "mail-from", key_text, SERVER(mail_from), .arg = "ADDRESS",
	  .help = "The address, or the domain, that the server says in MAIL FROM. Without it, the domain of from." },
	{ "from", key_text, SERVER(from), .arg = "NAME",
	  .help = "The domain in the From header of the mail. Without it, domain." },
	{ "group", config_groups, SERVER(groups), .many = true, .arg = "NAME,...",
	  .help = "A group, or several, that it is in: reports can be by group, and channels for some of them." },
	{ "dkim", config_dkim, .many = true, .arg = "DOMAIN/SELECTOR",
	  .help = "A key that signs the mail: it is looked up, and DMARC takes its domain as one that signs. A "
	  "DOMAIN alone is taken as one whose signatures are good. One line for each." },
};

static const struct key run_keys[] = {
	{ "history", config_path, AT(history), .arg = "FILE",
	  .help = "The file of the history. The default is mailready/history.db in XDG_STATE_HOME; without "
	  "that variable, /var/lib/mailready/history.db for root, and "
	  "~/.local/state/mailready/history.db for others." },
	{ "retention", key_span, AT(retention_s), SPAN(0, NUMBER_SPAN_MAX_S),
	  .help = "Runs older than this are deleted; never keeps all. A time without runs counts as a "
	  "month at most, so that a clock that was wrong does not erase the history. The default is 400d." },
	{ "confirm", config_share, AT(policy), .max = CHANGE_RUNS_MAX - 1, .arg = "M/N",
	  .help = "A finding counts once M of the last N runs have it, and is gone once M runs in a row have "
	  "it no longer. Runs without an answer are ignored. The default is 2/3, so that one "
	  "lost packet alarms nobody; 1/1 reports at once." },
	{ "confirm-unknown", key_count, AT(policy.unknown), .min = 1, .max = CHANGE_RUNS_MAX - 1, .arg = "N",
	  .help = "An unknown finding counts once this many runs have it. The default is 2." },
	{ "confirm-again", key_count, AT(looks), .min = 0, .max = LOOKS_MAX, .arg = "N",
	  .help = "A finding of high or critical severity that is new is looked at again so many times within "
	  "the run, and counts at once when it is still there each time. Lists are asked once more, in the "
	  "last of these looks. The default is 2; with 0 it counts by confirm alone." },
	{ "confirm-pause", key_span, AT(look_pause_s), SPAN(1, LOOK_PAUSE_MAX_S),
	  .help = "How long to wait before each of these looks. The default is 2m." },
#define OPTION(name_, arg_) { name_, config_option, .arg = arg_ }
#define OPTIONS(name_, arg_) { name_, config_option, .arg = arg_, .many = true }
#define FLAG(name_) { name_, config_flag, .arg = "yes|no" }
	/* as for check: the manual refers to its options */
	OPTIONS("resolver", "ADDR[#PORT]"),
	OPTION("timeout", "SEC"),
	OPTIONS("lists", "WHICH"),
	OPTIONS("only-list", "ZONE"),
	OPTIONS("skip-list", "ZONE"),
	FLAG("lists-direct"),
	OPTION("keys", "FILE"),
	OPTION("cache", "FILE"),
	OPTIONS("only", "CHECK,..."),
	OPTIONS("skip", "CHECK,..."),
	FLAG("ipv4"),
	FLAG("ipv6"),
	FLAG("allow-special"),
	OPTION("authority", "WHEN"),
	OPTION("authority-port", "PORT"),
	FLAG("no-smtp"),
	OPTION("smtp-port", "PORT"),
	OPTION("ehlo-as", "NAME"),
	OPTION("fail-on", "LEVEL,..."),
};

/* for whom a mail or a webhook is */
#define FILTER(at_) \
	{ "groups", config_groups, at_(filter.groups), .many = true, .arg = "NAME,...", \
	  .help = "Only of servers in one of these groups is told; outages are of all servers." }, \
	{ "severity", key_word, at_(filter.severity), .words = &severity_names, .arg = "info|low|medium|high|critical", \
	  .help = "Only of findings that are, or were, at least as severe is told. The default is info: of all." }

static const struct key mail_keys[] = {
	{ "to", config_recipient, .many = true, .arg = "ADDRESS",
	  .help = "A recipient of mail; one line for each." },
	{ "from", key_text, MAIL(from), .arg = "ADDRESS", .help = "The sender." },
	{ "server", config_mail_url, MAIL(server), .arg = "URL",
	  .help = "The server that accepts the mail: smtp://mail.example.com:587, or smtps://mail.example.com." },
	{ "tls", key_word, MAIL(tls), .words = &tls_words, .arg = "required|never",
	  .help = "With required, the default, mail is sent only over a verified TLS connection. never is for "
	  "a server on this machine." },
	{ "user", key_text, MAIL(user), .arg = "NAME", .help = "Name for AUTH." },
	{ "password-file", config_path, MAIL(password_file), .arg = "FILE",
	  .help = "Its first line is the password. It must be readable by its owner only." },
	FILTER(MAIL),
};

static const struct key webhook_keys[] = {
	{ "url", config_web_url, HOOK(url), .arg = "URL",
	  .help = "Changes are sent there as JSON with POST." },
	{ "url-file", config_path, HOOK(url_file), .arg = "FILE",
	  .help = "Instead of url: its first line is the URL, as secret as what it holds. It must be readable by its owner only." },
	{ "kind", key_text, HOOK(kind), .arg = "KIND",
	  .help = "The service that is told, in the form that it wants: slack, mattermost, teams, discord, ntfy, "
	  "pagerduty or alertmanager. The default is json, the JSON that is for programs." },
	{ "template", config_path, HOOK(template), .arg = "FILE",
	  .help = "Instead of kind: a template of your own; see mailready-webhooks(5)." },
	{ "key-file", config_path, HOOK(key_file), .arg = "FILE",
	  .help = "Its first line is what the service knows you by: the integration key of PagerDuty, a token of ntfy or "
	  "of the proxy before Alertmanager. It must be readable by its owner only." },
	{ "topic", key_text, HOOK(topic), .arg = "NAME",
	  .help = "The topic of ntfy; url is that of the server alone." },
	{ "secret-file", config_path, HOOK(secret_file), .arg = "FILE",
	  .help = "Its first line is the key of the signature. It must be readable by its owner only." },
	FILTER(HOOK),
};

static const struct key command_keys[] = {
	{ "program", config_path, NOTIFY(command), .arg = "FILE",
	  .help = "This program is started with the JSON on its standard input, without arguments." },
};

static const struct key notify_keys[] = {
	{ "heartbeat", key_span, NOTIFY(heartbeat_s), SPAN(0, NUMBER_SPAN_MAX_S),
	  .help = "Send a sign of life when nothing was sent for this long. never sends none. The default is 7d." },
	{ "unknown", key_yes_no, NOTIFY(unknown), .arg = "yes|no",
	  .help = "Also notify about unknown findings, once they count. The default is yes: a check that sees nothing must not look like a good one." },
	{ "timeout", config_timeout, NOTIFY(timeout_us), SPAN(1, TIMEOUT_MAX_S),
	  .help = "Time limit of one attempt to send; the default is 30s. A mail server has ten minutes more for its reply to the whole message." },
	{ "ca-file", config_path, NOTIFY(ca_file), .arg = "FILE",
	  .help = "Certificates to trust instead of the system's, for mail and webhook." },
};

static const struct key provider_keys[] = {
	{ "program", config_path, PROGRAM(path), .arg = "FILE",
	  .help = "A program that sets PTR records, for an API of one's own; see mailready-providers(7). That of "
	  "[provider] is the provider program, unless MAILREADY_PROGRAM names another; that of [provider NAME] "
	  "is the provider NAME, a name of letters, digits, - and _, and an account of its own." },
};

static const struct key log_keys[] = {
	{ "file", config_path, AT(log), .arg = "FILE",
	  .help = "The mail log of this machine, such as /var/log/mail.log: that of Postfix, Exim, Sendmail, OpenSMTPD or Haraka, or KumoMTA's records in JSON. Each run reads what is new in it; without this key none is read." },
};
/* clang-format on */

const struct config_section config_sections[] = {
	[CONFIG_SERVER] = { "server", true, KEYS(server_keys) },
	[CONFIG_RUN] = { "run", false, KEYS(run_keys) },
	[CONFIG_MAIL] = { "mail", true, KEYS(mail_keys) },
	[CONFIG_WEBHOOK] = { "webhook", true, KEYS(webhook_keys) },
	[CONFIG_COMMAND] = { "command", false, KEYS(command_keys) },
	[CONFIG_NOTIFY] = { "notify", false, KEYS(notify_keys) },
	[CONFIG_PROVIDER] = { "provider", true, KEYS(provider_keys) },
	[CONFIG_LOG] = { "log", false, KEYS(log_keys) },
};
