/* An SPF evaluation as lines that people read. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/safe.h"
#include "checks/spf_priv.h"
#include "views/names.h"

enum { STORY_MAX = 64 << 10, TERM_WIDTH = 36 };

static void
put_indent(struct buf *out, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		buf_puts(out, "  ");
}

static const char *
outcome_word(const struct spf_step *step)
{
	static const char *const of_match[] = {
		['+'] = "matches: pass",
		['-'] = "matches: fail",
		['~'] = "matches: softfail",
		['?'] = "matches: neutral",
	};
	if (step->term->kind == SPF_REDIRECT)
		return "no term matches: that record decides";
	if (step->outcome == SPF_MATCH)
		return of_match[(unsigned char)step->term->qualifier];
	return step->outcome == SPF_ENDS ? "ends the evaluation" : "does not match";
}

static void
put_term(struct buf *out, const struct spf_step *step, struct arena *a)
{
	const char *term = safe_text(a, step->term->text);
	const char *count = step->lookup == 0 ?
	    "" :
	    arena_printf(a, " (look-up %u of %d)", step->lookup, SPF_TERMS_MAX);
	put_indent(out, step->depth + 1);
	buf_printf(out, "%-*s  %s%s%s%s\n", TERM_WIDTH - 2 * (int)step->depth, term,
	    outcome_word(step), step->note[0] != '\0' ? ": " : "", step->note, count);
}

static void
put_end(struct buf *out, const struct spf_check *c, struct arena *a)
{
	buf_printf(out, "%s: %u of %d look-ups, %u of %d without an answer",
	    enumtab_name(&spf_result_names, (int)c->result), c->lookups, SPF_TERMS_MAX, c->voids,
	    SPF_VOIDS_MAX);
	if (c->problem_text[0] != '\0')
		buf_printf(out, "; %s", safe_text(a, c->problem_text));
	if (c->explanation[0] != '\0')
		buf_printf(out, "\nthe domain explains: %s", safe_text(a, c->explanation));
}

const char *
spf_story(const struct spf_check *c, struct arena *a)
{
	struct buf out;
	buf_init(&out, STORY_MAX);
	buf_printf(&out, "SPF for %s\n", safe_text(a, c->sender));
	for (size_t i = 0; i < c->n_steps; i++) {
		const struct spf_step *step = &c->steps[i];
		if (step->record == NULL) {
			put_term(&out, step, a);
			continue;
		}
		put_indent(&out, step->depth);
		buf_printf(&out, "%s: %s\n", name_shown(step->domain, a),
		    safe_text(a, step->record));
	}
	if (c->steps_cut)
		buf_puts(&out, "and further terms\n");
	put_end(&out, c, a);
	const char *story = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return story;
}
