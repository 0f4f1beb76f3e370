/* Answers of lists in a word, for judge cases. */
#include "judge_lists.h"

#include "lists/catalogue.h"
#include "test.h"

enum part { ANSWER, LISTED, CLEAN, PROBE, PARTS, NOT_ITS = PARTS };

static const char *const healthy[PARTS] = { "no", "127.0.0.2", "no", "no" };

static bool
is_entry(const char *entry, const struct fact *fact)
{
	return entry[0] != '\0' && strcmp(entry, fact->name) == 0;
}

static enum part
part_of_entries(const struct list_test *test, const struct fact *fact)
{
	return is_entry(test->listed, fact) ? LISTED :
	    is_entry(test->clean, fact)     ? CLEAN :
					      NOT_ITS;
}

static bool
is_below(const char *name, const char *zone)
{
	size_t len = strlen(name), zone_len = strlen(zone);
	return len > zone_len + 1 && name[len - zone_len - 1] == '.' &&
	    strcmp(name + len - zone_len, zone) == 0;
}

/* Which of the list's answers the question is about. */
static enum part
part_of(const struct target *t, const struct list *l, const struct fact *fact)
{
	char name[NAME_TEXT_MAX];
	const char *probe = t->policy->probe;
	enum part part = NOT_ITS;
	if (list_takes(l, &t->ip)) {
		part = part_of_entries(list_test_for(l, &t->ip), fact);
		if (strcmp(list_query_name(l, &t->ip, name), fact->name) == 0)
			part = ANSWER;
	}
	if (part != NOT_ITS || !l->domain)
		return part;
	part = part_of_entries(&l->test_domain, fact);
	if (part == NOT_ITS && probe != NULL && list_domain_name(l, probe, name) &&
	    strcmp(name, fact->name) == 0)
		return PROBE;
	return part == NOT_ITS && is_below(fact->name, l->zone) ? ANSWER : part;
}

static bool
is_for(const char *label, const struct list *l)
{
	size_t len = strlen(label);
	return strcmp(label, "*") == 0 ||
	    (strncmp(l->zone, label, len) == 0 && l->zone[len] == '.');
}

static void
need_list(const struct catalogue *lists, const char *label)
{
	for (size_t i = 0; i < lists->n; i++)
		if (is_for(label, &lists->lists[i]))
			return;
	fail_msg("there is no list \"%s\"", label);
}

/* The word for one answer of a list: that of the last of the words that is about it. */
static const char *
find_word(const struct target *t, char *words, const struct list *l, enum part part)
{
	const char *found = healthy[part];
	for (char *word = strsep(&words, " "); word != NULL; word = strsep(&words, " ")) {
		if (*word == '\0')
			continue;
		const char *label = strsep(&word, "=");
		need_list(t->policy->lists, label);
		if (!is_for(label, l))
			continue;
		found = healthy[part];
		for (int i = ANSWER; word != NULL && i < PARTS; i++) {
			const char *one = strsep(&word, "/");
			if (i == (int)part)
				found = one;
		}
	}
	return found;
}

static void
read_word(const char *word, const struct fact *fact, struct arena *a, struct dns_answer *out)
{
	char *rest = arena_strdup(a, word);
	int status = DNS_NXDOMAIN;
	*out = dns_answer_pending;
	if (strcmp(word, "no") == 0 || enumtab_code(&dns_status_names, word, &status)) {
		out->status = (enum dns_status)status;
		return;
	}
	out->status = DNS_FOUND;
	out->records = arena_array(a, strlen(word), sizeof *out->records);
	for (char *one = strsep(&rest, "+"); one != NULL; one = strsep(&rest, "+")) {
		struct dns_record *record = &out->records[out->n_records++];
		*record = (struct dns_record){ .owner = fact->name, .type = DNS_A, .text = one };
		if (!ip_parse(one, &record->ip))
			fail_msg("\"%s\" is not an answer of a list", one);
	}
}

bool
judge_lists_answer(const struct target *t, const char *words, const struct fact *fact,
    struct arena *a, struct dns_answer *out)
{
	const struct catalogue *lists = t->policy->lists;
	for (size_t i = 0; i < lists->n && fact->type == DNS_A; i++) {
		enum part part = part_of(t, &lists->lists[i], fact);
		if (part == NOT_ITS)
			continue;
		read_word(find_word(t, arena_strdup(a, words), &lists->lists[i], part), fact, a,
		    out);
		return out->status != DNS_PENDING;
	}
	return false;
}
