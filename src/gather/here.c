/* Asks the mail server of this machine, without a shell, and the routes. */
#include "gather/here.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/name.h"
#include "net/program.h"
#include "net/route.h"

enum { ANSWER_MAX = 16384, CONFIG_MAX = 1 << 20, PROGRAM_US = 5000000 };

/* What a mail server says of itself. */
struct mailer_says {
	char ehlo[NAME_TEXT_MAX];
	struct ip bound[HERE_FAMILIES]; /* family 0: none */
	bool no_family[HERE_FAMILIES];  /* it does not use IPv4, IPv6 */
};

struct mailer {
	const char *name;
	const char *const *files; /* one of them is there when it is installed; ended by NULL */
	const char *const *args;  /* of the file, which is a program; NULL: it is read */
	void (*read)(const char *root, char *text, struct mailer_says *out);
};

static void
take_name(const char *text, char out[NAME_TEXT_MAX])
{
	size_t len = strlen(text);

	if (len < NAME_TEXT_MAX)
		memcpy(out, text, len + 1);
}

/* ---- Postfix: a line a value, in the order of the arguments */

enum {
	POSTFIX_HELO,
	POSTFIX_MYHOSTNAME,
	POSTFIX_BIND4,
	POSTFIX_BIND6,
	POSTFIX_PROTOCOLS,
	POSTFIX_INTERFACES,
	POSTFIX_N
};

static const char *const postfix_args[] = { "-hx", "smtp_helo_name", "myhostname",
	"smtp_bind_address", "smtp_bind_address6", "inet_protocols", "inet_interfaces", NULL };

/* The only address of a family that it listens at, but for loopback, is the one that it sends from. */
static void
take_interfaces(char *text, struct ip bound[HERE_FAMILIES])
{
	struct ip found[HERE_FAMILIES], ip;
	size_t n[HERE_FAMILIES] = { 0 };
	char *word;

	for (char *c = text; *c != '\0'; c++)
		if (strchr(",[]", *c) != NULL)
			*c = ' ';
	while ((word = lines_word(&text)) != NULL) {
		if (!ip_parse(word, &ip))
			continue;
		found[ip.family == 6] = ip;
		n[ip.family == 6]++;
	}
	for (size_t i = 0; i < HERE_FAMILIES; i++) {
		if (bound[i].family != 0 || n[i] != 1)
			continue;
		const struct ip_range *special = ip_special(&found[i]);
		if (special == NULL || strcmp(special->kind, "loopback") != 0)
			bound[i] = found[i];
	}
}

static void
read_postfix(const char *root, char *text, struct mailer_says *out)
{
	char *values[POSTFIX_N];

	(void)root;
	for (size_t i = 0; i < POSTFIX_N; i++) {
		values[i] = text;
		text += strcspn(text, "\n");
		if (*text != '\0')
			*text++ = '\0';
	}
	take_name(values[*values[POSTFIX_HELO] != '\0' ? POSTFIX_HELO : POSTFIX_MYHOSTNAME],
	    out->ehlo);
	(void)ip_parse(values[POSTFIX_BIND4], &out->bound[0]);
	(void)ip_parse(values[POSTFIX_BIND6], &out->bound[1]);
	take_interfaces(values[POSTFIX_INTERFACES], out->bound);
	bool v4 = strstr(values[POSTFIX_PROTOCOLS], "ipv4") != NULL;
	bool v6 = strstr(values[POSTFIX_PROTOCOLS], "ipv6") != NULL;
	out->no_family[0] = v6 && !v4;
	out->no_family[1] = v4 && !v6;
}

/* ---- Exim: "primary_hostname = mail.example.com" */

static const char *const exim_args[] = { "-bP", "primary_hostname", NULL };

static void
read_exim(const char *root, char *text, struct mailer_says *out)
{
	char *value = strchr(text, '=');

	(void)root;
	if (value == NULL)
		return;
	value++;
	value[strcspn(value, "\n")] = '\0';
	char *word = lines_word(&value);
	if (word != NULL)
		take_name(word, out->ehlo);
}

/* ---- OpenSMTPD: "... relay ... helo NAME", else the name of the mail system */

static void
read_mail_name(const char *root, char out[NAME_TEXT_MAX])
{
	static const char *const files[] = { "/etc/mail/mailname", "/etc/mailname" };
	char path[PATH_MAX], line[NAME_TEXT_MAX];

	for (size_t i = 0; i < sizeof files / sizeof files[0] && out[0] == '\0'; i++) {
		snprintf(path, sizeof path, "%s%s", root, files[i]);
		FILE *f = fopen(path, "re");
		if (f == NULL)
			continue;
		if (fgets(line, sizeof line, f) != NULL)
			take_name(line + strspn(line, " \t"), out);
		out[strcspn(out, " \t\r\n")] = '\0';
		fclose(f);
	}
	if (out[0] == '\0' && gethostname(out, NAME_TEXT_MAX) != 0)
		out[0] = '\0';
}

/* The word after a keyword, without its quotes. */
static void
read_relay(char *line, struct mailer_says *out)
{
	struct ip ip;
	char *word, *before = NULL;

	while ((word = lines_word(&line)) != NULL) {
		word += *word == '"';
		word[strcspn(word, "\"")] = '\0';
		if (before != NULL && strcmp(before, "helo") == 0 && *word != '$')
			take_name(word, out->ehlo);
		if (before != NULL && strcmp(before, "src") == 0 && ip_parse(word, &ip))
			out->bound[ip.family == 6] = ip;
		before = word;
	}
}

static void
read_opensmtpd(const char *root, char *text, struct mailer_says *out)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		line[strcspn(line, "#")] = '\0';
		if (strstr(line, "relay") != NULL)
			read_relay(line, out);
	}
	if (out->ehlo[0] == '\0')
		read_mail_name(root, out->ehlo);
}

/* ---- all of them */

static const char *const postfix_files[] = { "/usr/sbin/postconf", "/usr/local/sbin/postconf",
	NULL };
static const char *const exim_files[] = { "/usr/sbin/exim4", "/usr/sbin/exim",
	"/usr/local/sbin/exim", "/usr/exim/bin/exim", NULL };
static const char *const opensmtpd_files[] = { "/etc/smtpd.conf", "/etc/mail/smtpd.conf",
	"/etc/opensmtpd/smtpd.conf", "/usr/local/etc/mail/smtpd.conf", NULL };

static const struct mailer mailers[] = {
	{ "Postfix", postfix_files, postfix_args, read_postfix },
	{ "Exim", exim_files, exim_args, read_exim },
	{ "OpenSMTPD", opensmtpd_files, NULL, read_opensmtpd },
};

/* The environment names the configuration where that is not the usual one. */
static enum err_code
run_program(const char *path, const char *const *args, struct buf *out, struct err *err)
{
	char config[PATH_MAX + 16];
	const char *named = getenv("MAIL_CONFIG");
	const char *env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL, NULL };

	if (named != NULL && strlen(named) < PATH_MAX) {
		snprintf(config, sizeof config, "MAIL_CONFIG=%s", named);
		env[2] = config;
	}
	return program_run(&(struct program){ .path = path,
			       .args = args,
			       .env = env,
			       .input = "",
			       .output = out,
			       .timeout_us = PROGRAM_US },
	    err);
}

/* True when this mail server is here, whether or not it could be asked: see trouble. */
static bool
ask_file(const struct mailer *m, const char *root, const char *file, struct arena *a,
    struct here *out, struct mailer_says *says)
{
	char path[PATH_MAX];
	struct buf text;
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s%s", root, file);
	if (access(path, m->args != NULL ? X_OK : R_OK) != 0)
		return false;
	buf_init(&text, m->args != NULL ? ANSWER_MAX : CONFIG_MAX);
	enum err_code code = m->args != NULL ? run_program(path, m->args, &text, &err) :
					       file_read(path, &text, &err);
	if (code == ERR_NONE && text.data != NULL)
		m->read(root, text.data, says);
	out->trouble = code != ERR_NONE ? arena_strdup(a, err.text) : "";
	buf_fini(&text);
	out->mailer = m->name;
	out->asked = file;
	return true;
}

static bool
ask_mailer(const struct mailer *m, const char *root, struct arena *a, struct here *out,
    struct mailer_says *says)
{
	for (const char *const *file = m->files; *file != NULL; file++)
		if (ask_file(m, root, *file, a, out, says))
			return true;
	return false;
}

static void
find_addresses(const struct mailer_says *says, struct here *out)
{
	static const int families[HERE_FAMILIES] = { 4, 6 };

	for (size_t i = 0; i < HERE_FAMILIES; i++) {
		struct here_address *address = &out->addresses[out->n];
		*address = (struct here_address){ says->bound[i], says->bound[i].family != 0 };
		if (says->no_family[i])
			continue;
		if (address->bound || route_source(families[i], &address->ip))
			out->n++;
	}
}

void
here_look(const char *root, struct arena *a, struct here *out)
{
	struct mailer_says says = { .ehlo = "" };

	*out = (struct here){ .mailer = "", .ehlo = "", .asked = "", .trouble = "" };
	for (size_t i = 0; i < sizeof mailers / sizeof mailers[0]; i++)
		if (ask_mailer(&mailers[i], root, a, out, &says) && out->trouble[0] == '\0')
			break;
	out->ehlo = arena_strdup(a, says.ehlo);
	find_addresses(&says, out);
}
