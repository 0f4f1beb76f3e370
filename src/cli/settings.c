/* What a command line said: its defaults, and its completion. */
#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/terminal.h"
#include "checks/registry.h"
#include "cli/output.h"

/* postscreen waits for 6 s, sendmail for 5, some sites for 20 (greet_pause) */
enum { GREETING_US = 20000000 };

enum { DEFAULT_TIMEOUT_US = 3000000, FIX_TIMEOUT_US = 600000000 };

void
settings_init(struct settings *s)
{
	*s = (struct settings){
		.run = {
			.in = { .n_shards = 1 },
			.look = {
				.timeout_us = DEFAULT_TIMEOUT_US,
				.greeting_us = GREETING_US,
				.policy = { .smtp = true, .smtp_port = 25, .authority_port = 53 },
			},
			.out = { .renderer = renderers_all[0] },
		},
		.listen = { .at = { .ip = { .family = 4, .bytes = { 127, 0, 0, 1 } }, .port = 2525 },
			.count = 1,
			.time_us = 60000000,
			.refuse = SINK_NOWHERE },
		.past = { .since = "30d" },
		.fix = { .region = "", .project = "", .cloud = "", .timeout_us = FIX_TIMEOUT_US },
	};
	arena_init(&s->arena);
	s->only = arena_array(&s->arena, checks_n, sizeof *s->only);
	s->skip = arena_array(&s->arena, checks_n, sizeof *s->skip);
}

void
settings_fini(struct settings *s)
{
	arena_fini(&s->arena);
}

void
words_add(struct settings *s, struct words *to, const char *word)
{
	to->at = arena_grow(&s->arena, to->at, to->n, &to->cap, sizeof *to->at);
	to->at[to->n++] = word;
}

static enum err_code
select_checks(struct settings *s, struct err *err)
{
	s->checks = arena_array(&s->arena, checks_n, sizeof *s->checks);
	s->run.checks = s->checks;
	for (size_t i = 0; i < checks_n; i++) {
		if ((!s->any_only || s->only[i]) && !s->skip[i])
			s->checks[s->run.n_checks++] = checks_all[i];
	}
	s->run.look.policy.named = s->any_only;
	s->run.look.policy.explain = s->run.out.render.verbose > 0;
	if (s->run.n_checks == 0)
		return err_set(err, ERR_USAGE, "--only and --skip leave no check to run");
	return ERR_NONE;
}

/* https://no-color.org: set and not empty, whatever its value. */
static bool
wants_color(enum color_mode mode, FILE *out)
{
	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return term != NULL && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

/* What only a file that is written in place, line by line, can continue. */
static enum err_code
check_resume(const struct settings *s, struct err *err)
{
	const struct run_options *o = &s->run;
	if (o->state == NULL)
		return ERR_NONE;
	if (s->output == NULL || strcmp(s->output, "-") == 0)
		return err_set(err, ERR_USAGE, "--resume needs --output FILE, which it continues");
	if (!o->out.renderer->alone)
		return err_set(err, ERR_USAGE, "--resume needs --format jsonl or csv, not %s",
		    o->out.renderer->name);
	if (o->dump != NULL)
		return err_set(err, ERR_USAGE, "--resume and --dump-facts cannot go together");
	if (o->out.summary && strcmp(o->out.renderer->name, "jsonl") != 0)
		return err_set(err, ERR_USAGE,
		    "--summary of a run that is resumed reads its output again: it needs --format "
		    "jsonl");
	return ERR_NONE;
}

/* A file that would be emptied, or would grow, while it is read. */
static bool
is_written_in_place(const char *path, const char *output)
{
	struct stat in, out, link;

	if (stat(path, &in) != 0)
		return false;
	if (output == NULL || strcmp(output, "-") == 0)
		return fstat(STDOUT_FILENO, &out) == 0 && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino;
	return stat(output, &out) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino &&
	    (lstat(output, &link) != 0 || !S_ISREG(link.st_mode));
}

static enum err_code
check_again(const struct settings *s, struct err *err)
{
	const struct run_options *o = &s->run;
	if (s->again == NULL)
		return ERR_NONE;
	if (o->state != NULL)
		return err_set(err, ERR_USAGE,
		    "--again and --resume cannot go together: --again is for a run that has ended");
	if (!o->out.renderer->alone)
		return err_set(err, ERR_USAGE,
		    "--again needs --format jsonl or csv, as its file has it, not %s",
		    o->out.renderer->name);
	if (s->ipv4 || s->ipv6 || o->in.n_shards > 1)
		return err_set(err, ERR_USAGE,
		    "--again asks all that was unknown in its file: it cannot go together with "
		    "-4, -6 or --shard");
	if (is_written_in_place(s->again, s->output))
		return err_set(err, ERR_USAGE,
		    "%s would be written while it is read; expected --output with the name of the "
		    "file itself, or of another",
		    s->again);
	return ERR_NONE;
}

enum err_code
settings_check(struct settings *s, struct err *err)
{
	if (s->run.look.policy.offline && s->run.look.planned == NULL)
		return err_set(err, ERR_USAGE, "--offline answers from --planned FILE: name one");
	if (s->run.look.origin != NULL && s->run.look.planned == NULL)
		return err_set(err, ERR_USAGE, "--origin is the zone of --planned FILE: name one");
	bool both = s->ipv4 == s->ipv6;
	s->run.in.families = (both || s->ipv4 ? FAMILY_4 : 0) | (both || s->ipv6 ? FAMILY_6 : 0);
	s->run.look.lists.files = s->list_files.at;
	s->run.look.lists.n_files = s->list_files.n;
	s->run.look.lists.only = s->only_lists.at;
	s->run.look.lists.n_only = s->only_lists.n;
	s->run.look.lists.skip = s->skip_lists.at;
	s->run.look.lists.n_skip = s->skip_lists.n;
	if (s->limits && s->run.out.renderer->trouble == NULL)
		return err_set(err, ERR_USAGE,
		    "--warning and --critical are thresholds of --format nagios");
	if (check_resume(s, err) != ERR_NONE || check_again(s, err) != ERR_NONE)
		return err->code;
	s->run.out.name = s->output;
	s->run.out.render.file = output_collected_name(s->output, &s->arena);
	return select_checks(s, err);
}

void
settings_direct(struct settings *s, FILE *out)
{
	s->run.out.file = out;
	s->run.out.errors = stderr;
	s->run.out.render.color = wants_color(s->color, out);
	s->run.out.render.columns = terminal_columns(out);
}
