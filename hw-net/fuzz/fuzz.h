/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a fuzz target is: the functions that libFuzzer calls, and seeds.
 *
 * DOC: Theory of Operation
 *
 * With -Dfuzz=true (clang) each target is linked with libFuzzer. Without, it is linked with
 * replay.c, which calls the same function with the target's seeds, with the files that once made it
 * fail, and with a fixed number of damaged seeds: an ordinary test, the same in each run. Arguments
 * that begin with "--" are the target's (libFuzzer ignores them).
 */
#ifndef HW_NET_FUZZ_FUZZ_H
#define HW_NET_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** FUZZ_MAX_INPUT - Longest input that is made of seeds. */
#define FUZZ_MAX_INPUT 4096u

/**
 * LLVMFuzzerInitialize() - Look at the arguments
 * @argc: @argv: As main() got them
 *
 * Return: 0.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/**
 * LLVMFuzzerTestOneInput() - Run one input; aborts if that shows a bug
 * @data: The input
 * @size: Its length
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/**
 * fuzz_seed() - An input that leads somewhere
 * @i:   Which
 * @buf: FUZZ_MAX_INPUT bytes, filled
 *
 * Return: its length, 0 if there are no more.
 */
size_t fuzz_seed(unsigned i, uint8_t *buf);

#endif
