/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words that come from somebody else: a guest's descriptor, a peer's virtio header, a client.
 *
 * DOC: Theory of Operation
 *
 * The words of a struct pkt say which bytes are completed later. Whoever judges a frame meanwhile
 * (a filter, a security policy, a rule) judges by its bytes as they are, so what is completed later
 * must be nothing that anybody judges by. pkt_words_settle() sees to that before a frame with words
 * of another party is handed on: a checksum stays unfinished only if its start and its field are
 * those of a TCP or UDP header that the parser finds; any other sum is finished at once, and what
 * then stands in the frame is what gets judged.
 */
#ifndef HWNET_WORDS_H
#define HWNET_WORDS_H

#include "hwnet/pkt.h"

/**
 * pkt_words_settle() - Leave unfinished only what nobody judges by
 * @pkt:  A frame that one makes; @iov, @iovcnt, @len are sound, the other words may be hostile.
 *        Altered: a sum that was finished is taken out of the words
 * @head: The bytes of iov[0], writable; altered likewise
 *
 * Of a GSO message this checks that the words fit the headers (gso_check()). A sum may also wait in
 * the frame inside a tunnel, where frame_parse_inner() finds one.
 *
 * Return: NULL, or what is wrong; then the frame must not be handed on.
 */
const char *pkt_words_settle(struct pkt *pkt, uint8_t *head);

#endif
