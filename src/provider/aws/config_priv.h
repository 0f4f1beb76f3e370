/* AWS: where keys and region come from. */
#ifndef MAILREADY_PROVIDER_AWS_CONFIG_PRIV_H
#define MAILREADY_PROVIDER_AWS_CONFIG_PRIV_H

#include <stdbool.h>

#include "provider/provider.h"

enum { AWS_REGION_MAX = 32 };

enum aws_key { AWS_KEY_ID, AWS_KEY_SECRET, AWS_KEY_TOKEN, AWS_KEYS };

/* Where the keys are, and what else is said beside them. */
struct aws_config {
	char *keys[AWS_KEYS];        /* NULL: not said; wiped by aws_config_fini() */
	char region[AWS_REGION_MAX]; /* "": not said */
	char region_from[200];       /* "AWS_REGION" */
	char profile[64];
	char source[400]; /* "the variable AWS_ACCESS_KEY_ID" */
	char warning[512];
	bool is_named;  /* AWS_PROFILE says which profile */
	bool found;     /* the profile is in a file */
	bool settled;   /* the keys are known from before this file: its own are not taken */
	char other[40]; /* what the profile has instead of keys: "role_arn"; "" */
};

/*
 * Environment, then the profile in the files of the AWS CLI; sends nothing.  ERR_CONFIG for what is
 * malformed or half there.  Without any key ERR_NONE, and keys stay NULL.
 */
enum err_code aws_config_read(struct aws_config *c, const struct provider_options *o,
    struct err *err) MUST_CHECK;
void aws_config_fini(struct aws_config *c);

/* One of the files, from memory, which is written to; prefix is that of its sections' names. */
enum err_code aws_config_read_text(struct aws_config *c, const char *file, char *text,
    const char *prefix, struct err *err) MUST_CHECK;

/* Keys that somebody handed out: "" for none.  where is for errors and for people. */
enum err_code aws_config_take(struct aws_config *c, const char *where,
    const char *const keys[AWS_KEYS], struct err *err) MUST_CHECK;

#endif
