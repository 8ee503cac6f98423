// Stage one: where the separators and newlines of a window are, 64 bytes at a step. After simdjson (Langdale & Lemire,
// "Parsing gigabytes of JSON per second", 2019): comparisons give bit masks, bits give positions.

#include "index.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static int wide_allowed = 1;

int cscan_wide(void) {
#if defined(__x86_64__)
    return wide_allowed && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
#else
    return 0;
#endif
}

void cscan_allow_wide(int allowed) { wide_allowed = allowed; }

typedef struct { uint64_t separator, newline, quote; } masks;

#if defined(__x86_64__)
static inline uint64_t mask_sse2(const uint8_t *p, __m128i byte) {
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + 16 * i));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, byte)) << (16 * i);
    }
    return mask;
}

static inline uint64_t mask_base(const uint8_t *p, uint8_t byte) { return mask_sse2(p, _mm_set1_epi8((char)byte)); }

__attribute__((target("avx2,bmi"))) static inline uint64_t mask_avx2(__m256i low, __m256i high, __m256i byte) {
    uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte));
    uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte));
    return a | ((uint64_t)b << 32);
}
#else
static inline uint64_t mask_base(const uint8_t *p, uint8_t byte) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) mask |= (uint64_t)(p[i] == byte) << i;
    return mask;
}
#endif

// Bits beyond the window's end are cleared in its last step: the bytes there belong to the next one.
static inline uint64_t within(uint32_t i, uint32_t n) { return n - i >= 64 ? UINT64_MAX : (1ULL << (n - i)) - 1; }

// Writes eight positions at a time, whether there are as many or not: a loop over the exact number would be mispredicted
// at almost every step. What is too much is overwritten by the next; the lists have 64 places to spare.
static inline __attribute__((always_inline)) uint32_t *put(uint32_t *out, uint32_t base, uint64_t mask) {
    if (!mask) return out;
    uint32_t count = (uint32_t)__builtin_popcountll(mask);
    uint32_t done = 0;
    do {
        for (int k = 0; k < 8; k++) {
            out[done + k] = base + (uint32_t)__builtin_ctzll(mask | (1ULL << 63));
            mask &= mask - 1;
        }
        done += 8;
    } while (done < count);
    return out + count;
}

static index_counts plain_base(const uint8_t *p, uint32_t n, uint8_t separator, uint32_t *seps, uint32_t *nls) {
    uint32_t *s = seps, *l = nls;
    uint64_t quotes = 0;
    for (uint32_t i = 0; i < n; i += 64) {
        uint64_t keep = within(i, n);
        s = put(s, i, mask_base(p + i, separator) & keep);
        l = put(l, i, mask_base(p + i, '\n') & keep);
        quotes |= mask_base(p + i, '"') & keep;
    }
    return (index_counts){(uint32_t)(s - seps), (uint32_t)(l - nls), 0, quotes != 0};
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,popcnt"))) static index_counts plain_avx2(
    const uint8_t *p, uint32_t n, uint8_t separator, uint32_t *seps, uint32_t *nls) {
    uint32_t *s = seps, *l = nls;
    uint64_t quotes = 0;
    __m256i sep = _mm256_set1_epi8((char)separator), nl = _mm256_set1_epi8('\n'), quote = _mm256_set1_epi8('"');
    for (uint32_t i = 0; i < n; i += 64) {
        uint64_t keep = within(i, n);
        __m256i low = _mm256_loadu_si256((const __m256i *)(p + i));
        __m256i high = _mm256_loadu_si256((const __m256i *)(p + i + 32));
        s = put(s, i, mask_avx2(low, high, sep) & keep);
        l = put(l, i, mask_avx2(low, high, nl) & keep);
        quotes |= mask_avx2(low, high, quote) & keep;
    }
    return (index_counts){(uint32_t)(s - seps), (uint32_t)(l - nls), 0, quotes != 0};
}
#endif

index_counts cscan_index_plain(const uint8_t *p, uint32_t n, uint8_t separator, uint32_t *seps, uint32_t *nls) {
#if defined(__x86_64__)
    if (cscan_wide()) return plain_avx2(p, n, separator, seps, nls);
#endif
    return plain_base(p, n, separator, seps, nls);
}

// A quote opens a field only as its first byte, and closes it unless it is doubled; elsewhere it is a letter. So the
// prefix-XOR of quotes would be wrong for `5" pipe`, and the few bytes that matter are walked one by one.
index_counts cscan_index_quoted(
    const uint8_t *p, uint32_t n, uint8_t separator, uint32_t *seps, uint32_t *nls, uint32_t *inner) {
    uint32_t *s = seps, *l = nls, *e = inner;
    int open = 0;
    int64_t doubled = -1;
    for (uint32_t i = 0; i < n; i += 64) {
        uint64_t keep = within(i, n);
        uint64_t newline = mask_base(p + i, '\n') & keep, quote = mask_base(p + i, '"') & keep;
        uint64_t any = newline | quote | (mask_base(p + i, separator) & keep);
        for (; any; any &= any - 1) {
            uint64_t bit = any & -any;
            uint32_t at = i + (uint32_t)__builtin_ctzll(any);
            if (quote & bit) {
                if (open) {
                    if (doubled == at) continue;
                    if (p[at + 1] == '"') doubled = at + 1; else open = 0;
                } else if (at == 0 || p[at - 1] == separator || p[at - 1] == '\n') {
                    open = 1;
                }
            } else if (open) {
                if (newline & bit) *e++ = at;
            } else if (newline & bit) {
                *l++ = at;
            } else {
                *s++ = at;
            }
        }
    }
    return (index_counts){(uint32_t)(s - seps), (uint32_t)(l - nls), (uint32_t)(e - inner), open};
}

int cscan_quoting(const uint8_t *data, uint64_t at, uint64_t stop, uint8_t separator, int quoted) {
    int open = quoted;
    uint64_t doubled = UINT64_MAX;
    for (uint64_t i = at; i < stop; i += 64) {
        uint64_t left = stop - i;
        uint64_t quote = mask_base(data + i, '"') & (left >= 64 ? UINT64_MAX : (1ULL << left) - 1);
        for (; quote; quote &= quote - 1) {
            uint64_t place = i + (uint64_t)__builtin_ctzll(quote);
            if (open) {
                if (doubled == place) continue;
                if (data[place + 1] == '"') doubled = place + 1; else open = 0;
            } else if (place == 0 || data[place - 1] == separator || data[place - 1] == '\n') {
                open = 1;
            }
        }
    }
    return open;
}

uint64_t cscan_newlines(const uint8_t *data, uint64_t at, uint64_t stop) {
    uint64_t count = 0;
    for (; at + 64 <= stop; at += 64) count += (uint64_t)__builtin_popcountll(mask_base(data + at, '\n'));
    for (; at < stop; at++) count += data[at] == '\n';
    return count;
}
