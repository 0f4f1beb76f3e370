/* Numbers that nobody can foresee. */
#include "dns/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* One system call serves 128 ids. */
uint16_t
random_u16(void)
{
	static uint16_t pool[128];
	static size_t left;

	if (left == 0) {
		if (getrandom(pool, sizeof pool, 0) != (ssize_t)sizeof pool) {
			perror("mailready: getrandom");
			exit(70);
		}
		left = sizeof pool / sizeof pool[0];
	}
	return pool[--left];
}
