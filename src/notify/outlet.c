/* The channels, and each place of the configuration that uses one. */
#include "base/arena.h"
#include "notify/notify_priv.h"

static const struct channel *const channels[] = {
	&channel_mail,
	&channel_webhook,
	&channel_command,
};
enum { N_CHANNELS = sizeof channels / sizeof channels[0] };

struct outlet *
notify_outlets(const struct notify_config *config, struct arena *a, size_t *n)
{
	struct outlet *list = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < N_CHANNELS; i++) {
		for (size_t k = 0; k < channels[i]->count(config); k++) {
			const struct channel *channel = channels[i];
			const char *place = channel->place != NULL ? channel->place(config, k) : "";
			const char *name = place[0] != '\0' ?
			    arena_printf(a, "%s %s", channel->name, place) :
			    channel->name;
			list = arena_grow(a, list, *n, &cap, sizeof *list);
			list[(*n)++] = (struct outlet){ .channel = channel,
				.index = k,
				.name = name };
		}
	}
	return list;
}

struct letter *
letter_alone(const struct note *note, const char *body, struct arena *a, size_t *n)
{
	struct letter *letter = arena_alloc(a, sizeof *letter);
	*letter = (struct letter){ .subject = note->subject,
		.body = body,
		.event = "",
		.is_news = true };
	*n = 1;
	return letter;
}
