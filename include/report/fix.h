/*
 * What came of one repair, for people and as JSON: a plan alone, or with what was written, what was
 * proven, and what went wrong.  data/plan.schema.json and data/fix.schema.json describe the JSON.
 */
#ifndef MAILREADY_REPORT_FIX_H
#define MAILREADY_REPORT_FIX_H

#include "base/buf.h"
#include "base/enumtab.h"
#include "fix/journal.h"
#include "fix/request.h"
#include "fix/verify.h"
#include "report/render.h"

#define FIX_SCHEMA "mailready.fix/1"

enum fix_outcome {
	FIX_PLANNED,  /* the plan alone: nothing was to be applied, or could be */
	FIX_DECLINED, /* the user said no */
	FIX_WRITTEN,  /* the API says that it is done; the DNS was not asked (--no-wait) */
	FIX_PROVEN,   /* every server shows it */
	FIX_UNPROVEN, /* written, but the DNS did not show it in time */
	FIX_FAILED,   /* err says why */
};
extern const struct enumtab fix_outcome_names; /* "planned" "declined" "written" ... */

struct fix_report {
	const struct plan *plan;
	const char *title;    /* of the provider; "" */
	const char *warnings; /* of the provider's session, a line each; "" */
	enum fix_outcome outcome;
	bool undo;                         /* the plan was taken back */
	bool result;                       /* more than a plan was asked for: a result document */
	const struct journal *journal;     /* NULL: nothing was written */
	const struct proof *proof;         /* NULL: not asked for */
	const struct request *request;     /* to those who can write; NULL */
	const struct request_facts *asked; /* what it is made of, or would be; NULL */
	const struct hoster_row *hoster;   /* that the address is from; NULL */
	const struct err *err;             /* ERR_NONE: none */
	int64_t now_s;
	struct arena *arena;
};

void fix_text(const struct fix_report *r, const struct render_options *o, struct buf *out);

/* The request to those who can write, in Markdown; where there is none, what is planned. */
void fix_markdown(const struct fix_report *r, const struct render_options *o, struct buf *out);

/* The resource that sets the record, in the language of Terraform; a comment where there is none. */
void fix_terraform(const struct fix_report *r, const struct render_options *o, struct buf *out);

/* The forms in which fix shows plans; those that only show cannot be applied. */
struct fix_form {
	const char *name; /* "text" */
	void (*write)(const struct fix_report *r, const struct render_options *o, struct buf *out);
	bool shows_only;
};
enum { FIX_FORM_TEXT, FIX_FORM_JSON, FIX_FORM_MARKDOWN, FIX_FORM_TERRAFORM, FIX_FORMS };
extern const struct fix_form fix_forms[FIX_FORMS]; /* write of json is NULL: fix_json() */

/* A plan document, or a result document; a new reference. */
json_t *fix_json(const struct fix_report *r);

/* What the account holds for one address, one line each; and as JSON. */
void ptr_text(const struct provider_record *r, const struct render_options *o, struct buf *out);
json_t *ptr_json(const struct provider_record *r);

#endif
