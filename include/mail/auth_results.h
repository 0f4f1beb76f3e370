/*
 * The Authentication-Results header field (RFC 8601): what a receiver found when it took the message.
 * Untrusted; where it stands in the header says whether the receiver can have written it (mail/hop.h).
 */
#ifndef MAILREADY_MAIL_AUTH_RESULTS_H
#define MAILREADY_MAIL_AUTH_RESULTS_H

#include <stddef.h>

struct arena;

enum { AUTH_RESULTS_MAX = 32, AUTH_PROPERTIES_MAX = 12, AUTH_TEXT_MAX = 16384 /* bytes */ };

struct auth_property {
	const char *name;  /* "smtp.mailfrom", lower case */
	const char *value; /* as written */
};

struct auth_result {
	const char *method; /* "spf", lower case, without a version */
	const char *result; /* "pass", lower case */
	const char *reason; /* "" */
	struct auth_property properties[AUTH_PROPERTIES_MAX];
	size_t n_properties;
};

struct auth_results {
	const char *server; /* authserv-id, as written; "" where it is missing (Microsoft) */
	struct auth_result list[AUTH_RESULTS_MAX];
	size_t n; /* 0 after "none" */
};

/*
 * value: what stands after the colon, folds included.  What is not of the form METHOD=RESULT is passed over.  Strings
 * live in the arena.
 */
void auth_results_read(struct arena *a, const char *value, size_t len, struct auth_results *out);

/* The value of the property; "" without one of that name. */
const char *auth_property(const struct auth_result *r, const char *name);

#endif
