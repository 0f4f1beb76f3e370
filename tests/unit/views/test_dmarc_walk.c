/* The tree walk: RFC 9989 4.10, its questions, and the examples of its appendix B.4. */
#include "views/dmarc_walk.h"

#include "base/arena.h"
#include "base/name.h"
#include "test.h"

static const struct {
	const char *domain, *asked;
} questions[] = {
	{ "com", "com" },
	{ "example.com", "example.com com" },
	{ "a.mail.example.com", "a.mail.example.com mail.example.com example.com com" },
	{ "1.2.3.4.5.6.7.8",
	    "1.2.3.4.5.6.7.8 2.3.4.5.6.7.8 3.4.5.6.7.8 4.5.6.7.8 5.6.7.8 6.7.8 7.8 8" },
	{ "0.1.2.3.4.5.6.7.8",
	    "0.1.2.3.4.5.6.7.8 2.3.4.5.6.7.8 3.4.5.6.7.8 4.5.6.7.8 5.6.7.8 6.7.8 7.8 8" },
	/* the example of section 4.10 */
	{ "a.b.c.d.e.f.g.h.i.j.mail.example.com",
	    "a.b.c.d.e.f.g.h.i.j.mail.example.com g.h.i.j.mail.example.com h.i.j.mail.example.com "
	    "i.j.mail.example.com j.mail.example.com mail.example.com example.com com" },
};

static void
test_questions(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(questions); i++) {
		const char *domains[DMARC_QUESTIONS_MAX];
		char said[512] = "";
		ROW(questions[i].domain);
		size_t n = dmarc_walk_domains(questions[i].domain, domains);
		for (size_t d = 0; d < n; d++)
			snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s",
			    d > 0 ? " " : "", domains[d]);
		assert_string_equal(said, questions[i].asked);
	}
}

/* "name record|name record": what stands at _dmarc below each; "?" for the record: no answer. */
struct zone {
	struct arena *arena;
	const char *text;
};

static const struct dns_answer *
zone_answer(const void *context, const char *name)
{
	const struct zone *z = context;
	struct dns_answer *answer = arena_alloc(z->arena, sizeof *answer);
	size_t cap = 0;
	char wanted[NAME_TEXT_MAX + 2];
	*answer = *dns_answer_bare(DNS_NXDOMAIN);
	snprintf(wanted, sizeof wanted, "%s ", name + strlen("_dmarc."));
	for (const char *at = z->text; *at != '\0';) {
		size_t len = strcspn(at, "|"), skip = strlen(wanted);
		if (len > skip && strncmp(at, wanted, skip) == 0) {
			const char *text = arena_strndup(z->arena, at + skip, len - skip);
			if (text[0] == '?')
				return dns_answer_bare(DNS_SERVFAIL);
			answer->records = arena_grow(z->arena, answer->records, answer->n_records,
			    &cap, sizeof *answer->records);
			answer->records[answer->n_records++] = (struct dns_record){ .text = text };
			answer->status = DNS_FOUND;
		}
		at += len + (at[len] == '|');
	}
	return answer;
}

#define R "v=DMARC1; p=reject"

static const struct {
	const char *name, *zone, *domain, *org, *policy; /* "": none */
	size_t n;
} walks[] = {
	{ "nothing anywhere: the domain itself", "", "a.mail.example.com", "a.mail.example.com", "",
	    4 },
	{ "at the domain", "example.com " R, "example.com", "example.com", "example.com", 2 },
	{ "above it", "example.com " R, "a.mail.example.com", "example.com", "example.com", 4 },
	{ "the fewest labels", "mail.example.com " R "|example.com " R, "a.mail.example.com",
	    "example.com", "example.com", 4 },
	{ "the domain's own policy, and its parent's organisation",
	    "mail.example.com " R "|example.com " R, "mail.example.com", "example.com",
	    "mail.example.com", 3 },
	{ "a record between counts for nothing without being on top",
	    "b.example.com " R "|example.com " R, "a.b.example.com", "example.com", "example.com",
	    4 },
	{ "psd=n ends it", "mail.example.com " R "; psd=n|example.com " R, "a.mail.example.com",
	    "mail.example.com", "mail.example.com", 2 },
	{ "psd=n at the domain", "mail.example.com " R "; psd=n|example.com " R, "mail.example.com",
	    "mail.example.com", "mail.example.com", 1 },
	{ "psd=y: one label below", "com " R "; psd=y", "a.mail.example.com", "example.com", "com",
	    4 },
	{ "psd=y with a record below", "com " R "; psd=y|example.com " R, "a.mail.example.com",
	    "example.com", "example.com", 4 },
	{ "psd=y with a record too far below: it is not the organisation's",
	    "com " R "; psd=y|mail.example.com " R, "a.mail.example.com", "example.com", "com", 4 },
	{ "psd=y at the domain itself", "bank.example " R "; psd=y|example " R, "bank.example",
	    "bank.example", "bank.example", 1 },
	{ "psd=u is as if nothing was said", "example.com " R "; psd=u|com " R, "example.com",
	    "com", "example.com", 2 },
	{ "psd=y above labels that were passed over", "3.4.5.6.7.8.9 " R "; psd=y",
	    "a.b.1.2.3.4.5.6.7.8.9", "2.3.4.5.6.7.8.9", "3.4.5.6.7.8.9", 2 },
	{ "several are none", "example.com " R "|example.com v=DMARC1|com " R, "example.com", "com",
	    "com", 2 },
	{ "other texts are none", "example.com v=spf1 -all|example.com " R, "example.com",
	    "example.com", "example.com", 2 },
	{ "a near miss is none", "example.com v=dmarc1; p=reject", "example.com", "example.com", "",
	    2 },
	{ "an answer that is missing", "com ?|example.com " R, "a.example.com", "", "", 3 },
	{ "an answer that is missing, with an own record", "com ?|example.com " R, "example.com",
	    "", "example.com", 2 },
	{ "psd=n below an answer that would be missing", "com ?|example.com " R "; psd=n",
	    "a.example.com", "example.com", "example.com", 2 },
	/* RFC 9989 B.4.1 */
	{ "B.4.1 author", "example.com " R "|signing.example.com " R, "example.com", "example.com",
	    "example.com", 2 },
	{ "B.4.1 DKIM", "example.com " R "|signing.example.com " R, "signing.example.com",
	    "example.com", "signing.example.com", 3 },
	/* B.4.2 */
	{ "B.4.2 author", "example.com " R "|signing.example.com " R,
	    "a.b.c.d.e.f.g.h.i.j.k.example.com", "example.com", "example.com", 8 },
	/* B.4.3 */
	{ "B.4.3 author", "bank.example " R "; psd=y|giant.bank.example " R, "giant.bank.example",
	    "giant.bank.example", "giant.bank.example", 2 },
	{ "B.4.3 MAIL FROM", "bank.example " R "; psd=y|giant.bank.example " R,
	    "mail.giant.bank.example", "giant.bank.example", "giant.bank.example", 3 },
	{ "B.4.3 DKIM", "bank.example " R "; psd=y|giant.bank.example " R, "mail.mega.bank.example",
	    "mega.bank.example", "bank.example", 3 },
};

static void
test_walk(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(walks); i++) {
		struct arena a;
		struct dmarc_walk w;
		struct zone z = { &a, walks[i].zone };
		ROW(walks[i].name);
		arena_init(&a);
		dmarc_walk(&a, walks[i].domain, zone_answer, &z, &w);
		const struct dmarc_step *policy = dmarc_walk_policy(&w);
		assert_string_equal(w.org, walks[i].org);
		assert_string_equal(policy != NULL ? policy->domain : "", walks[i].policy);
		assert_int_equal(w.n, walks[i].n);
		assert_true(w.n <= DMARC_QUESTIONS_MAX);
		arena_fini(&a);
	}
}

static void
test_near_miss(void **state)
{
	(void)state;
	struct arena a;
	struct dmarc_walk w;
	struct zone z = { &a, "example.com v=spf1 -all|example.com v=dmarc1; p=none" };
	arena_init(&a);
	dmarc_walk(&a, "example.com", zone_answer, &z, &w);
	assert_string_equal(w.steps[0].near_miss, "writes DMARC1 in small letters");
	assert_string_equal(w.steps[0].miss_text, "v=dmarc1; p=none");
	assert_null(w.steps[1].near_miss);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_near_miss),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
