/* The request to the holder of a name's own zone: the PTR record is not at fault. */
#include "base/arena.h"
#include "base/safe.h"
#include "base/strset.h"
#include "base/wrap.h"
#include "fix/plan_priv.h"
#include "fix/request.h"
#include "fix/request_priv.h"

bool
request_is_forward(const struct plan *p, bool account)
{
	size_t n;
	struct arena a;
	if (p->n_needs == 0 || p->wish.unset)
		return false;
	if (account)
		return true;
	arena_init(&a);
	const char **names = plan_sorted(p->names, p->n_names, &a, &n);
	bool right = p->dns_known && strset_equal(p->dns_names, p->n_dns_names, names, n);
	arena_fini(&a);
	return right;
}

static const char *
zone_shown(const struct plan_need *n, const char *before, struct arena *a)
{
	return n->zone[0] == '\0' ? "" : arena_printf(a, "%s%s", before, safe_text(a, n->zone));
}

static const char *
who_text(const struct plan *p, bool right, struct arena *a)
{
	const char *text = right ? "The PTR record is right." : "The PTR record comes after that.";
	for (size_t i = 0; i < p->n_needs; i++) {
		const struct plan_need *n = &p->needs[i];
		const char *contact = n->mailbox[0] == '\0' ?
		    "" :
		    arena_printf(a, " (contact %s)", safe_text(a, n->mailbox));
		text = arena_printf(a, "%s %s %s is missing%s%s.", text, safe_text(a, n->name),
		    n->type, zone_shown(n, " in the zone ", a), contact);
	}
	return text;
}

static void
put_need(struct buf *out, const struct plan_need *n, struct arena *a)
{
	const char *name = safe_text(a, n->name);
	buf_printf(out, "    %s. IN %s %s\n", name, n->type, n->value);
	const char *now = n->now[0] == '\0' ?
	    arena_printf(a, "At present %s has no such record.", name) :
	    arena_printf(a, "At present %s resolves to %s.", name, safe_text(a, n->now));
	buf_puts(out, "    ");
	wrap_add(out, 4, 4, REQUEST_COLUMNS, now);
}

static const char *
body_text(const struct plan *p, const char *const *evidence, size_t n_evidence, struct arena *a)
{
	struct buf out;
	const struct plan_need *first = &p->needs[0];
	buf_init(&out, REQUEST_TEXT_MAX);
	buf_puts(&out, "Hello,\n\n");
	wrap_add(&out, 0, 0, REQUEST_COLUMNS,
	    arena_printf(a,
		"please %s%s. The name belongs to one of our mail servers. Receivers of mail look "
		"up the name of its address, %s, and refuse or mark our messages while that name "
		"does not lead back to the address.",
		first->now[0] != '\0' ? "change the address of the name below" :
					"publish the record below",
		zone_shown(first, ", in the zone ", a), p->address));
	buf_putc(&out, '\n');
	for (size_t i = 0; i < p->n_needs; i++)
		put_need(&out, &p->needs[i], a);
	request_put_evidence(&out, evidence, n_evidence, a);
	request_put_end(&out);
	return request_take(&out, a);
}

void
request_write_forward(const struct plan *p, const char *const *evidence, size_t n_evidence,
    struct arena *a, struct request *out)
{
	const struct plan_need *first = &p->needs[0];
	bool right = request_is_forward(p, false);
	*out = (struct request){
		.own = "",
		.who = who_text(p, right, a),
		.to = safe_text(a, first->mailbox),
		.subject = arena_printf(a, "%s record of %s: %s", first->type,
		    safe_text(a, first->name), first->value),
		.body = body_text(p, evidence, n_evidence, a),
	};
}
