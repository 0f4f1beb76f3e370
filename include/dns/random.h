/* Numbers that nobody can foresee: the ids of messages (RFC 5452 4.3). */
#ifndef MAILREADY_DNS_RANDOM_H
#define MAILREADY_DNS_RANDOM_H

#include <stdint.h>

/* From the system's generator; without it the program ends, as without memory. */
uint16_t random_u16(void);

#endif
