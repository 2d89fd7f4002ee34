/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes of inputs that are lines of JSON, for libFuzzer; a quarter of all is its own, of bytes.
 *
 * DOC: Theory of Operation
 *
 * One line is read, one value in it is chosen, and that is copied beside itself under other
 * names, left out, written over by another value of the line or of a seed, or changed a little: a
 * character of a text, a number, a number to a text. What comes out is a line of JSON again, so
 * what a reader of documents refuses early need not be found out by chance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "build-frame.h"
#include "fuzz.h"

#define MAX_PLACES 400u
#define MAX_WORDS  400u

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

/* struct place - a value in its object or array */
struct place {
	json_t *in, *value;
	const char *key;
	size_t index;
};

static struct place places[MAX_PLACES];
static unsigned n_places;

/* Members that seeds have */
static struct {
	char *key;
	json_t *value;
} words[MAX_WORDS];
static unsigned n_words;

static uint64_t random_state;

static unsigned below(unsigned n)
{
	return (unsigned)(test_random(&random_state) % n);
}

static void find_places(json_t *in)
{
	const char *key;
	json_t *v;
	size_t i;

	json_object_foreach(in, key, v) {
		if (n_places < MAX_PLACES)
			places[n_places++] = (struct place) { in, v, key, 0 };
		find_places(v);
	}
	json_array_foreach(in, i, v) {
		if (n_places < MAX_PLACES)
			places[n_places++] = (struct place) { in, v, NULL, i };
		find_places(v);
	}
}

/* ---- what seeds are made of ---- */

static void learn_line(const char *line, size_t len)
{
	json_t *v = json_loadb(line, len, 0, NULL);

	n_places = 0;
	find_places(v);
	for (unsigned i = 0; i < n_places && n_words < MAX_WORDS; i++) {
		words[n_words].key = strdup(places[i].key ? places[i].key : "");
		words[n_words++].value = json_incref(places[i].value);
	}
	json_decref(v);
}

static void learn_words(void)
{
	static uint8_t seed[FUZZ_MAX_INPUT];
	size_t len;

	for (unsigned i = 0; (len = fuzz_seed(i, seed)); i++)
		for (size_t at = 0, n; at < len; at += n + 1) {
			const uint8_t *nl = memchr(seed + at, '\n', len - at);

			n = nl ? (size_t)(nl - seed) - at : len - at;
			learn_line((const char *)seed + at, n);
		}
}

/* ---- changes ---- */

/* A name: of a port, of a member that some seed has, or of this kind with a number, or none */
static void make_name(char *out, size_t room, const char *like)
{
	switch (below(4)) {
	case 0:
		snprintf(out, room, "p%u", below(10));
		return;
	case 1:
		snprintf(out, room, "%s", words[below(n_words)].key);
		return;
	case 2:
		snprintf(out, room, "%.20s%u", like, below(10));
		return;
	}
	*out = 0;
}

static json_t *longer_or_shorter(const char *s)
{
	static const char letters[] = "0123456789abcfxX./:-! ,";
	size_t len = strlen(s), at = below(2) ? len : below((unsigned)len + 1);
	char text[300], c = letters[below(sizeof(letters) - 1)];

	if (len > sizeof(text) - 2)
		return json_string("");
	if (below(3))
		snprintf(text, sizeof(text), "%.*s%c%s", (int)at, s, c, s + at);
	else
		snprintf(text, sizeof(text), "%.*s%s", (int)at, s, s + at + (at < len));
	return json_string(text);
}

static json_t *other_number(json_int_t n)
{
	static const json_int_t odd[] = { 0, -1, 255, 256, 4095, 65535, 65536, 4294967296 };
	char text[40];

	switch (below(4)) {
	case 0:
		return json_integer(odd[below(sizeof(odd) / sizeof(odd[0]))]);
	case 1:
		return json_integer(n + 1);
	case 2:
		return json_integer(n - 1);
	}
	snprintf(text, sizeof(text), "%lld", (long long)n);
	return json_string(text);
}

/* Nearly the same value, or any other */
static json_t *other_value(const json_t *v)
{
	unsigned how = below(6);

	if (how && json_is_string(v))
		return longer_or_shorter(json_string_value(v));
	if (how && json_is_integer(v))
		return other_number(json_integer_value(v));
	if (how && json_is_boolean(v))
		return json_boolean(json_is_false(v));
	return json_deep_copy(how < 3 && n_places ? places[below(n_places)].value :
						    words[below(n_words)].value);
}

/* Once, or some times: what a document costs goes by how many there are of a kind. */
static void copy_beside(const struct place *p)
{
	char name[80];

	for (unsigned n = below(4) ? 1 : 1 + below(8); n; n--) {
		if (!p->key) {
			json_array_insert_new(p->in, p->index, json_deep_copy(p->value));
			continue;
		}
		make_name(name, sizeof(name), p->key);
		if (strcmp(name, p->key))
			json_object_set_new(p->in, name, json_deep_copy(p->value));
	}
}

static void change(const struct place *p)
{
	unsigned word = below(n_words);

	switch (below(8)) {
	case 0:
	case 1:
	case 2:
		copy_beside(p);
		return;
	case 3:
		if (p->key)
			json_object_del(p->in, p->key);
		else
			json_array_remove(p->in, p->index);
		return;
	case 4:
		json_object_set_new(p->value, words[word].key, json_deep_copy(words[word].value));
		return;
	}
	if (p->key)
		json_object_set_new(p->in, p->key, other_value(p->value));
	else
		json_array_set_new(p->in, p->index, other_value(p->value));
}

/* Put @text in the place of @len bytes at @at. Return: the new size, or 0: it does not fit. */
static size_t put(uint8_t *data, size_t size, size_t most, size_t at, size_t len, const char *text)
{
	size_t n = strlen(text);

	if (size - len + n > most)
		return 0;
	memmove(data + at + n, data + at + len, size - at - len);
	memcpy(data + at, text, n);
	return size - len + n;
}

static size_t change_line(uint8_t *data, size_t size, size_t most, size_t at, size_t len)
{
	json_t *line = json_loadb((const char *)data + at, len, 0, NULL);
	char *text = NULL;

	for (unsigned n = line ? 1 + below(3) : 0; n; n--) {
		n_places = 0;
		find_places(line);
		if (n_places)
			change(&places[below(n_places)]);
	}
	if (line)
		text = json_dumps(line, JSON_COMPACT);
	size = text ? put(data, size, most, at, len, text) : 0;
	free(text);
	json_decref(line);
	return size;
}

/* The line that a byte is in */
static size_t change_at(uint8_t *data, size_t size, size_t most, size_t at)
{
	size_t from = at, to = at;

	while (from && data[from - 1] != '\n')
		from--;
	while (to < size && data[to] != '\n')
		to++;
	return change_line(data, size, most, from, to - from);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	size_t changed = 0;

	random_state = seed + 1;
	if (!n_words)
		learn_words();
	if (size && below(4)) /* some lines may be no JSON */
		for (unsigned i = 0; i < 4 && !changed; i++)
			changed = change_at(data, size, most, below((unsigned)size));
	return changed ? changed : LLVMFuzzerMutate(data, size, most);
}
