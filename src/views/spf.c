/* SPF as it is known of a target: the evaluations of its identities, and the facts that these want. */
#include "views/spf.h"

#include "base/arena.h"
#include "base/name.h"
#include "views/ehlo.h"
#include "views/sender.h"
#include "views/spf_priv.h"
#include "views/understanding.h"

/* Who is judged: the sender in MAIL FROM, and the EHLO name. */
struct identities {
	struct sender_view sender;
	struct spf_identity mail_from, helo;
	bool has_helo;
};

bool
spf_applies(const struct target *t)
{
	return t->policy->named || t->names.mail_from != NULL || t->names.from != NULL ||
	    t->names.domain[0] != '\0';
}

/* The EHLO name as a domain: "" for a literal, and for a name without a dot (RFC 7208 2.3, 4.3). */
static const char *
helo_domain(const char *helo, struct arena *a)
{
	char name[NAME_TEXT_MAX];
	bool valid = helo[0] != '[' && (name_from_user(helo, name) || name_from_text(helo, name));
	return valid && name_labels(name) > 1 ? arena_strdup(a, name) : "";
}

static void
read_identities(const struct target *t, const struct facts *f, struct arena *a,
    struct identities *out)
{
	const char *helo;
	sender_read(t, a, &out->sender);
	out->has_helo = ehlo_find_name(t, f, &helo) != EHLO_NONE;
	out->helo = (struct spf_identity){ .sender = arena_printf(a, "postmaster@%s", helo),
		.domain = out->has_helo ? helo_domain(helo, a) : "",
		.helo = helo };
	out->mail_from = (struct spf_identity){ .sender = out->sender.mail_from,
		.domain = out->sender.mail_from_domain,
		.helo = helo };
}

static void
want_for(const struct target *t, struct facts *f, const struct spf_identity *who, struct arena *a)
{
	struct spf_check check;
	struct spf_run run = { .target = t, .facts = f, .want = f, .arena = a, .check = &check };
	spf_evaluate(&run, who);
	if (run.pending)
		spf_look_ahead(&run, who->domain);
}

void
spf_want(const struct target *t, struct facts *f)
{
	struct arena a;
	struct identities who;
	if (!spf_applies(t))
		return;
	arena_init(&a);
	read_identities(t, f, &a, &who);
	if (who.sender.mail_from[0] != '\0')
		want_for(t, f, &who.mail_from, &a);
	if (who.has_helo)
		want_for(t, f, &who.helo, &a);
	arena_fini(&a);
}

static const struct spf_check *
evaluate(struct understanding *k, const struct spf_identity *who)
{
	struct spf_check *check = arena_alloc(k->arena, sizeof *check);
	struct spf_run run = { .target = k->target,
		.facts = k->facts,
		.arena = k->arena,
		.check = check };
	spf_evaluate(&run, who);
	return check;
}

const struct spf_view *
known_spf(struct understanding *k)
{
	struct identities who;
	if (k->spf != NULL)
		return k->spf;
	struct spf_view *v = arena_alloc(k->arena, sizeof *v);
	read_identities(k->target, k->facts, k->arena, &who);
	v->source = who.sender.source;
	if (who.has_helo)
		v->helo = evaluate(k, &who.helo);
	if (who.sender.mail_from[0] != '\0')
		v->mail_from = evaluate(k, &who.mail_from);
	v->main = v->mail_from != NULL ? v->mail_from : v->helo;
	return k->spf = v;
}
