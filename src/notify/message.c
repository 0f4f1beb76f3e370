/* The mail message (RFC 5322, MIME) that a note becomes. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/mime.h"
#include "notify/notify_priv.h"

enum { PART_MAX = 1 << 20, MESSAGE_MAX = 8 << 20, REFERENCES_MAX = 8 };

/*
 * What is told of one incident is one thread: all of it refers to the same id, which is no message's.  The
 * worst comes first; a reader takes the last for what is answered.
 */
static void
put_reference(const char *incident, const char *from, size_t *n, struct buf *out)
{
	if ((*n)++ < REFERENCES_MAX)
		buf_printf(out, "%s<incident.%016llx@%s>\r\n", *n == 1 ? "References: " : " ",
		    (unsigned long long)hash_text(incident), mime_domain(from));
}

static void
put_references(const struct note *note, const char *from, struct buf *out)
{
	struct arena a;
	size_t n = 0;

	arena_init(&a);
	for (size_t i = 0; i < note->n_outages; i++) {
		const struct history_outage *o = &note->outages[i];
		put_reference(arena_printf(&a, "%d %s %lld", (int)o->kind, o->subject,
				  (long long)o->first_s),
		    from, &n, out);
	}
	for (size_t i = 0; i < note->n; i++) {
		const struct note_server *s = &note->servers[i];
		for (size_t k = 0; k < s->n_changes; k++) {
			const struct change *c = s->changes[k];
			if (c->finding == NULL || c->since_s == 0)
				continue;
			put_reference(arena_printf(&a, "%s %s %s %s %s %lld", s->now->address,
					  s->now->ehlo, s->now->domain, c->finding->rule,
					  c->finding->subject, (long long)c->since_s),
			    from, &n, out);
		}
	}
	arena_fini(&a);
}

static void
put_headers(const struct note *note, const char *from, const char *const *to, size_t n_to,
    struct buf *out)
{
	char date[MIME_DATE_MAX];
	mime_header(out, "Date", mime_date(note->time_s, date));
	mime_address_header(out, "From", "mailready", &from, 1);
	mime_address_header(out, "To", "", to, n_to);
	mime_header(out, "Subject", note->subject);
	/* the longest domain has no room for a fold, and may have none (RFC 5322 3.6.4) */
	buf_printf(out, "Message-ID: <%s@%s>\r\n", note->id, mime_domain(from));
	put_references(note, from, out);
	mime_header(out, "Auto-Submitted", "auto-generated"); /* RFC 3834: nobody is to answer */
	mime_header(out, "MIME-Version", "1.0");
	buf_printf(out, "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n",
	    note->id);
}

/* What does not fit ends with a whole line, and says so. */
static void
end_early(struct buf *part)
{
	static const char words[] =
	    "\n(The rest does not fit into a message: mailready report shows all of it.)\n";
	size_t len = PART_MAX - sizeof words;
	while (len > 0 && part->data[len - 1] != '\n')
		len--;
	buf_cut(part, len);
	buf_puts(part, words);
}

/*
 * "=_" is in no line of quoted-printable, so the boundary never is.  A page that does not fit would end
 * within its markup: it is left out, the plain text has the same.
 */
static void
put_part(const struct note *note, const char *type,
    void (*form)(const struct note *note, struct arena *a, struct buf *out), struct arena *a,
    struct buf *out)
{
	struct buf part;
	buf_init(&part, PART_MAX);
	form(note, a, &part);
	bool plain = strcmp(type, "plain") == 0;
	if (part.failed && plain)
		end_early(&part);
	if (part.failed) {
		buf_fini(&part);
		return;
	}
	buf_printf(out, "--=_%s\r\n", note->id);
	buf_printf(out, "Content-Type: text/%s; charset=utf-8\r\n", type);
	buf_puts(out, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	mime_quoted_printable(out, part.data);
	buf_fini(&part);
}

const char *
note_message(const struct note *note, const char *from, const char *const *to, size_t n_to,
    struct arena *a)
{
	struct buf out;
	buf_init(&out, MESSAGE_MAX);
	put_headers(note, from, to, n_to, &out);
	put_part(note, "plain", note_text, a, &out);
	put_part(note, "html", note_html, a, &out);
	buf_printf(&out, "--=_%s--\r\n", note->id);
	const char *message = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return message;
}
