/* Received fields: clauses first, then what the words and comments after "from" mean. */
#include "mail/received.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/name.h"
#include "words_priv.h"

static const struct enumtab_row ptr_rows[] = {
	{ "unsaid", RECEIVED_PTR_UNSAID },
	{ "none", RECEIVED_PTR_NONE },
	{ "seen", RECEIVED_PTR_SEEN },
	{ "doubted", RECEIVED_PTR_DOUBTED },
};
const struct enumtab received_ptr_names = ENUMTAB(ptr_rows);

/* The words of one clause: what follows its keyword, up to the next one. */
struct clause {
	const struct word *words;
	size_t n;
};

struct reader {
	struct arena *arena;
	struct received *out;
	bool ehlo_is_named; /* helo=, HELO or EHLO: the first word is another name, then */
	bool forged;        /* see check_order() */
	unsigned seen;      /* clauses, a bit each */
	size_t last;        /* the clause before; when any was seen */
};

/* ---- addresses and names */

/* "[192.0.2.1]", "[IPv6:2001:db8::1]:4711", "192.0.2.1", "user@192.0.2.1"; bare: without brackets, too. */
static bool
read_address(const char *text, bool bare, struct ip *out)
{
	char copy[IP_TEXT_MAX + 8];
	const char *open = strchr(text, '[');
	const char *from = open != NULL ? open + 1 : text, *at = strrchr(text, '@');
	if (open == NULL && !bare)
		return false;
	if (open == NULL && at != NULL)
		from = at + 1;
	if (strncasecmp(from, "IPv6:", 5) == 0)
		from += 5;
	size_t n = open != NULL ? strcspn(from, "]%") : strcspn(from, "%");
	if (n >= sizeof copy)
		return false;
	memcpy(copy, from, n);
	copy[n] = '\0';
	return ip_parse(copy, out);
}

static bool
is_unknown(const char *word)
{
	static const char *const words[] = { "unknown", "<unknown>", "nodns", "no-reverse-dns" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasecmp(word, words[i]) == 0)
			return true;
	return false;
}

/* A word that stands where the server writes what it found by the PTR record. */
static void
take_name(struct reader *r, const char *word)
{
	char name[NAME_TEXT_MAX];
	struct ip ip;
	const char *at = strrchr(word, '@');
	const char *text = at != NULL ? at + 1 : word;
	if (is_unknown(text) || read_address(text, true, &ip)) {
		r->out->ptr = RECEIVED_PTR_NONE;
		return;
	}
	if (!name_from_user(text, name) || name[0] == '\0' ||
	    name_host_fault(name) == NAME_BAD_BYTE)
		return;
	r->out->ptr = RECEIVED_PTR_SEEN;
	r->out->name = arena_strdup(r->arena, name);
}

static const char *
host_name(struct reader *r, const char *word)
{
	char name[NAME_TEXT_MAX];
	return name_from_user(word, name) ? arena_strdup(r->arena, name) : "";
}

/* ---- comments of the clause "from" */

static const char *
next_word(struct reader *r, const char **at)
{
	const char *from = *at;
	size_t n = strcspn(from, " ");
	*at = from + n + (from[n] == ' ');
	return arena_strndup(r->arena, from, n);
}

static void
take_ehlo(struct reader *r, const char *word)
{
	if (r->ehlo_is_named)
		return;
	r->out->ehlo = word;
	r->ehlo_is_named = true;
}

/* "helo=mail.example" of Exim, "HELO mail.example" of qmail and Yahoo; *at is past the word. */
static bool
take_named_ehlo(struct reader *r, const char *word, const char **at)
{
	if (strncasecmp(word, "helo=", 5) == 0) {
		take_ehlo(r, word + 5);
		return true;
	}
	if (strcasecmp(word, "helo") != 0 && strcasecmp(word, "ehlo") != 0)
		return false;
	take_ehlo(r, next_word(r, at));
	return true;
}

/*
 * "mail.example [192.0.2.1] (may be forged)": the name before the address is the server's, and what follows
 * says what it thinks of it.  A comment without an address, such as that of TLS, says nothing here.
 */
static void
take_comment(struct reader *r, const char *text)
{
	const char *before = NULL;
	struct ip ip;
	bool clients = false; /* what follows its name in EHLO is the client's, too */
	bool whole = read_address(text, true, &ip) && strchr(text, ' ') == NULL;
	for (const char *at = text; *at != '\0';) {
		const char *word = next_word(r, &at);
		if (take_named_ehlo(r, word, &at)) {
			clients = true;
			continue;
		}
		bool said = clients || word[strcspn(word, "=[")] == '=';
		bool found = !said && r->out->address.family == 0 && read_address(word, whole, &ip);
		if (!found && before == NULL)
			before = word;
		if (!found)
			continue;
		r->out->address = ip;
		size_t glued = strcspn(word, "[");
		if (before == NULL && !whole && glued > 0)
			before = arena_strndup(r->arena, word, glued);
		if (before != NULL && strchr(before, '=') == NULL)
			take_name(r, before);
	}
	if (r->out->ptr == RECEIVED_PTR_SEEN && strcasestr(text, "may be forged") != NULL)
		r->out->ptr = RECEIVED_PTR_DOUBTED;
}

/* ---- clauses */

static void
read_from(struct reader *r, const struct clause *c)
{
	struct received *out = r->out;
	struct ip ip;
	out->has_from = c->n > 0;
	/* what follows the address may hold words of the client: those of its certificate */
	for (size_t i = 0; i < c->n && out->address.family == 0; i++)
		if (c->words[i].kind == WORD_COMMENT)
			take_comment(r, c->words[i].text);
	for (size_t i = 1; i < c->n && out->address.family == 0; i++)
		if (c->words[i].kind == WORD_TEXT && read_address(c->words[i].text, false, &ip))
			out->address = ip;
	if (c->n == 0 || c->words[0].kind != WORD_TEXT)
		return;
	const char *first = c->words[0].text;
	if (out->address.family == 0 && read_address(first, true, &ip))
		out->address = ip;
	if (!r->ehlo_is_named)
		out->ehlo = first;
	else if (out->ptr == RECEIVED_PTR_UNSAID)
		take_name(r, first);
}

static void
read_by(struct reader *r, const struct clause *c)
{
	if (c->n > 0 && c->words[0].kind == WORD_TEXT)
		r->out->by = host_name(r, c->words[0].text);
}

static void
read_with(struct reader *r, const struct clause *c)
{
	const char *text = "";
	for (size_t i = 0; i < c->n && c->words[i].kind == WORD_TEXT; i++)
		text = arena_printf(r->arena, "%s%s%s", text, i > 0 ? " " : "", c->words[i].text);
	r->out->with = text;
}

static void
read_nothing(struct reader *r, const struct clause *c)
{
	(void)r;
	(void)c;
}

static const struct {
	const char *word;
	void (*read)(struct reader *r, const struct clause *c);
} clauses[] = {
	{ "from", read_from },
	{ "by", read_by },
	{ "with", read_with },
	{ "via", read_nothing },
	{ "id", read_nothing },
	{ "for", read_nothing },
};
enum { CLAUSE_FROM, CLAUSE_BY, CLAUSES = sizeof clauses / sizeof clauses[0] };

static size_t
clause_of(const struct word *w)
{
	size_t i = 0;
	while (i < CLAUSES && (w->kind != WORD_TEXT || strcasecmp(w->text, clauses[i].word) != 0))
		i++;
	return i;
}

/* Exim: "(envelope-from <user@example.com>)" */
static void
take_sender(struct reader *r, const struct word *w)
{
	static const char mark[] = "envelope-from ";
	if (w->kind != WORD_COMMENT || r->out->sender != NULL)
		return;
	const char *at = strstr(w->text, mark);
	if (at != NULL) {
		at += sizeof mark - 1;
		r->out->sender = arena_strndup(r->arena, at, strcspn(at, " "));
	}
}

/* The text after the last semicolon; how many words stand before it. */
static size_t
take_date(struct reader *r, const struct word *words, size_t n, const char *value, size_t len)
{
	size_t end = n;
	while (end > 0 && words[end - 1].kind != WORD_STOP)
		end--;
	if (end == 0)
		return n;
	const char *date = value + words[end - 1].at + 1, *stop = value + len;
	while (date < stop && strchr(" \t\r\n", *date) != NULL)
		date++;
	while (stop > date && strchr(" \t\r\n", stop[-1]) != NULL)
		stop--;
	r->out->date = arena_strndup(r->arena, date, (size_t)(stop - date));
	return end - 1;
}

/*
 * A client whose name in EHLO has blanks may bring words of clauses into the field: such a field has the clauses
 * in another order than any server writes, and says nothing that could be relied on.
 */
static void
check_order(struct reader *r, size_t clause)
{
	bool repeated = (r->seen & 1U << clause) != 0 && clause <= CLAUSE_BY;
	bool early = r->last == CLAUSE_FROM && r->seen != 0 && clause != CLAUSE_BY;
	r->forged |= repeated || early;
	r->seen |= 1U << clause;
	r->last = clause;
}

static void
read_clauses(struct reader *r, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t k = clause_of(&words[i]);
		take_sender(r, &words[i++]);
		if (k == CLAUSES)
			continue;
		check_order(r, k);
		/* the first word belongs to its clause whatever it is: a client may say EHLO by */
		struct clause c = { .words = words + i, .n = i < n };
		while (i + c.n < n && clause_of(&words[i + c.n]) == CLAUSES)
			c.n++;
		for (size_t w = 0; w < c.n; w++)
			take_sender(r, &c.words[w]);
		clauses[k].read(r, &c);
		i += c.n;
	}
}

void
received_read(struct arena *a, const char *value, size_t len, struct received *out)
{
	size_t n;
	struct reader r = { .arena = a, .out = out };
	*out = (struct received){ .ehlo = "", .name = "", .by = "", .with = "", .date = "" };
	if (len > RECEIVED_TEXT_MAX) {
		out->has_from = true; /* not known: it must not be passed over */
		return;
	}
	const struct word *words = words_read(a, value, len, false, &n);
	r.forged = n == WORDS_MAX; /* the rest was not read */
	n = take_date(&r, words, n, value, len);
	read_clauses(&r, words, n);
	if (r.forged)
		out->address = (struct ip){ .family = 0 };
}

bool
received_is_handed_over(const struct received *r)
{
	static const char *const ways[] = { "lmtp", "imap", "pop3", "local", "mapi", "uucp" };
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strncasecmp(r->with, ways[i], strlen(ways[i])) == 0)
			return true;
	return !r->has_from;
}
