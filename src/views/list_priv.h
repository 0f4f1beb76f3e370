/* How lists are asked: through the resolver, or at their own servers; and about which names. */
#ifndef MAILREADY_VIEWS_LIST_PRIV_H
#define MAILREADY_VIEWS_LIST_PRIV_H

#include "lists/catalogue.h"
#include "views/understanding.h"

enum { LIST_SUBJECTS_MAX = 24 };

/* A domain that the server is known by. */
struct list_subject {
	const char *name;       /* mail.example.org */
	const char *registered; /* example.org */
};

/*
 * The EHLO name, the PTR names and the sender's domains, as far as they are known; of each name
 * one, and only names that belong to a registered domain: never an address (dbl.spamhaus.org
 * answers such a question with an error).  At most LIST_SUBJECTS_MAX.
 */
size_t list_subjects(struct understanding *k, struct list_subject out[LIST_SUBJECTS_MAX]);

/* The names that the list is asked about, by its own rule; at most 2 * LIST_SUBJECTS_MAX. */
size_t list_domains(const struct list *l, const struct list_subject *subjects, size_t n,
    const char *out[2 * LIST_SUBJECTS_MAX]);

/* The label that no list of domains holds, below the list's zone; false without one. */
bool list_probe_name(const struct policy *p, const struct list *l, char out[NAME_TEXT_MAX]);

/*
 * Wants the answer to a question about the list, and says what is known of it; never NULL.  With
 * policy.lists_direct the servers of its zone are looked up first, and the question goes to one of them, or to one more when that fails:
 * at most one retry to a list.  Lists with a key are always asked through the resolver.
 */
const struct dns_answer *list_want(const struct target *t, struct facts *f, const struct list *l,
    const char *name, uint16_t type, enum facts_lead lead);

/* Never NULL.  *fact: for evidence; may be NULL when fact is not of interest. */
const struct dns_answer *list_answer(const struct target *t, const struct facts *f,
    const struct list *l, const char *name, uint16_t type, const struct fact **fact);

/* Does the policy have no key for a list that wants one? */
bool list_lacks_key(const struct policy *p, const struct list *l);

/* The test entries of a list, and its probe. */
void list_want_entries(const struct target *t, struct facts *f, const struct list *l,
    const struct list_test *test);

/* What came of the entry that must be listed; pending without one. */
enum dns_status list_entry_status(const struct target *t, const struct facts *f,
    const struct list *l, const struct list_test *test);

/* list_judge() with the answers of the test entries, unless they were right lately. */
void list_judge_facts(const struct target *t, const struct facts *f, const struct list *l,
    const struct dns_answer *answer, const struct list_test *test, struct arena *a,
    struct list_verdict *out);

/*
 * Says of silent lists that their silence proves nothing, and of empty ones that their answers are
 * removed, when most of the tested ones show it.
 */
void list_views_doubt(const struct target *t, struct list_view *views, size_t n);

#endif
