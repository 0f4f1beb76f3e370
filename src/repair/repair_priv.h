/* What the files of a repair share. */
#ifndef MAILREADY_REPAIR_REPAIR_PRIV_H
#define MAILREADY_REPAIR_REPAIR_PRIV_H

#include "fix/apply.h"
#include "repair/repair.h"
#include "run/run_priv.h"
#include "run/world.h"

/* The checks that judge before and after. */
extern const struct check *const fix_checks[];
extern const size_t fix_checks_n;

/* Time for one look at the DNS. */
enum { LOOK_US = 3000000, REQUEST_MS_MIN = 1000, MACHINE_MAX = 64 };

/* One run: the DNS, the provider sessions, and the policy that the checks judge by. */
struct repair {
	const struct fix_options *options;
	struct err *err;
	struct session session; /* lists and patterns; see run_priv.h */
	struct run_result ignored;
	struct policy policy; /* asks the authority always */
	struct dns_world dns;
	struct world world;
	char said[256]; /* the last progress: the same is not said twice */
	char machine[MACHINE_MAX];
	struct arena arena;
	struct http_client *http;
	uint64_t deadline_us; /* of what is being done: no request is waited for longer */
	struct provider_options provider_options;
	struct provider_list providers;    /* all there are */
	struct provider_session *sessions; /* as providers; provider NULL: not open */
	/* As providers: credentials that were refused once are not tried again for other addresses. */
	struct err *refused;
	const char *provider;      /* of the address at hand; NULL: all are asked */
	const struct one *planned; /* the addresses of this run that have a plan, in order */
	size_t n_planned;
	struct buf text;
	size_t n_reports;
};

enum err_code repair_open(struct repair *r, const struct fix_options *o,
    struct err *err) MUST_CHECK;
void repair_close(struct repair *r); /* whatever repair_open() returned */

enum err_code repair_report(struct repair *r, const struct fix_report *report) MUST_CHECK;
/* What is around the reports; many: an array of them. */
enum err_code repair_begin(struct repair *r, bool many) MUST_CHECK;
enum err_code repair_end(struct repair *r, bool many) MUST_CHECK;
enum err_code repair_write(struct repair *r) MUST_CHECK; /* r->text */

/* ---- accounts (account.c) */

/* Where the run's providers have it. */
size_t account_index(const struct repair *r, const struct provider *p);

/* The open session of that provider. */
enum err_code account_session(struct repair *r, const struct provider *p,
    struct provider_session **out, struct err *err) MUST_CHECK;

/* What an account says of an address: provider and ip are the question. */
struct account_answer {
	const struct provider *provider;
	const struct ip *ip;
	struct err err; /* code ERR_NONE: it has the address; ERR_DATA: it does not */
	bool opened; /* its credentials could be read; else err begins with the provider's title */
	struct provider_place place;
	char warnings[1024]; /* as a session has them */
};

/*
 * Asks all of them, side by side where they are several, each for at most 20 seconds (ask.c).  The sessions
 * stay open: logins are made once.
 */
void account_ask(struct repair *r, struct account_answer *list, size_t n);

/* Why accounts that were asked cannot write the record of an address: a sentence each, without advice. */
struct refusals {
	struct arena *arena;
	const char *list[PLAN_REFUSALS_MAX];
	size_t n;
	struct err first; /* with its advice */
};

/*
 * The account that the address is in: the named provider's, or the one of all that have credentials.
 * All of them are asked at once, each with a limit: ERR_CONFIG names both when two have it.  *out NULL and
 * ERR_NONE: no credentials for any, or none of the accounts has the address; why says that of each.
 * Another error: it is unknown whether an account has it.  Where one has it and another could not be
 * asked, the session's warnings say so.
 */
enum err_code account_find(struct repair *r, const struct ip *ip, struct provider_session **out,
    struct provider_place *place, struct refusals *why, struct err *err) MUST_CHECK;

/* Not in a file yet, and read for one address: retries as apply_get() has them. */
struct apply account_reader(struct repair *r, struct provider_session *s);

/* ---- one address (one.c) */

struct one {
	struct repair *repair;
	struct arena arena;
	struct facts facts;
	struct understanding known; /* of target and facts, once they are gathered */
	struct findings findings;
	struct target target;
	const char *wanted[PROVIDER_NAMES_MAX];
	struct provider_session *account; /* NULL: none */
	struct plan_account state;
	struct refusals why; /* no account can write it */
	struct provider_place place;
	struct plan plan;
	struct journal journal;
	struct proof proof;
	struct request request;
	struct request_facts asked; /* what the request is made of */
	struct fix_report report;
	struct err err;
	uint64_t deadline_us; /* for the change and its proof */
	int lock_fd;          /* held while the address is changed; -1 */
};

void one_init(struct one *one, struct repair *r, const struct ip *ip);
void one_fini(struct one *one);
void one_start_clock(struct one *one); /* the time for the change and its proof begins now */

/* Gathers, judges, reads the account, plans.  An error is the address's own. */
enum err_code one_plan(struct one *one, const struct fix_spec *spec,
    const struct plan_wish *wish) MUST_CHECK;

/* Journal, steps, proof; the outcome is in the report. */
void one_apply(struct one *one);
void one_finish(struct one *one); /* steps that are open, then the proof */
void one_resume(struct one *one); /* the same of a journal that was loaded */
void one_undo(struct one *one);
void one_wait(struct one *one);                                       /* the proof alone */
enum err_code one_load(struct one *one, const char *path) MUST_CHECK; /* from a journal */

void one_count(const struct one *one, struct fix_result *result);

/* ---- one run at a time changes an address (lock.c) */

/*
 * Waits for another run of this user that changes the address, as long as there is time for the change;
 * ERR_TEMP names its process.  The lock ends with the process that holds it, however that ends.
 */
enum err_code one_lock(struct one *one) MUST_CHECK;
void one_unlock(struct one *one); /* none is held: does nothing */

/* Where journals and locks are: below $XDG_STATE_HOME, or its default; NULL without it and HOME. */
const char *repair_state_dir(struct arena *a);

#endif
