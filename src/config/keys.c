#include "config/config.h"

#define AT(member) offsetof(struct config, member)
#define NOTIFY(member) offsetof(struct config, notify.member)
#define SERVER(member) offsetof(struct config_server, member)

const struct config_key config_keys[] = {
	/* clang-format off */
	{ "server", "address", CONFIG_SERVER, false, SERVER(address), "ADDRESS",
	  "The address that is watched." },
	{ "server", "host", CONFIG_SERVER, false, SERVER(host), "NAME",
	  "Instead of address: all addresses of this host name are watched." },
	{ "server", "ehlo", CONFIG_SERVER, false, SERVER(ehlo), "NAME",
	  "The EHLO name that the server sends. Without it, the name seen on port 25 is checked." },
	{ "server", "domain", CONFIG_SERVER, false, SERVER(domain), "NAME",
	  "The domain for which the server sends mail." },

	{ "run", "history", CONFIG_PATH, false, AT(history), "FILE",
	  "The file of the history. The default is mailready/history.db in XDG_STATE_HOME; without that "
	  "variable, /var/lib/mailready/history.db for root, and "
	  "~/.local/state/mailready/history.db for others." },
	{ "run", "retention", CONFIG_TIME, false, AT(retention_s), "TIME",
	  "Runs older than this are deleted; never keeps all. The default is 400d." },
	{ "run", "confirm", CONFIG_SHARE, false, AT(policy), "M/N",
	  "A finding counts once M of the last N runs have it, and is gone once M runs in a row have "
	  "it no longer. Runs without an answer are ignored. The default is 2/3, so that one "
	  "lost packet alarms nobody; 1/1 reports at once." },
	{ "run", "confirm-unknown", CONFIG_COUNT, false, AT(policy.unknown), "N",
	  "An unknown finding counts once this many runs have it. The default is 3." },
#define OPTION(name, kind, many, arg) { "run", name, kind, many, 0, arg, "" }
	/* as for check: the manual refers to its options */
	OPTION("resolver", CONFIG_OPTION, true, "ADDR[#PORT]"),
	OPTION("timeout", CONFIG_OPTION, false, "SEC"),
	OPTION("lists", CONFIG_OPTION, true, "WHICH"),
	OPTION("only-list", CONFIG_OPTION, true, "ZONE"),
	OPTION("skip-list", CONFIG_OPTION, true, "ZONE"),
	OPTION("lists-direct", CONFIG_FLAG, false, "yes|no"),
	OPTION("keys", CONFIG_OPTION, false, "FILE"),
	OPTION("cache", CONFIG_OPTION, false, "FILE"),
	OPTION("only", CONFIG_OPTION, true, "CHECK,..."),
	OPTION("skip", CONFIG_OPTION, true, "CHECK,..."),
	OPTION("ipv4", CONFIG_FLAG, false, "yes|no"),
	OPTION("ipv6", CONFIG_FLAG, false, "yes|no"),
	OPTION("allow-special", CONFIG_FLAG, false, "yes|no"),
	OPTION("authority", CONFIG_OPTION, false, "WHEN"),
	OPTION("authority-port", CONFIG_OPTION, false, "PORT"),
	OPTION("no-smtp", CONFIG_FLAG, false, "yes|no"),
	OPTION("smtp-port", CONFIG_OPTION, false, "PORT"),
	OPTION("fail-on", CONFIG_OPTION, false, "LEVEL,..."),

	{ "mail", "to", CONFIG_RECIPIENT, true, 0, "ADDRESS",
	  "A recipient of mail; one line for each." },
	{ "mail", "from", CONFIG_TEXT, false, NOTIFY(from), "ADDRESS", "The sender." },
	{ "mail", "server", CONFIG_URL_MAIL, false, NOTIFY(server), "URL",
	  "The server that accepts the mail: smtp://mail.example.com:587, or smtps://mail.example.com." },
	{ "mail", "tls", CONFIG_TLS, false, NOTIFY(tls), "required|never",
	  "With required, the default, mail is sent only over a verified TLS connection. never is for "
	  "a server on this machine." },
	{ "mail", "user", CONFIG_TEXT, false, NOTIFY(user), "NAME", "Name for AUTH." },
	{ "mail", "password-file", CONFIG_PATH, false, NOTIFY(password_file), "FILE",
	  "Its first line is the password. It must be readable by its owner only." },
	{ "webhook", "url", CONFIG_URL_WEB, false, NOTIFY(url), "URL",
	  "Changes are sent there as JSON with POST." },
	{ "webhook", "secret-file", CONFIG_PATH, false, NOTIFY(secret_file), "FILE",
	  "Its first line is the key of the signature. It must be readable by its owner only." },
	{ "command", "program", CONFIG_PATH, false, NOTIFY(command), "FILE",
	  "This program is started with the JSON on its standard input, without arguments." },
	{ "notify", "heartbeat", CONFIG_TIME, false, NOTIFY(heartbeat_s), "TIME",
	  "Send a sign of life when nothing was sent for this long. The default is never." },
	{ "notify", "unknown", CONFIG_YES_NO, false, NOTIFY(unknown), "yes|no",
	  "Also notify about unknown findings, once they count. The default is no." },
	{ "notify", "timeout", CONFIG_TIME, false, NOTIFY(timeout_us), "TIME",
	  "Time limit of one attempt to send; the default is 30s." },
	{ "notify", "ca-file", CONFIG_PATH, false, NOTIFY(ca_file), "FILE",
	  "Certificates to trust instead of the system's, for mail and webhook." },
	/* clang-format on */
};
const size_t config_keys_n = sizeof config_keys / sizeof config_keys[0];
