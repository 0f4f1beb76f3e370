/* Tables that give codes their names. */
#include "base/enumtab.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *
enumtab_name(const struct enumtab *t, int code)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->rows[i].code == code)
			return t->rows[i].name;
	}
	return "unknown";
}

bool
enumtab_code(const struct enumtab *t, const char *name, int *code)
{
	for (size_t i = 0; i < t->n; i++) {
		if (strcasecmp(t->rows[i].name, name) == 0) {
			*code = t->rows[i].code;
			return true;
		}
	}
	return false;
}

const char *
enumtab_glue(size_t i, size_t n)
{
	if (i == 0)
		return "";
	return i + 1 < n ? ", " : " or ";
}

const char *
enumtab_choices(const struct enumtab *t, char *out, size_t size)
{
	assert(size > 0);
	out[0] = '\0';
	size_t used = 0;
	for (size_t i = 0; i < t->n && used < size; i++) {
		int len = snprintf(out + used, size - used, "%s%s", enumtab_glue(i, t->n),
		    t->rows[i].name);
		used += len < 0 ? 0 : (size_t)len;
	}
	return out;
}

enum err_code
enumtab_read(const struct enumtab *t, const char *name, int *out, enum err_code code,
    struct err *err)
{
	char choices[200];
	if (enumtab_code(t, name, out))
		return ERR_NONE;
	return err_set(err, code, "'%s' is not known: expected %s", name,
	    enumtab_choices(t, choices, sizeof choices));
}

bool
enumtab_is_sound(const struct enumtab *t)
{
	/* a code pasted into the row of another name is the usual mistake in such tables */
	for (size_t i = 0; i < t->n; i++) {
		if (t->rows[i].name == NULL || t->rows[i].name[0] == '\0')
			return false;
		for (size_t j = 0; j < i; j++) {
			if (t->rows[i].code == t->rows[j].code ||
			    strcasecmp(t->rows[i].name, t->rows[j].name) == 0)
				return false;
		}
	}
	return t->n > 0;
}
