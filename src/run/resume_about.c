/* What a state file says about its run, so that another run is not continued with it. */
#include "run/resume_about_priv.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "lists/catalogue.h"
#include "mail/message.h"

struct about {
	const struct run_options *options;
	const struct catalogue *lists;
	struct arena *arena;
	struct state_about *out;
	size_t *n;
	struct err *err;
};

static void
add(struct about *a, const char *key, const char *value)
{
	assert(*a->n < STATE_ABOUT_MAX);
	a->out[(*a->n)++] = (struct state_about){ key, value };
}

static void
add_number(struct about *a, const char *key, uint64_t value)
{
	add(a, key, arena_printf(a->arena, "%" PRIu64, value));
}

static uint64_t
sum_text(uint64_t sum, const char *text)
{
	return hash_add(sum, text, strlen(text) + 1);
}

static enum err_code
add_file(struct about *a, const char *key, const char *path)
{
	char bytes[65536];
	uint64_t sum = HASH_START, size = 0;
	size_t n;

	if (path == NULL) {
		add(a, key, "none");
		return ERR_NONE;
	}
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(a->err, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0) {
		sum = hash_add(sum, bytes, n);
		size += n;
	}
	bool failed = ferror(f) != 0;
	int why = errno;
	fclose(f);
	if (failed)
		return err_set(a->err, ERR_IO, "%s: %s", path, strerror(why));
	add(a, key, arena_printf(a->arena, "%" PRIu64 " bytes %016" PRIx64, size, sum));
	return ERR_NONE;
}

static uint64_t
add_signers(struct about *a, uint64_t sum, const struct target_names *names)
{
	for (size_t i = 0; i < names->n_dkim; i++)
		sum = sum_text(sum_text(sum, "dkim"),
		    dkim_identity_text(a->arena, &names->dkim[i]));
	if (names->guess_selectors)
		sum = sum_text(sum, "guess");
	for (size_t i = 0; names->message != NULL && i < names->message->n_signatures; i++)
		sum = hash_add(sum, names->message->signatures[i].digest,
		    sizeof names->message->signatures[i].digest);
	return sum;
}

static void
add_words(struct about *a)
{
	uint64_t sum = HASH_START;

	for (size_t i = 0; i < a->options->in.n_specs; i++) {
		const struct target_spec *s = &a->options->in.specs[i];
		sum = hash_add(sum, &s->first, sizeof s->first);
		sum = hash_add(sum, &s->last, sizeof s->last);
		sum = sum_text(sum_text(sum_text(sum, s->names.host), s->names.ehlo),
		    s->names.domain);
		if (s->names.mail_from != NULL)
			sum = sum_text(sum, s->names.mail_from);
		if (s->names.from != NULL)
			sum = sum_text(sum_text(sum, "from"), s->names.from);
		sum = add_signers(a, sum, &s->names);
	}
	add(a, "words", arena_printf(a->arena, "%zu %016" PRIx64, a->options->in.n_specs, sum));
}

static void
add_checks(struct about *a)
{
	const char *ids = "";

	for (size_t i = 0; i < a->options->n_checks; i++)
		ids = arena_printf(a->arena, "%s%s%s", ids, i > 0 ? "," : "",
		    a->options->checks[i]->id);
	add(a, "checks", ids);
}

static void
add_lists(struct about *a)
{
	uint64_t sum = HASH_START;

	for (size_t i = 0; i < a->lists->n; i++)
		sum = sum_text(sum, a->lists->lists[i].zone);
	add(a, "lists", arena_printf(a->arena, "%zu %016" PRIx64, a->lists->n, sum));
}

static void
add_policy(struct about *a)
{
	const struct policy *p = &a->options->look.policy;

	add_number(a, "smtp", p->smtp ? p->smtp_port : 0);
	add_number(a, "authority", (uint64_t)p->authority);
	add_number(a, "authority-port", p->authority_port);
	add_number(a, "allow-special", p->allow_special);
	add_number(a, "offline", p->offline);
}

enum err_code
resume_about(const struct run_options *o, const struct catalogue *lists, struct arena *arena,
    struct state_about *out, size_t *n, struct err *err)
{
	struct about a = { o, lists, arena, out, n, err };

	*n = 0;
	add(&a, "version", MAILREADY_VERSION);
	add(&a, "format", o->out.renderer->name);
	add_number(&a, "quiet", o->out.render.quiet);
	add(&a, "shard", arena_printf(arena, "%u/%u", o->in.shard + 1, o->in.n_shards));
	add_number(&a, "families", (uint64_t)o->in.families);
	if (o->look.origin != NULL)
		add(&a, "origin", o->look.origin);
	add_number(&a, "huge", o->in.huge);
	add_words(&a);
	add_checks(&a);
	add_lists(&a);
	add_policy(&a);
	if (add_file(&a, "planned", o->look.planned) != ERR_NONE)
		return err->code;
	return add_file(&a, "input", o->in.list);
}
