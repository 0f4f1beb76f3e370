/*
 * Findings: what a check says about a subject, with the facts it rests on and what to do.
 */
#ifndef MAILREADY_CHECKS_FINDING_H
#define MAILREADY_CHECKS_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/enumtab.h"
#include "base/verdict.h"
#include "gather/check.h"
#include "gather/facts.h"

/* The parts of a server, in the order in which they are set up. */
enum stage {
	STAGE_ADDRESS,
	STAGE_FORWARD, /* A and AAAA records of the EHLO name and the PTR names */
	STAGE_PTR,
	STAGE_GREETING, /* EHLO name, banner, SMTP dialogue */
	STAGE_CERTIFICATE,
	STAGE_LISTING,
	STAGE_SENDER, /* what is published of the domain that the mail is from */
};
extern const struct enumtab stage_names; /* "address" "forward" "ptr" "greeting" ... */

/* What a rule is about. */
struct topic {
	enum stage stage;
	const char *noun; /* "PTR name", "block lists" */
	/* about records and names that the owner can still choose: before a server goes live they
	 * are judged as they are to be, not as they are */
	bool chosen;
};
extern const struct topic topic_address, topic_ptr, topic_zone, topic_ehlo, topic_dialogue,
    topic_tls, topic_certificate, topic_lists, topic_spf, topic_sender, topic_dkim, topic_dmarc;

enum { HEADLINE_MAX = 60 }; /* characters */

/* A stable kind of finding.  Ids never change their meaning once released. */
struct rule {
	const char *id; /* "ptr.missing": check id, dot, words with hyphens */
	const struct topic *topic;
	const char *headline;   /* "no PTR record": for first lines, subjects, titles */
	enum severity severity; /* unless the judge says otherwise for a case */
	bool required;          /* a temperror here makes the whole run undecided (exit 2) */
	const char *spec;       /* "RFC 1912 2.1"; "" when practice, not a standard */
	const char *why;        /* why it matters: which receivers refuse for it, with which code */
};

struct finding {
	const struct check *check; /* whose judge said it */
	const struct rule *rule;
	enum verdict verdict;
	enum severity severity;
	const char *subject; /* what it is about: an address, a name, a zone; safe to print */
	const char
	    *headline;    /* "listed on Spamhaus ZEN (SBL)": at most HEADLINE_MAX; safe to print */
	const char *text; /* one sentence; safe to print */
	/* what to do, for this case, names filled in, perhaps with a command (base/command); "" */
	const char *remedy;
	const char *why; /* the rule's, unless this case has another */
	const char
	    *cause;   /* the rule or check whose finding explains it, and is repaired first; "" */
	bool leads;   /* goes before whatever else was found: that counts only in its light */
	bool sums_up; /* speaks for the whole check: its first line, whatever is worse below */
	const char *story; /* how it came to that: lines, for readers of the evidence; NULL */
	const struct fact **evidence;
	size_t n_evidence, cap_evidence;
};

struct findings {
	struct arena *arena;       /* borrowed */
	const struct check *check; /* the one that judges now */
	struct finding **list;
	size_t n, cap;
};

void findings_init(struct findings *out, struct arena *a);

/* Lets each of n checks that has a subject judge what is known, in this order. */
void findings_judge(struct findings *out, const struct check *const *checks, size_t n,
    struct understanding *known);

/*
 * Adds a finding with the rule's severity.  subject and the formatted text are copied and made
 * safe to print (base/safe); so is the remedy.
 */
struct finding *finding_add(struct findings *out, const struct rule *rule, enum verdict verdict,
    const char *subject, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

void finding_remedy(struct findings *out, struct finding *f, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The headline of this case, in the place of the rule's; copied, made safe, and cut when too long. */
void finding_headline(struct findings *out, struct finding *f, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* NULL is accepted and adds nothing; the same fact is added once. */
void finding_evidence(struct findings *out, struct finding *f, const struct fact *fact);

/*
 * Says so in the text when a record of its evidence is planned, and of which type where the rest is what the
 * DNS says; to be called when all of it is there.
 */
void finding_mark_planned(struct findings *out, struct finding *f);

/*
 * The verdict over all findings: fail when any is bad; else temperror when a required rule is
 * unknown, or when nothing at all was judged (only skip and info); else warn; else pass.
 */
enum verdict findings_verdict(const struct findings *f);

#endif
