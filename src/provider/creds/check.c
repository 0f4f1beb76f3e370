/* The form of credentials. */
#include "provider/creds/check_priv.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/*
 * Shapes.  Keys are letters and digits; the vendor's command line tool can keep them encrypted in
 * its file, and signing with such a text would count as a failed login (keys get locked).
 */
static const struct {
	const char *bytes; /* NULL: all that can be seen in ASCII; "": anything but line breaks */
	size_t min, max;
	const char *what;
} shapes[CREDS_FIELDS] = {
	[CREDS_AK] = { LETTERS DIGITS, 10, 64, "an access key (letters and digits)" },
	[CREDS_SK] = { LETTERS DIGITS, 16, 64, "a secret key (letters and digits)" },
	[CREDS_SECURITY_TOKEN] = { NULL, 1, 32768, "a security token" },
	[CREDS_AUTH_TOKEN] = { NULL, 1, 32768, "a token" },
	[CREDS_USER] = { "", 1, 256, "a user name" },
	[CREDS_PASS] = { "", 1, 256, "a password" },
	[CREDS_DOMAIN] = { "", 1, 256, "an account name" },
	[CREDS_DOMAIN_ID] = { LETTERS DIGITS "-_", 1, 64, "an account id" },
	[CREDS_PROJECT] = { LETTERS DIGITS "-_", 1, 64, "a project id" },
	[CREDS_PROJECT_NAME] = { LETTERS DIGITS "-_", 1, 128, "a project name" },
	[CREDS_REGION] = { LETTERS DIGITS "-_", 1, 48, "a region" },
	[CREDS_IAM_ENDPOINT] = { NULL, 1, 200, "a URL" },
};

static bool
has_shape(enum creds_field field, const char *value)
{
	const char *bytes = shapes[field].bytes;
	size_t len = strlen(value);
	if (len < shapes[field].min || len > shapes[field].max)
		return false;
	if (bytes != NULL && bytes[0] != '\0')
		return strspn(value, bytes) == len;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)value[i];
		if (bytes == NULL ? c <= ' ' || c >= 0x7f : c < ' ' || c == 0x7f)
			return false;
	}
	return true;
}

enum err_code
creds_check_value(enum creds_field field, const char *name, const char *value, struct err *err)
{
	if (has_shape(field, value))
		return ERR_NONE;
	bool blank = strpbrk(value, " \t\r\n") != NULL;
	return err_set(err, ERR_CONFIG, "%s does not look like %s%s", name, shapes[field].what,
	    blank ? ": it contains a blank or a line break" : "");
}

/* The fields that each kind needs; the first row with any field present decides. */
static const struct {
	enum creds_kind kind;
	enum creds_field trigger[2];
	enum creds_field needs[3];
	size_t n_needs;
} kinds[] = {
	{ CREDS_KEY, { CREDS_AK, CREDS_SK }, { CREDS_AK, CREDS_SK }, 2 },
	{ CREDS_TOKEN, { CREDS_AUTH_TOKEN, CREDS_AUTH_TOKEN }, { CREDS_AUTH_TOKEN }, 1 },
	{ CREDS_PASSWORD, { CREDS_USER, CREDS_PASS }, { CREDS_USER, CREDS_PASS, CREDS_DOMAIN }, 3 },
	{ CREDS_KEY, { CREDS_SECURITY_TOKEN, CREDS_SECURITY_TOKEN }, { CREDS_AK, CREDS_SK }, 2 },
};

static enum err_code
check_needs(const struct creds *c, size_t row, const struct creds_names *names, struct err *err)
{
	enum creds_field there = kinds[row].trigger[c->fields[kinds[row].trigger[0]] == NULL];
	for (size_t i = 0; i < kinds[row].n_needs; i++) {
		enum creds_field need = kinds[row].needs[i];
		if (c->fields[need] == NULL)
			return err_set(err, ERR_CONFIG, "%s is set, but %s is not",
			    names->of[there],
			    names->of[need] != NULL ? names->of[need] : shapes[need].what);
	}
	return ERR_NONE;
}

enum err_code
creds_check(struct creds *c, const struct creds_names *names, struct err *err)
{
	for (size_t i = 0; i < CREDS_FIELDS; i++)
		if (c->fields[i] != NULL &&
		    creds_check_value((enum creds_field)i, names->of[i], c->fields[i], err) !=
			ERR_NONE)
			return err->code;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (c->fields[kinds[i].trigger[0]] == NULL &&
		    c->fields[kinds[i].trigger[1]] == NULL)
			continue;
		c->kind = kinds[i].kind;
		return check_needs(c, i, names, err);
	}
	return ERR_NONE;
}
