/*
 * Templates of webhook bodies: what a service such as Slack or PagerDuty wants to be sent, as data.  A
 * template is a JSON document whose strings hold ${NAME} or ${NAME:LIMIT}; mailready-webhooks(5) describes
 * it.  Values are put into strings of the document, never into its text: whatever a value holds, it stays
 * one string, and no author of a template has to escape anything.
 */
#ifndef MAILREADY_NOTIFY_TEMPLATE_H
#define MAILREADY_NOTIFY_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* What is known of a template without a message. */
struct webhook_template {
	bool per_event; /* a POST for each finding and outage that came or went, else one for all */
	bool repeat;    /* per event: those that stand are sent by every run */
	bool needs_key, needs_topic;
};

/* The file of a kind that comes with the program; ERR_CONFIG names the kinds that there are. */
enum err_code webhook_kind_path(const char *kind, char *out, size_t size,
    struct err *err) MUST_CHECK;

/*
 * Reads a template and judges all of it.  ERR_CONFIG, or ERR_NOINPUT when it cannot be read: the text
 * names the file and the member.
 */
enum err_code webhook_template_check(const char *path, struct webhook_template *out,
    struct err *err) MUST_CHECK;

#endif
