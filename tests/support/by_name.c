/* Rows of the program's tables by their names. */
#include <stddef.h>
#include <string.h>

#include "checks/registry.h"
#include "report/past.h"
#include "report/render.h"

#include "by_name.h"

const struct check *
check_by_id(const char *id)
{
	for (size_t i = 0; i < checks_n; i++)
		if (strcmp(checks_all[i]->id, id) == 0)
			return checks_all[i];
	return NULL;
}

const struct renderer *
renderer_by_name(const char *name)
{
	for (size_t i = 0; i < renderers_n; i++)
		if (strcmp(renderers_all[i]->name, name) == 0)
			return renderers_all[i];
	return NULL;
}

const struct past_format *
past_format_by_name(const char *name)
{
	for (size_t i = 0; i < past_formats_n; i++)
		if (strcmp(past_formats[i].name, name) == 0)
			return &past_formats[i];
	return NULL;
}
