/* mailready explain: a refusal in; what it means, whether its cause is still there, and the repair out. */
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "explain/explain.h"
#include "explain/reply.h"

enum { EXIT_BAD = 1, EXIT_UNDECIDED = 2 };

static const struct {
	const char *name;
	bool groups; /* an object an input for programs, one of a kind for people */
	void (*render)(const struct explain_report *r, const struct render_options *o,
	    struct buf *out);
} formats[] = {
	{ "text", true, explain_text },
	{ "json", false, explain_json },
	{ "jsonl", false, explain_json },
	{ "csv", true, explain_csv },
	{ "markdown", true, explain_markdown },
	{ "html", true, explain_html },
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static const char *
format(size_t i)
{
	return i < FORMATS ? formats[i].name : NULL;
}

static bool
is_file(const char *word)
{
	struct stat st;
	return strcmp(word, "-") == 0 || stat(word, &st) == 0;
}

static bool
are_files(const struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (!is_file(words->at[i]))
			return false;
	return words->n > 0;
}

/* The words of a reply that was not quoted are one text again. */
static enum err_code
read_words(struct settings *s, struct explain_options *o, struct err *err)
{
	const char *text = "";
	if (s->words.n == 0)
		return err_set(err, ERR_USAGE, "expected a reply, a file, or - for standard input");
	if (are_files(&s->words)) {
		o->files = s->words.at;
		o->n_files = s->words.n;
		return ERR_NONE;
	}
	for (size_t i = 0; i < s->words.n; i++)
		text = arena_printf(&s->arena, "%s%s%s", text, i > 0 ? " " : "", s->words.at[i]);
	if (s->words.n == 1 && strpbrk(text, " \t\n") == NULL && !reply_is_in(text))
		return err_set(err, ERR_NOINPUT,
		    "'%s' is neither a file nor a reply: expected a reply such as '550 5.7.25 "
		    "...', a log, a "
		    "bounce, or - for standard input",
		    text);
	if (strlen(text) > REPLY_TEXT_MAX * 4)
		return err_set(err, ERR_DATA, "the reply is over %d bytes", REPLY_TEXT_MAX * 4);
	o->text = text;
	return ERR_NONE;
}

static int
exit_of_sum(const struct explain_sum *sum)
{
	if (sum->still_broken > 0)
		return EXIT_BAD;
	return sum->other > 0 ? EXIT_UNDECIDED : 0;
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	struct output out;
	struct explain_sum sum;
	struct explain_options o = { .run = &s->run,
		.address = s->explain.address,
		.ehlo = s->helo != NULL ? s->helo : "",
		.domain = s->domain != NULL ? s->domain : "",
		.mx = s->explain.mx != NULL ? s->explain.mx : "",
		.recipients = s->explain.recipients,
		.summary = s->explain.summary,
		.groups = s->explain.summary || formats[s->format].groups,
		.render = formats[s->format].render };
	if (read_words(s, &o, &err) != ERR_NONE)
		return err.code == ERR_USAGE ? command_refuse(s, &err) : exit_of_error(&err);
	/* planned records answer without the world; without them nothing is to be looked at */
	o.offline = s->run.look.policy.offline && s->run.look.planned == NULL;
	s->run.look.policy.offline &= !o.offline;
	if (command_begin(s, &out, &err) != ERR_NONE)
		return exit_of_error(&err);
	err.code = run_explain(&o, &sum, &err);
	if (output_close(&out, &err) != ERR_NONE)
		return exit_of_error(&err);
	return exit_of_sum(&sum);
}

const struct command command_explain = {
	.name = "explain",
	.usage = "REPLY|FILE...|-",
	.help = "explains a refusal, and tests its cause now",
	.example = "mailready explain '550 5.7.25 [203.0.113.25] no PTR record - gsmtp'",
	.run = run,
	.format = format,
};
