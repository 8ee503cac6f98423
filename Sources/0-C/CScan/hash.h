#ifndef KONTOR_CSCAN_HASH_H
#define KONTOR_CSCAN_HASH_H

#include "cscan.h"
#include <string.h>

typedef unsigned __int128 u128;

typedef struct {
    u128 a, b;
    const uint64_t *m;
} hash_state;

static inline uint64_t load64(const uint8_t *p) {
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

static inline void hash_word(hash_state *s, uint64_t w) {
    const uint64_t *m = s->m;
    s->a += (u128)m[0] * w + ((u128)(m[1] * w) << 64);
    s->b += (u128)m[2] * w + ((u128)(m[3] * w) << 64);
    s->m = m + 4;
}

// Only the first half, for finding lines again by their key.
static inline void hash_half_word(hash_state *s, uint64_t w) {
    s->a += (u128)s->m[0] * w + ((u128)(s->m[1] * w) << 64);
    s->m += 4;
}

static inline hash_state hash_begin(const cscan_secret *secret) {
    const uint64_t *m = secret->m;
    hash_state s = {(u128)m[0] | ((u128)m[1] << 64), (u128)m[2] | ((u128)m[3] << 64), m + 4};
    return s;
}

// What two lines with equal keys may differ in.
static inline uint64_t hash_values(const hash_state *s, uint64_t amount, uint64_t codes) {
    const uint64_t *m = s->m;
    u128 b = s->b + (u128)m[2] * amount + ((u128)(m[3] * amount) << 64);
    b += (u128)m[6] * codes + ((u128)(m[7] * codes) << 64);
    return (uint64_t)(b >> 64) & CSCAN_HASH_MASK;
}

// A part's length is hashed before its text, so that no two lists of parts give the same words; `tag` shares its word.
// Up to 8 bytes behind the text are read and masked away.
static inline void hash_text(hash_state *s, uint64_t tag, const uint8_t *p, size_t n) {
    hash_word(s, n | tag << 32);
    while (n > 8) {
        hash_word(s, load64(p));
        p += 8;
        n -= 8;
    }
    if (n) hash_word(s, load64(p) & (UINT64_MAX >> (64 - 8 * n)));
}

static inline void hash_half_text(hash_state *s, uint64_t tag, const uint8_t *p, size_t n) {
    hash_half_word(s, n | tag << 32);
    while (n > 8) {
        hash_half_word(s, load64(p));
        p += 8;
        n -= 8;
    }
    if (n) hash_half_word(s, load64(p) & (UINT64_MAX >> (64 - 8 * n)));
}

#endif
