/* Finds a stored text quickly; two texts of one hash are told apart by comparing them. */
#ifndef MAILREADY_HISTORY_STORE_HASH_PRIV_H
#define MAILREADY_HISTORY_STORE_HASH_PRIV_H

#include <stdint.h>

/* FNV-1a, 64 bits, as the signed number that SQLite stores. */
static inline int64_t
store_hash(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return (int64_t)hash;
}

#endif
