/* All checks, in the order of every report. */
#include "checks/registry.h"

const struct check *const checks_all[] = {
	&check_address,
	&check_ptr,
	&check_iprev,
	&check_generic_ptr,
	&check_ehlo,
	&check_dnsbl,
	&check_sender,
	&check_spf,
	&check_dkim,
	&check_dmarc,
	&check_smtp,
};
const size_t checks_n = sizeof checks_all / sizeof checks_all[0];
