/* mailready listen: takes mail that goes nowhere; what the server that delivers says, and the checks with it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/identities.h"
#include "report/listen.h"
#include "smtp/listen.h"

enum { REPORT_MAX = 16 << 20 };

typedef void render_fn(const struct listen_report *r, const struct render_options *o,
    struct buf *out);
static render_fn *const renders[] = { [FORMAT_TEXT] = listen_text, [FORMAT_JSON] = listen_json };

struct listening {
	struct settings *settings;
	struct sink_delivery **list; /* of --count at most */
	const char **saved;          /* files; NULL */
	size_t n;
	struct listen_report report; /* that is being made */
	struct err *err;             /* of what happens in a callback */
};

/* ---- taking */

static const char *
save(struct listening *l, const struct sink_delivery *d)
{
	struct settings *s = l->settings;
	const char *path = arena_printf(&s->arena, "%s/delivery-%zu.eml", s->listen.save, l->n);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool written = fd >= 0 && file_write_all(fd, d->text.data, d->text.len);
	if (!written)
		(void)err_set(l->err, ERR_CANTCREAT, "%s: cannot be written: %s", path,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return written ? path : NULL;
}

static void
take(void *arg, struct sink_delivery *d)
{
	struct listening *l = arg;
	l->list[l->n++] = d;
	if (l->settings->listen.save != NULL && d->refused == SINK_NOWHERE)
		l->saved[l->n - 1] = save(l, d);
	buf_fini(&d->text);
	buf_init(&d->text, 0);
}

static void
say_ready(void *arg)
{
	const struct listening *l = arg;
	const struct settings *s = l->settings;
	char text[ENDPOINT_TEXT_MAX];
	if (!s->run.out.render.quiet)
		fprintf(stderr, "mailready: listening on %s for %g s; end with Control-C\n",
		    endpoint_format(&s->listen.at, text), (double)s->listen.time_us / 1e6);
}

static enum err_code
take_mail(struct listening *l, struct err *err)
{
	struct settings *s = l->settings;
	char host[NAME_TEXT_MAX];
	size_t n_sessions;
	if (gethostname(host, sizeof host) != 0 || host[0] == '\0')
		snprintf(host, sizeof host, "localhost");
	host[sizeof host - 1] = '\0';
	const struct listen_options o = { .at = s->listen.at,
		.time_us = s->listen.time_us,
		.count = s->listen.count,
		.ready = say_ready,
		.sink = { .name = host,
		    .refuse = s->listen.refuse,
		    .keep = s->listen.save != NULL,
		    .delivered = take,
		    .arg = l } };
	if (smtp_listen(&o, &n_sessions, err) != ERR_NONE)
		return err->code;
	if (l->n == 0)
		return err_set(err, ERR_UNAVAILABLE,
		    "nothing was delivered in %g s; %zu connection%s came", (double)o.time_us / 1e6,
		    n_sessions, n_sessions == 1 ? "" : "s");
	return ERR_NONE;
}

/* ---- checking */

static void
put_report(struct listening *l)
{
	const struct settings *s = l->settings;
	struct buf text;
	buf_init(&text, REPORT_MAX);
	renders[s->format](&l->report, &s->run.out.render, &text);
	if (text.failed)
		(void)err_set(l->err, ERR_INTERNAL, "the report grew over %d bytes", REPORT_MAX);
	else if (!file_write_all(fileno(s->run.out.file), text.data, text.len))
		(void)err_set(l->err, ERR_IO, "the report cannot be written: %s", strerror(errno));
	buf_fini(&text);
}

static void
show(void *arg, const struct report *checks)
{
	struct listening *l = arg;
	l->report.checks = checks;
	l->report.judged = checks->target->ip;
	put_report(l);
}

/* What its names are; the address is that of --ip, where the server came over another one. */
static struct target_spec
spec_of(struct settings *s, const struct sink_delivery *d)
{
	struct target_spec spec = { .names = { .host = "", .domain = "" } };
	const struct message *m = d->message;
	spec.first = s->explain.address.family != 0 ? s->explain.address : d->address;
	spec.last = spec.first;
	spec.names.ehlo = strlen(d->ehlo) < NAME_TEXT_MAX ? d->ehlo : "";
	spec.names.message = m;
	spec.names.from = m != NULL && m->from.n == 1 ? m->from.list[0] : NULL;
	/* its domain alone: no local part is shown */
	const char *at = d->sender != NULL ? strrchr(d->sender, '@') : NULL;
	if (d->sender != NULL)
		spec.names.mail_from = d->sender[0] == '\0' ? "<>" :
		    at != NULL && at[1] != '\0'             ? at + 1 :
							      "@";
	return spec;
}

static enum err_code
check(struct listening *l, const struct sink_delivery *d, struct run_result *result,
    struct err *err)
{
	struct settings *s = l->settings;
	const struct target_spec spec = spec_of(s, d);
	if (ip_special(&spec.first) != NULL && !s->run.look.policy.allow_special) {
		put_report(l);
		result->n[VERDICT_TEMPERROR]++;
		result->unknown++;
		return ERR_NONE;
	}
	struct run_result one = { 0 };
	s->run.in.specs = &spec;
	s->run.in.n_specs = 1;
	s->run.out.sink = show;
	s->run.out.sink_arg = l;
	if (run_check(&s->run, &one, err) != ERR_NONE)
		return err->code;
	for (size_t v = 0; v < sizeof one.n / sizeof one.n[0]; v++)
		result->n[v] += one.n[v];
	result->unknown += one.unknown;
	result->interrupted = one.interrupted;
	return ERR_NONE;
}

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	struct err shown = { 0 };
	struct listening l = { .settings = s, .err = &shown };
	if (s->words.n > 0)
		return err_set(err, ERR_USAGE, "'%s' was not expected: listen takes options alone",
		    s->words.at[0]);
	l.list = arena_array(&s->arena, s->listen.count, sizeof *l.list);
	l.saved = arena_array(&s->arena, s->listen.count, sizeof *l.saved);
	enum err_code code = take_mail(&l, err);
	for (size_t i = 0; i < l.n; i++) {
		l.report = (struct listen_report){ .number = i + 1,
			.delivery = l.list[i],
			.saved = l.saved[i] };
		if (code == ERR_NONE && result->interrupted == 0)
			code = check(&l, l.list[i], result, err);
		sink_delivery_free(l.list[i]);
	}
	if (code == ERR_NONE && shown.code != ERR_NONE)
		*err = shown;
	return err->code;
}

static int
run(struct settings *s)
{
	return command_work(s, 0, work);
}

const struct command command_listen = {
	.name = "listen",
	.usage = "",
	.help = "takes mail that goes nowhere, and checks who delivers it",
	.example = "mailready listen --port 2525 --ip 203.0.113.25",
	.rare = true,
	.run = run,
	.format = plain_format,
};
