/*
 * Keys and region as the AWS CLI finds them: the environment, then the profile in ~/.aws/credentials
 * and ~/.aws/config.  Texts name the variable, or the file and profile, never a value.
 */
#include <stdio.h>
#include <string.h>

#include "base/hide.h"
#include "base/secret.h"
#include "provider/aws/config_priv.h"
#include "provider/provider_priv.h"

enum { PATH_TEXT_MAX = 1024, VALUE_MAX = 8192 };

/* What a key is called in the environment and in a profile, and what it is made of. */
static const struct key_row {
	const char *variable, *name, *alphabet;
	size_t max;
} key_rows[AWS_KEYS] = {
	[AWS_KEY_ID] = { "AWS_ACCESS_KEY_ID", "aws_access_key_id",
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", 128 },
	[AWS_KEY_SECRET] = { "AWS_SECRET_ACCESS_KEY", "aws_secret_access_key",
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+=", 128 },
	[AWS_KEY_TOKEN] = { "AWS_SESSION_TOKEN", "aws_session_token",
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+=_-%.",
	    VALUE_MAX - 1 },
};

/* Profiles that get their keys from elsewhere; the CLI can hand them over. */
static const char *const others[] = { "role_arn", "sso_session", "sso_start_url",
	"credential_process", "web_identity_token_file" };

static bool
is_set(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static enum err_code
take_key(struct aws_config *c, enum aws_key key, const char *where, const char *value,
    struct err *err)
{
	size_t len = strlen(value);
	if (c->keys[key] != NULL || len == 0)
		return ERR_NONE;
	hide_learn(value);
	if (len > key_rows[key].max || strspn(value, key_rows[key].alphabet) != len)
		return err_set(err, ERR_CONFIG,
		    "%s is malformed: expected one word of letters and digits, as AWS shows it",
		    where);
	c->keys[key] = secret_dup(value);
	return ERR_NONE;
}

/* It becomes a part of a host name. */
static enum err_code
take_region(struct aws_config *c, const char *where, const char *value, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t len = strlen(value);
	if (c->region[0] != '\0' || len == 0)
		return ERR_NONE;
	if (len >= sizeof c->region || strspn(value, letters) != len || value[0] == '-')
		return err_set(err, ERR_CONFIG,
		    "%s: '%.40s' is not a region of AWS; expected one like eu-west-1", where,
		    value);
	snprintf(c->region, sizeof c->region, "%s", value);
	snprintf(c->region_from, sizeof c->region_from, "%s", where);
	return ERR_NONE;
}

static enum err_code
check_pair(const struct aws_config *c, const char *where, const char *const names[AWS_KEYS],
    struct err *err)
{
	for (enum aws_key i = AWS_KEY_ID; i <= AWS_KEY_SECRET; i++)
		if (c->keys[i] == NULL && c->keys[AWS_KEY_SECRET - i] != NULL)
			return err_set(err, ERR_CONFIG, "%s%s is set, but %s is not", where,
			    names[AWS_KEY_SECRET - i], names[i]);
	return ERR_NONE;
}

/* ---- the environment */

static enum err_code
read_environment(struct aws_config *c, const struct provider_options *o, struct err *err)
{
	static const char *const regions[] = { "AWS_REGION", "AWS_DEFAULT_REGION" };
	const char *names[AWS_KEYS];
	if (is_set(o->region) && take_region(c, "--region", o->region, err) != ERR_NONE)
		return err->code;
	for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++)
		if (take_region(c, regions[i], provider_variable(o, regions[i]), err) != ERR_NONE)
			return err->code;
	/* as in the CLI, keys of the environment go before a profile, also when AWS_PROFILE names one */
	for (enum aws_key i = 0; i < AWS_KEYS; i++) {
		names[i] = key_rows[i].variable;
		if (i == AWS_KEY_TOKEN && c->keys[AWS_KEY_ID] == NULL)
			break; /* of nobody's key */
		if (take_key(c, i, names[i], provider_variable(o, names[i]), err) != ERR_NONE)
			return err->code;
	}
	snprintf(c->source, sizeof c->source, "the variable %s", names[AWS_KEY_ID]);
	return check_pair(c, "", names, err);
}

/* ---- the files */

static const struct place {
	const char *variable, *usual, *prefix; /* of a section's name, but for that of default */
} places[] = {
	{ "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials", "" },
	{ "AWS_CONFIG_FILE", "/.aws/config", "profile " },
};

static const char *
strip(char *text)
{
	text += strspn(text, " \t");
	size_t len = strlen(text);
	while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL)
		text[--len] = '\0';
	return text;
}

/* "[profile mail]" */
static bool
is_section(const char *line, const char *prefix, const char *profile)
{
	size_t len = strlen(line), skip = strlen(prefix);
	if (len < 2 || line[len - 1] != ']')
		return false;
	const char *name = line + 1;
	size_t n = len - 2;
	if (strcmp(profile, "default") != 0 || strncmp(name, "default", 7) != 0) {
		if (strncmp(name, prefix, skip) != 0)
			return false;
		name += skip;
		n -= skip;
	}
	return n == strlen(profile) && memcmp(name, profile, n) == 0;
}

static enum err_code
take_setting(struct aws_config *c, const char *file, const char *key, const char *value,
    struct err *err)
{
	char where[PATH_TEXT_MAX];
	snprintf(where, sizeof where, "%s: %s of the profile %s", file, key, c->profile);
	for (enum aws_key i = 0; i < AWS_KEYS; i++)
		if (strcmp(key, key_rows[i].name) == 0)
			return c->settled ? ERR_NONE : take_key(c, i, where, value, err);
	if (strcmp(key, "region") == 0)
		return take_region(c, where, value, err);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(key, others[i]) == 0 && c->other[0] == '\0')
			snprintf(c->other, sizeof c->other, "%s", key);
	return ERR_NONE;
}

enum err_code
aws_config_read_text(struct aws_config *c, const char *file, char *text, const char *prefix,
    struct err *err)
{
	bool inside = false;
	char *rest = text, *line;
	c->settled = c->keys[AWS_KEY_ID] != NULL && c->keys[AWS_KEY_SECRET] != NULL;
	while ((line = strsep(&rest, "\n")) != NULL) {
		/* settings of a setting stand indented below it: "s3 =" */
		bool nested = *line == ' ' || *line == '\t';
		char *equals;
		const char *plain = strip(line);
		if (*plain == '#' || *plain == ';' || *plain == '\0')
			continue;
		if (*plain == '[') {
			inside = is_section(plain, prefix, c->profile);
			c->found |= inside;
		} else if (inside && !nested && (equals = strchr(line, '=')) != NULL) {
			*equals = '\0';
			if (take_setting(c, file, strip(line), strip(equals + 1), err) != ERR_NONE)
				return err->code;
		}
	}
	return ERR_NONE;
}

static enum err_code
read_file(struct aws_config *c, const struct provider_options *o, const struct place *p,
    struct err *err)
{
	const char *named = provider_variable(o, p->variable);
	const char *home = provider_variable(o, "HOME");
	char path[PATH_TEXT_MAX];
	struct secret_file f;
	if (named[0] == '\0' && home[0] == '\0')
		return ERR_NONE;
	snprintf(path, sizeof path, "%s%s", named[0] != '\0' ? named : home,
	    named[0] != '\0' ? "" : p->usual);
	enum err_code code = secret_file_read(&f, path, err);
	if (code == ERR_NOINPUT && named[0] == '\0')
		return ERR_NONE;
	if (code != ERR_NONE) {
		err->code = ERR_CONFIG;
		return named[0] != '\0' ? err_prefix(err, "%s", p->variable) : ERR_CONFIG;
	}
	bool had = c->keys[AWS_KEY_SECRET] != NULL;
	code = aws_config_read_text(c, path, f.text, p->prefix, err);
	if (!had && c->keys[AWS_KEY_SECRET] != NULL) {
		snprintf(c->source, sizeof c->source, "the profile %s in %.300s", c->profile, path);
		if (f.exposed_mode != 0)
			snprintf(c->warning, sizeof c->warning,
			    "%.400s holds a secret, but others may read it (mode %04o): chmod 600",
			    path, f.exposed_mode);
	}
	secret_file_free(&f);
	return code;
}

static enum err_code
read_files(struct aws_config *c, const struct provider_options *o, struct err *err)
{
	const char *names[AWS_KEYS];
	char where[128];
	bool had = c->keys[AWS_KEY_ID] != NULL;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (read_file(c, o, &places[i], err) != ERR_NONE)
			return err->code;
	if (c->is_named && !c->found)
		return err_set(err, ERR_CONFIG,
		    "AWS_PROFILE names the profile %s: neither ~/.aws/credentials nor "
		    "~/.aws/config "
		    "has it",
		    c->profile);
	if (had)
		return ERR_NONE;
	for (enum aws_key i = 0; i < AWS_KEYS; i++)
		names[i] = key_rows[i].name;
	snprintf(where, sizeof where, "the profile %s: ", c->profile);
	return check_pair(c, where, names, err);
}

enum err_code
aws_config_read(struct aws_config *c, const struct provider_options *o, struct err *err)
{
	const char *profile = provider_variable(o, "AWS_PROFILE");
	*c = (struct aws_config){ .is_named = profile[0] != '\0' };
	secret_protect();
	snprintf(c->profile, sizeof c->profile, "%s", c->is_named ? profile : "default");
	if (strlen(profile) >= sizeof c->profile)
		return err_set(err, ERR_CONFIG, "AWS_PROFILE is longer than names of profiles are");
	if (read_environment(c, o, err) == ERR_NONE && read_files(c, o, err) == ERR_NONE)
		return ERR_NONE;
	aws_config_fini(c);
	return err->code;
}

enum err_code
aws_config_take(struct aws_config *c, const char *where, const char *const keys[AWS_KEYS],
    struct err *err)
{
	for (enum aws_key i = 0; i < AWS_KEYS; i++)
		if (take_key(c, i, where, keys[i], err) != ERR_NONE)
			return err->code;
	snprintf(c->source, sizeof c->source, "%s", where);
	return ERR_NONE;
}

void
aws_config_fini(struct aws_config *c)
{
	for (enum aws_key i = 0; i < AWS_KEYS; i++) {
		secret_free(c->keys[i]);
		c->keys[i] = NULL;
	}
}
