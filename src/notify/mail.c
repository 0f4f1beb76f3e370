/*
 * Mail.  What is queued is the message as it was first made, so that every try has the same
 * Message-ID, and those who have not got it yet.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/mime.h"
#include "base/name.h"
#include "base/safe.h"
#include "base/secret.h"
#include "http/mail.h"
#include "notify/notify_priv.h"

enum { US_PER_MS = 1000, MESSAGE_ROOM = 9 << 20 };

static size_t
count(const struct notify_config *config)
{
	return config->n_mails;
}

static const char *
place(const struct notify_config *config, size_t index)
{
	return config->mails[index].name;
}

static const struct notify_filter *
filter(const struct notify_config *config, size_t index)
{
	return &config->mails[index].filter;
}

/* The machine's name when it is one that can be said in EHLO, else the sender's domain. */
static const char *
own_name(const struct notify_mail *way, struct arena *a)
{
	struct utsname host;
	char name[NAME_TEXT_MAX];
	if (uname(&host) == 0 && name_from_text(host.nodename, name) &&
	    name_host_fault(name) == NAME_GOOD)
		return arena_strdup(a, name);
	return mime_domain(way->from);
}

static const char *
pack(const char *const *to, size_t n_to, const char *message, struct arena *a)
{
	json_t *object = json_object(), *list = json_array();
	for (size_t i = 0; i < n_to; i++)
		json_array_append_new(list, json_string(to[i]));
	json_object_set_new(object, "to", list);
	json_object_set_new(object, "message", json_string(message));
	char *dump = json_dumps(object, JSON_COMPACT);
	const char *out = arena_strdup(a, dump != NULL ? dump : "");
	free(dump);
	json_decref(object);
	return out;
}

static struct letter *
letters(const struct notify_config *config, size_t index, const struct note *note, struct arena *a,
    size_t *n)
{
	const struct notify_mail *way = &config->mails[index];
	const char *message = note_message(note, way->from, way->to, way->n_to, a);
	return letter_alone(note, pack(way->to, way->n_to, message, a), a, n);
}

static bool
is_wanted(const struct notify_mail *way, const char *address)
{
	for (size_t i = 0; i < way->n_to; i++)
		if (strcasecmp(way->to[i], address) == 0)
			return true;
	return false;
}

/* The recipients of a queued message who are still in the configuration. */
static size_t
read_recipients(const struct notify_mail *way, const json_t *list, struct arena *a,
    const char *to[NOTIFY_RECIPIENTS_MAX])
{
	size_t i, n = 0;
	json_t *one;
	json_array_foreach (list, i, one) {
		const char *address = json_string_value(one);
		if (address != NULL && n < NOTIFY_RECIPIENTS_MAX && is_wanted(way, address))
			to[n++] = arena_strdup(a, address);
	}
	return n;
}

static enum err_code
talk(const struct notify_config *config, const struct notify_mail *way, const struct mail *mail,
    struct arena *a, struct mail_recipient *recipients, struct err *err)
{
	char *password = NULL;
	if (way->user[0] != '\0' &&
	    secret_line_read(way->password_file, &password, err) != ERR_NONE)
		return err->code;
	const struct mail_server server = { .url = way->server,
		.plain = way->tls == NOTIFY_TLS_NEVER,
		.helo = own_name(way, a),
		.user = way->user,
		.password = password,
		.ca_file = config->ca_file,
		.timeout_ms = (uint32_t)(config->timeout_us / US_PER_MS),
		.final_ms = MAIL_FINAL_MS };
	enum err_code code = mail_send(&server, mail, a, recipients, err);
	secret_free(password);
	return code;
}

/* The refused recipients and the reasons: a line for people, and a body to try them again. */
static void
sort_out(const struct mail *mail, const struct mail_recipient *recipients, struct attempt *t)
{
	const char *reached[NOTIFY_RECIPIENTS_MAX], *left[NOTIFY_RECIPIENTS_MAX],
	    *why[NOTIFY_RECIPIENTS_MAX];
	size_t n_reached = 0, n = 0;
	for (size_t i = 0; i < mail->n_to; i++) {
		if (recipients[i].taken) {
			reached[n_reached++] = mail->to[i];
			continue;
		}
		why[n] = arena_printf(t->arena, "%s is refused: %s", mail->to[i],
		    recipients[i].reply);
		left[n++] = mail->to[i];
	}
	t->reached = safe_join(t->arena, reached, n_reached, ", ");
	t->remark = safe_join(t->arena, why, n, "; ");
	t->rest = n > 0 ? pack(left, n, mail->data, t->arena) : NULL;
}

static enum err_code
send_message(const struct notify_config *config, const struct notify_mail *way,
    const json_t *object, struct attempt *t, struct err *err)
{
	const char *to[NOTIFY_RECIPIENTS_MAX];
	struct mail_recipient recipients[NOTIFY_RECIPIENTS_MAX] = { { .reply = "" } };
	struct json_reader r = { .err = err, .where = "a queued mail" };
	const char *message = json_need_string(&r, object, "message");
	size_t n = read_recipients(way, json_need_array(&r, object, "to"), t->arena, to);
	if (r.failed)
		return err->code;
	t->dropped = n == 0;
	if (n == 0)
		return err_set(err, ERR_CONFIG,
		    "none of its recipients is in the configuration any more");
	const struct mail mail = { .from = way->from,
		.to = to,
		.n_to = n,
		.data = message,
		.len = strlen(message) };
	enum err_code code = talk(config, way, &mail, t->arena, recipients, err);
	if (code == ERR_NONE)
		sort_out(&mail, recipients, t);
	return code;
}

static enum err_code
send_mail(const struct notify_config *config, size_t index, struct attempt *t, struct err *err)
{
	json_t *object = json_read(t->body, strlen(t->body), err);
	if (object == NULL) {
		t->dropped = true;
		return err_prefix(err, "a queued mail is damaged");
	}
	enum err_code code = send_message(config, &config->mails[index], object, t, err);
	json_decref(object);
	return code;
}

const struct channel channel_mail = {
	.name = "mail",
	.count = count,
	.place = place,
	.filter = filter,
	.letters = letters,
	.send = send_mail,
};
