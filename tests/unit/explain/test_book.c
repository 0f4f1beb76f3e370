/* The code book: what is in it, and that each of its rows is found by a reply of its provider's form. */
#include "test.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/arena.h"
#include "checks/registry.h"
#include "explain/book.h"

static struct book *
open_book(void)
{
	struct book *b = book_new();
	struct err err = { .code = ERR_NONE };
	if (book_read_file(b, "data/replies.ini", &err) != ERR_NONE ||
	    book_finish(b, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	return b;
}

/* The words that a row's check may be: ours, and those that are planned. */
static const char *const planned_checks[] = { "authority", "egress", "dane", "mta-sts", "dnssec",
	"bimi" };

static bool
is_check(const char *word, size_t len)
{
	for (size_t i = 0; i < checks_n; i++)
		if (strlen(checks_all[i]->id) == len && memcmp(checks_all[i]->id, word, len) == 0)
			return true;
	for (size_t i = 0; i < N_ELEMENTS(planned_checks); i++)
		if (strlen(planned_checks[i]) == len && memcmp(planned_checks[i], word, len) == 0)
			return true;
	return false;
}

static bool
are_checks(const char *words)
{
	while (*words != '\0') {
		size_t len = strcspn(words, " ");
		if (!is_check(words, len))
			return false;
		words += len + (words[len] == ' ');
	}
	return true;
}

/* All are there, each whole; book_finish() has refused what is not. */
static void
test_lint(void **state)
{
	size_t n, n_causes;
	struct book *b = open_book();
	const struct book_row *rows = book_rows(b, &n);
	const struct book_cause *causes = book_causes(b, &n_causes);
	(void)state;
	assert_true(n >= 324);
	for (size_t i = 0; i < n; i++) {
		const struct book_row *r = &rows[i];
		ROW(r->id);
		assert_true(are_checks(r->check));
		assert_true(r->means[strlen(r->means) - 1] == '.');
		/* a sentence, or what is to be copied */
		assert_true(strchr(".`/", r->remedy[strlen(r->remedy) - 1]) != NULL ||
		    strstr(r->remedy, "https://") != NULL);
		assert_true(isdigit((unsigned char)r->date[0]) && atol(r->date) >= 2000);
		assert_true(r->list[0] == '\0' || strchr(r->list, '.') != NULL);
		for (const char *c = r->code; *c != '\0'; c++)
			assert_true(strchr("0123456789x ", *c) != NULL);
		for (const char *c = r->status; *c != '\0'; c++)
			assert_true(strchr("0123456789x. -", *c) != NULL);
	}
	for (size_t i = 0; i < n_causes; i++) {
		ROW(causes[i].id);
		assert_true(strcmp(causes[i].check, "none") == 0 || are_checks(causes[i].check));
	}
	book_free(b);
}

/* ---- each row by a reply in its provider's form */

static const char *
sample_code(const struct book_row *r)
{
	static char code[4];
	for (size_t i = 0; i < 3; i++)
		code[i] = r->code[i] != 'x' ? r->code[i] : i == 0 ? '5' : i == 1 ? '5' : '0';
	return code;
}

static const char *
sample_status(const struct book_row *r, struct arena *a)
{
	char *status = arena_strndup(a, r->status, strcspn(r->status, " -"));
	if (status[0] == 'x')
		status[0] = sample_code(r)[0];
	return status;
}

/* One alternative as a receiver says it: digits for "#", and something between the parts. */
static const char *
sample_phrase(const char *words, size_t len, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < len; i++) {
		bool sign = words[i] == '\\' && i + 1 < len && words[i + 1] == '#';
		bool joint = i + 2 < len && memcmp(words + i, " + ", 3) == 0;
		if (joint)
			text = arena_printf(a, "%s it is ", text);
		else
			text = arena_printf(a, "%s%c", text,
			    sign                ? '#' :
				words[i] == '#' ? '1' :
						  words[i]);
		i += joint ? 2 : sign;
	}
	return text;
}

static size_t
alternative_len(const char *words)
{
	const char *end = strstr(words, " | ");
	return end != NULL ? (size_t)(end - words) : strlen(words);
}

static bool
holds_mark(const char *text, const char *marks)
{
	while (*marks != '\0') {
		size_t len = alternative_len(marks);
		if (book_phrase_in(text, marks, len, false))
			return true;
		marks += len;
		marks += marks[0] != '\0' ? 3 : 0;
	}
	return false;
}

static void
check_row(const struct book *b, const struct book_row *row, const char *words, size_t len)
{
	struct arena a;
	struct reply r;
	struct explanation e;
	const struct book_provider *p = row->from;
	arena_init(&a);
	bool marked = p->mark[0] != '\0';
	const char *phrase = sample_phrase(words, len, &a);
	const char *text = arena_printf(&a,
	    "%s %s The address [203.0.113.25] is not welcome: %s %s", sample_code(row),
	    sample_status(row, &a), phrase,
	    marked && !holds_mark(phrase, p->mark) ?
		sample_phrase(p->mark, alternative_len(p->mark), &a) :
		"");
	assert_true(reply_read(text, strlen(text), &a, &r));
	char host[256] = "";
	if (p->mx[0] != '\0')
		snprintf(host, sizeof host, "%s%.*s", p->mx[0] == '*' ? "mx1" : "",
		    (int)(strcspn(p->mx, " ") - (p->mx[0] == '*')), p->mx + (p->mx[0] == '*'));
	r.host = host;
	book_explain(b, &r, &a, &e);
	if (strcmp(e.rule, row->id) != 0 || strcmp(e.cause, row->cause) != 0)
		fail_msg("%s: \"%s\" of %s is explained by %s", row->id, text, host, e.rule);
	if (marked || host[0] != '\0')
		assert_int_equal(e.by, marked ? EXPLAIN_BY_MARK : EXPLAIN_BY_MX);
	assert_string_equal(e.status, sample_status(row, &a));
	char quoted[IP_TEXT_MAX];
	assert_string_equal(ip_format(&e.address, quoted), "203.0.113.25");
	arena_fini(&a);
}

static void
test_rows(void **state)
{
	size_t n;
	struct book *b = open_book();
	const struct book_row *rows = book_rows(b, &n);
	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *words = rows[i].words;
		ROW(rows[i].id);
		do {
			size_t len = alternative_len(words);
			check_row(b, &rows[i], words, len);
			words += len;
			words += words[0] != '\0' ? 3 : 0;
		} while (*words != '\0');
	}
	book_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lint),
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
