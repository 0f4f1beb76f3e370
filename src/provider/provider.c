#include "provider/provider.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/safe.h"

#include "provider/provider_priv.h"

/* In the order in which they are tried when nobody names one. */
const struct provider *const providers_all[] = {
	&provider_huawei,
	&provider_openstack,
	&provider_rfc2136,
};
const size_t providers_n = sizeof providers_all / sizeof providers_all[0];

const struct provider *
provider_by_name(const char *name)
{
	for (size_t i = 0; i < providers_n; i++)
		if (strcmp(providers_all[i]->name, name) == 0)
			return providers_all[i];
	return NULL;
}

void
provider_warn(struct provider_session *s, const char *fmt, ...)
{
	struct buf text, safe;
	buf_init(&text, sizeof s->warnings);
	buf_init(&safe, sizeof s->warnings);
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	safe_add(&safe, text.data, text.len, sizeof s->warnings);
	size_t len = strlen(s->warnings);
	if (strstr(s->warnings, safe.data) == NULL)
		snprintf(s->warnings + len, sizeof s->warnings - len, "%s%s", len > 0 ? "\n" : "",
		    safe.data);
	buf_fini(&text);
	buf_fini(&safe);
}
