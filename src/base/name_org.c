/* Names as users write them, and the domain of the organisation that a name belongs to. */
#include <idn2.h>
#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"

/*
 * The default rule of the list makes the last label of an unknown domain a suffix.  Escapes need
 * no care: libpsl sees more labels in "a\.b" than there are, and finds no rule for them.
 */
static bool
is_public_suffix(const char *name)
{
	return name_parent(name)[0] == '\0' ||
	    psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ICANN);
}

const char *
name_org_domain(const char *name)
{
	const char *longer = "";
	if (name_is_under(name, "arpa"))
		return "";
	for (; name[0] != '\0'; name = name_parent(name)) {
		if (is_public_suffix(name))
			return longer;
		longer = name;
	}
	return "";
}

bool
name_in_private_suffix(const char *name)
{
	/* without the default rule, which would make every unknown domain private */
	const int type = PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE;
	for (; name[0] != '\0'; name = name_parent(name)) {
		if (psl_is_public_suffix2(psl_builtin(), name, type))
			return true;
	}
	return false;
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text >= 0x80)
			return false;
	}
	return true;
}

static bool
to_ascii(const char *text, char out[NAME_TEXT_MAX])
{
	char *ascii = NULL;
	if (strlen(text) >= NAME_TEXT_MAX ||
	    idn2_to_ascii_8z(text, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
		return false;
	bool good = name_from_text(ascii, out);
	idn2_free(ascii);
	return good;
}

bool
name_from_user(const char *text, char out[NAME_TEXT_MAX])
{
	/* IDNA would refuse the underscores and other oddities that are to be examined */
	return is_ascii(text) ? name_from_text(text, out) : to_ascii(text, out);
}

const char *
name_display(const char *name, char out[NAME_TEXT_MAX])
{
	char *unicode = NULL;
	char back[NAME_TEXT_MAX];
	if (strstr(name, "xn--") == NULL || idn2_to_unicode_8z8z(name, &unicode, 0) != IDN2_OK)
		return name;
	/* libidn2 decodes what IDNA forbids (controls, bidi marks): only what maps back is shown */
	bool good = strlen(unicode) < NAME_TEXT_MAX && to_ascii(unicode, back) &&
	    name_equal(back, name);
	if (good)
		memcpy(out, unicode, strlen(unicode) + 1);
	idn2_free(unicode);
	return good ? out : name;
}
