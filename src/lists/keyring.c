/* Keys of lists: read, put into questions, and taken out of all that is shown. */
#include "lists/keyring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hide.h"
#include "base/inifile.h"
#include "base/mem.h"
#include "base/secret.h"
#include "lists/catalogue.h"

enum { KEYS_MAX = 32, KEY_NAME_MAX = 40, ZONES_MAX = 128, KEY_FILE_MAX = 64 << 10 };

struct key {
	char name[KEY_NAME_MAX + 1];
	char value[NAME_LABEL_MAX + 1]; /* lower case, as names are */
	bool from_env;
};

struct served {
	const char *zone; /* the catalogue's */
	const struct key *key;
};

struct keyring {
	struct key keys[KEYS_MAX];
	size_t n;
	struct served served[ZONES_MAX];
	size_t n_served;
};

struct keyring *
keyring_new(void)
{
	return mem_zalloc(1, sizeof(struct keyring));
}

void
keyring_free(struct keyring *k)
{
	if (k == NULL)
		return;
	explicit_bzero(k, sizeof *k);
	free(k);
}

static const struct key *
find_key(const struct keyring *k, const char *name)
{
	for (size_t i = 0; k != NULL && i < k->n; i++)
		if (strcmp(k->keys[i].name, name) == 0)
			return &k->keys[i];
	return NULL;
}

bool
keyring_has(const struct keyring *k, const char *name)
{
	return find_key(k, name) != NULL;
}

bool
keyring_is_empty(const struct keyring *k)
{
	return k == NULL || k->n == 0;
}

/* One label, so that a key cannot change which zone is asked. */
static bool
is_label(const char *value)
{
	size_t len = strlen(value);
	return len > 0 && len <= NAME_LABEL_MAX && value[0] != '-' && value[len - 1] != '-' &&
	    strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
	    len;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* where: what the error may show. */
static enum err_code
add_key(struct keyring *k, const char *name, const char *value, bool from_env, const char *where,
    struct err *err)
{
	const struct key *known = find_key(k, name);
	if (known != NULL && known->from_env == from_env)
		return err_set(err, ERR_CONFIG, "%s: the key is given a second time", where);
	if (!is_label(value))
		return err_set(err, ERR_CONFIG,
		    "%s: the key cannot be a label of a name: expected 1 to 63 letters, digits, "
		    "hyphens or underscores (not shown here)",
		    where);
	if (known == NULL && k->n == KEYS_MAX)
		return err_set(err, ERR_CONFIG, "%s: more than %d keys", where, KEYS_MAX);
	struct key *key = known != NULL ? &k->keys[known - k->keys] : &k->keys[k->n++];
	memset(key, 0, sizeof *key);
	memcpy(key->name, name, strlen(name) + 1);
	for (size_t i = 0; value[i] != '\0'; i++)
		key->value[i] = lower(value[i]);
	hide_learn(key->value);
	key->from_env = from_env;
	return ERR_NONE;
}

/* SPAMHAUS_DQS to spamhaus-dqs; false when it could be no list's. */
static bool
name_of_variable(const char *variable, size_t len, char out[KEY_NAME_MAX + 1])
{
	if (len == 0 || len > KEY_NAME_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		out[i] = variable[i] == '_' ? '-' : lower(variable[i]);
	out[len] = '\0';
	return true;
}

enum err_code
keyring_read_env(struct keyring *k, char *const *env, struct err *err)
{
	static const char prefix[] = "MAILREADY_KEY_";
	const size_t prefix_len = sizeof prefix - 1;
	for (; *env != NULL; env++) {
		char name[KEY_NAME_MAX + 1], where[sizeof prefix + KEY_NAME_MAX];
		size_t len = strcspn(*env, "=");
		if (strncmp(*env, prefix, prefix_len) != 0 || (*env)[len] != '=' ||
		    (*env)[len + 1] == '\0')
			continue;
		if (!name_of_variable(*env + prefix_len, len - prefix_len, name))
			return err_set(err, ERR_CONFIG,
			    "%s...: expected the name of a key after it", prefix);
		memcpy(where, *env, len);
		where[len] = '\0';
		enum err_code code = add_key(k, name, *env + len + 1, true, where, err);
		if (code != ERR_NONE)
			return code;
	}
	return ERR_NONE;
}

/* Nothing of the line is quoted: whatever is misplaced in it may be the key. */
static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	size_t len = strlen(line->key);
	if (strcmp(line->section, "keys") != 0)
		return err_set(err, ERR_CONFIG, "expected the section [keys]");
	if (len == 0 || len > KEY_NAME_MAX ||
	    strspn(line->key, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return err_set(err, ERR_CONFIG,
		    "expected a line such as \"spamhaus-dqs = KEY\" (not shown here)");
	return add_key(arg, line->key, line->value, false, "this line", err);
}

enum err_code
keyring_read_file(struct keyring *k, const char *path, struct err *err)
{
	int fd;
	enum err_code code = secret_open(path, &fd, err);
	if (code != ERR_NONE)
		return code;
	char *text = mem_zalloc(1, KEY_FILE_MAX);
	ssize_t n = read(fd, text, KEY_FILE_MAX);
	if (n < 0)
		code = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	else if (n == KEY_FILE_MAX)
		code = err_set(err, ERR_CONFIG, "%s: over the limit of 64 KiB", path);
	else
		code = ini_read_text(path, text, (size_t)n, on_key, k, err);
	explicit_bzero(text, KEY_FILE_MAX);
	free(text);
	close(fd);
	return code;
}

void
keyring_serve(struct keyring *k, const struct catalogue *lists)
{
	k->n_served = 0;
	for (size_t i = 0; i < lists->n && k->n_served < ZONES_MAX; i++) {
		const struct list *l = &lists->lists[i];
		const struct key *key = *l->key != '\0' ? find_key(k, l->key) : NULL;
		if (key != NULL)
			k->served[k->n_served++] = (struct served){ l->zone, key };
	}
}

enum keyring_word
keyring_put(const struct keyring *k, const char *name, char out[NAME_TEXT_MAX])
{
	uint8_t wire[NAME_WIRE_MAX];
	for (size_t i = 0; k != NULL && i < k->n_served; i++) {
		const struct served *s = &k->served[i];
		if (!name_is_under(name, s->zone))
			continue;
		size_t front = strlen(name) - strlen(s->zone), key = strlen(s->key->value);
		if (front + key + 1 + strlen(s->zone) >= NAME_TEXT_MAX)
			return KEYRING_LONG;
		memcpy(out, name, front);
		memcpy(out + front, s->key->value, key);
		out[front + key] = '.';
		memcpy(out + front + key + 1, s->zone, strlen(s->zone) + 1);
		return name_to_wire(out, wire) > 0 ? KEYRING_PUT : KEYRING_LONG;
	}
	return KEYRING_NONE;
}

/*
 * "a.KEY.zone" becomes "a.zone"; any other place of the key becomes "[key]".  One pass over a text
 * that others wrote, and one copy: they know the key, and may repeat it without end.
 */
static const char *
hide_key(const struct key *key, struct arena *a, const char *text)
{
	static const char mark[] = "[key]";
	size_t len = strlen(key->value), text_len = strlen(text), n = 0;
	if (strcasestr(text, key->value) == NULL)
		return text;
	char *out = arena_alloc(a, text_len + text_len / len * strlen(mark) + 1);
	while (*text != '\0') {
		out[n++] = *text++;
		/* looked for in what is left: two halves may have met where a key was taken out */
		if (n < len || strncasecmp(out + n - len, key->value, len) != 0)
			continue;
		n -= len;
		if (*text == '.') {
			text++;
		} else {
			memcpy(out + n, mark, strlen(mark));
			n += strlen(mark);
		}
	}
	out[n] = '\0';
	return out;
}

const char *
keyring_hide(const struct keyring *k, struct arena *a, const char *text)
{
	for (size_t i = 0; k != NULL && i < k->n; i++)
		text = hide_key(&k->keys[i], a, text);
	return text;
}
