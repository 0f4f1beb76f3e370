/*
 * FNV-1a of 64 bits: quick, and the same on every machine.  Files keep such numbers, so they never
 * change.  They protect from accidents, not from somebody who wants two texts to have one.
 */
#ifndef MAILREADY_BASE_HASH_H
#define MAILREADY_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* The hash of all bytes before, HASH_START at first, and of these. */
static inline uint64_t
hash_add(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static inline uint64_t
hash_text(const char *text)
{
	return hash_add(HASH_START, text, strlen(text));
}

#endif
