/* Inside of the configuration: how values are read, and what the whole must be. */
#ifndef MAILREADY_CONFIG_CONFIG_PRIV_H
#define MAILREADY_CONFIG_CONFIG_PRIV_H

#include "config/config.h"

key_fn config_path; /* absolute */
key_fn config_mail_url, config_web_url;
key_fn config_recipient;
key_fn config_groups;  /* "a, b", which may be NULL before */
key_fn config_dkim;    /* of a server */
key_fn config_timeout; /* a span of time, kept in microseconds */
key_fn config_share;   /* "2/3" */
key_fn config_option;  /* value of an option of check, which judges it */
key_fn config_flag;    /* yes or no: an option of check without a value */

/* "server outbound 1" is the section "server" with a label; NULL when it has none, or is another one. */
const char *config_section_label(const char *section, const char *word);

/* The mail of that name, made when there is none; "" is that of [mail]. */
struct notify_mail *config_mail(struct config *c, const char *name, struct arena *a);

/* The webhook of that name, made when there is none; "" is that of [webhook]. */
struct notify_webhook *config_webhook(struct config *c, const char *name, struct arena *a);

/* The program of that name, made when there is none; "" is that of [provider]. */
struct config_program *config_program(struct config *c, const char *name, struct arena *a);

/* After the last file: what single keys do not show. */
enum err_code config_finish(struct config *c, struct arena *a, struct err *err) MUST_CHECK;

#endif
