/*
 * The plan: which records to write, in which order, so that an address gets the PTR names
 * that its owner wants and they lead back to it.  Pure: everything that was asked of DNS and of the
 * account is in the input, and the same input always gives the same plan.
 *
 * A name that does not resolve to the address comes first: a PTR record that fails its confirmation
 * is refused by receivers just as none (RFC 8601 3), and some providers refuse to set it.
 */
#ifndef MAILREADY_FIX_PLAN_H
#define MAILREADY_FIX_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "base/err.h"
#include "checks/finding.h"
#include "gather/target.h"
#include "provider/provider.h"

#define PLAN_SCHEMA "mailready.plan/1"

enum {
	PLAN_VALUES_MAX = PROVIDER_IPS_MAX,
	PLAN_STEPS_MAX = PROVIDER_NAMES_MAX + 1,
	PLAN_REFUSALS_MAX = 8,
};

/* The user's wishes, except the names, which are in the target. */
struct plan_wish {
	uint32_t ttl_s;          /* 0: the provider's default */
	const char *description; /* NULL: as it is */
	const char *const *tags; /* "KEY=VALUE"; none: as they are */
	size_t n_tags;
	bool replace;      /* overwrite a PTR record that somebody set on purpose */
	bool with_forward; /* write A and AAAA records too, where the zone is in the account */
	bool force_order;  /* set the PTR record although a name does not lead back */
	bool unset;        /* take the PTR record away; a default of the provider's comes back */
};

/* The addresses of one wanted name as the account holds them. */
struct plan_forward {
	bool here;           /* the zone is in the account */
	const char *why_not; /* else why it is not; NULL or "" when nobody asked */
	struct provider_set set;
};

/* The provider's data about the address; read just before. */
struct plan_account {
	const struct provider *provider;
	const struct provider_place *place;
	struct provider_record record;
	enum provider_state state;
	struct plan_forward forwards[PROVIDER_NAMES_MAX]; /* as target->wanted */
};

struct plan_input {
	/* of a target whose wanted names are the PTR names, gathered with fix_wants (fix/now.h) */
	struct understanding *known;
	const struct findings *findings;
	const struct plan_account *account; /* NULL: no account that could write the record */
	const struct plan_wish *wish;
	const char *const *refusals; /* why the accounts that were asked cannot write it */
	size_t n_refusals;
};

enum step_kind { STEP_FORWARD, STEP_PTR };
extern const struct enumtab step_kind_names; /* "forward" "ptr" */

/* The content of a record set. */
struct plan_value {
	const char *
	    *values; /* PTR names, or addresses as text; sorted, each once; none: no record */
	size_t n_values;
	bool is_default;         /* the name that the provider gives when nobody sets one */
	uint32_t ttl_s;          /* 0: not known, or the provider's choice */
	bool ttl_zero;           /* but not here: it is known to be 0 */
	const char *description; /* "" */
	const char **tags;
	size_t n_tags;
	const char *enterprise_project; /* that the record belongs to; "" or NULL: unknown */
};

/*
 * One change.  Its precondition is that the record set still holds old; its inverse is to put old
 * back, the provider's default included.
 */
struct plan_step {
	enum step_kind kind;
	const char *subject; /* the address of a PTR record, the name of a forward record */
	const char *rule; /* id of the finding that it answers; "" when the user alone wants it */
	struct plan_value old, new;
};

/* A record that must be published where nothing of ours can write. */
struct plan_need {
	const char *name, *type, *value;
	const char *zone;    /* "" while unknown */
	const char *mailbox; /* of the zone's holder; "" */
	const char *now;     /* the addresses that the name has: "192.0.2.9"; "" */
};

enum plan_status {
	PLAN_NOTHING,   /* all is as wanted */
	PLAN_WAIT,      /* the account holds it, DNS does not show it yet: nothing to write */
	PLAN_CHANGE,    /* steps that can be applied */
	PLAN_BLOCKED,   /* something else has to come first; the notes say what */
	PLAN_UNDECIDED, /* unknown now */
};
extern const struct enumtab plan_status_names; /* "nothing" "wait" "change" "blocked" "undecided" */

struct plan {
	struct ip ip;
	char address[IP_TEXT_MAX];
	const char *const *names; /* wanted */
	size_t n_names;
	struct plan_wish wish;
	const char *provider; /* its name; "" without an account */
	struct provider_place place;
	enum plan_status status;
	const char *summary; /* one sentence, safe to print */
	struct plan_step steps[PLAN_STEPS_MAX];
	size_t n_steps;
	struct plan_need needs[PROVIDER_NAMES_MAX];
	size_t n_needs;
	const char **notes; /* sentences, safe to print */
	size_t n_notes, cap_notes;
	/* The old answer of the authority, else of the resolver: undo must bring it back. */
	bool dns_known;
	const char **dns_names;
	size_t n_dns_names;
	uint32_t cached_s; /* how long caches may keep it */
};

/*
 * Refuses what can never be done with an error: names that are no host names, too many of them, a
 * description or TTL out of bounds (ERR_DATA), an address that no PTR record of the public DNS can be
 * set for, or that this provider cannot serve (ERR_NOPERM).  Everything else is the plan's status.
 * Strings are the input's or in a.
 */
enum err_code plan_make(const struct plan_input *in, struct arena *a, struct plan *out,
    struct err *err) MUST_CHECK;

/* The checks that can be made before anything is asked; provider may be NULL. */
enum err_code plan_check_wish(const struct target *t, const struct plan_wish *wish,
    const struct provider *provider, struct err *err) MUST_CHECK;

/* Do two values hold the same records?  TTLs count when both are known. */
bool plan_value_same(const struct plan_value *a, const struct plan_value *b);

/* Between the provider's records and values. */
void plan_value_of_record(const struct provider_record *r, enum provider_state state,
    struct arena *a, struct plan_value *out);
void plan_value_of_set(const struct provider_set *set, struct arena *a, struct plan_value *out);
void plan_value_to_record(const struct plan_value *v, const struct ip *ip,
    struct provider_record *out);
void plan_value_to_set(const struct plan_value *v, struct provider_set *out);

/*
 * The addresses that a name will have once this plan is carried out, before another of the same run that
 * is about the same name: the set of that family becomes what the plan writes.  Does nothing where the
 * plan does not change it.
 */
void plan_foresee(const struct plan *earlier, const char *name, int family,
    struct provider_set *set);

/*
 * The plan as JSON, a new reference; data/plan.schema.json describes it.  Dump it with
 * JSON_ENSURE_ASCII: descriptions and tags in it are as the account holds them.
 */
json_t *plan_json(const struct plan *p, int64_t now_s);

/* And back: untrusted; errors name the member.  Strings are copied into a. */
enum err_code plan_load(const json_t *json, struct arena *a, struct plan *out,
    struct err *err) MUST_CHECK;

/*
 * Is the saved plan still the plan?  The same steps from the same state; else ERR_NOPERM names what
 * has changed.
 */
enum err_code plan_still(const struct plan *saved, const struct plan *now,
    struct err *err) MUST_CHECK;

#endif
