/* Sends one mail by SMTP. */
#include "http/mail.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mime.h"
#include "http/curl_job_priv.h"
#include "http/url_priv.h"
#include "net/loop.h"

enum { REPLY_MAX = 300, URL_MAX = 1024, US_PER_MS = 1000 };

/* How far the dialogue is, from the commands that libcurl sends. */
enum stage {
	STAGE_CONNECT,
	STAGE_HELLO,
	STAGE_TLS,
	STAGE_LOGIN,
	STAGE_SENDER,
	STAGE_RECIPIENTS,
	STAGE_DATA,
};

static const struct {
	const char *command; /* what it begins with */
	enum stage stage;
} commands[] = {
	{ "EHLO ", STAGE_HELLO },
	{ "HELO ", STAGE_HELLO },
	{ "STARTTLS", STAGE_TLS },
	{ "AUTH ", STAGE_LOGIN },
	{ "MAIL FROM:", STAGE_SENDER },
	{ "RCPT TO:", STAGE_RECIPIENTS },
	{ "DATA", STAGE_DATA },
};

/* The refused command, when its reply says so. */
static const char *const refused[] = {
	[STAGE_CONNECT] = "the connection is refused",
	[STAGE_HELLO] = "EHLO is refused",
	[STAGE_TLS] = "STARTTLS is refused",
	[STAGE_LOGIN] = "the login is refused",
	[STAGE_SENDER] = "the sender is refused",
	[STAGE_RECIPIENTS] = "every recipient is refused",
	[STAGE_DATA] = "the message is refused",
};

/* One message on its way. */
struct delivery {
	struct curl_job job;
	const struct mail_server *server;
	const struct mail *mail;
	struct arena *arena;
	struct mail_recipient *recipients;
	struct url_view url;
	struct curl_slist *to;
	size_t given;      /* bytes of the message handed to libcurl */
	uint64_t until_us; /* the time that is left for what goes on now */
	bool whole;        /* all of the message is on its way */
	enum stage stage;
	bool quit;             /* what is said from here on is about nothing */
	bool foreign;          /* a line that is not a reply; libcurl waits for a better one */
	size_t n_rcpt;         /* RCPT commands sent */
	char reply[REPLY_MAX]; /* the last line that the server said */
};

static int
reply_code(const char *line)
{
	for (int i = 0; i < 3; i++)
		if (line[i] < '0' || line[i] > '9')
			return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static void
hear_command(struct delivery *d, const char *line, size_t len)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		size_t n = strlen(commands[i].command);
		if (len >= n && memcmp(line, commands[i].command, n) == 0)
			d->stage = commands[i].stage;
	}
	d->quit |= len >= 4 && memcmp(line, "QUIT", 4) == 0;
	if (len >= 8 && memcmp(line, "RCPT TO:", 8) == 0)
		d->n_rcpt++;
}

/* The replies to RCPT come in the order of the commands; libcurl waits for each. */
static void
hear_reply(struct delivery *d, const char *line, size_t len)
{
	if (d->quit)
		return;
	while (len > 0 && strchr("\r\n", line[len - 1]) != NULL)
		len--;
	snprintf(d->reply, sizeof d->reply, "%.*s", (int)(len < REPLY_MAX ? len : REPLY_MAX - 1),
	    line);
	d->foreign |= reply_code(d->reply) == 0;
	bool last = len >= 3 && d->reply[3] != '-';
	if (d->stage != STAGE_RECIPIENTS || !last || d->n_rcpt == 0 || d->n_rcpt > d->mail->n_to)
		return;
	struct mail_recipient *r = &d->recipients[d->n_rcpt - 1];
	struct err safe;
	err_set(&safe, ERR_NONE, "%s", d->reply);
	r->taken = reply_code(d->reply) / 100 == 2;
	r->reply = r->taken ? "" : arena_strdup(d->arena, safe.text);
}

/* Passwords pass here in AUTH; nothing of a command is kept. */
static int
on_dialogue(CURL *easy, curl_infotype type, char *data, size_t len, void *arg)
{
	struct delivery *d = arg;
	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		hear_command(d, data, len);
	else if (type == CURLINFO_HEADER_IN)
		hear_reply(d, data, len);
	return 0;
}

static size_t
on_read(char *out, size_t size, size_t n, void *arg)
{
	struct delivery *d = arg;
	size_t len = d->mail->len - d->given;
	if (len > size * n)
		len = size * n;
	memcpy(out, d->mail->data + d->given, len);
	d->given += len;
	if (d->given == d->mail->len && !d->whole) {
		d->whole = true;
		d->until_us = loop_now_us() + (uint64_t)d->server->final_ms * US_PER_MS;
	}
	return len;
}

/* libcurl asks about once a second; another answer than 0 ends the transfer. */
static int
on_progress(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
	const struct delivery *d = arg;
	(void)total, (void)now, (void)up_total, (void)up_now;
	return loop_now_us() > d->until_us;
}

static size_t
on_write(char *data, size_t size, size_t n, void *arg)
{
	(void)data, (void)arg;
	return size * n;
}

/* The path of the URL is the name that libcurl says in EHLO. */
static void
set_server(struct delivery *d)
{
	char url[URL_MAX];
	int len = snprintf(url, sizeof url, "%s/%s", d->url.origin, d->server->helo);
	d->job.broken |= len < 0 || (size_t)len >= sizeof url;
	curl_job_basics(&d->job, d->server->timeout_ms);
	curl_job_text(&d->job, CURLOPT_URL, url);
	curl_job_text(&d->job, CURLOPT_PROTOCOLS_STR, d->url.tls ? "smtps" : "smtp");
	curl_job_text(&d->job, CURLOPT_PROXY, "");
}

/* One limit up to the final dot, and one for its reply, instead of libcurl's for the whole. */
static void
set_time(struct delivery *d)
{
	d->until_us = loop_now_us() + (uint64_t)d->server->timeout_ms * US_PER_MS;
	curl_job_long(&d->job, CURLOPT_TIMEOUT_MS, 0);
	curl_job_long(&d->job, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	    (d->server->timeout_ms + d->server->final_ms) / 1000 + 1);
	curl_job_long(&d->job, CURLOPT_NOPROGRESS, 0);
	d->job.broken |= d->job.api->setopt(d->job.easy, CURLOPT_XFERINFOFUNCTION, on_progress) !=
		CURLE_OK ||
	    d->job.api->setopt(d->job.easy, CURLOPT_XFERINFODATA, d) != CURLE_OK;
}

/* NULL: the system's. */
static const char *
ca_file_of(const struct mail_server *server)
{
	return server->ca_file[0] != '\0' ? server->ca_file : NULL;
}

static void
set_security(struct delivery *d)
{
	curl_job_long(&d->job, CURLOPT_USE_SSL,
	    d->server->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL);
	curl_job_tls(&d->job, ca_file_of(d->server));
	if (d->server->user[0] != '\0') {
		curl_job_text(&d->job, CURLOPT_USERNAME, d->server->user);
		curl_job_text(&d->job, CURLOPT_PASSWORD, d->server->password);
	}
}

static void
set_mail(struct delivery *d)
{
	const struct mail *m = d->mail;
	for (size_t i = 0; i < m->n_to; i++) {
		struct curl_slist *longer = d->job.api->slist_append(d->to, m->to[i]);
		d->job.broken |= longer == NULL;
		d->to = longer != NULL ? longer : d->to;
	}
	curl_job_text(&d->job, CURLOPT_MAIL_FROM, m->from);
	d->job.broken |= d->job.api->setopt(d->job.easy, CURLOPT_MAIL_RCPT, d->to) != CURLE_OK ||
	    d->job.api->setopt(d->job.easy, CURLOPT_READFUNCTION, on_read) != CURLE_OK ||
	    d->job.api->setopt(d->job.easy, CURLOPT_READDATA, d) != CURLE_OK ||
	    d->job.api->setopt(d->job.easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)m->len) !=
		CURLE_OK;
	/* one refused recipient must not keep the message from the others */
	curl_job_long(&d->job, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1);
	curl_job_long(&d->job, CURLOPT_UPLOAD, 1);
}

static void
set_ears(struct delivery *d)
{
	d->job.broken |= d->job.api->setopt(d->job.easy, CURLOPT_WRITEFUNCTION, on_write) !=
		CURLE_OK ||
	    d->job.api->setopt(d->job.easy, CURLOPT_DEBUGFUNCTION, on_dialogue) != CURLE_OK ||
	    d->job.api->setopt(d->job.easy, CURLOPT_DEBUGDATA, d) != CURLE_OK;
	curl_job_long(&d->job, CURLOPT_VERBOSE, 1);
}

/* The server's own words come first: they are closest to the cause. */
static enum err_code
explain_reply(const struct delivery *d, struct err *err)
{
	int code = reply_code(d->reply);
	enum err_code class = code >= 500 ? ERR_NOPERM : ERR_TEMP;
	return err_set(err, class, "%s: %s: %s", d->url.origin, refused[d->stage], d->reply);
}

static enum err_code
explain_silence(const struct delivery *d, struct err *err)
{
	bool said = d->reply[0] != '\0';
	if (d->foreign)
		return err_set(err, ERR_UNAVAILABLE, "%s: the server does not speak SMTP",
		    d->url.origin);
	if (d->stage == STAGE_CONNECT && !said)
		return err_set(err, ERR_UNAVAILABLE, "%s: no connection, or no greeting, in time",
		    d->url.origin);
	if (d->whole)
		return err_set(err, ERR_TEMP,
		    "%s: no reply in time to the whole message, which may have been accepted",
		    d->url.origin);
	return err_set(err, ERR_TEMP, "%s: no reply in time%s%s", d->url.origin,
	    said ? "; the last one was: " : "", d->reply);
}

static enum err_code
explain(const struct delivery *d, CURLcode rc, struct err *err)
{
	if (rc == CURLE_OPERATION_TIMEDOUT || rc == CURLE_ABORTED_BY_CALLBACK)
		return explain_silence(d, err);
	if (reply_code(d->reply) >= 400 && rc != CURLE_PEER_FAILED_VERIFICATION)
		return explain_reply(d, err);
	if (rc == CURLE_LOGIN_DENIED)
		return err_set(err, ERR_NOPERM,
		    "%s: no login method in common, or none without TLS", d->url.origin);
	return curl_job_explain(&d->job, rc, d->url.origin, "SMTP", err);
}

static enum err_code
run(struct delivery *d, struct err *err)
{
	set_server(d);
	set_time(d);
	set_security(d);
	set_mail(d);
	set_ears(d);
	if (d->job.broken)
		return err_set(err, ERR_CONFIG,
		    "%s: the mail cannot be sent safely (a libcurl before 7.85, or one "
		    "without SMTP)",
		    d->url.origin);
	CURLcode rc = curl_run(d->job.api, d->job.easy);
	if (rc == CURLE_OK)
		return ERR_NONE;
	for (size_t i = 0; i < d->mail->n_to; i++)
		d->recipients[i].taken = false;
	return explain(d, rc, err);
}

static enum err_code
check_mail(const struct mail *mail, struct err *err)
{
	if (!mime_is_address(mail->from))
		return err_set(err, ERR_CONFIG, "'%s' is not a mail address", mail->from);
	if (mail->n_to == 0)
		return err_set(err, ERR_CONFIG, "no recipient is given");
	for (size_t i = 0; i < mail->n_to; i++)
		if (!mime_is_address(mail->to[i]))
			return err_set(err, ERR_CONFIG, "'%s' is not a mail address", mail->to[i]);
	return ERR_NONE;
}

enum err_code
mail_server_check(const char *url, bool plain, struct err *err)
{
	struct url_view view;
	return url_view_mail(url, plain, &view, err);
}

enum err_code
mail_send(const struct mail_server *server, const struct mail *mail, struct arena *a,
    struct mail_recipient *recipients, struct err *err)
{
	struct delivery d = { .server = server,
		.mail = mail,
		.arena = a,
		.recipients = recipients };
	for (size_t i = 0; i < mail->n_to; i++)
		recipients[i] = (struct mail_recipient){ .reply = "" };
	if (check_mail(mail, err) != ERR_NONE ||
	    url_view_mail(server->url, server->plain, &d.url, err) != ERR_NONE ||
	    curl_job_check_ca(ca_file_of(server), err) != ERR_NONE)
		return err->code;
	d.job.api = curl_load(err);
	if (d.job.api == NULL)
		return err->code;
	d.job.easy = d.job.api->easy_init();
	if (d.job.easy == NULL)
		return err_set(err, ERR_INTERNAL, "libcurl cannot start");
	enum err_code code = run(&d, err);
	d.job.api->easy_cleanup(d.job.easy);
	d.job.api->slist_free_all(d.to);
	return code;
}
