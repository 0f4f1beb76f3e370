/* The user's own programs that set PTR records, from the configuration into the options of providers. */
#include "config/programs.h"

#include "base/arena.h"
#include "config/config.h"

void
config_programs(struct provider_options *o, struct arena *a)
{
	struct config config;
	struct err err;

	o->program = o->program_fault = "";
	o->n_own = 0;
	if (config_read(NULL, a, &config, &err) != ERR_NONE) {
		o->program_fault = arena_strdup(a, err.text);
		return;
	}
	struct provider_own *own = arena_array(a, config.n_programs + 1, sizeof *own);
	for (size_t i = 0; i < config.n_programs; i++) {
		const struct config_program *p = &config.programs[i];
		if (p->name[0] == '\0')
			o->program = p->path;
		else
			own[o->n_own++] = (struct provider_own){ p->name, p->path };
	}
	o->own = own;
}
