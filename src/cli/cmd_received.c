/* mailready received: a message in; the hop that its receiver judged, and the checks with its names out. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/identities.h"
#include "mail/hop.h"
#include "report/received.h"

enum { REPORT_MAX = 16 << 20 };

typedef void render_fn(const struct received_report *r, const struct render_options *o,
    struct buf *out);
static render_fn
    *const renders[] = { [FORMAT_TEXT] = received_text, [FORMAT_JSON] = received_json };

struct receiving {
	struct settings *settings;
	struct hop hop;
	struct err *err;
};

static enum err_code
read_trusted(struct settings *s, struct hop_range **out, struct err *err)
{
	*out = arena_array(&s->arena, s->trusted.n + 1, sizeof **out);
	for (size_t i = 0; i < s->trusted.n; i++) {
		struct target_spec spec;
		bool read = target_parse_word(s->trusted.at[i], true, &s->arena, &spec, err) ==
		    ERR_NONE;
		if (!read || spec.first.family == 0)
			return err_set(err, ERR_USAGE,
			    "'%s' is not an address, a block such as 192.0.2.0/24, or a range",
			    s->trusted.at[i]);
		(*out)[i] = (struct hop_range){ spec.first, spec.last };
	}
	return ERR_NONE;
}

static enum err_code
refuse_hop(const struct hop *h, const char *file, struct err *err)
{
	static const char *const why[] = {
		[HOP_NO_FIELD] = "it has no Received field: save the message as it was delivered, "
				 "with its whole header",
		[HOP_INSIDE] = "each of its Received fields is of a hop inside the receiver: none "
			       "says from where it came",
		[HOP_NO_ADDRESS] = "the Received field of the receiver does not say from which "
				   "address it came",
	};
	return err_set(err, ERR_DATA, "%s: %s", file, why[h->status]);
}

/* The sender: in Return-Path, or where the server wrote it into its Received field. */
static void
take_sender(struct settings *s, const struct received *r)
{
	struct address_domains d;
	if (s->mail_from != NULL || r->sender == NULL)
		return;
	address_domains(&s->arena, r->sender, strlen(r->sender), &d);
	if (!d.broken && d.n_addresses == 1)
		s->mail_from = d.n > 0 ? d.list[0] : "<>";
}

static enum err_code
read_message(struct receiving *r, struct target_spec *spec, struct err *err)
{
	struct settings *s = r->settings;
	struct hop_range *trusted;
	if (s->words.n > 1)
		return err_set(err, ERR_USAGE, "expected one message, not %zu", s->words.n);
	if (s->words.n == 0 && isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
		    "expected a message: a file, or the message on standard input");
	s->message_file = s->words.n == 1 ? s->words.at[0] : "-";
	if (read_trusted(s, &trusted, err) != ERR_NONE || identities_read(s, err) != ERR_NONE)
		return err->code;
	hop_find(&s->arena, s->message, trusted, s->trusted.n, &r->hop);
	if (r->hop.status != HOP_FOUND)
		return refuse_hop(&r->hop,
		    s->words.n == 1 ? s->message_file : "the message on standard input", err);
	take_sender(s, &r->hop.received);
	const char *ehlo = r->hop.received.ehlo;
	*spec = (struct target_spec){ .first = r->hop.received.address,
		.last = r->hop.received.address,
		.names = { .host = "",
		    .domain = "",
		    .ehlo = strlen(ehlo) < NAME_TEXT_MAX ? ehlo : "" } };
	identities_put(s, &spec->names);
	return ERR_NONE;
}

static void
show(void *arg, const struct report *checks)
{
	struct receiving *r = arg;
	const struct settings *s = r->settings;
	const struct received_report report = { .hop = &r->hop,
		.sender = s->mail_from != NULL && strcmp(s->mail_from, "<>") == 0 ? "" :
										    s->mail_from,
		.from = s->from,
		.checks = checks };
	struct buf text;
	buf_init(&text, REPORT_MAX);
	renders[s->format](&report, &s->run.out.render, &text);
	if (text.failed)
		(void)err_set(r->err, ERR_INTERNAL, "the report grew over %d bytes", REPORT_MAX);
	else if (!file_write_all(fileno(s->run.out.file), text.data, text.len))
		(void)err_set(r->err, ERR_IO, "the report cannot be written: %s", strerror(errno));
	buf_fini(&text);
}

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	struct err shown = { 0 };
	struct receiving r = { .settings = s, .err = &shown };
	struct target_spec spec;
	if (read_message(&r, &spec, err) != ERR_NONE)
		return err->code;
	s->run.in.specs = &spec;
	s->run.in.n_specs = 1;
	s->run.out.ordered = true;
	s->run.out.sink = show;
	s->run.out.sink_arg = &r;
	if (run_check(&s->run, result, err) == ERR_NONE && shown.code != ERR_NONE)
		*err = shown;
	return err->code;
}

static int
run(struct settings *s)
{
	return command_work(s, 0, work);
}

const struct command command_received = {
	.name = "received",
	.usage = "[FILE|-]",
	.help = "checks the server that a receiver took a message from",
	.example = "mailready received < mail.eml",
	.rare = true,
	.run = run,
	.format = plain_format,
};
