/* The user's own programs that set PTR records, from the configuration into the options of providers. */
#ifndef MAILREADY_CONFIG_PROGRAMS_H
#define MAILREADY_CONFIG_PROGRAMS_H

#include "provider/provider.h"

/*
 * Reads the configuration's [provider] and [provider NAME] into program, own and program_fault; all in a.  A
 * fault in the configuration is not an error: it keeps nobody from a repair by other means.
 */
void config_programs(struct provider_options *o, struct arena *a);

#endif
