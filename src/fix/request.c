/* The request to those who can write a zone when no API of ours can. */
#include "fix/request.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/safe.h"
#include "base/wrap.h"

enum { TEXT_MAX = 64 * 1024, COLUMNS = 72 };

static const char *
take(struct buf *b, struct arena *a)
{
	const char *text = arena_strndup(a, b->data, b->len);
	buf_fini(b);
	return text;
}

static const char *
who_text(const struct request_facts *f, const char *zone, struct arena *a)
{
	struct buf out;
	buf_init(&out, TEXT_MAX);
	if (zone[0] == '\0')
		buf_puts(&out,
		    "The zone of the PTR record is unknown; the provider of the address can write "
		    "the record");
	else
		buf_printf(&out, "The PTR record is in the zone %s", zone);
	if (f->n_servers > 0)
		buf_printf(&out, ", served by %s", safe_join(a, f->servers, f->n_servers, ", "));
	buf_puts(&out, ".");
	if (f->mailbox[0] != '\0')
		buf_printf(&out, " Its contact is %s.", safe_text(a, f->mailbox));
	if (f->provider[0] != '\0')
		buf_printf(&out, " The present name is a default name of %s.",
		    safe_text(a, f->provider));
	if (f->provider_note[0] != '\0')
		buf_printf(&out, " %s", safe_text(a, f->provider_note));
	return take(&out, a);
}

/* The records as they should be in the zone file, or the record that should not be there. */
static void
put_records(struct buf *out, const struct request_facts *f, const char *owner, struct arena *a)
{
	for (size_t i = 0; i < f->n_names; i++) {
		buf_printf(out, "    %s. ", owner);
		if (f->ttl_s > 0)
			buf_printf(out, "%u ", (unsigned)f->ttl_s);
		buf_printf(out, "IN PTR %s.\n", safe_text(a, f->names[i]));
	}
	if (f->n_names == 0)
		buf_printf(out, "    %s. IN PTR   (to be removed)\n", owner);
}

static void
put_state(struct buf *out, const struct request_facts *f, const char *address, struct arena *a)
{
	const char *state = f->n_current == 0 ?
	    arena_printf(a, "At present %s has no PTR record.", address) :
	    arena_printf(a, "At present the PTR record of %s names: %s.", address,
		safe_join(a, f->current, f->n_current, ", "));
	buf_putc(out, '\n');
	wrap_add(out, 0, 0, COLUMNS, state);
	if (f->n_evidence == 0)
		return;
	buf_puts(out, "\nWhat we found:\n");
	for (size_t i = 0; i < f->n_evidence; i++)
		wrap_add(out, 0, 2, COLUMNS, arena_printf(a, "- %s", safe_text(a, f->evidence[i])));
}

static const char *
body_text(const struct request_facts *f, const char *address, const char *owner, const char *zone,
    struct arena *a)
{
	struct buf out;
	buf_init(&out, TEXT_MAX);
	buf_puts(&out, "Hello,\n\n");
	const char *verb = f->n_names == 0 ? "remove" : "set";
	const char *where = zone[0] == '\0' ? "" : arena_printf(a, " in the zone %s", zone);
	const char *reason = f->n_names == 0 ?
	    "" :
	    " The address belongs to one of our mail servers. Receivers of mail look up its name, "
	    "and "
	    "refuse or mark our messages while the record is missing or has another name.";
	wrap_add(&out, 0, 0, COLUMNS,
	    arena_printf(a, "please %s the reverse DNS (PTR) record of the address %s%s.%s", verb,
		address, where, reason));
	buf_putc(&out, '\n');
	put_records(&out, f, owner, a);
	put_state(&out, f, address, a);
	buf_puts(&out,
	    "\nPlease tell us when it is done, or who can do it if you cannot.\n\n"
	    "Thank you.\n");
	return take(&out, a);
}

void
request_write(const struct request_facts *f, struct arena *a, struct request *out)
{
	char address[IP_TEXT_MAX], reverse[IP_REVERSE_MAX];
	ip_format(&f->ip, address);
	ip_reverse_name(&f->ip, reverse);
	const char *owner = f->owner[0] == '\0' ? reverse : safe_text(a, f->owner);
	const char *zone = safe_text(a, f->zone);
	const char *wanted = f->n_names == 0 ? "to be removed" :
					       safe_join(a, f->names, f->n_names, ", ");
	*out = (struct request){
		.who = who_text(f, zone, a),
		.to = safe_text(a, f->mailbox),
		.subject = arena_printf(a, "Reverse DNS (PTR) record for %s: %s", address, wanted),
		.body = body_text(f, address, owner, zone, a),
	};
}
