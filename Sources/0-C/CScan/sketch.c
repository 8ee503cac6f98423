// An invertible Bloom lookup table (Goodrich and Mitzenmacher 2011; Eppstein and others, "What's the difference?", 2011):
// lines of ours are added and lines of theirs subtracted, so that equal ones cancel and what remains can be read.

#include "sketch.h"

void cscan_sketch_settle(cscan_sketch *sketch) {
    for (int i = 0; i < CSCAN_AHEAD; i++)
        if (sketch->pending[i].times) {
            sketch_apply(sketch, &sketch->pending[i]);
            sketch->pending[i].times = 0;
        }
}

void cscan_sketch_merge(cscan_sketch *into, const cscan_sketch *other) {
    for (uint64_t i = 0; i < 3ULL * into->third; i++) {
        into->cells[i].line += other->cells[i].line;
        into->cells[i].key += other->cells[i].key;
        into->cells[i].check += other->cells[i].check;
        into->cells[i].count += other->cells[i].count;
    }
}

static int is_empty(const cscan_cell *c) { return !c->line && !c->key && !c->check && !c->count; }

// Whether a cell holds one line alone, `times` times: its sums are then that multiple of numbers of 56 bits.
static int read_cell(const cscan_sketch *sketch, uint64_t at, uint64_t *line, uint64_t *key, int32_t *times) {
    const cscan_cell *c = &sketch->cells[at];
    int64_t count = c->count;
    if (count == 0 || count > CSCAN_REPEATED || count < -CSCAN_REPEATED) return 0;
    uint64_t size = (uint64_t)(count < 0 ? -count : count);
    uint64_t lines = count < 0 ? 0 - c->line : c->line, keys = count < 0 ? 0 - c->key : c->key;
    if (lines % size || keys % size) return 0;
    *line = lines / size;
    *key = keys / size;
    *times = (int32_t)count;
    if (*line > CSCAN_HASH_MASK || *key > CSCAN_HASH_MASK) return 0;
    if (c->check != sketch_check(*line, *key) * (uint32_t)(int32_t)count) return 0;
    uint32_t places[3];
    sketch_places(*line, sketch->third, places);
    return at == places[0] || at == places[1] || at == places[2];
}

int64_t cscan_sketch_read(cscan_sketch *sketch, uint64_t *keys, uint64_t limit, uint32_t *stack) {
    uint64_t cells = 3ULL * sketch->third, found = 0;
    for (uint64_t start = 0; start < cells; start++) {
        uint64_t depth = 0;
        stack[depth++] = (uint32_t)start;
        // A line that is taken out may leave another one alone in its cells.
        while (depth) {
            uint64_t line, key;
            int32_t times;
            if (!read_cell(sketch, stack[--depth], &line, &key, &times)) continue;
            if (found == limit) return -1;
            keys[found++] = key;
            uint32_t places[3], check = sketch_check(line, key);
            sketch_places(line, sketch->third, places);
            for (int i = 0; i < 3; i++) {
                sketch_add(&sketch->cells[places[i]], line, key, check, -times);
                stack[depth++] = places[i];
            }
        }
    }
    for (uint64_t i = 0; i < cells; i++)
        if (!is_empty(&sketch->cells[i])) return -1;
    return (int64_t)found;
}

void cscan_select(cscan_selection *selection, const uint64_t *keys, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        uint64_t key = keys[i], bit = key & selection->bit_mask, s = key >> 16 & selection->mask;
        selection->bits[bit >> 6] |= 1ULL << (bit & 63);
        while (selection->keys[s] != CSCAN_NO_KEY && selection->keys[s] != key) s = (s + 1) & selection->mask;
        selection->keys[s] = key;
    }
}
