/* The request to those who can write a zone when no API of ours can. */
#include "fix/request.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/safe.h"
#include "base/wrap.h"
#include "fix/request_priv.h"
#include "views/hoster.h"
#include "views/names.h"

const char *
request_take(struct buf *b, struct arena *a)
{
	const char *text = arena_strndup(a, b->data, b->len);
	buf_fini(b);
	return text;
}

void
request_put_evidence(struct buf *out, const char *const *evidence, size_t n, struct arena *a)
{
	if (n > 0)
		buf_puts(out, "\nWhat we found:\n");
	for (size_t i = 0; i < n; i++)
		wrap_add(out, 0, 2, REQUEST_COLUMNS,
		    arena_printf(a, "- %s", safe_text(a, evidence[i])));
}

void
request_put_end(struct buf *out)
{
	buf_puts(out,
	    "\nPlease tell us when it is done, or who can do it if you cannot.\n\n"
	    "Thank you.\n");
}

static const char *
who_text(const struct request_facts *f, const char *zone, struct arena *a)
{
	struct buf out;
	buf_init(&out, REQUEST_TEXT_MAX);
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
	if (f->provider_note[0] != '\0' && f->hoster == NULL)
		buf_printf(&out, " %s", safe_text(a, f->provider_note));
	return request_take(&out, a);
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
	for (size_t i = 0; i < f->n_current; i++)
		if (!names_hold(f->names, f->n_names, f->current[i]))
			buf_printf(out, "    %s. IN PTR %s.   (to be removed)\n", owner,
			    safe_text(a, f->current[i]));
	if (f->n_names == 0 && f->n_current == 0)
		buf_printf(out, "    %s. IN PTR   (to be removed)\n", owner);
}

/* What hosters ask for before they set a record. */
static void
put_resolving(struct buf *out, const struct request_facts *f, const char *address, struct arena *a)
{
	if (f->n_resolving > 0)
		buf_putc(out, '\n');
	for (size_t i = 0; i < f->n_resolving; i++)
		wrap_add(out, 0, 0, REQUEST_COLUMNS,
		    arena_printf(a, "%s already resolves to %s.", safe_text(a, f->resolving[i]),
			address));
}

/* Where every wanted name is there already, the others are what the request is about: "" otherwise. */
static const char *
surplus(const struct request_facts *f, struct arena *a)
{
	const char **others = arena_array(a, f->n_current + 1, sizeof *others);
	size_t n = 0;
	for (size_t i = 0; i < f->n_names; i++)
		if (!names_hold(f->current, f->n_current, f->names[i]))
			return "";
	for (size_t i = 0; i < f->n_current; i++)
		if (!names_hold(f->names, f->n_names, f->current[i]))
			others[n++] = f->current[i];
	return f->n_names > 0 ? safe_join(a, others, n, ", ") : "";
}

/* What is asked for, up to the reason. */
static const char *
asked_text(const struct request_facts *f, const char *address, const char *zone, struct arena *a)
{
	const char *where = zone[0] == '\0' ? "" : arena_printf(a, " in the zone %s", zone);
	const char *others = surplus(f, a);
	if (others[0] != '\0')
		return arena_printf(a,
		    "please remove the reverse DNS (PTR) record %s of the address %s%s: %s is to "
		    "remain alone.",
		    others, address, where, safe_join(a, f->names, f->n_names, ", "));
	return arena_printf(a, "please %s the reverse DNS (PTR) record of the address %s%s.",
	    f->n_names == 0 ? "remove" : "set", address, where);
}

static void
put_state(struct buf *out, const struct request_facts *f, const char *address, struct arena *a)
{
	const char *state = f->n_current == 0 ?
	    arena_printf(a, "At present %s has no PTR record.", address) :
	    arena_printf(a, "At present the PTR record of %s names: %s.", address,
		safe_join(a, f->current, f->n_current, ", "));
	buf_putc(out, '\n');
	wrap_add(out, 0, 0, REQUEST_COLUMNS, state);
	request_put_evidence(out, f->evidence, f->n_evidence, a);
}

static const char *
body_text(const struct request_facts *f, const char *address, const char *owner, const char *zone,
    struct arena *a)
{
	struct buf out;
	buf_init(&out, REQUEST_TEXT_MAX);
	buf_puts(&out, "Hello,\n\n");
	const char *reason = f->n_names == 0 ?
	    "" :
	    surplus(f, a)[0] != '\0' ?
	    " The address belongs to one of our mail servers. Receivers of mail look up its name, "
	    "see one or the other by chance, and refuse or mark our messages when it is the wrong "
	    "one." :
	    " The address belongs to one of our mail servers. Receivers of mail look up its name, "
	    "and refuse or mark our messages while the record is missing or has another name.";
	wrap_add(&out, 0, 0, REQUEST_COLUMNS,
	    arena_printf(a, "%s%s", asked_text(f, address, zone, a), reason));
	buf_putc(&out, '\n');
	put_records(&out, f, owner, a);
	put_resolving(&out, f, address, a);
	put_state(&out, f, address, a);
	request_put_end(&out);
	return request_take(&out, a);
}

static const char *
own_sentence(const struct hoster_row *row, bool by_customer, struct arena *a)
{
	if (by_customer)
		return arena_printf(a, "At %s its customer sets the record, %s.", row->name,
		    row->where);
	if (row->who == HOSTER_TICKET)
		return arena_printf(a, "At %s the record is to be had on request, %s.", row->name,
		    row->where);
	return row->who == HOSTER_NOBODY ?
	    arena_printf(a, "%s: %s.", row->name, row->where) :
	    arena_printf(a, "%s has no PTR records for IPv6 addresses.", row->name);
}

/* Calls are not broken into lines: they are to be copied. */
static const char *
own_text(const struct request_facts *f, bool by_customer, struct arena *a)
{
	const struct hoster_row *row = f->hoster;
	struct buf out;
	if (row == NULL)
		return "";
	buf_init(&out, REQUEST_TEXT_MAX);
	wrap_add(&out, 0, 0, REQUEST_COLUMNS, own_sentence(row, by_customer, a));
	const struct hoster_lines *calls = hoster_calls(row, &f->ip);
	for (size_t i = 0; by_customer && f->n_names > 0 && i < calls->n; i++)
		buf_printf(&out, "    %s\n", hoster_fill(calls->list[i], &f->ip, f->names[0], a));
	for (size_t i = 0; i < row->condition.n; i++)
		wrap_add(&out, 0, 0, REQUEST_COLUMNS, row->condition.list[i]);
	buf_printf(&out, "See %s\n", row->page);
	return request_take(&out, a);
}

void
request_write(const struct request_facts *f, struct arena *a, struct request *out)
{
	char address[IP_TEXT_MAX], reverse[IP_REVERSE_MAX];
	ip_format(&f->ip, address);
	ip_reverse_name(&f->ip, reverse);
	const char *owner = f->owner[0] == '\0' ? reverse : safe_text(a, f->owner);
	const char *zone = safe_text(a, f->zone);
	const char *others = surplus(f, a);
	const char *wanted = f->n_names == 0 ? "to be removed" :
	    others[0] != '\0'                ? arena_printf(a, "remove %s", others) :
					       safe_join(a, f->names, f->n_names, ", ");
	bool by_customer = hoster_lets_customer(f->hoster, &f->ip);
	*out = (struct request){
		.own = own_text(f, by_customer, a),
		.by_customer = by_customer,
		.who = who_text(f, zone, a),
		.to = safe_text(a, f->mailbox),
		.subject = arena_printf(a, "Reverse DNS (PTR) record for %s: %s", address, wanted),
		.body = body_text(f, address, owner, zone, a),
	};
}
