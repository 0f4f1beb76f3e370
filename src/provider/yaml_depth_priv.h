/*
 * libyaml looks at every open bracket for each further token: a file of nothing but brackets takes it
 * minutes.  Files of clouds have no use for many.
 */
#ifndef MAILREADY_PROVIDER_YAML_DEPTH_PRIV_H
#define MAILREADY_PROVIDER_YAML_DEPTH_PRIV_H

#include <stdbool.h>
#include <stddef.h>

/* Over a hundred brackets and braces are open at one place; those in strings count as well. */
bool yaml_is_deep(const char *text, size_t len);

#endif
