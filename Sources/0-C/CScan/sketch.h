#ifndef KONTOR_CSCAN_SKETCH_H
#define KONTOR_CSCAN_SKETCH_H

#include "cscan.h"

// Which cell of each third a line belongs to.
static inline void sketch_places(uint64_t line, uint32_t third, uint32_t *places) {
    uint64_t mixed = line * 0x9E3779B97F4A7C15ULL;
    places[0] = (uint32_t)((line & 0xFFFFFFFF) * third >> 32);
    places[1] = (uint32_t)((line >> 24 & 0xFFFFFFFF) * third >> 32) + third;
    places[2] = (uint32_t)((mixed >> 32) * third >> 32) + 2 * third;
}

static inline uint32_t sketch_check(uint64_t line, uint64_t key) {
    return (uint32_t)((line ^ (key << 32 | key >> 32)) * 0xD6E8FEB86659FD93ULL >> 32);
}

static inline void sketch_add(cscan_cell *cell, uint64_t line, uint64_t key, uint32_t check, int32_t times) {
    cell->line += line * (uint64_t)(int64_t)times;
    cell->key += key * (uint64_t)(int64_t)times;
    cell->check += check * (uint32_t)times;
    cell->count += times;
}

static inline void sketch_apply(cscan_sketch *sketch, const cscan_pending *p) {
    uint32_t check = sketch_check(p->line, p->key);
    for (int i = 0; i < 3; i++) sketch_add(&sketch->cells[p->places[i]], p->line, p->key, check, p->times);
}

// Cells lie anywhere in a table that no first-level cache holds: each is asked for CSCAN_AHEAD lines before it is used.
static inline void sketch_put(cscan_sketch *sketch, uint64_t line, uint64_t key, int32_t times) {
    cscan_pending *p = &sketch->pending[sketch->next++ % CSCAN_AHEAD];
    if (p->times) sketch_apply(sketch, p);
    p->line = line;
    p->key = key;
    p->times = times;
    sketch_places(line, sketch->third, p->places);
    for (int i = 0; i < 3; i++) __builtin_prefetch(&sketch->cells[p->places[i]], 1);
}

static inline int selection_has(const cscan_selection *selection, uint64_t key) {
    uint64_t bit = key & selection->bit_mask;
    if (!(selection->bits[bit >> 6] >> (bit & 63) & 1)) return 0;
    for (uint64_t s = key >> 16 & selection->mask;; s = (s + 1) & selection->mask) {
        if (selection->keys[s] == key) return 1;
        if (selection->keys[s] == CSCAN_NO_KEY) return 0;
    }
}

#endif
