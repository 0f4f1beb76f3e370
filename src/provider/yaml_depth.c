#include "provider/yaml_depth_priv.h"

enum { DEPTH_MAX = 100 };

bool
yaml_is_deep(const char *text, size_t len)
{
	size_t depth = 0;
	for (size_t i = 0; i < len && depth <= DEPTH_MAX; i++) {
		if (text[i] == '[' || text[i] == '{')
			depth++;
		else if (depth > 0 && (text[i] == ']' || text[i] == '}'))
			depth--;
	}
	return depth > DEPTH_MAX;
}
