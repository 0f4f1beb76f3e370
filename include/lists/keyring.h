/*
 * Keys of lists that answer only with one.  The question contains the key, right before
 * the zone; everything else in the program knows the question without it: it is put in where the
 * question leaves, and taken out of what comes back.  So no dump, report or error can show it.
 */
#ifndef MAILREADY_LISTS_KEYRING_H
#define MAILREADY_LISTS_KEYRING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/name.h"

struct arena;
struct catalogue;
struct keyring;

struct keyring *keyring_new(void);

/* Wipes the keys.  NULL is accepted. */
void keyring_free(struct keyring *k);

/*
 * Takes NAME=VALUE pairs whose name starts with MAILREADY_KEY_: MAILREADY_KEY_SPAMHAUS_DQS is the
 * key "spamhaus-dqs".  Replaces what a file said.  ERR_CONFIG names the variable, never its value.
 */
enum err_code keyring_read_env(struct keyring *k, char *const *env, struct err *err) MUST_CHECK;

/*
 * "[keys]" and lines "spamhaus-dqs = KEY".  The file is as base/secret.h demands: ERR_NOPERM when
 * others may read it, ERR_NOINPUT when there is none; ERR_CONFIG with file and line, never with their
 * content.
 */
enum err_code keyring_read_file(struct keyring *k, const char *path, struct err *err) MUST_CHECK;

/* Is there a key of this name?  NULL is an empty keyring. */
bool keyring_has(const struct keyring *k, const char *name);
bool keyring_is_empty(const struct keyring *k);

/* From now on the keys are put into questions below the zones of these lists. */
void keyring_serve(struct keyring *k, const struct catalogue *lists);

enum keyring_word {
	KEYRING_NONE, /* the question needs no key: ask it as it is */
	KEYRING_PUT,  /* out is the question with its key */
	KEYRING_LONG, /* with its key the question is too long for a name */
};

/* The name that is really asked.  Do not keep it longer than that takes. */
enum keyring_word keyring_put(const struct keyring *k, const char *name, char out[NAME_TEXT_MAX]);

/* The text without any key in it; the text itself when there is none in it. */
const char *keyring_hide(const struct keyring *k, struct arena *a, const char *text);

#endif
